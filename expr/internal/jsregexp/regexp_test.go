package jsregexp

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/heitan/heitan/expr/internal/regex"
	"github.com/heitan/heitan/internal/testenv"
)

// search is a pattern that is matched again and again along a text.
type search struct{ Pattern, Flags, Text string }

var errEnough = errors.New("enough")

// span is where a group matched, in UTF-16 units, or nil.
type span []int

// compilePattern compiles the pattern of a search as a script would.
func compilePattern(s search) (*Regexp, error) {
	flags := Flags{
		IgnoreCase: strings.Contains(s.Flags, "i"), Multiline: strings.Contains(s.Flags, "m"),
		DotAll: strings.Contains(s.Flags, "s"), Unicode: strings.Contains(s.Flags, "u"),
	}
	return Compile(runesOf(s.Pattern, flags.Unicode), flags)
}

func runesOf(text string, unicode bool) []rune {
	if unicode {
		return []rune(text)
	}
	var units []rune
	for _, unit := range utf16.Encode([]rune(text)) {
		units = append(units, rune(unit))
	}
	return units
}

// find is all matches with their groups, as askNode reports them, or false if
// that takes too long.
func find(t *testing.T, s search) (found string, ok bool) {
	t.Helper()
	re, err := compilePattern(s)
	if err != nil {
		return `"!"`, true
	}
	steps := 0
	limited := func() error {
		if steps++; steps > 500 {
			return errEnough
		}
		return nil
	}
	unicode := strings.Contains(s.Flags, "u")
	text := runesOf(s.Text, unicode)
	position := func(i int) int {
		if !unicode {
			return i
		}
		return len(utf16.Encode(text[:i]))
	}
	matches := [][]span{}
	for from := 0; from <= len(text) && len(matches) < 30; {
		slots, err := re.Match(text, from, strings.Contains(s.Flags, "y"), limited)
		if err != nil {
			return "", false
		}
		if slots == nil {
			break
		}
		var groups []span
		for i := 0; i < len(slots); i += 2 {
			if slots[i] < 0 {
				groups = append(groups, nil)
				continue
			}
			groups = append(groups, span{position(slots[i]), position(slots[i+1])})
		}
		matches = append(matches, groups)
		if from = slots[1]; slots[0] == slots[1] {
			from++
		}
	}
	answer, err := json.Marshal(matches)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer), true
}

