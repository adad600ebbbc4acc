package wire_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator/http/wire"
)

// proxy is a real HTTP proxy that keeps what it was asked for.
type proxy struct {
	server *httptest.Server
	refuse int // a status for every request

	mu   sync.Mutex
	seen []string
}

func newProxy(t *testing.T, useTLS bool) *proxy {
	t.Helper()
	p := &proxy{}
	if useTLS {
		p.server = httptest.NewTLSServer(p)
	} else {
		p.server = httptest.NewServer(p)
	}
	t.Cleanup(p.server.Close)
	return p
}

func (p *proxy) client(useTLS bool, authorization string) *wire.Client {
	config := &wire.Proxy{Address: p.server.Listener.Addr().String(), TLS: useTLS, Authorization: authorization}
	return &wire.Client{
		TLS:   &tls.Config{InsecureSkipVerify: true},
		Proxy: func(*url.URL) *wire.Proxy { return config },
	}
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.seen = append(p.seen, r.Method+" "+r.RequestURI+" "+r.Header.Get("Proxy-Authorization"))
	p.mu.Unlock()
	switch {
	case p.refuse != 0:
		w.WriteHeader(p.refuse)
	case r.Method == http.MethodConnect:
		p.tunnel(w, r)
	default:
		p.forward(w, r)
	}
}

func (p *proxy) tunnel(w http.ResponseWriter, r *http.Request) {
	target, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", r.Host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer target.Close()
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer client.Close()
	_, _ = io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n")
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(target, buffered); _ = target.Close() })
	both.Go(func() { _, _ = io.Copy(client, target); _ = client.Close() })
	both.Wait()
}

func (p *proxy) forward(w http.ResponseWriter, r *http.Request) {
	out := r.Clone(r.Context())
	out.RequestURI = ""
	out.Header.Del("Proxy-Authorization")
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(out)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
}

func TestRequestsGoThroughTheProxy(t *testing.T) {
	t.Parallel()
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "hello ", r.URL.Path, r.Header.Get("Proxy-Authorization"))
	})
	plain, secure := httptest.NewServer(hello), httptest.NewTLSServer(hello)
	defer plain.Close()
	defer secure.Close()
	for name, proxyTLS := range map[string]bool{"proxy": false, "TLS proxy": true} {
		t.Run(name, func(t *testing.T) {
			p := newProxy(t, proxyTLS)
			c := p.client(proxyTLS, "Basic YTpi")
			if got := get(t, c, parse(t, plain.URL+"/plain?x=1")); got != "hello /plain" {
				t.Errorf("body = %q", got)
			}
			if got := get(t, c, parse(t, secure.URL+"/secure")); got != "hello /secure" {
				t.Errorf("body = %q", got)
			}
			want := []string{
				"GET " + plain.URL + "/plain?x=1 Basic YTpi",
				"CONNECT " + secure.Listener.Addr().String() + " Basic YTpi",
			}
			if diff := cmp.Diff(want, p.seen); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProxyThatRefusesATunnelIsAProxyError(t *testing.T) {
	t.Parallel()
	p := newProxy(t, false)
	p.refuse = http.StatusForbidden
	_, err := p.client(false, "").Do(t.Context(), &wire.Request{Method: "GET", URL: parse(t, "https://127.0.0.1:1/")})
	if refused, ok := errors.AsType[*wire.ProxyError](err); !ok || refused.Status != http.StatusForbidden {
		t.Errorf("error = %v", err)
	}
}
