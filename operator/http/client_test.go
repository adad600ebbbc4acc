package http_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/heitan/heitan/operator"
	operatorhttp "github.com/heitan/heitan/operator/http"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func TestResponsesOfBrokenServersAreErrors(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ reply, want string }{
		"nothing":         {"", "the server closed the connection without a response"},
		"half a header":   {"HTTP/1.1 200 OK\r\nA: b", "the server closed the connection without a response"},
		"not HTTP":        {"SSH-2.0-OpenSSH\r\n\r\n", "malformed HTTP"},
		"endless header":  {"HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", 2<<20), "server response headers exceeded 1048576 bytes"},
		"endless 1xx":     {strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 1<<16), "server response headers exceeded 1048576 bytes"},
		"two lengths":     {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "Content-Length"},
		"body cut short":  {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "read the response: unexpected EOF"},
		"broken chunking": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "invalid byte in chunk length"},
		"other protocol":  {"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nabc", "101 Switching Protocols"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			uri := rawServer(t, func(conn net.Conn, head []string) {
				reply(tt.reply)(conn, head)
				if strings.Contains(tt.want, "exceeded") || strings.Contains(tt.want, "101") {
					untilHungUp(conn)
				}
			})
			result, _, err := run(t, params.Of("_command", uri, "retry", false, "store_content", true))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("result %+v, error %v, want %s", result, err, tt.want)
			}
		})
	}
}

func TestInformationalResponsesAreSkipped(t *testing.T) {
	t.Parallel()
	uri := rawServer(t, reply("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
	for _, name := range []string{"Expect", "expect"} {
		result, _, err := run(t, params.Of("_command", uri, "method", "PUT", "content", "x", "store_content", true,
			"headers", params.List{params.Of(name, "100-continue")}))
		if got := stored(t, result, err); got != "ok" {
			t.Errorf("body = %q", got)
		}
	}
}

func TestResponseToHeadHasNoBody(t *testing.T) {
	t.Parallel()
	uri := rawServer(t, reply("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"))
	result, _, err := run(t, params.Of("_command", uri, "method", "HEAD", "store_content", true))
	if got := stored(t, result, err); got != "" {
		t.Errorf("body = %q", got)
	}
}

func TestServerMayAnswerBeforeItHasReadTheBody(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	uri := rawServer(t, func(conn net.Conn, _ []string) {
		_, _ = io.WriteString(conn, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig")
		<-release // keeps the connection open without reading from it
	})
	_, _, err := run(t, params.Of("_command", uri, "method", "POST", "content", strings.Repeat("x", 64<<20)))
	close(release)
	want := "HTTP 4XX Client Error: POST " + uri + " - 413 Request Entity Too Large: big"
	if err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
}

func TestAnswerCountsMoreThanAServerThatHangsUpBeforeItHasReadTheBody(t *testing.T) {
	t.Parallel()
	uri := rawServer(t, reply("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig"))
	own := params.Of("_command", uri, "method", "POST", "content", strings.Repeat("x", 4<<20))
	for range 20 {
		_, _, err := run(t, own)
		want := "HTTP 4XX Client Error: POST " + uri + " - 413 Request Entity Too Large: big"
		if err == nil || err.Error() != want {
			t.Fatalf("error = %v, want %s", err, want)
		}
	}
}

func TestServerThatHangsUpWithoutAnAnswerIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	uri := rawServer(t, func(net.Conn, []string) {})
	_, _, err := run(t, params.Of("_command", uri, "method", "POST", "content", strings.Repeat("x", 4<<20), "timeout", 0.9))
	if err == nil || strings.Contains(err.Error(), "timed out") {
		t.Errorf("error = %v", err)
	}
}

func TestKillingTheTaskEndsEveryWaitAndTheConnection(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]string{
		"for the header": "",
		"for the body":   "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, kill := context.WithCancelCause(t.Context())
			uri := rawServer(t, func(conn net.Conn, _ []string) {
				_, _ = io.WriteString(conn, start)
				kill(operator.ErrKilled)
				untilHungUp(conn)
			})
			req, _ := operatortest.Request(t, params.Of("_command", uri, "timeout", int64(0)))
			result, err := operatorhttp.Operators(settings(t))["http"].Operator.Run(ctx, req)
			if !errors.Is(err, operator.ErrKilled) || result.Poll != nil {
				t.Errorf("%+v, %v", result, err)
			}
		})
	}
}

func TestServersThatCanAreSpokenToInHTTP2(t *testing.T) {
	t.Parallel()
	server := newTLSServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/redirect" {
			http.Redirect(w, r, "/there", http.StatusTemporaryRedirect)
			return
		}
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s %s %q %q %s", r.Proto, r.Method, r.Host, r.URL.Path, r.UserAgent(), r.Header["X-A"], body)
	})
	for name, tt := range map[string]struct {
		headers params.List
		want    string
	}{
		"plain": {nil, `HTTP/2.0 POST HOST /there "heitan-test" [] hello`},
		"headers": {
			params.List{params.Of("x-a", "1"), params.Of("X-A", "2"), params.Of("host", "virtual.example"), params.Of("user-agent", "mine")},
			`HTTP/2.0 POST virtual.example /there "mine" ["1" "2"] hello`,
		},
		"headers of HTTP/1": {params.List{params.Of("connection", "x-a"), params.Of("X-A", "1")}, `HTTP/1.1 POST HOST /there "heitan-test" ["1"] hello`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, _, err := run(t, params.Of("_command", server.URL+"/redirect", "insecure", true, "method", "POST",
				"content", "hello", "headers", tt.headers, "store_content", true))
			want := strings.Replace(tt.want, "HOST", server.Listener.Addr().String(), 1)
			if got := stored(t, result, err); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}
