package dockerconfig

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/distribution/reference"
	"github.com/moby/moby/api/types/registry"
)

// dockerHub is the name under which the docker command keeps the login of Docker
// Hub, whose images have "docker.io" in their full names.
const dockerHub = "https://index.docker.io/v1/"

// auth is a login kept in config.json itself.
type auth struct {
	Auth          string `json:"auth"` // base64 of user:password
	Username      string `json:"username"`
	Password      string `json:"password"`
	IdentityToken string `json:"identitytoken"`
	RegistryToken string `json:"registrytoken"`
}

// Server is the name under which the login for an image's registry is kept.
func Server(image string) (string, error) {
	named, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return "", err
	}
	if domain := reference.Domain(named); domain != "docker.io" {
		return domain, nil
	}
	return dockerHub, nil
}

// Auth is the login for a server: from its credential helper, the common store or
// the file, in this order, as the docker command does. Without one it is empty.
// Helpers are found in path and see environ.
func (c *Config) Auth(ctx context.Context, server string, environ []string) (registry.AuthConfig, error) {
	if helper := c.CredHelpers[server]; helper != "" {
		return askHelper(ctx, helper, server, environ)
	}
	if server == dockerHub {
		for _, name := range []string{"index.docker.io", "docker.io"} {
			if helper := c.CredHelpers[name]; helper != "" {
				return askHelper(ctx, helper, name, environ)
			}
		}
	}
	if c.CredsStore != "" {
		return askHelper(ctx, c.CredsStore, server, environ)
	}
	return c.fileAuth(server)
}

// fileAuth finds the login in the file, whose keys may be URLs.
func (c *Config) fileAuth(server string) (registry.AuthConfig, error) {
	kept, ok := c.Auths[server]
	for _, key := range slices.Sorted(maps.Keys(c.Auths)) {
		if !ok && hostOf(key) == hostOf(server) {
			kept, ok = c.Auths[key], true
		}
	}
	if !ok {
		return registry.AuthConfig{}, nil
	}
	login := registry.AuthConfig{
		Username: kept.Username, Password: kept.Password,
		IdentityToken: kept.IdentityToken, RegistryToken: kept.RegistryToken,
		ServerAddress: server,
	}
	if kept.Auth != "" {
		decoded, err := base64.StdEncoding.DecodeString(kept.Auth)
		user, password, ok := strings.Cut(string(decoded), ":")
		if err != nil || !ok {
			return registry.AuthConfig{}, fmt.Errorf("the login for %s in config.json cannot be read; run docker login again", server)
		}
		login.Username, login.Password = user, strings.TrimRight(password, "\x00")
	}
	return login, nil
}

func hostOf(server string) string {
	_, rest, ok := strings.Cut(server, "://")
	if !ok {
		rest = server
	}
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// The bounds of a credential helper.
const (
	helperTimeout = 30 * time.Second
	helperOutput  = 1 << 20
)

// askHelper asks docker-credential-NAME for a login. See
// https://github.com/docker/docker-credential-helpers
func askHelper(ctx context.Context, name, server string, environ []string) (registry.AuthConfig, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, helperTimeout, errors.New("it did not answer in time"))
	defer cancel()
	program := "docker-credential-" + name
	file, err := lookPath(program, environ)
	if err != nil {
		return registry.AuthConfig{}, fmt.Errorf("log in to %s: %w", server, err)
	}
	cmd := exec.CommandContext(ctx, file, "get")
	cmd.Env = environ
	cmd.Stdin = strings.NewReader(server)
	cmd.WaitDelay = time.Second
	stdout, stderr := &bounded{limit: helperOutput}, &bounded{limit: helperOutput}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		said := strings.TrimSpace(stdout.String() + stderr.String())
		if strings.Contains(said, "credentials not found") {
			return registry.AuthConfig{}, nil // as helpers say that there is none
		}
		return registry.AuthConfig{}, fmt.Errorf("log in to %s by %s: %w: %s", server, program, err, said)
	}
	var answer struct{ Username, Secret string }
	if err := json.Unmarshal(stdout.Bytes(), &answer); err != nil {
		return registry.AuthConfig{}, fmt.Errorf("log in to %s by %s: it answered no JSON", server, program)
	}
	login := registry.AuthConfig{Username: answer.Username, Password: answer.Secret, ServerAddress: server}
	if answer.Username == "<token>" {
		login.Username, login.Password, login.IdentityToken = "", "", answer.Secret
	}
	return login, nil
}

// lookPath finds a program in the PATH of environ.
func lookPath(program string, environ []string) (string, error) {
	for _, entry := range slices.Backward(environ) {
		path, ok := strings.CutPrefix(entry, "PATH=")
		if !ok {
			continue
		}
		for folder := range strings.SplitSeq(path, ":") {
			if file, err := exec.LookPath(folder + "/" + program); err == nil {
				return file, nil
			}
		}
		break
	}
	return "", fmt.Errorf("%s is not found in PATH", program)
}

// bounded keeps the first bytes of an output.
type bounded struct {
	bytes.Buffer
	limit int
}

func (b *bounded) Write(p []byte) (int, error) {
	if room := b.limit - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
