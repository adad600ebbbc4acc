package sql

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/sql/session"
)

// Digdag's times.
const (
	defaultConnectTimeout = 30 * time.Second
	defaultSocketTimeout  = 30 * time.Minute
)

// target reads which database a task connects to: each value is a secret, or
// else a param. Problems with params are left in p.
func (d dialect) target(ctx context.Context, secrets *operator.Secrets, p *operator.Params) (session.Target, error) {
	r := targetReader{ctx: ctx, secrets: secrets, scope: d.secrets, params: p}
	t := session.Target{
		Host:           r.required("host"),
		Port:           r.port(d.port),
		User:           r.required("user"),
		Password:       r.password(),
		Database:       r.required("database"),
		Schema:         r.text("schema"),
		TLS:            r.bool("ssl"),
		ConnectTimeout: r.duration("connect_timeout", defaultConnectTimeout),
		SocketTimeout:  r.duration("socket_timeout", defaultSocketTimeout),
		Parameters:     d.parameters,
	}
	return t, r.err
}

// targetReader reads values that are secrets, or else params.
type targetReader struct {
	ctx     context.Context
	secrets *operator.Secrets
	scope   string
	params  *operator.Params
	err     error // the first failure to read a secret
}

func (r *targetReader) secret(key string) (string, bool) {
	value, ok, err := r.secrets.Lookup(r.ctx, r.scope+"."+key)
	if err != nil && r.err == nil {
		r.err = err
	}
	return value, ok
}

func (r *targetReader) text(key string) string {
	param := r.params.StringOr(key, "")
	if value, ok := r.secret(key); ok {
		return value
	}
	return param
}

func (r *targetReader) required(key string) string {
	if value, ok := r.secret(key); ok {
		return value
	}
	return r.params.String(key)
}

func (r *targetReader) bool(key string) bool {
	param := r.params.BoolOr(key, false)
	if value, ok := r.secret(key); ok {
		return strings.EqualFold(strings.TrimSpace(value), "true")
	}
	return param
}

func (r *targetReader) duration(key string, otherwise time.Duration) time.Duration {
	param := r.params.DurationOr(key, otherwise)
	value, ok := r.secret(key)
	if !ok {
		return param
	}
	d, ok := operator.ParseDuration(value)
	if !ok {
		r.params.Fail(key, "The secret '%s.%s' is no duration", r.scope, key)
	}
	return d
}

func (r *targetReader) port(otherwise int64) uint16 {
	port := r.params.IntOr("port", otherwise)
	if value, ok := r.secret("port"); ok {
		var err error
		if port, err = strconv.ParseInt(strings.TrimSpace(value), 10, 64); err != nil {
			port = 0
		}
	}
	if port <= 0 || port > math.MaxUint16 {
		r.params.Fail("port", "Expected a port number for key 'port'")
		return 0
	}
	return uint16(port)
}

// password is the secret `password`, or the one that password_override names,
// which must exist then.
func (r *targetReader) password() string {
	override := r.params.StringOr("password_override", "")
	if override == "" {
		value, _ := r.secret("password")
		return value
	}
	value, err := r.secrets.Get(r.ctx, r.scope+"."+override)
	if err != nil && r.err == nil {
		r.err = err
	}
	return value
}
