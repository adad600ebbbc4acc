package wire_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/heitan/heitan/operator/http/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func parse(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// rawServer answers every connection with reply, which may be written in
// pieces by serve, and tells what the client sent before its body.
func rawServer(t *testing.T, serve func(conn net.Conn, head []string)) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			var head []string
			r := bufio.NewReader(conn)
			for {
				line, err := r.ReadString('\n')
				if err != nil || line == "\r\n" {
					break
				}
				head = append(head, strings.TrimSuffix(line, "\r\n"))
			}
			serve(conn, head)
			conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return parse(t, "http://"+l.Addr().String())
}

func reply(text string) func(net.Conn, []string) {
	return func(conn net.Conn, _ []string) { _, _ = io.WriteString(conn, text) }
}

func TestHeaderFieldsKeepOrderSpellingAndRepetitions(t *testing.T) {
	t.Parallel()
	heads := make(chan []string, 1)
	u := rawServer(t, func(conn net.Conn, head []string) {
		heads <- head
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
	})
	resp, err := new(wire.Client).Do(t.Context(), &wire.Request{
		Method: "PUT", URL: parse(t, u.String()+"/a b"), Body: []byte("xyz"),
		Fields: []wire.Field{
			{"foo", "1"},
			{"bar", "2"},
			{"foo", "3"},
			{"X_plain", ""},
			{"content-length", "99"},
			{"Transfer-Encoding", "chunked"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	want := []string{"PUT /a%20b HTTP/1.1", "Host: " + u.Host, "foo: 1", "bar: 2", "foo: 3", "X_plain: ", "Content-Length: 3"}
	if diff := cmp.Diff(want, <-heads); diff != "" {
		t.Error(diff)
	}
}

func TestHostFieldTakesThePlaceOfTheURLs(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) }))
	defer server.Close()
	got := get(t, new(wire.Client), parse(t, server.URL), wire.Field{"host", "virtual.example.com"})
	if got != "virtual.example.com" {
		t.Errorf("host = %s", got)
	}
}

