package http_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	operatorhttp "github.com/heitan/heitan/operator/http"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// BenchmarkGet is the whole of a task that makes one request.
func BenchmarkGet(b *testing.B) {
	hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
	plain, secure := httptest.NewServer(hello), httptest.NewTLSServer(hello)
	b.Cleanup(plain.Close)
	b.Cleanup(secure.Close)
	trusting := settings(b)
	trusting.RootCAs = secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	op := operatorhttp.Operators(trusting)["http"].Operator
	for name, uri := range map[string]string{"http": plain.URL, "https": secure.URL} {
		b.Run(name, func(b *testing.B) {
			req, _ := operatortest.Request(b, params.Of("_command", uri+"/x?a=b"))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := op.Run(b.Context(), req); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
