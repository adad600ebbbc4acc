package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/heitan/heitan/config"
)

// httpTimeout bounds one request; the next try has its own.
const httpTimeout = 30 * time.Second

// httpSender sends the payload as the body of a request.
type httpSender struct {
	url    string
	method string
	header http.Header
	client *http.Client
}

func newHTTPSender(c config.Config) (*httpSender, error) {
	const expected = "the URL of an HTTP server"
	target, err := required(c, "notification.http.url", expected)
	if err != nil {
		return nil, err
	}
	if u, err := url.Parse(target); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, c.Invalid("notification.http.url", expected)
	}
	s := &httpSender{url: target, method: c.String("notification.http.method", http.MethodPost), header: make(http.Header)}
	if _, err := http.NewRequest(s.method, target, nil); err != nil { //nolint:noctx // it is only checked, never sent
		return nil, c.Invalid("notification.http.method", "an HTTP method")
	}
	headers := c.Under("notification.http.headers")
	for _, name := range headers.Keys() {
		s.header.Set(name, headers.String(name, ""))
	}
	if s.header.Get("Content-Type") == "" {
		s.header.Set("Content-Type", "application/json")
	}
	s.client = &http.Client{
		// Notifications are rare, so connections are not kept.
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
		Timeout:   httpTimeout,
		// A redirected POST would become a GET without payload.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return s, nil
}

func (s *httpSender) Send(ctx context.Context, n Notification) error {
	req, err := http.NewRequestWithContext(ctx, s.method, s.url, bytes.NewReader(n.JSON()))
	if err != nil {
		return fmt.Errorf("make the request: %w", withoutURL(err))
	}
	req.Header = s.header.Clone()
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("send the request: %w", withoutURL(err))
	}
	defer resp.Body.Close()
	const shown = 200
	body, _ := io.ReadAll(io.LimitReader(resp.Body, shown)) // only for the message
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("the server answered %s: %s", resp.Status, strings.ToValidUTF8(strings.TrimSpace(string(body)), "?"))
	}
	return nil
}

// withoutURL is an error of net/http without the URL, which often is a secret.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}
