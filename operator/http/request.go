package http

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/heitan/heitan/operator"
)

// defaultTimeout bounds a request with its redirects and the response's body.
const defaultTimeout = 30 * time.Second

// call is a request with everything that decides how it is made.
type call struct {
	client  client
	to      address
	method  string
	fields  []field
	body    []byte
	timeout time.Duration // 0 is none

	followRedirects bool
	maxRedirects    int
	// retry says that what may be a passing failure is tried again.
	retry bool
}

// newCall reads the params that http> and http_call> share. to is where the
// request goes, without the param `query`.
func newCall(ctx context.Context, req *operator.Request, p *operator.Params, s *Settings, to address) (*call, error) {
	method := strings.ToUpper(p.StringOr("method", "GET"))
	c := &call{
		method:          method,
		timeout:         p.DurationOr("timeout", defaultTimeout),
		followRedirects: p.BoolOr("follow_redirects", true),
		maxRedirects:    s.MaxRedirects,
		retry:           p.BoolOr("retry", isSafe(method)),
	}
	c.client = client{roots: s.RootCAs, insecure: p.BoolOr("insecure", false), userAgent: s.UserAgent}
	var err error
	if c.client.proxy, err = s.chooseProxy(p, req); err != nil {
		return nil, err
	}
	query, err := readQuery(ctx, p, req.Secrets)
	if err != nil {
		return nil, err
	}
	c.to = to.withQuery(query)
	content, err := readContent(ctx, p, req.Secrets)
	if err != nil {
		return nil, err
	}
	c.body = content.body
	own, err := readHeaders(ctx, p, req.Secrets)
	if err != nil {
		return nil, err
	}
	authorization, err := readAuthorization(ctx, req.Secrets, to)
	if err != nil {
		return nil, err
	}
	c.fields = withDefaults(own, []field{
		{name: "Authorization", value: authorization, private: true},
		{name: "User-Agent", value: s.UserAgent},
		{name: "Accept-Encoding", value: "gzip, deflate"},
		{name: "Content-Type", value: content.contentType, pos: p.Pos("content_type")},
	})
	if err := p.Err(); err != nil {
		return nil, err
	}
	return c, c.check(p)
}

// check reports what cannot be sent, before anything is.
func (c *call) check(p *operator.Params) error {
	if !isToken(c.method) {
		return c.invalid(fmt.Errorf("invalid method %q", c.method)).At(p.Pos("method"))
	}
	if err := checkURL(c.to.url); err != nil {
		return c.invalid(err).At(p.Pos("_command"))
	}
	for _, f := range c.fields {
		if err := f.check(); err != nil {
			failure := c.invalid(err).At(f.pos)
			if strings.HasSuffix(f.value, "\n") {
				failure.Hint = "the value ends with a line break, as secrets do that were read from a file"
			}
			return failure
		}
	}
	return nil
}

func (c *call) invalid(err error) *operator.Failure {
	return operator.Configf("Invalid request %s: %w", c, err)
}

func checkURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return errors.New("the scheme must be http or https")
	case u.Hostname() == "" || u.Opaque != "":
		return errors.New("the host is missing")
	case !isHost(u.Host):
		return errors.New("the host is invalid")
	}
	return nil
}

// isSafe reports whether a method changes nothing on the server.
func isSafe(method string) bool {
	switch method {
	case "GET", "HEAD", "OPTIONS", "TRACE":
		return true
	}
	return false
}

func (c *call) String() string { return fmt.Sprintf("%s %s", c.method, c.to.shown) }
