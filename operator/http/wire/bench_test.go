package wire_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/heitan/heitan/operator/http/wire"
)

func BenchmarkGet(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	defer server.Close()
	u, err := url.Parse(server.URL + "/x?a=b")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("wire", func(b *testing.B) {
		b.ReportAllocs()
		req := &wire.Request{Method: "GET", URL: u, Fields: []wire.Field{{Name: "User-Agent", Value: "x"}, {Name: "Accept-Encoding", Value: "gzip"}}}
		for b.Loop() {
			resp, err := new(wire.Client).Do(b.Context(), req)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
	b.Run("net/http", func(b *testing.B) {
		b.ReportAllocs()
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		for b.Loop() {
			req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, u.String(), nil)
			if err != nil {
				b.Fatal(err)
			}
			resp, err := client.Do(req)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
}
