package http_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// headOf is the request line and header that a server sees of a task.
func headOf(t *testing.T, own *params.Object, options ...operatortest.Option) []string {
	t.Helper()
	heads := make(chan []string, 1)
	uri := rawServer(t, func(conn net.Conn, head []string) {
		heads <- head
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
	})
	if _, _, err := run(t, own.With("_command", uri+"/x"), options...); err != nil {
		t.Fatal(err)
	}
	head := <-heads
	for i, line := range head {
		head[i] = strings.Replace(line, strings.TrimPrefix(uri, "http://"), "HOST", 1)
	}
	return head
}

func TestHeadersKeepTheirSpellingAndTheOrderOfRepetitions(t *testing.T) {
	t.Parallel()
	got := headOf(t, params.Of("headers", params.List{
		params.Of("foo", "foo-value-2"), params.Of("BAR", "bar-value"), params.Of("foo", "foo-value-1"), params.Of("FOO", "foo-value-3"),
		params.Of("X_plain", ""), params.Of("accept-encoding", "identity"),
	}), operatortest.WithSecrets(map[string]string{"http.user": "u"}))
	want := []string{
		"GET /x HTTP/1.1", "Host: HOST", "User-Agent: heitan-test", "Authorization: Basic dTo=", "BAR: bar-value", "X_plain: ",
		"accept-encoding: identity", "foo: foo-value-2", "foo: foo-value-1", "foo: foo-value-3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHeadersThatFollowFromTheRequestCannotBeSet(t *testing.T) {
	t.Parallel()
	got := headOf(t, params.Of("method", "PUT", "content", "xyz", "headers", params.List{
		params.Of("content-length", "99"), params.Of("Transfer-Encoding", "chunked"), params.Of("trailer", "x"),
		params.Of("user-agent", ""), params.Of("Accept-Encoding", "gzip"), params.Of("content-type", "a/b"),
	}))
	want := []string{"PUT /x HTTP/1.1", "Host: HOST", "Content-Length: 3", "Accept-Encoding: gzip", "content-type: a/b"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHostHeaderTakesThePlaceOfTheURIs(t *testing.T) {
	t.Parallel()
	uri := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) })
	result, _, err := run(t, params.Of("_command", uri, "store_content", true, "headers", params.List{params.Of("host", "virtual.example.com")}))
	if got := stored(t, result, err); got != "virtual.example.com" {
		t.Errorf("host = %s", got)
	}
}

func TestHeadersThatWouldBreakTheRequestAreRefusedWithTheirPlace(t *testing.T) {
	t.Parallel()
	const secret = "SECRET"
	place := params.Pos{File: "daily.dig", Line: 7, Column: 7}
	all := params.Pos{File: "daily.dig", Line: 5, Column: 3}
	for name, tt := range map[string]struct {
		name, value string
		pos         params.Pos
		want, hint  string
	}{
		"injection":         {"X-A", "${secret:k}\r\nX-B: c", place, "the value of header X-A contains a control character", ""},
		"line break":        {"X-A", "${secret:k}\n", place, "the value of header X-A contains a control character", "line break"},
		"zero byte":         {"X-A", "a\x00b", place, "the value of header X-A contains a control character", ""},
		"name":              {"X A", "c", place, `invalid header name "X A"`, ""},
		"injection by name": {"X-A: b\r\nX-B", "c", place, `invalid header name "X-A: b\r\nX-B"`, ""},
		"no name":           {"", "c", place, `invalid header name ""`, ""},
		"host":              {"Host", "a b", place, "the value of header Host is no host", ""},
		"place unknown":     {"X A", "c", params.Pos{}, `invalid header name "X A"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := params.New(params.Entry{Key: tt.name, Value: tt.value, Pos: tt.pos})
			own := params.New(
				params.Entry{Key: "_command", Value: "http://localhost:1/"},
				params.Entry{Key: "headers", Value: params.List{header}, Pos: all},
			)
			_, _, err := run(t, own, operatortest.WithSecrets(map[string]string{"k": secret}))
			failure, ok := errors.AsType[*operator.Failure](err)
			if !ok || failure.Kind != operator.KindConfig || failure.Message != "Invalid request GET http://localhost:1/: "+tt.want {
				t.Fatalf("error = %v, want %s", err, tt.want)
			}
			wantPos := tt.pos
			if wantPos.IsZero() {
				wantPos = all
			}
			if failure.Pos != wantPos || !strings.Contains(failure.Hint, tt.hint) || tt.hint == "" && failure.Hint != "" {
				t.Errorf("at %s, hint %q", failure.Pos, failure.Hint)
			}
		})
	}
}

func TestSecretThatWouldBreakTheRequestIsRefused(t *testing.T) {
	t.Parallel()
	_, _, err := run(t, params.Of("_command", "http://localhost:1/"),
		operatortest.WithSecrets(map[string]string{"http.authorization": "Bearer T0KEN\n"}))
	want := "Invalid request GET http://localhost:1/: the value of header Authorization contains a control character (config)"
	if err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
}
