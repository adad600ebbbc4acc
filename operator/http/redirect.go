package http

import (
	"errors"
	nethttp "net/http"
	"net/url"
	"slices"
	"strings"
)

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// redirected is the request to which a response leads. Methods change as the
// Fetch standard says: only POST becomes GET, except that 303 is always fetched.
func (h hop) redirected(resp *nethttp.Response) (hop, error) {
	location := resp.Header.Get("Location")
	if location == "" {
		return hop{}, errors.New("the redirect has no Location")
	}
	u, err := h.url.Parse(location)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return hop{}, errors.New("the redirect's Location cannot be followed")
	}
	u.RawQuery = escapeQuery(u.RawQuery)
	next := hop{url: u, method: h.method, fields: h.fields, body: h.body}
	if !isSameServer(h.url, u) {
		next.fields = slices.DeleteFunc(slices.Clone(next.fields), func(f field) bool { return f.private })
	}
	switch {
	case resp.StatusCode == 303 && h.method != "HEAD", resp.StatusCode <= 302 && h.method == "POST":
		next.method, next.body = "GET", nil
		next.fields = slices.DeleteFunc(slices.Clone(next.fields), func(f field) bool {
			return strings.HasPrefix(strings.ToLower(f.name), "content-")
		})
	}
	return next, nil
}

// isSameServer reports whether what is meant for one URL's server may be sent to
// the other's: it is the same one, perhaps over TLS now.
func isSameServer(from, to *url.URL) bool {
	if !strings.EqualFold(from.Hostname(), to.Hostname()) {
		return false
	}
	if from.Scheme == to.Scheme {
		return portOf(from) == portOf(to)
	}
	return to.Scheme == "https" && portOf(from) == "80" && portOf(to) == "443"
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
