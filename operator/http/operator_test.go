package http_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/operator"
	operatorhttp "github.com/heitan/heitan/operator/http"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func settings(t testing.TB, keysAndValues ...string) operatorhttp.Settings {
	t.Helper()
	values := make(map[string]string)
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		values[keysAndValues[i]] = keysAndValues[i+1]
	}
	s, err := settingsOf(values)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func settingsOf(values map[string]string) (operatorhttp.Settings, error) {
	return operatorhttp.SettingsFrom(config.FromMap("test", values), "heitan-test")
}

// run runs http> once with the default settings.
func run(t testing.TB, own *params.Object, options ...operatortest.Option) (operator.Result, *operatortest.Record, error) {
	t.Helper()
	return runWith(t, "http", settings(t), own, options...)
}

func runWith(t testing.TB, name string, s operatorhttp.Settings, own *params.Object, options ...operatortest.Option) (operator.Result, *operatortest.Record, error) {
	t.Helper()
	req, record := operatortest.Request(t, own, options...)
	result, err := operatorhttp.Operators(s)[name].Operator.Run(t.Context(), req)
	return result, record, err
}

func serve(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// respond answers every request with a status and a body.
func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// echo answers with what a server knows of the request.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	user, password, _ := r.BasicAuth()
	fmt.Fprintf(w, "%s %s\n", r.Method, r.RequestURI)
	fmt.Fprintf(w, "authorization=%s user=%s password=%s\n", r.Header.Get("Authorization"), user, password)
	fmt.Fprintf(w, "type=%s length=%d agent=%s\n", r.Header.Get("Content-Type"), r.ContentLength, r.UserAgent())
	fmt.Fprintf(w, "x=%q cookie=%s\n", r.Header["X-A"], r.Header.Get("Cookie"))
	fmt.Fprintf(w, "body=%s", body)
}

// stored is http.last_content, which must have been stored.
func stored(t testing.TB, result operator.Result, err error) string {
	t.Helper()
	if err != nil || result.Poll != nil {
		t.Fatalf("result %+v, error %v", result, err)
	}
	v, _ := result.Store.Lookup("http", "last_content")
	text, ok := v.(string)
	if !ok {
		t.Fatalf("http.last_content = %v", v)
	}
	return text
}

func TestStatusIsStoredAndOldContentStays(t *testing.T) {
	t.Parallel()
	uri := serve(t, respond(201, "hello"))
	result, _, err := run(t, params.Of("_command", uri))
	if err != nil {
		t.Fatal(err)
	}
	if got := params.JSON(result.Store); got != `{"http":{"last_status":201}}` {
		t.Errorf("store = %s", got)
	}
	if diff := cmp.Diff([]string{"http.last_status"}, result.Reset); diff != "" {
		t.Error(diff)
	}
}

func TestContentIsStoredAsTextOnDemand(t *testing.T) {
	t.Parallel()
	uri := serve(t, respond(200, `[1,2]`))
	result, _, err := run(t, params.Of("_command", uri, "store_content", "true"))
	if err != nil {
		t.Fatal(err)
	}
	if got := params.JSON(result.Store); got != `{"http":{"last_status":200,"last_content":"[1,2]"}}` {
		t.Errorf("store = %s", got)
	}
	if diff := cmp.Diff([]string{"http.last_status", "http.last_content"}, result.Reset); diff != "" {
		t.Error(diff)
	}
}

