package http

import (
	"context"
	"crypto/tls"
	"fmt"
	"strings"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/http/wire"
	"github.com/heitan/heitan/params"
)

// defaultTimeout bounds a request with its redirects and the response's body.
const defaultTimeout = 30 * time.Second

// call is a request with everything that decides how it is made.
type call struct {
	client  wire.Client
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

// field is a header field of a request.
type field struct {
	wire.Field
	// private fields are not sent to another server than the first one.
	private bool
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
	c.client.TLS = &tls.Config{RootCAs: s.RootCAs, InsecureSkipVerify: p.BoolOr("insecure", false)}
	var err error
	if c.client.Proxy, err = s.chooseProxy(p, req); err != nil {
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
		{Field: wire.Field{Name: "Authorization", Value: authorization}, private: true},
		{Field: wire.Field{Name: "User-Agent", Value: s.UserAgent}},
		{Field: wire.Field{Name: "Accept-Encoding", Value: "gzip, deflate"}},
		{Field: wire.Field{Name: "Content-Type", Value: content.contentType}},
	})
	if err := p.Err(); err != nil {
		return nil, err
	}
	if err := c.wireRequest(c.hop()).Check(); err != nil {
		return nil, operator.Configf("Invalid request %s %s: %w", c.method, c.to.shown, err)
	}
	return c, nil
}

// isSafe reports whether a method changes nothing on the server.
func isSafe(method string) bool {
	switch method {
	case "GET", "HEAD", "OPTIONS", "TRACE":
		return true
	}
	return false
}

// readHeaders reads the param `headers`, a list of maps with one key.
func readHeaders(ctx context.Context, p *operator.Params, secrets *operator.Secrets) ([]field, error) {
	var fields []field
	for _, entry := range p.ListOr("headers", nil) {
		object, ok := entry.(*params.Object)
		if !ok || object.Len() != 1 {
			return nil, operator.Configf("Invalid header: %s", params.JSON(entry)).At(p.Pos("headers")).
				WithHint("headers is a list with one `- Name: value` for each header")
		}
		key := object.Keys()[0]
		v, _ := object.Get(key)
		text, ok := operator.AsString(v)
		if !ok {
			return nil, operator.Configf("Invalid header: %s", params.JSON(entry)).At(p.Pos("headers")).
				WithHint("the value of a header is a text")
		}
		name, err := secrets.Expand(ctx, key)
		if err != nil {
			return nil, err
		}
		value, err := secrets.Expand(ctx, text)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field{
			Field:   wire.Field{Name: name, Value: value},
			private: name != key || value != text || isCredential(name),
		})
	}
	return fields, nil
}

func isCredential(name string) bool {
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization", "cookie", "host":
		return true
	}
	return false
}

// readAuthorization is the value of Authorization, or "". It comes from the
// secrets, or from the user and password in the URI.
func readAuthorization(ctx context.Context, secrets *operator.Secrets, to address) (string, error) {
	value, ok, err := secrets.Lookup(ctx, "http.authorization")
	if ok || err != nil {
		return value, err
	}
	user, ok, err := secrets.Lookup(ctx, "http.user")
	if err != nil {
		return "", err
	}
	if ok {
		password, _, err := secrets.Lookup(ctx, "http.password")
		return basicAuthorization(user, password), err
	}
	if u := to.url.User; u != nil {
		password, _ := u.Password()
		return basicAuthorization(u.Username(), password), nil
	}
	return "", nil
}

// withDefaults puts those defaults that have a value and that own does not name
// before own.
func withDefaults(own, defaults []field) []field {
	var fields []field
	for _, d := range defaults {
		if d.Value != "" && !hasField(own, d.Name) {
			fields = append(fields, d)
		}
	}
	return append(fields, own...)
}

func hasField(fields []field, name string) bool {
	for _, f := range fields {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

func (c *call) String() string { return fmt.Sprintf("%s %s", c.method, c.to.shown) }