// askNode has node do the searches.
func askNode(t *testing.T, searches []search) []string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		if testenv.Required(testenv.NPM) {
			t.Fatalf("node is required by HEITAN_TEST_REQUIRE: %v", err)
		}
		t.Skipf("needs node: %v", err)
	}
	const script = `
const answers = JSON.parse(require('fs').readFileSync(0, 'utf8')).map(({Pattern, Flags, Text}) => {
	try {
		const re = new RegExp(Pattern, Flags + 'd' + (Flags.includes('y') ? '' : 'g')), all = [];
		for (let m; all.length < 30 && (m = re.exec(Text));) {
			all.push(Array.from(m.indices, i => i ? [i[0], i[1]] : null));
			if (m[0] === '') re.lastIndex += Flags.includes('u') && Text.codePointAt(re.lastIndex) > 0xffff ? 2 : 1;
		}
		return JSON.stringify(all);
	} catch (e) {
		return '"!"';
	}
});
process.stdout.write(JSON.stringify(answers));`
	input, err := json.Marshal(searches)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, "-e", script)
	cmd.Env = append(os.Environ(), "NODE_OPTIONS=")
	cmd.Stdin = bytes.NewReader(input)
	var failure bytes.Buffer
	cmd.Stderr = &failure
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("run node: %v\n%s", err, failure.String())
	}
	var answers []string
	if err := json.Unmarshal(output, &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

func compare(t *testing.T, searches []search) {
	t.Helper()
	for i, want := range askNode(t, searches) {
		if got, ok := find(t, searches[i]); ok && got != want {
			t.Errorf("/%s/%s in %q\n got %s\nwant %s", searches[i].Pattern, searches[i].Flags, searches[i].Text, got, want)
		}
	}
}

func TestRandomPatternsMatchAsInNode(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	assertions := []string{"^", "$", `\b`, `\B`, "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?<=(a|b)*)", "(?=(a))", "(?<=(ab?)+)", "(?!(b)a)"}
	atoms := []string{
		"a", "b", "ab", ".", `\d`, `\w`, `\s`, `\D`, `\W`, `\S`, "[ab]", "[^a]", "[^ab]", `[^\d]`, "[a-c]", "(a)", "(?:ab)", "(a|b)", "(?:a|bc)",
		"(?:ab|ac|ad)", "(a|)", "(|a)", "-", "1", "x", "é", "[^]", "[]", `\n`, "(?:a*b|c)", "(a*)", "((a)|b)", `\1`, `\2`, "(?<n>a)", `\k<n>`, "日",
		`[\w-]`, `[\d-x]`, `[\b]`, "😀", "[😀-😂]", `\u0061`, `\x61`, "A", "[A-B]", `\/`, "]", "{", "}", `\ca`, `\0`, `\8`, "k", "ß", "ſ", "K",
	}
	quantifiers := []string{"", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?", "{2,}", "{0}", "{,2}"}
	texts := []string{
		"aab", "abab12", "a b-a", "b.a\na", "", "aaa", "1-2-ab", "ba\r\nab", "xéab ac ad", "bcabca", "AaBbßſK", "aaaaaaaaab", "---a1",
		"日本ab日", "😀a😁b", "{,2}a]", "\u2028a\u2029", "aabaab\x00\b8",
	}
	var term func(depth int) string
	term = func(depth int) string {
		var b strings.Builder
		for range 1 + random.IntN(3) {
			switch {
			case random.IntN(6) == 0:
				b.WriteString(pick(assertions))
			case depth > 0 && random.IntN(4) == 0:
				b.WriteString(pick([]string{"(", "(?:"}) + term(depth-1) + pick([]string{")", "|" + term(0) + ")"}) + pick(quantifiers))
			default:
				b.WriteString(pick(atoms) + pick(quantifiers))
			}
		}
		return b.String()
	}
	var searches []search
	for range 5000 {
		s := search{term(2), pick([]string{"", "", "i", "m", "s", "u", "iu", "y", "im"}), pick(texts)}
		if strings.Contains(s.Flags, "u") && strings.Contains(s.Text, "😀") {
			continue // node also looks inside of surrogate pairs, against the standard
		}
		searches = append(searches, s)
	}
	compare(t, searches)
}

func TestPatternsMatchAsInNode(t *testing.T) {
	t.Parallel()
	var searches []search
	for line := range strings.Lines(`
(z)((a+)?(b+)?(c))*	zaacbbbcac
(?:(a)|b)*	ab
(?=(a+))a*b\1	baaabac
(.*?)a(?!(a+)b\2c)\2(.*)	baaabaac
(a*)b\1+	baaaac
(?:a*?){2,}	aaa
(?:a*?)*?b	aab
((a)|(b))+	ab
(?<=\$)(\d+)(\.\d+)?	a $10.53 b
(?<=(\d+)(\d+))$	1053
(?<=\1(a))	aa
(?<!abc)\w\w\w	abcdef
(?<a>.)(?<b>.)\k<b>\k<a>	abba
\k<a>	k<a>
\1(a)	aa
[a-z]+?\d{2,3}	ab1234
^(?:\w+\.)+\w+$	a.b.c
(\w+)\s(\w+)	John Smith
\bfoo\b	a foo b
日\b	日 日
[\u3040-\u309f]+	かなカナ
(?:)	ab
[^]	a
\cJ	x
a{,2}	a{,2}
a{2	aa{2
x{1}{2}	xx
(?:(?:(?:a)))	a
[\]]	]
[^^]	^a
[a\-c]	-b
[\d\-]	1-
[a-\d]	a-1
\_	_
\/	/
(?i:a)	a
(	a
)	a
[b-a]	a
a**	a
(?<1>a)	a
(?<a>a)(?<a>b)	a
\u{61}	a
\p{L}	aé
`) {
		pattern, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			continue
		}
		for _, flags := range []string{"", "i", "u"} {
			searches = append(searches, search{pattern, flags, text})
		}
	}
	searches = append(searches, []search{
		{`\p{Lu}\p{Script=Han}+`, "u", "A漢字"},
		{`\P{L}`, "u", "aé1"},
		{`\p{sc=Hira}|\p{Hiragana}`, "u", "か"},
		{`^.$`, "u", "😀"},
		{`^.$`, "", "😀"},
		{`[^a]`, "u", "😀"},
		{`\u{1F600}`, "u", "😀"},
		{`\ud83d\ude00`, "u", "😀"},
		{`\ud83d`, "u", "😀"},
		{`\ud83d`, "", "😀"},
		{`(.)\1`, "iu", "ſS"},
		{`(.)\1`, "i", "éÉ"},
		{`[^x]`, "iu", "xX"},
		{`\w`, "iu", "ſK"},
		{`\W`, "iu", "ſKs"},
		{`\b`, "iu", "ſ"},
		{"a$\n^b", "m", "a\nb"},
		{`a.b`, "s", "a\nb"},
		{`-`, "y", "a-"},
	}...)
	compare(t, searches)
}

func TestMatchingStopsWhenItIsTold(t *testing.T) {
	t.Parallel()
	stop := errors.New("stop")
	for _, pattern := range []string{`^(a+)+$`, `^(a|a)*$`, `(x+x+)+y`} {
		re, err := compilePattern(search{Pattern: pattern})
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		_, err = re.Match([]rune(strings.Repeat("a", 40)+"b"+strings.Repeat("x", 40)), 0, false, func() error {
			if asked++; asked == 10 {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) {
			t.Errorf("%s ended with %v", pattern, err)
		}
	}
}

func TestMatchingIsBoundedInMemory(t *testing.T) {
	t.Parallel()
	re, err := compilePattern(search{Pattern: `^(?:.|\n)*x$`})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := re.Match(make([]rune, 5<<20), 0, false, func() error { return nil }); !errors.Is(err, regex.ErrTooMuch) {
		t.Errorf("ended with %v", err)
	}
}

func BenchmarkMatch(b *testing.B) {
	re, err := compilePattern(search{Pattern: `(\d{4})-(\d\d)-(\d\d)`})
	if err != nil {
		b.Fatal(err)
	}
	text := []rune(strings.Repeat("text ", 100) + "2026-03-01")
	b.ReportAllocs()
	for b.Loop() {
		if m, err := re.Match(text, 0, false, func() error { return nil }); m == nil || err != nil {
			b.Fatal(m, err)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, pattern := range []string{"(a|b)*?[^c-d]{2,3}$", `\u{61}\p{L}\k<n>(?<n>x)`, `(?<=a\1)(b)`, "[\\d-x]", "{1", "\\"} {
		f.Add(pattern, "i", "abc")
		f.Add(pattern, "u", "abc")
	}
	f.Fuzz(func(t *testing.T, pattern, flags, text string) {
		if len(pattern) > 300 || len(text) > 100 {
			t.Skip()
		}
		re, err := compilePattern(search{Pattern: pattern, Flags: flags})
		if err != nil {
			return
		}
		steps := 0
		_, _ = re.Match(runesOf(text, true), 0, false, func() error {
			if steps++; steps > 100 {
				return errEnough
			}
			return nil
		})
	})
}
