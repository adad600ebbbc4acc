package http_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	operatorhttp "github.com/heitan/heitan/operator/http"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// realProxy is an HTTP proxy that keeps what it was asked for.
type realProxy struct {
	server *httptest.Server

	mu   sync.Mutex
	seen []string
}

func newRealProxy(t *testing.T, useTLS bool) *realProxy {
	t.Helper()
	p := &realProxy{}
	if useTLS {
		p.server = newTLSServer(t, p.serve)
	} else {
		p.server = httptest.NewServer(http.HandlerFunc(p.serve))
		t.Cleanup(p.server.Close)
	}
	return p
}

// asked is what the proxy was asked for since the last call.
func (p *realProxy) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := p.seen
	p.seen = nil
	return seen
}

func (p *realProxy) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.seen = append(p.seen, strings.Join([]string{r.Proto, r.Method, r.RequestURI, r.UserAgent(), r.Header.Get("Proxy-Authorization")}, " "))
	p.mu.Unlock()
	if r.Method == http.MethodConnect {
		p.tunnel(w, r)
		return
	}
	p.forward(w, r)
}

func (p *realProxy) tunnel(w http.ResponseWriter, r *http.Request) {
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

func (p *realProxy) forward(w http.ResponseWriter, r *http.Request) {
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

// runWithEnviron runs http> with environment variables.
func runWithEnviron(t *testing.T, own *params.Object, environ ...string) string {
	t.Helper()
	req, _ := operatortest.Request(t, own.With("store_content", true).With("insecure", true))
	req.Environ = environ
	result, err := operatorhttp.Operators(settings(t))["http"].Operator.Run(t.Context(), req)
	return stored(t, result, err)
}

func TestRequestsGoThroughTheProxyPlainOrByTunnel(t *testing.T) {
	t.Parallel()
	hello := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Proto, " ", r.URL.Path, r.Header.Get("Proxy-Authorization"))
	}
	plain, secure := serve(t, hello), newTLSServer(t, hello)
	for scheme, useTLS := range map[string]bool{"http": false, "https": true} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			p := newRealProxy(t, useTLS)
			variable := "http_proxy=" + scheme + "://a:b%40@" + p.server.Listener.Addr().String()
			if got := runWithEnviron(t, params.Of("_command", plain+"/plain?x=1"), variable); got != "HTTP/1.1 /plain" {
				t.Errorf("body = %q", got)
			}
			if got := runWithEnviron(t, params.Of("_command", secure.URL+"/secure"), variable); got != "HTTP/2.0 /secure" {
				t.Errorf("body = %q", got)
			}
			want := []string{
				"HTTP/1.1 GET " + plain + "/plain?x=1 heitan-test Basic YTpiQA==",
				"HTTP/1.1 CONNECT " + secure.Listener.Addr().String() + " heitan-test Basic YTpiQA==",
			}
			if diff := cmp.Diff(want, p.asked()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTLSProxyMayBeTheTasks(t *testing.T) {
	t.Parallel()
	p := newRealProxy(t, true)
	u, err := url.Parse(p.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	uri := serve(t, echo)
	result, _, err := run(t, params.Of("_command", uri+"/x", "proxy", proxyParam(u).With("tls", "true"), "insecure", true, "store_content", true))
	if got := stored(t, result, err); !strings.HasPrefix(got, "GET /x\n") {
		t.Errorf("body = %q", got)
	}
	result, record, err := run(t, params.Of("_command", uri+"/x", "proxy", proxyParam(u).With("tls", "true")))
	if err != nil || result.Poll == nil || !strings.Contains(record.Log(), "tls: failed to verify certificate") {
		t.Errorf("without insecure: %+v, %v\n%s", result, err, record.Log())
	}
}

func TestProxyConnectsToTheServerOfTheURIWhateverHostIsNamed(t *testing.T) {
	t.Parallel()
	p := newRealProxy(t, false)
	uri := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host, r.URL) })
	headers := params.List{params.Of("Host", "virtual.example.com")}
	own := params.Of("_command", uri+"?a=%20b", "headers", headers)
	runWithEnviron(t, own, "http_proxy="+p.server.URL)
	if diff := cmp.Diff([]string{"HTTP/1.1 GET " + uri + "/?a=%20b heitan-test "}, p.asked()); diff != "" {
		t.Error(diff)
	}
}

func TestNamesBeyondASCIIAreSentAsDNSKnowsThem(t *testing.T) {
	t.Parallel()
	got := runWithEnviron(t, params.Of("_command", "http://bücher.example/x"), "http_proxy="+namedProxy(t, "proxy").String())
	if got != "proxy http://xn--bcher-kva.example/x " {
		t.Errorf("got %s", got)
	}
}

func TestUnreachableProxyIsAnErrorWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for _, uri := range []string{"http://localhost:1/", "https://localhost:1/"} {
		req, _ := operatortest.Request(t, params.Of("_command", uri, "retry", false))
		req.Environ = []string{"http_proxy=http://user:PASSWORD@" + strings.TrimPrefix(closed(t), "http://")}
		_, err := operatorhttp.Operators(settings(t))["http"].Operator.Run(t.Context(), req)
		if err == nil || !strings.Contains(err.Error(), "proxyconnect tcp: ") || strings.Contains(err.Error(), "PASSWORD") {
			t.Errorf("error = %v", err)
		}
	}
}
