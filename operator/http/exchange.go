package http

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	nethttp "net/http"
	"net/http/cookiejar"
	"net/url"
)

// errTimeout is why a request ended that took longer than its timeout.
var errTimeout = errors.New("timed out")

// hop is one request of a call; a redirect leads to another.
type hop struct {
	url    *url.URL
	method string
	fields []field
	body   []byte
}

func (c *call) hop() hop { return hop{url: c.to.url, method: c.method, fields: c.fields, body: c.body} }

// send makes the request, follows redirects, and reads at most keep bytes of
// the last response's body. An error means that there is no complete response.
func (c *call) send(ctx context.Context, keep int64) (answer, error) {
	if c.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, c.timeout, errTimeout)
		defer cancel()
	}
	a, err := c.follow(ctx, keep)
	if err != nil && ctx.Err() != nil {
		// What the end of ctx broke says nothing about why it ended.
		return a, context.Cause(ctx)
	}
	return a, err
}

func (c *call) follow(ctx context.Context, keep int64) (answer, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return answer{}, fmt.Errorf("make a cookie jar: %w", err)
	}
	h := c.hop()
	for redirects := 0; ; redirects++ {
		req, err := h.request(ctx, jar.Cookies(h.url))
		if err != nil {
			return answer{}, err
		}
		resp, err := c.client.do(req)
		if refusal, ok := errors.AsType[*proxyRefusal](err); ok {
			return answer{status: refusal.status, problem: refusal.Error()}, nil
		}
		if err != nil {
			return answer{}, err
		}
		if !c.followRedirects || !isRedirect(resp.StatusCode) {
			return readAnswer(resp, keep)
		}
		_ = resp.Body.Close()
		next, err := h.redirected(resp)
		if err == nil && redirects == c.maxRedirects {
			err = fmt.Errorf("more than %d redirects", c.maxRedirects)
		}
		if err != nil {
			return answer{status: resp.StatusCode, problem: err.Error()}, nil
		}
		jar.SetCookies(h.url, resp.Cookies())
		h = next
	}
}

// request is the hop as net/http sends it.
func (h hop) request(ctx context.Context, cookies []*nethttp.Cookie) (*nethttp.Request, error) {
	req, err := nethttp.NewRequestWithContext(ctx, h.method, "", bytes.NewReader(h.body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	req.URL = h.url
	req.Header, req.Host = newHeader(h.fields, cookies)
	return req, nil
}
