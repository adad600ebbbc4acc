package http

import (
	"bufio"
	"bytes"
	"io"
	nethttp "net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/heitan/heitan/operator"
)

func TestProxyIsBypassedForTheHostsOfNoProxy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		list, host, port string
		want             bool
	}{
		{"", "example.com", "", false},
		{"*", "example.com", "", true},
		{"example.com", "example.com", "", true},
		{"example.com", "EXAMPLE.com.", "", true},
		{"example.com", "api.example.com", "", true},
		{".example.com", "api.example.com", "", true},
		{"*.example.com", "api.example.com", "", true},
		{"example.com", "notexample.com", "", false},
		{"a.b, example.com", "example.com", "8080", true},
		{"example.com:8080", "example.com", "8080", true},
		{"example.com:8080", "example.com", "", false},
		{"10.0.0.1", "10.0.0.1", "80", true},
		{"10.0.0.1", "10.0.0.10", "", false},
		{"10.0.0.0/8", "10.1.2.3", "", true},
		{"10.0.0.0/8", "11.1.2.3", "", false},
		{"10.0.0.0/8", "example.com", "", false},
		{"::1", "::1", "", true},
		{"[::1]:80", "::1", "80", true},
		{"fd00::/8", "fd00::7", "", true},
		{"127.0.0.1", "::ffff:127.0.0.1", "", true},
		{" , .", "example.com", "", false},
	} {
		if got := bypassesProxy(tt.list, tt.host, tt.port); got != tt.want {
			t.Errorf("bypassesProxy(%q, %q, %q) = %v", tt.list, tt.host, tt.port, got)
		}
	}
}

func TestHeadersForOneServerMayGoToAnotherOnlyOverTLSOfTheSame(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, to string
		want     bool
	}{
		{"http://a/x", "http://A:80/y", true},
		{"https://a/", "https://a:443/", true},
		{"http://a/", "https://a/", true},
		{"https://a/", "http://a/", false},
		{"http://a/", "http://a:8080/", false},
		{"http://a:8080/", "https://a/", false},
		{"http://a/", "http://b.a/", false},
	} {
		from, _ := url.Parse(tt.from)
		to, _ := url.Parse(tt.to)
		if got := isSameServer(from, to); got != tt.want {
			t.Errorf("%s -> %s: %v", tt.from, tt.to, got)
		}
	}
}

// What is not refused is read back by a server as exactly one request with
// exactly its fields, whatever stands in it.
func TestRequestsAreReadBackAsTheyWereMeant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-z0-9 \r\n:-]*`))
		token := rapid.OneOf(text, rapid.StringMatching(`[A-Za-z0-9-]{1,8}`))
		to, err := newAddress("http://localhost:80/"+text.Draw(t, "path")+"?"+text.Draw(t, "query"), false)
		if err != nil {
			return
		}
		c := call{to: to, method: token.Draw(t, "method"), body: rapid.SliceOf(rapid.Byte()).Draw(t, "body")}
		want := make(nethttp.Header)
		for range rapid.IntRange(0, 3).Draw(t, "fields") {
			f := field{name: "X-" + token.Draw(t, "name"), value: text.Draw(t, "value")}
			c.fields = append(c.fields, f)
			want.Add(f.name, strings.Trim(f.value, " \t"))
		}
		if c.check(operator.NewParams(nil, nil)) != nil {
			return
		}
		req, err := c.hop().request(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var sent bytes.Buffer
		if err := req.Write(&sent); err != nil {
			t.Fatal(err)
		}
		got, err := nethttp.ReadRequest(bufio.NewReader(&sent))
		if err != nil {
			t.Fatalf("%+v: %v", c, err)
		}
		got.Header.Del("Content-Length")
		if diff := cmp.Diff(want, got.Header); diff != "" {
			t.Fatal(diff)
		}
		if got.Method != c.method || got.ContentLength != int64(len(c.body)) {
			t.Fatalf("method %q, length %d", got.Method, got.ContentLength)
		}
	})
}

// The addresses that pass are shown without password, and what is sent of them
// never breaks the request line.
func FuzzAddress(f *testing.F) {
	for _, seed := range []string{"http://user:pass@host:80/a b?c=ä#d", "https://h", "/x", "http://[::1]:8/%zz", "a:b", " http://h?\x7f"} {
		f.Add(seed, "q")
	}
	f.Fuzz(func(t *testing.T, text, query string) {
		a, err := newAddress(text, false)
		if err != nil {
			return
		}
		a = a.withQuery([]queryPair{newQueryPair(query, query, true, true)})
		if password, ok := a.url.User.Password(); ok && len(password) > 3 && strings.Contains(a.shown, ":"+password+"@") {
			t.Errorf("%q is shown as %q", text, a.shown)
		}
		if strings.ContainsAny(a.url.RawQuery, " \r\n\x00\x7f") {
			t.Errorf("%q has the query %q", text, a.url.RawQuery)
		}
	})
}

func FuzzParseProxy(f *testing.F) {
	for _, seed := range []string{"http://u:p@h:1", "h", "https://[::1]", "socks5://x", "http://%zz@h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		proxy, err := parseProxy(text)
		if err == nil && (proxy.Hostname() == "") {
			t.Errorf("%q: proxy %q", text, proxy)
		}
	})
}

func FuzzDecompress(f *testing.F) {
	f.Add("gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x4a\x04\x04\x00\x00\xff\xff\x43\xbe\xb7\xe8\x01\x00\x00\x00")
	f.Add("deflate", "\x78\x9c\x4b\x04\x00\x00\x62\x00\x62")
	f.Add("deflate", "K\x04\x00")
	f.Fuzz(func(t *testing.T, encoding, body string) {
		plain, err := decompress(strings.NewReader(body), encoding)
		if err != nil {
			return
		}
		if n, _ := io.Copy(io.Discard, io.LimitReader(plain, 1<<20)); n > 1<<20 {
			t.Errorf("%d bytes", n)
		}
	})
}

func FuzzMediaType(f *testing.F) {
	for _, seed := range []string{"application/json", "a/b; charset=x", `a/b; c="`, ";", "A/B;;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		mediaType, _ := parseMediaType(text)
		if strings.Contains(mediaType, ";") {
			t.Errorf("%q has the media type %q", text, mediaType)
		}
	})
}