func TestContentFormats(t *testing.T) {
	t.Parallel()
	uri := serve(t, echo)
	object := params.Of("b", "1 2", "a", int64(3))
	for name, tt := range map[string]struct {
		content             params.Value
		format, contentType string
		want                string
	}{
		"text":                         {"hello", "", "", "type=plain/text length=5 body=hello"},
		"empty text":                   {"", "", "", "type=plain/text length=0 body="},
		"number":                       {int64(3), "", "", "type=plain/text length=1 body=3"},
		"boolean":                      {true, "TEXT", "", "type=plain/text length=4 body=true"},
		"map":                          {object, "", "", `type=application/json length=17 body={"b":"1 2","a":3}`},
		"list":                         {params.List{int64(1)}, "", "", "type=application/json length=3 body=[1]"},
		"text as JSON":                 {`a"b`, "json", "", `type=application/json length=6 body="a\"b"`},
		"form":                         {object, "form", "", "type=application/x-www-form-urlencoded length=9 body=b=1+2&a=3"},
		"form of null":                 {params.Of("a", nil), "form", "", "type=application/x-www-form-urlencoded length=6 body=a=null"},
		"form in JSON text":            {`{"a":"&"}`, "form", "", "type=application/x-www-form-urlencoded length=5 body=a=%26"},
		"type of its own":              {"<a/>", "", "application/xml", "type=application/xml length=4 body=<a/>"},
		"type of its own for a form":   {object, "form", "x/y", "type=x/y length=9 body=b=1+2&a=3"},
		"none, with a method for some": {nil, "", "", "type= length=0 body="},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own := params.Of("_command", uri, "method", "post", "content", tt.content, "store_content", true)
			if tt.format != "" {
				own = own.With("content_format", tt.format)
			}
			if tt.contentType != "" {
				own = own.With("content_type", tt.contentType)
			}
			result, _, err := run(t, own)
			lines := strings.Split(stored(t, result, err), "\n")
			got := strings.Replace(lines[2], " agent=heitan-test", "", 1) + " " + lines[4]
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestContentThatDoesNotFitItsFormatIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		content      params.Value
		format, want string
	}{
		{params.List{int64(1)}, "form", "Invalid content format for arrays: 'form' (config)"},
		{params.Of("a", "b"), "text", "Invalid content format for objects: 'text' (config)"},
		{"a", "form", "Invalid content format for strings: 'form' (config)"},
		{"a", "xml", "Invalid content format for strings: 'xml' (config)"},
		{params.Of("a", params.List{}), "form", "Invalid form content field value: [] (config)"},
	} {
		_, _, err := run(t, params.Of("_command", "http://localhost:1/", "content", tt.content, "content_format", tt.format))
		if err == nil || err.Error() != tt.want {
			t.Errorf("error = %v, want %s", err, tt.want)
		}
	}
}

func TestQueryIsAddedBehindTheURIs(t *testing.T) {
	t.Parallel()
	uri := serve(t, echo)
	for name, tt := range map[string]struct {
		path  string
		query params.Value
		want  string
	}{
		"map":                  {"/t", params.Of("n2", "v &?2", "n1", int64(1)), "/t?n2=v+%26%3F2&n1=1"},
		"JSON text":            {"/t", `{"n1":"v1","n2":"v &?2"}`, "/t?n1=v1&n2=v+%26%3F2"},
		"raw":                  {"/t", "n1=v1&n2=v+%26%3F2&&n3", "/t?n1=v1&n2=v+%26%3F2&n3"},
		"raw, badly escaped":   {"/t", "a=100%&b=ä", "/t?a=100%25&b=%C3%A4"},
		"behind another":       {"/t?z=%20#part", params.Of("a", "b"), "/t?z=%20&a=b"},
		"only the URI's":       {"/t?a=b c", nil, "/t?a=b%20c"},
		"path beyond ASCII":    {"/ä b", nil, "/%C3%A4%20b"},
		"escapes in the path":  {"/a%2Fb", nil, "/a%2Fb"},
		"no path, only a host": {"", params.Of("a", "b"), "/?a=b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, _, err := run(t, params.Of("_command", uri+tt.path, "query", tt.query, "store_content", true))
			got, _, _ := strings.Cut(stored(t, result, err), "\n")
			if got != "GET "+tt.want {
				t.Errorf("got %s, want GET %s", got, tt.want)
			}
		})
	}
}

