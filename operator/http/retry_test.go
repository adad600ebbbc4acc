package http_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	operatorhttp "github.com/heitan/heitan/operator/http"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func TestStatusDecidesWhetherTheTaskSucceedsRetriesOrFails(t *testing.T) {
	t.Parallel()
	const body = "{\"error\": \"x\"}\n"
	for _, tt := range []struct {
		status int
		method string
		retry  params.Value
		want   string // "ok", "poll", or the failure with URI for the address
	}{
		{200, "GET", nil, "ok"},
		{204, "POST", nil, "ok"},
		{304, "GET", nil, "ok"},
		{404, "GET", nil, `HTTP 4XX Client Error: GET URI - 404 Not Found: {"error": "x"}`},
		{404, "HEAD", nil, `HTTP 4XX Client Error: HEAD URI - 404 Not Found`},
		{404, "GET", true, `HTTP 4XX Client Error: GET URI - 404 Not Found: {"error": "x"}`},
		{408, "POST", false, "poll"},
		{429, "POST", false, "poll"},
		{429, "GET", nil, "poll"},
		{500, "GET", nil, "poll"},
		{503, "HEAD", nil, "poll"},
		{500, "OPTIONS", "true", "poll"},
		{500, "TRACE", nil, "poll"},
		{500, "GET", "false", `HTTP 5XX Server Error: GET URI - 500 Internal Server Error: {"error": "x"}`},
		{502, "POST", nil, `HTTP 5XX Server Error: POST URI - 502 Bad Gateway: {"error": "x"}`},
		{502, "DELETE", true, "poll"},
		{599, "PUT", nil, `HTTP 5XX Server Error: PUT URI - 599: {"error": "x"}`},
		{799, "POST", nil, `Unexpected HTTP status: POST URI - 799: {"error": "x"}`},
		{799, "GET", nil, "poll"},
	} {
		uri := serve(t, respond(tt.status, body))
		result, _, err := run(t, params.Of("_command", uri, "method", tt.method, "retry", tt.retry))
		got := "ok"
		if err != nil {
			got = strings.Replace(err.Error(), uri, "URI", 1)
		} else if result.Poll != nil {
			got = "poll"
		}
		if got != tt.want {
			t.Errorf("%s %d, retry %v: got %s, want %s", tt.method, tt.status, tt.retry, got, tt.want)
		}
	}
}

func TestLongErrorBodiesAreCut(t *testing.T) {
	t.Parallel()
	start := strings.Repeat("ä", 197)
	uri := serve(t, respond(400, start+strings.Repeat("ERROR!", 10000)))
	_, _, err := run(t, params.Of("_command", uri))
	want := "HTTP 4XX Client Error: GET " + uri + " - 400 Bad Request: " + start + "..."
	if err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
}

func TestRetriesWaitLongerAndLongerThroughTheCheckpoint(t *testing.T) {
	t.Parallel()
	uri := serve(t, respond(503, ""))
	req, _ := operatortest.Request(t, params.Of("_command", uri))
	req.Checkpoint = params.Of("other", "kept")
	op := operatorhttp.Operators(settings(t))["http"].Operator
	var waits []time.Duration
	for range 8 {
		result, err := op.Run(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		waits = append(waits, result.Poll.After/time.Second)
		req.Checkpoint = result.Poll.Checkpoint
	}
	if diff := cmp.Diff([]time.Duration{1, 2, 4, 8, 16, 30, 30, 30}, waits); diff != "" {
		t.Error(diff)
	}
	if got := params.JSON(req.Checkpoint); got != `{"other":"kept","retry":8}` {
		t.Errorf("checkpoint = %s", got)
	}
}

func TestServerMayAskForALongerWait(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{
		"20":                  20 * time.Second,
		"0":                   time.Second,
		"-5":                  time.Second,
		"soon":                time.Second,
		"9999999999999999999": time.Second,
		"999999999":           10 * time.Minute,
		operatortest.Now.Add(time.Minute).Format(http.TimeFormat):  time.Minute,
		operatortest.Now.Add(-time.Minute).Format(http.TimeFormat): time.Second,
	} {
		uri := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(429)
		})
		result, _, err := run(t, params.Of("_command", uri))
		if err != nil || result.Poll == nil || result.Poll.After != want {
			t.Errorf("Retry-After %s: %+v, %v, want %s", header, result.Poll, err, want)
		}
	}
}

func TestTransportErrorsAreRetriedIfTheRequestMayBeRepeated(t *testing.T) {
	t.Parallel()
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "only this")
	}
	reset := func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }
	badGzip := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, "not gzip at all")
	}
	for name, tt := range map[string]struct {
		uri, want string
	}{
		"refused":        {closed(t), "connect: connection refused"},
		"reset":          {serve(t, reset), "the server closed the connection without a response"},
		"body cut short": {serve(t, cut), "read the response: unexpected EOF"},
		"broken gzip":    {serve(t, badGzip), "read the response: gzip: invalid header"},
		"certificate":    {"https://" + tlsServer(t), "tls: failed to verify certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, record, err := run(t, params.Of("_command", tt.uri))
			if err != nil || result.Poll == nil || result.Poll.After != time.Second {
				t.Errorf("GET: %+v, %v", result, err)
			}
			if !strings.Contains(record.Log(), tt.want) {
				t.Errorf("log:\n%s", record.Log())
			}
			result, _, err = run(t, params.Of("_command", tt.uri, "method", "POST"))
			if err == nil || result.Poll != nil || !strings.HasPrefix(err.Error(), "HTTP request failed: POST "+tt.uri+": ") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("POST: %+v, %v, want %s", result, err, tt.want)
			}
		})
	}
}

func closed(t *testing.T) string {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	return server.URL
}

func TestTimeoutBoundsTheWholeExchange(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]string{"no header": "", "no end of the body": "begin"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			release := make(chan struct{})
			uri := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if start != "" {
					_, _ = io.WriteString(w, start)
					_ = http.NewResponseController(w).Flush()
				}
				<-release
			})
			t.Cleanup(func() { close(release) })
			_, _, err := run(t, params.Of("_command", uri, "retry", false, "timeout", 0.05))
			if err == nil || !strings.HasSuffix(err.Error(), "timed out (runtime)") {
				t.Errorf("error = %v", err)
			}
			result, _, err := run(t, params.Of("_command", uri, "timeout", 0.05))
			if err != nil || result.Poll == nil {
				t.Errorf("with retry: %+v, %v", result, err)
			}
		})
	}
}

func TestKilledTaskReportsTheCauseInsteadOfRetrying(t *testing.T) {
	t.Parallel()
	for _, timeout := range []params.Value{int64(0), int64(30)} {
		ctx, kill := context.WithCancelCause(t.Context())
		release := make(chan struct{})
		uri := serve(t, func(http.ResponseWriter, *http.Request) {
			kill(operator.ErrKilled)
			<-release
		})
		req, _ := operatortest.Request(t, params.Of("_command", uri, "timeout", timeout))
		result, err := operatorhttp.Operators(settings(t))["http"].Operator.Run(ctx, req)
		if !errors.Is(err, operator.ErrKilled) || result.Poll != nil {
			t.Errorf("%+v, %v", result, err)
		}
		close(release)
	}
}
