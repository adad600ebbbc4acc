package http

import (
	"errors"
	"fmt"
	"io"
	"mime"
	nethttp "net/http"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// maxUnread bounds how much of a body that nobody wants is read, to see it
// arrive. Digdag refuses bodies larger than that.
const maxUnread = 2 << 20

// answer is what came of a request.
type answer struct {
	status int
	header nethttp.Header
	body   []byte // decompressed
	cut    bool   // the body was larger
	// problem says why a response is of no use in spite of its status.
	problem string
}

// readAnswer reads at most keep bytes of the body and closes it.
func readAnswer(resp *nethttp.Response, keep int64) (answer, error) {
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	if a.status == nethttp.StatusSwitchingProtocols {
		return a, nil // what follows is no body
	}
	plain, err := decompress(resp.Body, resp.Header.Get("Content-Encoding"))
	if err != nil {
		return a, fmt.Errorf("read the response: %w", err)
	}
	if a.body, err = io.ReadAll(io.LimitReader(plain, keep+1)); err != nil {
		return a, fmt.Errorf("read the response: %w", err)
	}
	if int64(len(a.body)) <= keep {
		return a, nil
	}
	a.body, a.cut = a.body[:keep], true
	if _, err := io.CopyN(io.Discard, plain, maxUnread); err != nil && !errors.Is(err, io.EOF) {
		return a, fmt.Errorf("read the response: %w", err)
	}
	return a, nil
}

// mediaType is the media type of the body and its parameters.
func (a *answer) mediaType() (mediaType string, parameters map[string]string) {
	return parseMediaType(a.header.Get("Content-Type"))
}

func parseMediaType(text string) (mediaType string, parameters map[string]string) {
	mediaType, parameters, err := mime.ParseMediaType(text)
	if err != nil && mediaType == "" {
		mediaType, _, _ = strings.Cut(strings.ToLower(text), ";")
		mediaType = strings.TrimSpace(mediaType)
	}
	return mediaType, parameters
}

// text is the body as text in a character set; "" is UTF-8. What is no
// character of it becomes U+FFFD.
func (a *answer) text(charset string) (string, error) {
	switch strings.ToLower(charset) {
	case "", "utf-8", "utf8":
		return strings.ToValidUTF8(string(a.body), string(utf8.RuneError)), nil
	}
	encoding, err := htmlindex.Get(charset)
	if err != nil {
		return "", fmt.Errorf("unknown character set %q", charset)
	}
	text, err := encoding.NewDecoder().Bytes(a.body)
	if err != nil {
		return "", fmt.Errorf("decode %s: %w", charset, err)
	}
	return string(text), nil
}

// summary is the start of the body as messages show it.
func (a *answer) summary() string {
	if a.problem != "" {
		return a.problem
	}
	_, parameters := a.mediaType()
	text, err := a.text(parameters["charset"])
	if err != nil {
		text, _ = a.text("")
	}
	return abbreviate(strings.TrimSpace(text))
}

// maxSummary is how many characters of a body or of an error are shown.
const maxSummary = 200

func abbreviate(text string) string {
	characters := []rune(text)
	if len(characters) <= maxSummary {
		return text
	}
	return string(characters[:maxSummary-3]) + "..."
}

// countCharacters counts as Java does, so that limits mean the same as in
// Digdag: characters beyond the basic plane count twice.
func countCharacters(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}
