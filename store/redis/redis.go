// Package redis keeps the params of param_set> and param_get> in Redis, as Digdag
// does, so that the two can share them.
package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/gomodule/redigo/redis"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

// Options say which Redis to use.
type Options struct {
	Host     string
	Port     int
	Password string // "" is none
	TLS      bool
}

// keyPrefix stands before keys: Digdag's number of the site, of which there is one.
const keyPrefix = "0:"

const (
	// patience bounds one call, with its retries.
	patience = 10 * time.Second
	// tries is how often a call is made whose connection breaks. Both calls may be
	// repeated without harm.
	tries = 3
	// quiet is how long a connection may have been idle before it is tried out.
	quiet = 10 * time.Second

	maxIdle     = 8
	idleTimeout = 4 * time.Minute
)

// ParamServer keeps params. It implements [store.ParamServer]. Redis itself, by
// its own clock, forgets what has outlived its time.
type ParamServer struct {
	pool    *redis.Pool
	address string
}

// New makes a ParamServer. Redis is not called before the first param.
func New(o Options) *ParamServer {
	s := &ParamServer{address: net.JoinHostPort(o.Host, strconv.Itoa(o.Port))}
	options := []redis.DialOption{redis.DialPassword(o.Password)}
	if o.TLS {
		options = append(options, redis.DialUseTLS(true),
			redis.DialTLSConfig(&tls.Config{ServerName: o.Host, MinVersion: tls.VersionTLS12}))
	}
	s.pool = &redis.Pool{
		MaxIdle: maxIdle, IdleTimeout: idleTimeout,
		DialContext: func(ctx context.Context) (redis.Conn, error) {
			return redis.DialContext(ctx, "tcp", s.address, options...)
		},
		TestOnBorrowContext: func(ctx context.Context, c redis.Conn, used time.Time) error {
			if time.Since(used) < quiet {
				return nil
			}
			_, err := redis.DoContext(c, ctx, "PING")
			return err
		},
	}
	return s
}

// Close closes the connections.
func (s *ParamServer) Close() error { return s.pool.Close() }

// Param is documented at [store.ParamServer].
func (s *ParamServer) Param(ctx context.Context, key string, _ time.Time) (string, bool, error) {
	text, err := redis.String(s.do(ctx, "GET", keyPrefix+key))
	switch {
	case errors.Is(err, redis.ErrNil):
		return "", false, nil
	case err != nil:
		return "", false, s.fault("read param", err)
	}
	value, err := decode(text)
	if err != nil {
		return "", false, s.fault("read param "+key, err)
	}
	return value, true, nil
}

// SetParam is documented at [store.ParamServer].
func (s *ParamServer) SetParam(ctx context.Context, key, value string, _ time.Time) error {
	if _, err := s.do(ctx, "SET", keyPrefix+key, encode(value), "EX", int64(store.ParamLife/time.Second)); err != nil {
		return s.fault("set param", err)
	}
	return nil
}

// do calls Redis, again if the connection breaks.
func (s *ParamServer) do(ctx context.Context, command string, args ...any) (reply any, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for range tries {
		if reply, err = s.once(ctx, command, args...); err == nil || ctx.Err() != nil {
			return reply, err
		}
		if _, answered := errors.AsType[redis.Error](err); answered {
			return nil, err
		}
	}
	return nil, err
}

func (s *ParamServer) once(ctx context.Context, command string, args ...any) (any, error) {
	conn, err := s.pool.GetContext(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }() // gives it back
	return redis.DoContext(conn, ctx, command, args...)
}

func (s *ParamServer) fault(act string, err error) error {
	return &heitan.Error{Kind: heitan.Unavailable, Msg: act + " in Redis at " + s.address, Err: err}
}

// encode is a value as Digdag writes it: {"value":{"value":"..."},"value_type":0}.
func encode(value string) string {
	return params.JSON(params.Of("value", params.Of("value", value), "value_type", int64(0)))
}

func decode(text string) (string, error) {
	document, err := params.ParseObject([]byte(text))
	if err != nil {
		return "", err
	}
	v, _ := document.Lookup("value", "value")
	switch v := v.(type) {
	case string:
		return v, nil
	case nil:
		return "", errors.New("the value is not one that heitan or Digdag wrote")
	default:
		return params.JSON(v), nil
	}
}
