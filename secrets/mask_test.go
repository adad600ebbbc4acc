package secrets_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/heitan/heitan/secrets"
)

func TestASecretIsHiddenHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hidden []string
		writes []string
		want   string
	}{
		{[]string{"s3cr3t"}, []string{"the s3cr3t is s3cr3t\n"}, "the *** is ***\n"},
		{[]string{"s3cr3t"}, []string{"the s3", "cr", "3t is out\n"}, "the *** is out\n"},
		{[]string{"s3cr3t"}, []string{"s3c", "s3cr3t", "x"}, "s3c***x"},
		{[]string{"s3cr3t"}, []string{"s3cr3"}, "s3cr3"},
		{[]string{"aaaab"}, []string{"aaaa", "aaaab"}, "aaaa***"},
		{[]string{"pass", "password"}, []string{"my password"}, "my ***"},
		{[]string{"password", "pass"}, []string{"my pass", "word"}, "my ***"},
		{[]string{"first line\nsecond line\r\n"}, []string{"second line, first line"}, "***, ***"},
		{[]string{"abc", "x", ""}, []string{"abc x"}, "abc x"},
		{[]string{"日本語"}, []string{"\xe6\x97", "\xa5本語!"}, "***!"},
		{[]string{"abab", "baba"}, []string{"ababa ab", "ab", "a"}, "*** ***"},
		{[]string{"xpass", "password"}, []string{"-xpass", "wor", "d-xpass", "-"}, "-***-***-"},
		{[]string{"pass", "password"}, []string{"pass", "wor", "k"}, "***work"},
		{[]string{"s3cr3t"}, []string{"s3cr3ts3cr3t"}, "******"},
		{[]string{`p"w\x é`}, []string{`{"a": "p\"w\\x é"} ?p%22w%5Cx+%C3%A9 /p%22w%5Cx%20%C3%A9 p"w\x é`}, `{"a": "***"} ?*** /*** ***`},
		{[]string{"{\n\"key\": 1\n}"}, []string{`"{\n\"key\": 1\n}"`}, `"{\n***\n}"`},
		{nil, []string{"nothing ", "hidden"}, "nothing hidden"},
	} {
		var out bytes.Buffer
		m := secrets.NewMask(&out)
		for _, h := range c.hidden {
			m.Hide(h)
		}
		for _, w := range c.writes {
			if n, err := m.Write([]byte(w)); n != len(w) || err != nil {
				t.Fatalf("got %d, %v", n, err)
			}
		}
		if err := m.Flush(); err != nil || out.String() != c.want {
			t.Errorf("%q hidden in %q: got %q, %v; want %q", c.hidden, c.writes, out.String(), err, c.want)
		}
	}
}

func TestLinesWithoutASecretPassAtOnce(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	m := secrets.NewMask(&out)
	m.Hide("s3cr3t")
	if _, err := m.Write([]byte("hello\n")); err != nil || out.String() != "hello\n" {
		t.Errorf("got %q, %v", out.String(), err)
	}
}

func TestTextsAreMasked(t *testing.T) {
	t.Parallel()
	m := secrets.NewMask(nil)
	if got := m.Text("a s3cr3t"); got != "a s3cr3t" {
		t.Errorf("got %q", got)
	}
	m.Hide("s3cr3t")
	if got := m.Text("a s3cr3t"); got != "a ***" {
		t.Errorf("got %q", got)
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestAFailureToWriteIsReported(t *testing.T) {
	t.Parallel()
	m := secrets.NewMask(brokenWriter{})
	m.Hide("s3cr3t")
	if _, err := m.Write([]byte("hello")); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}

// Where a text is cut into writes makes no difference to what is seen, and no
// secret is seen.
func TestCutsMakeNoDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		alphabet := rapid.StringMatching(`[ab\n]{0,12}`)
		hidden := rapid.SliceOfN(rapid.StringMatching(`[ab]{4,6}`), 1, 3).Draw(t, "hidden")
		text := rapid.SliceOf(rapid.OneOf(alphabet, rapid.SampledFrom(hidden))).Draw(t, "text")
		var whole, pieces bytes.Buffer
		one, many := secrets.NewMask(&whole), secrets.NewMask(&pieces)
		for _, h := range hidden {
			one.Hide(h)
			many.Hide(h)
		}
		_, _ = one.Write([]byte(strings.Join(text, "")))
		for rest := []byte(strings.Join(text, "")); len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "cut")
			_, _ = many.Write(rest[:n])
			rest = rest[n:]
		}
		if err := errors.Join(one.Flush(), many.Flush()); err != nil {
			t.Fatal(err)
		}
		if whole.String() != pieces.String() {
			t.Fatalf("at once %q, in pieces %q", whole.String(), pieces.String())
		}
		for _, h := range hidden {
			if strings.Contains(whole.String(), h) {
				t.Fatalf("%q is seen in %q", h, whole.String())
			}
		}
	})
}
