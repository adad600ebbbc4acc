package wire

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// Field is one header field. Its name is sent as it is spelt.
type Field struct{ Name, Value string }

// Request is what is sent.
type Request struct {
	Method string
	URL    *url.URL // http or https, with a host
	// Fields are sent in this order, behind Host. One named Host takes the place
	// of the URL's; Content-Length and Transfer-Encoding are left out, as they
	// follow from Body.
	Fields []Field
	Body   []byte // nil is none
}

// Check reports what cannot be sent. Messages never show a field's value.
func (r *Request) Check() error {
	switch {
	case !isToken(r.Method):
		return fmt.Errorf("invalid method %q", r.Method)
	case r.URL.Scheme != "http" && r.URL.Scheme != "https":
		return errors.New("the scheme must be http or https")
	case r.URL.Hostname() == "" || r.URL.Opaque != "":
		return errors.New("the host is missing")
	case !strings.HasPrefix(r.URL.RequestURI(), "/"):
		return errors.New("the path must begin with /")
	case !isVisible(r.URL.Host) || !isVisible(r.URL.RequestURI()):
		return errors.New("it contains a character that must be escaped")
	}
	for _, f := range r.Fields {
		if !isToken(f.Name) {
			return fmt.Errorf("invalid header name %q", f.Name)
		}
		if !isFieldValue(f.Value) {
			return fmt.Errorf("the value of header %s contains a control character", f.Name)
		}
	}
	return nil
}

// head is everything before the body. target is the request target, and extra
// are fields for a proxy.
func (r *Request) head(target string, extra []Field) []byte {
	dst := fmt.Appendf(nil, "%s %s HTTP/1.1\r\n", r.Method, target)
	dst = appendField(dst, Field{"Host", r.host()})
	for _, f := range extra {
		dst = appendField(dst, f)
	}
	for _, f := range r.Fields {
		switch strings.ToLower(f.Name) {
		case "host", "content-length", "transfer-encoding":
		default:
			dst = appendField(dst, f)
		}
	}
	if r.hasLength() {
		dst = appendField(dst, Field{"Content-Length", strconv.Itoa(len(r.Body))})
	}
	return append(dst, "\r\n"...)
}

func (r *Request) host() string {
	for _, f := range r.Fields {
		if strings.EqualFold(f.Name, "Host") {
			return f.Value
		}
	}
	return r.URL.Host
}

// hasLength reports whether the length is sent. Without it, servers answer
// requests of some methods with 411 even if there is no body.
func (r *Request) hasLength() bool {
	return r.Body != nil || r.Method == "POST" || r.Method == "PUT" || r.Method == "PATCH"
}

func appendField(dst []byte, f Field) []byte {
	dst = append(append(dst, f.Name...), ": "...)
	return append(append(dst, f.Value...), "\r\n"...)
}

// isToken is RFC 9110's rule for methods and field names.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		letter := 'a' <= r|0x20 && r|0x20 <= 'z' && r < 0x80
		return !letter && (r < '0' || r > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

func isFieldValue(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

func isVisible(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}
