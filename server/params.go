package server

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/postgres"
	"github.com/heitan/heitan/store/redis"
)

// newParamServer is the server of params that the settings param_server.* name, or
// own, the store of runs, if they name none. It is not called before a task needs it.
func newParamServer(c config.Config, own store.ParamServer) (store.ParamServer, io.Closer, error) {
	const kind, portKey = "param_server.type", "param_server.port"
	tls, tlsErr := c.Bool("param_server.ssl", false)
	switch c.String(kind, "") {
	case "":
		return own, nothing{}, nil
	case "redis":
		port, err := c.Port(portKey, 6379)
		if err := errors.Join(err, tlsErr); err != nil {
			return nil, nothing{}, err
		}
		server := redis.New(redis.Options{
			Host: c.String("param_server.host", "localhost"), Port: port,
			Password: c.String("param_server.password", ""), TLS: tls,
		})
		return server, server, nil
	case "postgresql":
		port, err := c.Port(portKey, 5432)
		if err := errors.Join(err, tlsErr); err != nil {
			return nil, nothing{}, err
		}
		address := url.URL{
			Scheme: "postgres", Path: c.String("param_server.database", ""),
			Host: net.JoinHostPort(c.String("param_server.host", "localhost"), strconv.Itoa(port)),
		}
		if user := c.String("param_server.user", ""); user != "" {
			address.User = url.UserPassword(user, c.String("param_server.password", ""))
		}
		address.RawQuery = "sslmode=disable"
		if tls {
			address.RawQuery = "sslmode=require"
		}
		server := &lazyPostgres{options: postgres.Options{URL: address.String()}}
		return server, server, nil
	}
	return nil, nothing{}, c.Invalid(kind, "postgresql or redis")
}

// lazyPostgres opens a store in PostgreSQL when the first param is asked for.
type lazyPostgres struct {
	options postgres.Options

	mu     sync.Mutex
	opened interface {
		store.ParamServer
		io.Closer
	}
}

func (l *lazyPostgres) open(ctx context.Context) (store.ParamServer, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.opened == nil {
		s, err := postgres.Open(ctx, l.options)
		if err != nil {
			return nil, err
		}
		l.opened = s
	}
	return l.opened, nil
}

// Param implements [store.ParamServer].
func (l *lazyPostgres) Param(ctx context.Context, key string, now time.Time) (string, bool, error) {
	s, err := l.open(ctx)
	if err != nil {
		return "", false, err
	}
	return s.Param(ctx, key, now)
}

// SetParam implements [store.ParamServer].
func (l *lazyPostgres) SetParam(ctx context.Context, key, value string, now time.Time) error {
	s, err := l.open(ctx)
	if err != nil {
		return err
	}
	return s.SetParam(ctx, key, value, now)
}

// Close closes the store if it was opened.
func (l *lazyPostgres) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.opened == nil {
		return nil
	}
	return l.opened.Close()
}

// nothing needs no closing.
type nothing struct{}

func (nothing) Close() error { return nil }
