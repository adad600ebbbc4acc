package http_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
)

// tlsServer is the address of a server whose certificate nobody signed.
func tlsServer(t testing.TB) string {
	t.Helper()
	return newTLSServer(t).Listener.Addr().String()
}

func newTLSServer(t testing.TB) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(echo))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}