func get(t *testing.T, c *wire.Client, u *url.URL, fields ...wire.Field) string {
	t.Helper()
	resp, err := c.Do(t.Context(), &wire.Request{Method: "GET", URL: u, Fields: fields})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRequestsThatWouldBreakTheProtocolAreRefused(t *testing.T) {
	t.Parallel()
	good := parse(t, "http://localhost/x")
	for name, tt := range map[string]struct {
		req  wire.Request
		want string
	}{
		"method":     {wire.Request{Method: "GET /", URL: good}, `invalid method "GET /"`},
		"no method":  {wire.Request{URL: good}, `invalid method ""`},
		"scheme":     {wire.Request{Method: "GET", URL: parse(t, "ftp://localhost/")}, "the scheme must be http or https"},
		"no scheme":  {wire.Request{Method: "GET", URL: parse(t, "//localhost/")}, "the scheme must be http or https"},
		"no host":    {wire.Request{Method: "GET", URL: parse(t, "http:///x")}, "the host is missing"},
		"path":       {wire.Request{Method: "GET", URL: &url.URL{Scheme: "http", Host: "h", Path: "x"}}, "the path must begin with /"},
		"opaque":     {wire.Request{Method: "GET", URL: parse(t, "http:x")}, "the host is missing"},
		"query":      {wire.Request{Method: "GET", URL: &url.URL{Scheme: "http", Host: "h", RawQuery: "a b"}}, "it contains a character that must be escaped"},
		"host":       {wire.Request{Method: "GET", URL: parse(t, "http://bücher.example/")}, "it contains a character that must be escaped"},
		"field name": {wire.Request{Method: "GET", URL: good, Fields: []wire.Field{{"a b", "c"}}}, `invalid header name "a b"`},
		"injection":  {wire.Request{Method: "GET", URL: good, Fields: []wire.Field{{"X-A", "secret\r\nX-B: c"}}}, "the value of header X-A contains a control character"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := new(wire.Client).Do(t.Context(), &tt.req)
			if err == nil || err.Error() != tt.want {
				t.Errorf("error = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestResponsesOfBrokenServersAreErrors(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ reply, want string }{
		"nothing":         {"", "the server closed the connection without a response"},
		"half a header":   {"HTTP/1.1 200 OK\r\nA: b", "the server closed the connection without a response"},
		"not HTTP":        {"SSH-2.0-OpenSSH\r\n\r\n", "malformed HTTP"},
		"endless header":  {"HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", 2<<20), "the header of the response is larger than 1024 KiB"},
		"endless 1xx":     {strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 50), "more than 16 informational responses"},
		"body cut short":  {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "unexpected EOF"},
		"broken chunking": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "invalid byte in chunk length"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := rawServer(t, reply(tt.reply))
			resp, err := new(wire.Client).Do(t.Context(), &wire.Request{Method: "GET", URL: u})
			if err == nil {
				defer resp.Body.Close()
				_, err = io.ReadAll(resp.Body)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestInformationalResponsesAreSkipped(t *testing.T) {
	t.Parallel()
	u := rawServer(t, reply("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
	if got := get(t, new(wire.Client), u, wire.Field{"Expect", "100-continue"}); got != "ok" {
		t.Errorf("body = %q", got)
	}
}

func TestResponseToHeadHasNoBody(t *testing.T) {
	t.Parallel()
	u := rawServer(t, reply("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"))
	resp, err := new(wire.Client).Do(t.Context(), &wire.Request{Method: "HEAD", URL: u})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if data, err := io.ReadAll(resp.Body); err != nil || len(data) > 0 {
		t.Errorf("body = %q, %v", data, err)
	}
}

func TestServerMayAnswerBeforeItHasReadTheBody(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	u := rawServer(t, func(conn net.Conn, _ []string) {
		_, _ = io.WriteString(conn, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig")
		<-release // keeps the connection open without reading from it
	})
	resp, err := new(wire.Client).Do(t.Context(), &wire.Request{Method: "POST", URL: u, Body: make([]byte, 64<<20)})
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(resp.Body); err != nil || string(data) != "big" || resp.StatusCode != 413 {
		t.Errorf("response = %d %q, %v", resp.StatusCode, data, err)
	}
	resp.Body.Close() // ends the write that is still blocked
	close(release)
}

func TestCancelledContextEndsEveryWaitWithItsCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("the attempt was killed")
	for name, reply := range map[string]string{
		"for the header": "",
		"for the body":   "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			release := make(chan struct{})
			u := rawServer(t, func(conn net.Conn, _ []string) {
				_, _ = io.WriteString(conn, reply)
				if reply == "" {
					cancel(cause)
				}
				<-release
			})
			defer close(release)
			resp, err := new(wire.Client).Do(ctx, &wire.Request{Method: "GET", URL: u})
			if err == nil {
				defer resp.Body.Close()
				cancel(cause)
				_, err = io.ReadAll(resp.Body)
			}
			if !errors.Is(err, cause) {
				t.Errorf("error = %v, want %v", err, cause)
			}
		})
	}
}

func TestUnreachableServerIsAnError(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	u := parse(t, server.URL)
	server.Close()
	_, err := new(wire.Client).Do(t.Context(), &wire.Request{Method: "GET", URL: u})
	if err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("error = %v", err)
	}
}

func TestCertificatesAreVerified(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	u := parse(t, server.URL)

	_, err := new(wire.Client).Do(t.Context(), &wire.Request{Method: "GET", URL: u})
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
		t.Errorf("error = %v, want one about the certificate", err)
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(server.Certificate())
	if got := get(t, &wire.Client{TLS: &tls.Config{RootCAs: trusted}}, u); got != "HTTP/1.1" {
		t.Errorf("protocol = %s", got)
	}
	if got := get(t, &wire.Client{TLS: &tls.Config{InsecureSkipVerify: true}}, u); got != "HTTP/1.1" {
		t.Errorf("protocol = %s", got)
	}
}
