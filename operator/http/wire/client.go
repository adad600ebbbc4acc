// Package wire sends HTTP/1.1 requests exactly as they are described: header
// fields keep their order, their spelling and their repetitions. net/http sorts
// header fields and knows each name only once, and workflows rely on more.
//
// One request is one connection. Redirects, cookies, compression and retries
// are left to the caller.
package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
)

const (
	// maxHeader bounds the status line and header fields of a response.
	maxHeader = 1 << 20
	// maxInformational bounds the 1xx responses before the real one.
	maxInformational = 16
)

// Client sends requests. The zero Client connects directly.
type Client struct {
	TLS   *tls.Config                  // nil is the default
	Proxy func(target *url.URL) *Proxy // nil, or a nil result, is none
}

// Do sends a request and returns the response once its header has been read.
// The caller closes the body, which ends the connection. When ctx ends, Do and
// reads of the body end too, with ctx's cause.
//
// A proxy that does not open a tunnel is a *[ProxyError].
func (c *Client) Do(ctx context.Context, req *Request) (*http.Response, error) {
	if err := req.Check(); err != nil {
		return nil, err
	}
	l, err := c.connect(ctx, req.URL)
	if err != nil {
		return nil, causeOr(ctx, err)
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		// A server may answer and hang up before it has read everything, so
		// that its response tells more than the error of the write.
		_, _ = (&net.Buffers{req.head(l.target, l.fields), req.Body}).WriteTo(l.conn)
	}()
	resp, err := readResponse(l.conn, req.Method)
	if err != nil {
		l.close()
		<-sent
		return nil, causeOr(ctx, err)
	}
	resp.Body = &body{ReadCloser: resp.Body, ctx: ctx, link: l, sent: sent}
	return resp, nil
}

// readResponse reads the header of the first response that is not informational.
func readResponse(conn io.Reader, method string) (*http.Response, error) {
	limited := &io.LimitedReader{R: conn, N: maxHeader}
	r := bufio.NewReader(limited)
	for range maxInformational {
		resp, err := http.ReadResponse(r, &http.Request{Method: method})
		switch {
		case err != nil && limited.N <= 0:
			return nil, fmt.Errorf("the header of the response is larger than %d KiB", maxHeader>>10)
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil, errors.New("the server closed the connection without a response")
		case err != nil:
			return nil, err
		}
		if resp.StatusCode >= 200 || resp.StatusCode == http.StatusSwitchingProtocols {
			limited.N = math.MaxInt64
			return resp, nil
		}
	}
	return nil, fmt.Errorf("the server sent more than %d informational responses", maxInformational)
}

// body ends the connection when it is closed.
type body struct {
	io.ReadCloser
	ctx  context.Context
	link *link
	sent <-chan struct{}
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = causeOr(b.ctx, err)
	}
	return n, err
}

// Close does not read what is left of the body, unlike http.Response's.
func (b *body) Close() error {
	b.link.close()
	<-b.sent
	return nil
}

// causeOr is why ctx ended, if it did, else err: closing a connection below a
// read makes an error that says nothing.
func causeOr(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
