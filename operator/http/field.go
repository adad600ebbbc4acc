package http

import (
	"bytes"
	"errors"
	"fmt"
	nethttp "net/http"
	"net/url"
	"strings"

	"github.com/heitan/heitan/params"
)

// field is a header field of a request.
type field struct {
	name, value string
	// private fields are not sent to another server than the first one.
	private bool
	pos     params.Pos // where it was written, if it was
}

// check reports what would break the protocol. Messages never show the value.
func (f *field) check() error {
	switch {
	case !isToken(f.name):
		return fmt.Errorf("invalid header name %q", f.name)
	case strings.ContainsFunc(f.value, isControl):
		return fmt.Errorf("the value of header %s contains a control character", f.name)
	case strings.EqualFold(f.name, "Host") && !isHost(f.value):
		return errors.New("the value of header Host is no host")
	}
	return nil
}

// isToken is RFC 9110's rule for methods and field names.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		letter := 'a' <= r|0x20 && r|0x20 <= 'z' && r < 0x80
		return !letter && (r < '0' || r > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// isHost reports whether net/http sends a host as it is, which it tells only of
// requests for proxies. For others it would leave the host empty.
func isHost(host string) bool {
	req := nethttp.Request{Method: nethttp.MethodGet, URL: &url.URL{Scheme: "http", Host: host, Path: "/"}}
	return req.WriteProxy(new(bytes.Buffer)) == nil
}

// withDefaults puts those defaults that have a value and that own does not name
// before own.
func withDefaults(own, defaults []field) []field {
	var fields []field
	for _, d := range defaults {
		if d.value != "" && !hasField(own, d.name) {
			fields = append(fields, d)
		}
	}
	return append(fields, own...)
}

func hasField(fields []field, name string) bool {
	for _, f := range fields {
		if strings.EqualFold(f.name, name) {
			return true
		}
	}
	return false
}

// newHeader is fields and cookies as net/http takes them, and the host that
// takes the place of the URL's, or "". Names keep the spelling with which they
// come first, and the values of one name their order. What follows from the body
// is left out.
func newHeader(fields []field, cookies []*nethttp.Cookie) (header nethttp.Header, host string) {
	// net/http looks for a User-Agent under this name, to send its own if there
	// is none.
	header = nethttp.Header{"User-Agent": nil}
	spellings := map[string]string{"user-agent": "User-Agent"}
	for _, f := range fields {
		lower := strings.ToLower(f.name)
		spelling, ok := spellings[lower]
		if !ok {
			spelling = f.name
			spellings[lower] = spelling
		}
		switch lower {
		case "host":
			host = f.value
		case "content-length", "transfer-encoding", "trailer":
		default:
			header[spelling] = append(header[spelling], f.value)
		}
	}
	addCookies(header, spellings["cookie"], cookies)
	return header, host
}

// addCookies puts cookies behind those of the task. There is one field for all,
// as servers read no more.
func addCookies(header nethttp.Header, spelling string, cookies []*nethttp.Cookie) {
	if len(cookies) == 0 {
		return
	}
	if spelling == "" {
		spelling = "Cookie"
	}
	pairs := header[spelling]
	for _, cookie := range cookies {
		pairs = append(pairs, cookie.String())
	}
	header[spelling] = []string{strings.Join(pairs, "; ")}
}
