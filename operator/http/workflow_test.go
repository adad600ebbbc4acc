package http_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func file(contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = nil
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		_, _ = io.WriteString(w, strings.ReplaceAll(text, "QUERY", r.URL.RawQuery))
	}
}

func runCall(t *testing.T, own *params.Object, options ...operatortest.Option) (operator.Result, error) {
	t.Helper()
	result, _, err := runWith(t, "http_call", settings(t), own, options...)
	return result, err
}

func TestFetchedWorkflowBecomesSubtasks(t *testing.T) {
	t.Parallel()
	const asYAML = "timezone: Asia/Tokyo\nschedule: {daily>: '00:00:00'}\nsla: {time: '01:00'}\n_export: {a: 010}\n+t: {echo>: 'QUERY 😀'}\n"
	const asJSON = `{"timezone":"Asia/Tokyo","schedule":{"daily>":"x"},"sla":{},"_export":{"a":8},"+t":{"echo>":"QUERY \ud83d\ude00"}}`
	const want = `{"_export":{"a":8},"+t":{"echo>":"a=b 😀"}}`
	for _, tt := range []struct{ contentType, text, override string }{
		{"application/x-yaml", asYAML, ""},
		{"application/yaml; charset=utf-8", asYAML, ""},
		{"application/json", asJSON, ""},
		{"Application/JSON; charset=UTF-8", asJSON, ""},
		{"text/plain", asYAML, "application/x-yaml"},
		{"", asJSON, "application/json; charset=utf-8"},
	} {
		uri := serve(t, file(tt.contentType, tt.text))
		result, err := runCall(t, params.Of("_command", uri, "query", "a=b", "content_type_override", tt.override))
		if err != nil || params.JSON(result.Subtasks) != want || result.Store != nil || result.Reset != nil {
			t.Errorf("%s: %+v, %v", tt.contentType, result, err)
		}
	}
}

func TestFetchedTasksKnowTheirPlace(t *testing.T) {
	t.Parallel()
	result, err := runCall(t, params.Of("_command", serve(t, file("application/x-yaml", "\n+t: {echo>: x}\n"))))
	if err != nil {
		t.Fatal(err)
	}
	if pos := result.Subtasks.Pos("+t"); pos.String() != "http_call.dig:2:1" {
		t.Errorf("position = %s", pos)
	}
}

func TestWhatIsNoWorkflowFailsTheTask(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ contentType, text, want string }{
		{"", "{}", "Content-Type must be set in the HTTP response but not set"},
		{"text/html", "{}", "Unsupported Content-Type (expected application/json or application/x-yaml): text/html"},
		{"application/octet-stream", "", "Unsupported Content-Type (expected application/json or application/x-yaml): application/octet-stream"},
		{"application/json", "!invalid!", "Failed to parse response as JSON: invalid character '!' looking for beginning of value (runtime)"},
		{"application/json", "", "Failed to parse response as JSON: unexpected EOF (runtime)"},
		{"application/json", "[1]", "Failed to parse response as JSON: expected an object but got a list (runtime)"},
		{"application/x-yaml", "a: [", "http_call.dig:2:1: bad-yaml: "},
		{"application/x-yaml", "!include : x", "http_call.dig:1:12: include-not-allowed: "},
		{"application/x-yaml", strings.Repeat("#", 65537), "Response content too large: 65537 > 65536"},
		{"application/json; charset=klingon", "{}", `Read the response: unknown character set "klingon" (runtime)`},
	} {
		_, err := runCall(t, params.Of("_command", serve(t, file(tt.contentType, tt.text))))
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s %.20q: error = %v, want %s", tt.contentType, tt.text, err, tt.want)
		}
	}
}

func TestFetchingIgnoresTheSecretURIAndRetriesAsRequestsDo(t *testing.T) {
	t.Parallel()
	uri := serve(t, file("application/json", `{"+t":{"echo>":"QUERY"}}`))
	secrets := operatortest.WithSecrets(map[string]string{"http.uri": "http://localhost:1/", "k": "v"})
	result, err := runCall(t, params.Of("_command", uri+"?${secret:k}"), secrets)
	if err != nil || params.JSON(result.Subtasks) != `{"+t":{"echo>":"v"}}` {
		t.Errorf("%+v, %v", result, err)
	}
	result, err = runCall(t, params.Of("_command", serve(t, respond(503, ""))))
	if err != nil || result.Poll == nil {
		t.Errorf("503: %+v, %v", result, err)
	}
	_, err = runCall(t, params.Of("_command", serve(t, respond(503, "")), "method", "POST"))
	if err == nil || !strings.HasPrefix(err.Error(), "HTTP 5XX Server Error: POST ") {
		t.Errorf("503 to POST: %v", err)
	}
	if _, err = runCall(t, params.Of()); err == nil {
		t.Error("a missing command is no error")
	}
}
