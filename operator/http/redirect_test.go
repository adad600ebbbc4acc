package http_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/heitan/heitan/params"
)

// redirector sends /<status>/<path> to /<path> with that status, and echoes the rest.
func redirector(w http.ResponseWriter, r *http.Request) {
	status, path, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	code, err := strconv.Atoi(status)
	if !ok || err != nil {
		echo(w, r)
		return
	}
	w.Header().Set("Location", "/"+path)
	w.WriteHeader(code)
}

func TestRedirectsChangeTheMethodAsBrowsersDo(t *testing.T) {
	t.Parallel()
	uri := serve(t, redirector)
	for _, tt := range []struct{ method, path, want, body string }{
		{"GET", "/301/x", "GET /x", "type=application/json length=1 body=1"},
		{"POST", "/301/x", "GET /x", "type= length=0 body="},
		{"POST", "/302/x", "GET /x", "type= length=0 body="},
		{"POST", "/303/x", "GET /x", "type= length=0 body="},
		{"PUT", "/303/x", "GET /x", "type= length=0 body="},
		{"PUT", "/302/x", "PUT /x", "type=application/json length=1 body=1"},
		{"POST", "/307/x", "POST /x", "type=application/json length=1 body=1"},
		{"POST", "/308/307/x", "POST /x", "type=application/json length=1 body=1"},
		{"POST", "/307/303/307/x", "GET /x", "type= length=0 body="},
	} {
		result, _, err := run(t, params.Of("_command", uri+tt.path, "method", tt.method,
			"content", int64(1), "content_format", "json", "store_content", true))
		lines := strings.Split(stored(t, result, err), "\n")
		if got := strings.Replace(lines[2], " agent=heitan-test", "", 1) + " " + lines[4]; lines[0] != tt.want || got != tt.body {
			t.Errorf("%s %s: got %s %s, want %s %s", tt.method, tt.path, lines[0], got, tt.want, tt.body)
		}
	}
}

func TestRedirectIsAResultIfItIsNotFollowed(t *testing.T) {
	t.Parallel()
	uri := serve(t, redirector)
	result, _, err := run(t, params.Of("_command", uri+"/302/x", "follow_redirects", "false"))
	if err != nil || params.JSON(result.Store) != `{"http":{"last_status":302}}` {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestRedirectsAreBounded(t *testing.T) {
	t.Parallel()
	uri := serve(t, redirector)
	s := settings(t, "config.http.max_redirects", "2")
	result, _, err := runWith(t, "http", s, params.Of("_command", uri+"/302/302/x"))
	if err != nil || result.Poll != nil {
		t.Errorf("two redirects: %+v, %v", result, err)
	}
	_, _, err = runWith(t, "http", s, params.Of("_command", uri+"/302/302/302/x", "retry", false))
	want := "Unexpected HTTP status: GET " + uri + "/302/302/302/x - 302 Found: more than 2 redirects"
	if err == nil || err.Error() != want {
		t.Errorf("three redirects: %v, want %s", err, want)
	}
	result, _, err = runWith(t, "http", s, params.Of("_command", uri+"/302/302/302/x"))
	if err != nil || result.Poll == nil {
		t.Errorf("three redirects, with retry: %+v, %v", result, err)
	}
}

func TestRedirectThatLeadsNowhereIsAnUnexpectedStatus(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{
		"":              "the redirect has no Location",
		"ftp://host/":   "the redirect's Location cannot be followed",
		"http://a:b:c/": "the redirect's Location cannot be followed",
		"http:///x":     "the redirect's Location cannot be followed",
	} {
		uri := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if location != "" {
				w.Header().Set("Location", location)
			}
			w.WriteHeader(http.StatusFound)
		})
		_, _, err := run(t, params.Of("_command", uri, "retry", false))
		if err == nil || err.Error() != "Unexpected HTTP status: GET "+uri+" - 302 Found: "+want {
			t.Errorf("Location %q: %v", location, err)
		}
	}
}

func TestCookiesOfRedirectsAreSentOn(t *testing.T) {
	t.Parallel()
	uri := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" {
			http.SetCookie(w, &http.Cookie{Name: "session", Value: "s1"})
			http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark"})
			http.Redirect(w, r, "/home", http.StatusSeeOther)
			return
		}
		fmt.Fprintf(w, "%q", r.Header["Cookie"])
	})
	own := params.Of("_command", uri+"/login", "method", "POST", "store_content", true)
	result, _, err := run(t, own)
	if got := stored(t, result, err); got != `["session=s1; theme=dark"]` {
		t.Errorf("cookies = %s", got)
	}
	result, _, err = run(t, own.With("headers", params.List{params.Of("cookie", "a=b")}))
	if got := stored(t, result, err); got != `["a=b; session=s1; theme=dark"]` {
		t.Errorf("with the task's: cookies = %s", got)
	}
}
