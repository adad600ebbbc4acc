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

	"github.com/redis/go-redis/v9"

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

// patience bounds one call, with its retries.
const patience = 10 * time.Second

// ParamServer keeps params. It implements [store.ParamServer]. Redis itself, by
// its own clock, forgets what has outlived its time.
type ParamServer struct {
	client  *redis.Client
	address string
}

// New makes a ParamServer. Redis is not called before the first param.
func New(o Options) *ParamServer {
	s := &ParamServer{address: net.JoinHostPort(o.Host, strconv.Itoa(o.Port))}
	settings := &redis.Options{Addr: s.address, Password: o.Password}
	if o.TLS {
		settings.TLSConfig = &tls.Config{ServerName: o.Host, MinVersion: tls.VersionTLS12}
	}
	s.client = redis.NewClient(settings)
	return s
}

// Close closes the connections.
func (s *ParamServer) Close() error { return s.client.Close() }

// Param is documented at [store.ParamServer].
func (s *ParamServer) Param(ctx context.Context, key string, _ time.Time) (string, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text, err := s.client.Get(ctx, keyPrefix+key).Result()
	switch {
	case errors.Is(err, redis.Nil):
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
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := s.client.Set(ctx, keyPrefix+key, encode(value), store.ParamLife).Err(); err != nil {
		return s.fault("set param", err)
	}
	return nil
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
