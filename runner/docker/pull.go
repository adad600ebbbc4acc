package docker

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/distribution/reference"
	"github.com/moby/moby/api/pkg/authconfig"
	"github.com/moby/moby/api/types/registry"
	"github.com/moby/moby/client"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/docker/dockerconfig"
)

// pullTries is how often an image is fetched whose registry does not answer well.
const pullTries = 3

// pullTimeout bounds one fetch; images can be large and registries far away.
const pullTimeout = 2 * time.Hour

const imageField = "docker.image"

// checkImage makes sure that an image has a name.
func checkImage(image string) error {
	if image == "" {
		return &runner.SpecError{Field: imageField, Reason: "the image is missing", Hint: "such as docker.image: ubuntu:24.04"}
	}
	if _, err := reference.ParseAnyReference(image); err != nil {
		return &runner.SpecError{Field: imageField, Reason: fmt.Sprintf("%q is not the name of an image", image), Err: err}
	}
	return nil
}

// inspectImage is what the engine knows of an image, or nil if it does not have it.
func (r *Runner) inspectImage(ctx context.Context, image string) (*client.ImageInspectResult, error) {
	found, err := ask(ctx, r.engine, "look for image "+image, func(ctx context.Context, c *client.Client) (client.ImageInspectResult, error) {
		return c.ImageInspect(ctx, image)
	})
	if errdefs.IsNotFound(err) {
		return nil, nil
	}
	return &found, err
}

// ensureImage makes sure that the engine has the image, as the policy says, and
// tells in output what it does for it.
func (r *Runner) ensureImage(ctx context.Context, image string, platform *ocispec.Platform, policy runner.PullPolicy, output io.Writer) error {
	if policy == runner.PullAlways {
		return r.pull(ctx, image, platform, output)
	}
	release, err := r.turns.take(ctx, image) // whoever waited finds it there
	if err != nil {
		return fmt.Errorf("fetch image %s: %w", image, err)
	}
	defer release()
	found, err := r.inspectImage(ctx, image)
	if err != nil || found != nil {
		return err
	}
	if policy == runner.PullNever {
		return &runner.SpecError{
			Field:  imageField,
			Reason: fmt.Sprintf("the image %s is not there, and docker.pull is never", image),
			Hint:   "build or pull it on the machine of the engine, or set docker.pull: missing",
		}
	}
	return r.pull(ctx, image, platform, output)
}

// pull fetches an image from its registry.
func (r *Runner) pull(ctx context.Context, image string, platform *ocispec.Platform, output io.Writer) error {
	if _, err := reference.ParseNormalizedNamed(image); err != nil { // an id
		return &runner.SpecError{Field: imageField, Reason: fmt.Sprintf("there is no image with the id %s", image)}
	}
	tell(output, "fetching image %s", image)
	options := client.ImagePullOptions{RegistryAuth: r.login(ctx, image, output)}
	if platform != nil {
		options.Platforms = []ocispec.Platform{*platform}
	}
	pause := time.Second
	for n := 1; ; n++ {
		_, err := callFor(ctx, r.engine, pullTimeout, "fetch image "+image, func(ctx context.Context, c *client.Client) (struct{}, error) {
			stream, err := c.ImagePull(ctx, image, options)
			if err != nil {
				return struct{}{}, err
			}
			defer stream.Close()
			return struct{}{}, show(stream.JSONMessages(ctx), output)
		})
		if err == nil || ctx.Err() != nil {
			return err
		}
		if explained, lasting := explainPull(image, err); lasting || n == pullTries {
			return explained
		}
		tell(output, "%v; trying again", err)
		if !sleep(ctx, pause) {
			return fmt.Errorf("fetch image %s: %w", image, context.Cause(ctx))
		}
		pause *= 4
	}
}

// login is what the registry of an image needs to know, as the engine wants it.
// Without a login the image may still be public, so trouble is only told.
func (r *Runner) login(ctx context.Context, image string, output io.Writer) string {
	auth, _, err := r.authFor(ctx, image)
	if err != nil {
		tell(output, "%v; going on without a login", err)
	}
	if auth == (registry.AuthConfig{}) {
		return ""
	}
	encoded, err := authconfig.Encode(auth)
	if err != nil {
		tell(output, "%v; going on without a login", err)
		return ""
	}
	return encoded
}

// authFor finds the login for an image's registry, and the registry's name.
func (r *Runner) authFor(ctx context.Context, image string) (registry.AuthConfig, string, error) {
	server, err := dockerconfig.Server(image)
	if err != nil || r.options.ConfigDir == "" {
		return registry.AuthConfig{}, "", err
	}
	config, err := dockerconfig.Load(r.options.ConfigDir)
	if err != nil {
		return registry.AuthConfig{}, server, err
	}
	auth, err := config.Auth(ctx, server, r.options.Environ)
	return auth, server, err
}

// explainPull tells an image that can never be fetched (true) from one that may
// be the next time. The engine passes on the registry's words and little else.
func explainPull(image string, err error) (explained error, lasting bool) {
	said := strings.ToLower(err.Error())
	contains := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(said, w) {
				return true
			}
		}
		return false
	}
	lastingly := func(reason, hint string) (error, bool) {
		return &runner.SpecError{Field: imageField, Reason: reason, Hint: hint, Err: err}, true
	}
	switch {
	case contains("toomanyrequests", "too many requests", "rate limit"):
		return fmt.Errorf("%w (the registry limits how much is fetched: log in by \"docker login\", use a mirror, or set docker.pull: missing)", err), false
	case contains("no matching manifest", "does not match the specified platform"):
		return lastingly("there is no image "+image+" for this platform", "see docker.run_options: [--platform, ...]")
	case contains("manifest unknown", "manifest for", "not found"):
		return lastingly("there is no image "+image, "is its name and its tag right?")
	case contains("unauthorized", "access denied", "denied:", "authentication required", "no basic auth credentials", "forbidden"):
		return lastingly("the image "+image+" may not be fetched",
			"is its name right? else log in by \"docker login\" as the user that runs heitan, or set up a credential helper")
	case contains("x509", "http response to https client"):
		return lastingly("the registry of "+image+" is not trusted by the engine", "see insecure-registries and certs.d of the Docker engine")
	case contains("invalid reference format"):
		return lastingly(fmt.Sprintf("%q is not the name of an image", image), "")
	}
	return err, false
}
