package javaregexp

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

var errEnough = errors.New("enough")

// limited ends a match after some millions of steps.
func limited() func() error {
	steps := 0
	return func() error {
		if steps++; steps > 1000 {
			return errEnough
		}
		return nil
	}
}

func replaceAll(c replacement) string {
	re, err := Compile(c.pattern)
	if err != nil {
		return "!"
	}
	got, err := re.Replace(c.text, c.with, true, 1<<20, limited())
	if err != nil {
		return "!"
	}
	return got
}

func TestReplaceAllIsThatOfJava(t *testing.T) {
	t.Parallel()
	for _, c := range replacements {
		if got := replaceAll(c); got != c.want {
			t.Errorf("%q.replaceAll(%q, %q) = %q, want %q", c.text, c.pattern, c.with, got, c.want)
		}
	}
}

func TestTableIsWhatJavaSays(t *testing.T) {
	t.Parallel()
	for i, want := range askJava(t, "all", replacements) {
		if c := replacements[i]; c.want != want {
			t.Errorf("%q.replaceAll(%q, %q): the table has %q, Java says %q", c.text, c.pattern, c.with, c.want, want)
		}
	}
}

func TestRandomPatternsMeanWhatTheyMeanInJava(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 8))
	assertions := []string{"^", "$", `\b`, `\B`, "(?=a)", "(?<!b)"} // which nobody repeats
	atoms := []string{"a", "b", "ab", ".", `\d`, `\w`, `\s`, `[ab]`, `[^a]`, `[a-c&&[^b]]`, "(a)", "(?:ab)", "(a|b)", "-", "1", `\Q.\E`, `\p{Alpha}`}
	quantifiers := []string{"", "", "", "", "*", "+", "?", "*?", "+?", "{2}", "{1,2}", "++", "?+"}
	texts := []string{"aab", "abab12", "a b-a", "b.a\na", "", "aaa", "1-2-ab", "ba\r\nab"}
	var calls []replacement
	for range 1500 {
		var pattern strings.Builder
		for range 1 + random.IntN(4) {
			if random.IntN(5) == 0 {
				pattern.WriteString(assertions[random.IntN(len(assertions))])
			}
			pattern.WriteString(atoms[random.IntN(len(atoms))] + quantifiers[random.IntN(len(quantifiers))])
		}
		calls = append(calls, replacement{text: texts[random.IntN(len(texts))], pattern: pattern.String(), with: "<$0>"})
	}
	for i, want := range askJava(t, "all", calls) {
		if got := replaceAll(calls[i]); got != want {
			t.Errorf("%q.replaceAll(%q, %q) = %q, Java says %q", calls[i].text, calls[i].pattern, calls[i].with, got, want)
		}
	}
}

func TestMatchesMeansTheWholeText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, pattern string
		want          bool
	}{
		{"abc", "abc", true},
		{"abc", "b", false},
		{"abc", "a|abc", true},
		{"abc\n", "abc", false},
		{"abc\n", "abc$", false},
		{"", "", true},
		{"2026-03-01", `\d{4}-\d\d-\d\d`, true},
		{"a\nb", ".*", false},
		{"a\nb", "(?s).*", true},
	} {
		re, err := Compile(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := re.Matches(c.text, limited()); got != c.want || err != nil {
			t.Errorf("%q.matches(%q) = %v, %v", c.text, c.pattern, got, err)
		}
	}
}

func TestReplaceFirstLeavesTheRest(t *testing.T) {
	t.Parallel()
	re, err := Compile("a")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := re.Replace("baab", "x", false, 100, limited()); got != "bxab" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestReplaceIsBounded(t *testing.T) {
	t.Parallel()
	re, err := Compile("a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := re.Replace(strings.Repeat("a", 1000), strings.Repeat("x", 1000), true, 10_000, limited()); !errors.Is(err, ErrTooLong) {
		t.Errorf("a result that is too long: %v", err)
	}
	if re, err = Compile("^(a+)+$"); err != nil {
		t.Fatal(err)
	}
	if _, err := re.Matches(strings.Repeat("a", 40)+"b", limited()); !errors.Is(err, errEnough) {
		t.Errorf("endless backtracking: %v", err)
	}
}

func FuzzCompile(f *testing.F) {
	for _, c := range replacements {
		f.Add(c.pattern, c.text, c.with)
	}
	f.Fuzz(func(t *testing.T, pattern, text, with string) {
		if len(pattern) > 200 || len(text) > 200 {
			t.Skip()
		}
		re, err := Compile(pattern)
		if err != nil {
			return
		}
		_, _ = re.Replace(text, with, true, 1<<16, limited())
	})
}
