package http

import (
	"context"
	"errors"
	"fmt"
	nethttp "net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"github.com/heitan/heitan/operator/http/wire"
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
	jar, err := cookiejar.New(nil)
	if err != nil {
		return answer{}, fmt.Errorf("make a cookie jar: %w", err)
	}
	h := c.hop()
	for redirects := 0; ; redirects++ {
		resp, err := c.client.Do(ctx, c.wireRequest(h, jar.Cookies(h.url)...))
		if refused, ok := errors.AsType[*wire.ProxyError](err); ok {
			return answer{status: refused.Status, problem: refused.Error()}, nil
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

func (c *call) wireRequest(h hop, cookies ...*nethttp.Cookie) *wire.Request {
	req := &wire.Request{Method: h.method, URL: h.url, Body: h.body}
	for _, f := range h.fields {
		req.Fields = append(req.Fields, f.Field)
	}
	if len(cookies) > 0 {
		pairs := make([]string, len(cookies))
		for i, cookie := range cookies {
			pairs[i] = cookie.Name + "=" + cookie.Value
		}
		req.Fields = append(req.Fields, wire.Field{Name: "Cookie", Value: strings.Join(pairs, "; ")})
	}
	return req
}

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// redirected is the request to which a response leads. Methods change as the
// Fetch standard says: only POST becomes GET, except that 303 is always fetched.
func (h hop) redirected(resp *nethttp.Response) (hop, error) {
	location := resp.Header.Get("Location")
	if location == "" {
		return hop{}, errors.New("the redirect has no Location")
	}
	u, err := h.url.Parse(location)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return hop{}, errors.New("the redirect's Location cannot be followed")
	}
	u.RawQuery = escapeQuery(u.RawQuery)
	next := hop{url: u, method: h.method, fields: h.fields, body: h.body}
	if !isSameServer(h.url, u) {
		next.fields = slices.DeleteFunc(slices.Clone(next.fields), func(f field) bool { return f.private })
	}
	switch {
	case resp.StatusCode == 303 && h.method != "HEAD", resp.StatusCode <= 302 && h.method == "POST":
		next.method, next.body = "GET", nil
		next.fields = slices.DeleteFunc(slices.Clone(next.fields), func(f field) bool {
			return strings.HasPrefix(strings.ToLower(f.Name), "content-")
		})
	}
	return next, nil
}

// isSameServer reports whether what is meant for one URL's server may be sent to
// the other's: it is the same one, perhaps over TLS now.
func isSameServer(from, to *url.URL) bool {
	if !strings.EqualFold(from.Hostname(), to.Hostname()) {
		return false
	}
	if from.Scheme == to.Scheme {
		return portOf(from) == portOf(to)
	}
	return to.Scheme == "https" && portOf(from) == "80" && portOf(to) == "443"
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
