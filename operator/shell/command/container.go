package command

import (
	"fmt"
	"slices"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner"
)

var pullPolicies = []string{string(runner.PullAlways), string(runner.PullMissing), string(runner.PullNever)}

// readContainer reads the `docker` map. Its keys are Digdag's, and heitan's own
// pull, user, network and mounts.
func readContainer(req *operator.Request, docker *params.Object) (runner.Container, error) {
	p := operator.NewParams(docker, docker)
	c := runner.Container{
		Image:        p.StringOr("image", ""),
		Build:        p.Strings("build"),
		BuildOptions: p.Strings("build_options"),
		RunOptions:   p.Strings("run_options"),
		User:         p.StringOr("user", ""),
		Network:      p.StringOr("network", ""),
		Mounts:       p.Strings("mounts"),
		SELinux:      p.BoolOr("selinux", false),
		PullPolicy:   readPullPolicy(p),
		Revision:     fmt.Sprintf("%d/%s", req.Task.ProjectID, req.Task.Revision),
	}
	if c.Image == "" {
		p.Fail("image", "Parameter 'docker.image' is required but not set")
	}
	if err := p.Err(); err != nil {
		return c, err
	}
	if client, ok := p.Get("docker"); ok {
		req.Log.Warn("docker.docker is passed over: heitan talks to the Docker engine without a client", "docker", params.JSON(client))
	}
	for _, key := range p.Unused() {
		req.Log.Warn("docker has a setting that is not known", "key", key,
			"hint", diag.DidYouMean(key, knownDockerKeys(p)))
	}
	return c, nil
}

func readPullPolicy(p *operator.Params) runner.PullPolicy {
	policy := runner.PullMissing
	if p.BoolOr("pull_always", false) {
		policy = runner.PullAlways
	}
	text := p.StringOr("pull", string(policy))
	if !slices.Contains(pullPolicies, text) {
		p.Fail("pull", "docker.pull must be one of %s, %s, %s but is '%s'",
			pullPolicies[0], pullPolicies[1], pullPolicies[2], text)
	}
	return runner.PullPolicy(text)
}

func knownDockerKeys(p *operator.Params) []string {
	keys := make([]string, 0, len(p.Used()))
	for key := range p.Used() {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
