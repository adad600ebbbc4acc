package http_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"github.com/heitan/heitan/params"
)

func TestCompressedBodiesAreDecoded(t *testing.T) {
	t.Parallel()
	const text = "hello hello hello"
	compress := func(open func(io.Writer) io.WriteCloser) string {
		var b bytes.Buffer
		w := open(&b)
		_, _ = io.WriteString(w, text)
		_ = w.Close()
		return b.String()
	}
	gzipped := compress(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	zlibbed := compress(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	deflated := compress(func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 9); return f })
	for _, tt := range []struct{ encoding, body, want string }{
		{"gzip", gzipped, text},
		{"X-GZIP", gzipped, text},
		{"deflate", zlibbed, text},
		{"deflate", deflated, text},
		{"gzip", "", ""},
		{"identity", text, text},
		{"br", "unknown", "unknown"},
	} {
		uri := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", tt.encoding)
			_, _ = io.WriteString(w, tt.body)
		})
		result, _, err := run(t, params.Of("_command", uri, "store_content", true))
		if got := stored(t, result, err); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.encoding, got, tt.want)
		}
	}
}

func TestBodiesAreTextInTheirCharacterSet(t *testing.T) {
	t.Parallel()
	sjis, _ := japanese.ShiftJIS.NewEncoder().String("兵站")
	for _, tt := range []struct{ contentType, body, want string }{
		{"", "兵站", "兵站"},
		{"text/plain", "a\xffb", "a�b"},
		{`text/plain; charset="UTF-8"`, "兵站", "兵站"},
		{"text/plain; charset=Shift_JIS", sjis, "兵站"},
		{"text/plain; charset=windows-31j", sjis, "兵站"},
		{"text/plain; charset=iso-8859-1", "\xe4", "ä"},
	} {
		uri := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", tt.contentType)
			_, _ = io.WriteString(w, tt.body)
		})
		result, _, err := run(t, params.Of("_command", uri, "store_content", true))
		if got := stored(t, result, err); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.contentType, got, tt.want)
		}
	}
	uri := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=klingon")
		w.WriteHeader(http.StatusOK)
	})
	_, _, err := run(t, params.Of("_command", uri, "store_content", true))
	if err == nil || err.Error() != `Read the response: unknown character set "klingon" (runtime)` {
		t.Errorf("error = %v", err)
	}
}

func TestStoredContentIsBoundedInCharacters(t *testing.T) {
	t.Parallel()
	s := settings(t, "config.http.max_stored_response_content_size", "10")
	for body, want := range map[string]string{
		strings.Repeat("兵", 10):    "",
		strings.Repeat("兵", 11):    "Response content too large: 11 > 10",
		strings.Repeat("😀", 5):     "",
		strings.Repeat("😀", 6):     "Response content too large: 12 > 10",
		strings.Repeat("x", 1<<20): "Response content too large: more than 800 > 10",
	} {
		uri := serve(t, respond(200, body))
		result, _, err := runWith(t, "http", s, params.Of("_command", uri, "store_content", true, "method", "POST"))
		if want == "" {
			if got := stored(t, result, err); got != body {
				t.Errorf("stored %q", got)
			}
		} else if err == nil || err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
	}
}

func TestHugeBodiesDoNoHarm(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	zeros := make([]byte, 1<<20)
	for range 8 {
		_, _ = w.Write(zeros)
	}
	_ = w.Close()
	uri := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bomb" {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
			return
		}
		for { // as long as somebody reads
			if _, err := w.Write(zeros); err != nil {
				return
			}
		}
	})
	for _, path := range []string{"/endless", "/bomb"} {
		result, _, err := run(t, params.Of("_command", uri+path))
		if err != nil || result.Poll != nil {
			t.Errorf("%s, not stored: %+v, %v", path, result, err)
		}
		_, _, err = run(t, params.Of("_command", uri+path, "store_content", true))
		if err == nil || err.Error() != "Response content too large: more than 262144 > 65536" {
			t.Errorf("%s, stored: %v", path, err)
		}
	}
}
