package http_test

import (
	"bufio"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// tlsServer is the address of a server whose certificate nobody signed.
func tlsServer(t testing.TB) string {
	t.Helper()
	return newTLSServer(t, echo).Listener.Addr().String()
}

// newTLSServer is a server that speaks HTTP/1.1 and, to who asks for it, HTTP/2.
func newTLSServer(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// rawServer calls answer for every connection once the lines of a request's
// header have been read, and is the address of that.
func rawServer(t testing.TB, answer func(conn net.Conn, head []string)) string {
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
			answer(conn, readHead(conn))
			conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return "http://" + l.Addr().String()
}

func readHead(conn io.Reader) []string {
	var head []string
	lines := bufio.NewReaderSize(conn, 16)
	for {
		line, err := lines.ReadString('\n')
		line = strings.TrimSuffix(line, "\r\n")
		if err != nil || line == "" {
			return head
		}
		head = append(head, line)
	}
}

// untilHungUp reads until the client ends the connection.
func untilHungUp(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

func reply(text string) func(net.Conn, []string) {
	return func(conn net.Conn, _ []string) { _, _ = io.WriteString(conn, text) }
}
