package wire

import (
	"bufio"
	"bytes"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What passes Check is read back by another implementation as exactly one
// request with exactly its fields, whatever is in it.
func TestCheckedRequestsAreReadBackAsTheyWere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-z0-9 \r\n:-]*`))
		token := rapid.OneOf(text, rapid.StringMatching(`[A-Za-z0-9-]{1,8}`))
		req := &Request{
			Method: token.Draw(t, "method"),
			URL: &url.URL{
				Scheme: "http", Host: rapid.OneOf(text, rapid.Just("localhost:80")).Draw(t, "host"),
				Path: "/" + text.Draw(t, "path"), RawQuery: text.Draw(t, "query"),
			},
			Body: rapid.SliceOf(rapid.Byte()).Draw(t, "body"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "fields") {
			req.Fields = append(req.Fields, Field{"X-" + token.Draw(t, "name"), text.Draw(t, "value")})
		}
		if req.Check() != nil {
			return
		}
		r := bufio.NewReader(bytes.NewReader(append(req.head(req.URL.RequestURI(), nil), req.Body...)))
		got, err := http.ReadRequest(r)
		if err != nil {
			t.Fatalf("%+v: %v", req, err)
		}
		want := make(http.Header)
		for _, f := range req.Fields {
			want.Add(f.Name, string(bytes.Trim([]byte(f.Value), " \t")))
		}
		got.Header.Del("Content-Length")
		if diff := cmp.Diff(want, got.Header); diff != "" {
			t.Fatal(diff)
		}
		if got.Method != req.Method || got.ContentLength != int64(len(req.Body)) {
			t.Fatalf("method %q, length %d", got.Method, got.ContentLength)
		}
	})
}
