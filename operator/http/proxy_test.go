package http_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	operatorhttp "github.com/heitan/heitan/operator/http"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// namedProxy is a proxy that answers every request itself, with its name.
func namedProxy(t *testing.T, name string) *url.URL {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		fmt.Fprint(w, name, " ", r.RequestURI, " ", r.Header.Get("Proxy-Authorization"))
	}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func proxyParam(u *url.URL) *params.Object {
	host, port, _ := net.SplitHostPort(u.Host)
	return params.Of("enabled", "true", "host", host, "port", port)
}

func TestProxyIsTheTasksThenTheServersThenTheEnvironments(t *testing.T) {
	t.Parallel()
	direct := serve(t, echo)
	user, system, env := namedProxy(t, "user"), namedProxy(t, "server"), namedProxy(t, "environment")
	withSystem := []string{
		"config.http.proxy.enabled", "true", "config.http.proxy.host", system.Hostname(), "config.http.proxy.port", system.Port(),
	}
	environ := []string{"http_proxy= " + env.String()}
	for name, tt := range map[string]struct {
		settings []string
		proxy    params.Value
		environ  []string
		want     string
	}{
		"none":                      {nil, nil, nil, "GET /x"},
		"task":                      {withSystem, proxyParam(user), environ, "user " + direct + "/x "},
		"task, not enabled":         {withSystem, proxyParam(user).With("enabled", false), environ, "server " + direct + "/x "},
		"task, not allowed":         {append([]string{"config.http.allow_user_proxy", "false"}, withSystem...), proxyParam(user), environ, "server " + direct + "/x "},
		"task, not allowed, direct": {[]string{"config.http.allow_user_proxy", "false"}, proxyParam(user), nil, "GET /x"},
		"server":                    {withSystem, nil, environ, "server " + direct + "/x "},
		"environment":               {nil, nil, environ, "environment " + direct + "/x "},
		"environment, capitals":     {nil, nil, []string{"HTTP_PROXY=" + env.Host}, "environment " + direct + "/x "},
		"environment, small first":  {nil, nil, []string{"HTTP_PROXY=http://localhost:1", "http_proxy=" + env.Host}, "environment " + direct + "/x "},
		"environment, credentials":  {nil, nil, []string{"http_proxy=http://u:p%40@" + env.Host}, "environment " + direct + "/x Basic dTpwQA=="},
		"environment, excepted":     {nil, nil, append(environ, "no_proxy=example.com, 127.0.0.0/8"), "GET /x"},
		"environment, other except": {nil, nil, append(environ, "NO_PROXY=example.com"), "environment " + direct + "/x "},
		"environment, unusable":     {nil, nil, []string{"http_proxy=socks5://localhost:1"}, "GET /x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req, _ := operatortest.Request(t, params.Of("_command", direct+"/x", "proxy", tt.proxy, "store_content", true))
			req.Environ = tt.environ
			result, err := operatorhttp.Operators(settings(t, tt.settings...))["http"].Operator.Run(t.Context(), req)
			if got, _, _ := strings.Cut(stored(t, result, err), "\n"); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestProxyThatRefusesTheTunnelFailsTheTaskAtOnce(t *testing.T) {
	t.Parallel()
	uri := "https://" + tlsServer(t) + "/"
	for _, variable := range []string{"https_proxy", "http_proxy"} {
		req, _ := operatortest.Request(t, params.Of("_command", uri))
		req.Environ = []string{variable + "=" + namedProxy(t, "x").String()}
		_, err := operatorhttp.Operators(settings(t))["http"].Operator.Run(t.Context(), req)
		want := "HTTP 4XX Client Error: GET " + uri + " - 403 Forbidden: the proxy refused the connection: 403 Forbidden"
		if err == nil || err.Error() != want {
			t.Errorf("%s: error = %v, want %s", variable, err, want)
		}
	}
}

func TestSettingsAreCheckedWhenTheServerStarts(t *testing.T) {
	t.Parallel()
	_, err := settingsOf(map[string]string{
		"config.http.max_redirects": "-1", "config.http.allow_user_proxy": "maybe",
		"config.http.max_stored_response_content_size": "x", "config.http_call.max_response_content_size": "99999999999",
		"config.http.proxy.enabled": "true", "config.http.proxy.port": "0",
	})
	if err == nil || strings.Count(err.Error(), "\n") != 5 {
		t.Errorf("error = %v, want one line for each of six settings", err)
	}
	s, err := settingsOf(map[string]string{
		"config.http.user_agent": "mine", "config.http.proxy.enabled": "true", "config.http.proxy.host": "::1",
		"config.http.proxy.port": "3128", "config.http.proxy.tls": "true",
	})
	if err != nil || s.UserAgent != "mine" || s.MaxRedirects != 8 || s.MaxStoredContent != 65536 || s.MaxWorkflow != 65536 ||
		!s.AllowUserProxy || s.Proxy.String() != "https://[::1]:3128" {
		t.Errorf("settings = %+v, %v", s, err)
	}
}

func TestInsecureAcceptsEveryCertificateAndRootsAcceptTheirs(t *testing.T) {
	t.Parallel()
	server := newTLSServer(t, echo)
	result, _, err := run(t, params.Of("_command", server.URL, "insecure", true, "store_content", true))
	if got := stored(t, result, err); !strings.HasPrefix(got, "GET /") {
		t.Errorf("got %s", got)
	}
	s := settings(t)
	s.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	result, _, err = runWith(t, "http", s, params.Of("_command", server.URL, "store_content", true))
	if got := stored(t, result, err); !strings.HasPrefix(got, "GET /") {
		t.Errorf("got %s", got)
	}
}
