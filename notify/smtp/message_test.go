package smtp

import (
	"bytes"
	"maps"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Whatever stands in a mail that can be made, a receiver sees the header fields
// that heitan wrote and no others.
func TestNothingInAMailCanAddAHeaderField(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z"<>@,:; \r\n]*`), rapid.Just("a\r\nBcc: x@example.com\r\n\r\nbody"))
		address := rapid.Custom(func(t *rapid.T) string {
			named := &mail.Address{Name: text.Draw(t, "name"), Address: "a@example.com"}
			return rapid.SampledFrom([]string{named.String(), named.String(), named.String(), named.Name + " <a@example.com>"}).Draw(t, "form")
		})
		m := &Message{
			From: address.Draw(t, "from"), To: rapid.SliceOfN(address, 1, 3).Draw(t, "to"),
			Subject: text.Draw(t, "subject"), Body: text.Draw(t, "body"),
			Date: time.Unix(0, 0), ID: rapid.StringMatching(`[a-zA-Z0-9_.-]*`).Draw(t, "id"),
		}
		composed, err := m.compose()
		if err != nil {
			return
		}
		var b bytes.Buffer
		if _, err := composed.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		parsed, err := mail.ReadMessage(&b)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To"}
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(parsed.Header))); diff != "" {
			t.Fatalf("%+v:\n%s", m, diff)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.Join(strings.Fields(strings.ToValidUTF8(m.Subject, "\uFFFD")), " "); strings.Join(strings.Fields(subject), " ") != want {
			t.Fatalf("subject = %q, want %q", subject, want)
		}
	})
}