func TestInvalidRequestsAreTheTasksFault(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		own  *params.Object
		want string
	}{
		"no URI":          {params.Of(), "Parameter '_command' is required but not set"},
		"scheme":          {params.Of("_command", "ftp://host/"), "Invalid request GET ftp://host/: the scheme must be http or https"},
		"relative":        {params.Of("_command", "/x"), "Invalid request GET /x: the scheme must be http or https"},
		"no host":         {params.Of("_command", "http:///x"), "Invalid request GET http:///x: the host is missing"},
		"opaque":          {params.Of("_command", "http:x"), "Invalid request GET http:x: the host is missing"},
		"host":            {params.Of("_command", "http://a\"b/"), `: the host is invalid`},
		"unparsable":      {params.Of("_command", "http://a:b:c/"), `Invalid URI 'http://a:b:c/': `},
		"method":          {params.Of("_command", "http://h/", "method", "GET /"), `Invalid request GET / http://h/: invalid method "GET /"`},
		"method, a line":  {params.Of("_command", "http://h/", "method", "A\r\nB: c"), `: invalid method "A\r\nB: C"`},
		"content type":    {params.Of("_command", "http://h/", "content", "x", "content_type", "a\r\nb: c"), "the value of header Content-Type contains a control character"},
		"header no map":   {params.Of("_command", "http://h/", "headers", params.List{"a"}), `Invalid header: "a"`},
		"header two keys": {params.Of("_command", "http://h/", "headers", params.List{params.Of("a", "b", "c", "d")}), `Invalid header: {"a":"b","c":"d"}`},
		"header value":    {params.Of("_command", "http://h/", "headers", params.List{params.Of("a", params.List{})}), `Invalid header: {"a":[]}`},
		"headers no list": {params.Of("_command", "http://h/", "headers", "a"), "Expected list type for key 'headers'"},
		"query":           {params.Of("_command", "http://h/", "query", params.List{}), "Expected a map or a text for key 'query' but got a list"},
		"query value":     {params.Of("_command", "http://h/", "query", params.Of("a", params.List{})), "Expected string type for key 'a' in 'query' but got a list"},
		"timeout":         {params.Of("_command", "http://h/", "timeout", "soon"), "Expected duration (such as 1h 30m) type for key 'timeout'"},
		"word":            {params.Of("_command", "http://h/${env:x}"), "Invalid parametrization: '${env:x}'"},
		"proxy":           {params.Of("_command", "http://h/", "proxy", params.Of("enabled", true)), "Parameter 'host' is required but not set; Parameter 'port' is required"},
		"proxy port":      {params.Of("_command", "http://h/", "proxy", params.Of("enabled", true, "host", "h", "port", int64(70000))), "Expected a port number for key 'port' but got 70000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, _, err := run(t, tt.own)
			failure, ok := errors.AsType[*operator.Failure](err)
			if !ok || failure.Kind != operator.KindConfig || !strings.Contains(failure.Message, tt.want) {
				t.Errorf("result %+v, error %v, want %s", result, err, tt.want)
			}
		})
	}
}

func TestParamsMayStandInTheMapNamedHTTP(t *testing.T) {
	t.Parallel()
	uri := serve(t, echo)
	result, _, err := run(t, params.Of("_command", uri, "store_content", true, "method", "PUT"),
		operatortest.WithParams(params.Of("http", params.Of("method", "POST", "content", "x"))))
	if got := stored(t, result, err); !strings.HasPrefix(got, "PUT /\n") || !strings.HasSuffix(got, "body=x") {
		t.Errorf("got %s", got)
	}
}

func TestEveryDocumentedParamIsRead(t *testing.T) {
	t.Parallel()
	own := params.Of("_command", serve(t, echo), "method", "GET", "content", "a", "content_format", "text",
		"content_type", "a/b", "headers", params.List{}, "query", "a", "store_content", true, "timeout", int64(30),
		"retry", true, "follow_redirects", true, "insecure", false, "proxy", params.Of("enabled", false))
	req, _ := operatortest.Request(t, own)
	if _, err := operatorhttp.Operators(settings(t))["http"].Operator.Run(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if unused := req.Params.Unused(); len(unused) > 0 {
		t.Errorf("unused: %v", unused)
	}
}
