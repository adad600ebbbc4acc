package docker

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/docker/go-connections/tlsconfig"
	"github.com/moby/moby/client"

	"github.com/heitan/heitan/runner/docker/dockerconfig"
)

// newClient makes a client without calling the engine.
func newClient(o Options) (*client.Client, error) {
	if o.Host == "" && o.ConfigDir != "" {
		config, err := dockerconfig.Load(o.ConfigDir)
		if err != nil {
			return nil, err
		}
		endpoint, err := config.Endpoint(o.Context)
		if err != nil {
			return nil, err
		}
		if endpoint.Host != "" {
			o.Host, o.CertPath, o.TLSVerify = endpoint.Host, endpoint.CertPath, !endpoint.SkipTLSVerify
		}
	}
	if strings.HasPrefix(o.Host, "ssh://") {
		return nil, fmt.Errorf("%s: engines behind SSH are not supported; forward the socket (ssh -L /tmp/docker.sock:/var/run/docker.sock HOST) and set DOCKER_HOST=unix:///tmp/docker.sock", o.Host)
	}
	opts := []client.Opt{client.WithUserAgent("heitan"), client.WithAPIVersion(o.APIVersion)}
	if o.CertPath != "" {
		config, err := tlsConfig(o)
		if err != nil {
			return nil, err
		}
		opts = append(opts, client.WithHTTPClient(&http.Client{
			Transport:     &http.Transport{TLSClientConfig: config},
			CheckRedirect: client.CheckRedirect,
		}))
	}
	if o.Host != "" {
		opts = append(opts, client.WithHost(o.Host))
	}
	return client.New(opts...)
}

func tlsConfig(o Options) (*tls.Config, error) {
	config, err := tlsconfig.Client(tlsconfig.Options{
		CAFile:             filepath.Join(o.CertPath, "ca.pem"),
		CertFile:           filepath.Join(o.CertPath, "cert.pem"),
		KeyFile:            filepath.Join(o.CertPath, "key.pem"),
		InsecureSkipVerify: !o.TLSVerify,
		ExclusiveRootPools: true,
		MinVersion:         tls.VersionTLS12,
	})
	if err != nil {
		return nil, fmt.Errorf("read the certificates in %s: %w", o.CertPath, err)
	}
	return config, nil
}

// engine is the Docker engine, which may not be running at the moment.
type engine struct {
	options Options
	turn    chan struct{} // holds an element while one connects

	// Guarded by turn.
	client  *client.Client
	reached bool // it answered once
	id      string
}

func newEngine(o Options) *engine {
	return &engine{options: o, turn: make(chan struct{}, 1)}
}

// connected is the client of an engine that has answered once, and its id. The
// first call finds out which version of the API both sides know.
func (e *engine) connected(ctx context.Context) (*client.Client, string, error) {
	select {
	case e.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, "", context.Cause(ctx)
	}
	defer func() { <-e.turn }()
	if e.client == nil {
		made, err := newClient(e.options)
		if err != nil {
			return nil, "", fmt.Errorf("set up the Docker client: %w", err)
		}
		e.client = made
	}
	if e.reached {
		return e.client, e.id, nil
	}
	if _, err := e.client.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true}); err != nil {
		return nil, "", e.refused(ctx, err)
	}
	info, err := e.client.Info(ctx, client.InfoOptions{})
	if err != nil {
		return nil, "", e.refused(ctx, err)
	}
	e.id, e.reached = info.Info.ID, true
	return e.client, e.id, nil
}

// refused explains why the engine does not answer.
func (e *engine) refused(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return &unreachableError{host: e.client.DaemonHost(), err: err}
}

// known reports whether the engine has answered before.
func (e *engine) known() bool {
	e.turn <- struct{}{}
	defer func() { <-e.turn }()
	return e.reached
}

func (e *engine) close() error {
	e.turn <- struct{}{}
	defer func() { <-e.turn }()
	if e.client == nil {
		return nil
	}
	return e.client.Close()
}

// unreachableError says that the engine does not answer.
type unreachableError struct {
	host string
	err  error
}

func (e *unreachableError) Error() string {
	hint := "is the Docker engine running? start it, or say where it is by DOCKER_HOST or \"docker context use\""
	if strings.Contains(e.err.Error(), "permission denied") {
		hint = "may this user use it? see the group \"docker\""
	}
	text := e.err.Error()
	if !strings.Contains(text, e.host) {
		text = e.host + ": " + text
	}
	return "the Docker engine cannot be reached: " + text + " (" + hint + ")"
}

// Unwrap is the cause.
func (e *unreachableError) Unwrap() error { return e.err }

func isUnreachable(err error) bool {
	_, ok := errors.AsType[*unreachableError](err)
	return ok || interrupted(err)
}
