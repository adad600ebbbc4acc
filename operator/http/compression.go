package http

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
)

// decompress undoes a Content-Encoding. One that is not known is left as it is,
// and so is an empty body, which responses to HEAD have.
func decompress(body io.Reader, encoding string) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "gzip", "x-gzip":
		return openCompressed(body, func(r *bufio.Reader) (io.Reader, error) { return gzip.NewReader(r) })
	case "deflate":
		return openCompressed(body, openDeflate)
	}
	return body, nil
}

func openCompressed(body io.Reader, open func(*bufio.Reader) (io.Reader, error)) (io.Reader, error) {
	r := bufio.NewReader(body)
	if _, err := r.Peek(1); err == io.EOF {
		return r, nil
	}
	return open(r)
}

// openDeflate reads both things that servers send as "deflate": with the header
// of zlib, as the standard says, and without it.
func openDeflate(r *bufio.Reader) (io.Reader, error) {
	head, err := r.Peek(2)
	if err == nil && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(r)
	}
	return flate.NewReader(r), nil
}
