package docker

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"
	"time"

	"github.com/moby/moby/api/types/build"
	"github.com/moby/moby/api/types/jsonstream"
	"github.com/moby/moby/api/types/registry"
	"github.com/moby/moby/client"

	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/docker/buildcontext"
	"github.com/heitan/heitan/runner/docker/cliopt"
)

// buildTimeout bounds one build.
const buildTimeout = 4 * time.Hour

// buildPolicy is when the image to build upon is fetched.
func buildPolicy(policy runner.PullPolicy, options *cliopt.Build) runner.PullPolicy {
	if options.Options.PullParent {
		return runner.PullAlways
	}
	return policy
}

// ensureBuilt makes sure that the image of a spec with RUN lines is built, and
// returns its name. As in Digdag the name is made of the base image, the lines and
// the project's revision, and an image with it is used as it is; also the options
// count. Without a revision the files may have changed, so the engine is asked to
// build again, which it does from its cache.
func (r *Runner) ensureBuilt(ctx context.Context, spec runner.Spec, policy runner.PullPolicy, output io.Writer) (string, error) {
	options, err := cliopt.ParseBuild(spec.Container.BuildOptions)
	if err != nil {
		return "", err
	}
	dockerfile, err := dockerfileOf(spec.Container)
	if err != nil {
		return "", err
	}
	name := builtName(spec)
	release, err := r.turns.take(ctx, name)
	if err != nil {
		return "", fmt.Errorf("build image %s: %w", name, err)
	}
	defer release()
	if spec.Container.Revision != "" {
		if found, err := r.inspectImage(ctx, name); err != nil || found != nil {
			return name, err
		}
	}
	base := spec.Container.Image
	if err := r.ensureImage(ctx, base, nil, buildPolicy(policy, options), output); err != nil {
		return "", err
	}
	found, err := r.inspectImage(ctx, base)
	if err != nil {
		return "", err
	}
	content := buildcontext.Context{
		Dockerfile: dockerfile, DockerfileName: ".heitan-dockerfile-" + name[len(name)-40:],
		Skip:     func(name string) bool { return name == path.Join(".heitan", "tmp") },
		MaxBytes: r.options.MaxContextBytes, MaxFiles: r.options.MaxContextFiles,
	}
	// RUN lines do not see the build context. Only instructions that the base
	// image brings along for its children (ONBUILD) can use it.
	if found != nil && found.Config != nil && len(found.Config.OnBuild) > 0 {
		content.Dir = spec.Workspace
	}
	for _, note := range options.Notes {
		tell(output, "%s", note)
	}
	tell(output, "building image %s", name)
	return name, r.build(ctx, name, base, content, options.Options, output)
}

// builtName names the image of a spec.
func builtName(spec runner.Spec) string {
	c := spec.Container
	parts := []any{c.Image, c.Build, c.BuildOptions, c.Revision}
	if c.Revision == "" {
		parts = append(parts, spec.Workspace)
	}
	text, _ := json.Marshal(parts) // strings only
	sum := sha1.Sum(text)
	return "heitan-project-" + hex.EncodeToString(sum[:])
}

// dockerfileOf is Digdag's: FROM and a RUN for each line. Unlike there, a line that
// ends with "\" goes on in the next.
func dockerfileOf(c runner.Container) (string, error) {
	var b strings.Builder
	b.WriteString("FROM " + c.Image + "\n")
	continued := false
	for _, command := range c.Build {
		for line := range strings.SplitSeq(strings.TrimRight(command, "\n"), "\n") {
			line = strings.TrimRight(line, "\r")
			if strings.TrimSpace(line) == "" {
				continue
			}
			if !continued {
				b.WriteString("RUN ")
			}
			b.WriteString(line + "\n")
			continued = strings.HasSuffix(strings.TrimRight(line, " \t"), "\\")
		}
	}
	if continued {
		return "", &runner.SpecError{Field: "docker.build", Reason: "the last line ends with \"\\\", so it goes on nowhere"}
	}
	return b.String(), nil
}

// build sends the context and follows the build.
func (r *Runner) build(ctx context.Context, name, base string, content buildcontext.Context, options client.ImageBuildOptions, output io.Writer) error {
	options.Tags = []string{name}
	options.Dockerfile = content.DockerfileName
	options.Remove, options.ForceRemove = true, true
	options.Version = build.BuilderV1
	options.PullParent = false // it was fetched before
	options.AuthConfigs = map[string]registry.AuthConfig{}
	if auth, server, err := r.authFor(ctx, base); err == nil && auth != (registry.AuthConfig{}) {
		options.AuthConfigs[server] = auth
	}
	if options.Labels == nil {
		options.Labels = map[string]string{}
	}
	options.Labels[LabelManaged] = "true"

	_, err := callFor(ctx, r.engine, buildTimeout, "build image "+name, func(ctx context.Context, c *client.Client) (struct{}, error) {
		return struct{}{}, sendBuild(ctx, c, content, options, output)
	})
	if tooLarge, ok := errors.AsType[*buildcontext.TooLargeError](err); ok {
		return &runner.SpecError{
			Field: "docker.build", Reason: tooLarge.Error(), Hint: "leave files out by a .dockerignore file in the project",
		}
	}
	if err != nil {
		return fmt.Errorf("Docker build failed: %w", err)
	}
	if found, err := r.inspectImage(ctx, name); err != nil || found == nil {
		return errors.Join(fmt.Errorf("Docker build failed: the engine stopped before the image was done"), err)
	}
	return nil
}

// sendBuild sends the archive while it is written, and shows what the engine says.
func sendBuild(ctx context.Context, c *client.Client, content buildcontext.Context, options client.ImageBuildOptions, output io.Writer) error {
	reader, writer := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := content.WriteTo(ctx, writer)
		_ = writer.CloseWithError(err) // never fails
		written <- err
	}()
	result, err := c.ImageBuild(ctx, reader, options)
	if err == nil {
		err = show(messagesOf(result.Body), output)
		result.Body.Close()
	}
	_ = reader.Close() // never fails
	if broken := <-written; broken != nil && !errors.Is(broken, io.ErrClosedPipe) {
		return broken // the cause of whatever the engine said
	}
	return err
}

// messagesOf reads the engine's messages one after the other.
func messagesOf(stream io.Reader) iter.Seq2[jsonstream.Message, error] {
	return func(yield func(jsonstream.Message, error) bool) {
		for decoder := json.NewDecoder(stream); ; {
			var m jsonstream.Message
			err := decoder.Decode(&m)
			if errors.Is(err, io.EOF) || !yield(m, err) || err != nil {
				return
			}
		}
	}
}
