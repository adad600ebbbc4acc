package config_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/config"
)

func parse(t *testing.T, text string) config.Config {
	t.Helper()
	c, err := config.Parse("the file", text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheFormatIsThatOfJavaProperties(t *testing.T) {
	t.Parallel()
	c := parse(t, strings.Join([]string{
		"# a comment", "! another", "", "a = 1", "b:2", "c 3", "  d=  four  words ", "e = a\\", "    b", `f = \u65e5\t!`, "g\\ h = x",
		"path = C:\\\\temp", "ref = ${a}", "loop = ${loop}", "open = ${", "日本 = 語", "empty =", "a = again",
	}, "\n"))
	for key, want := range map[string]string{
		"a": "again", "b": "2", "c": "3", "d": "four  words ", "e": "ab", "f": "日\t!", "g h": "x",
		"path": `C:\temp`, "ref": "${a}", "loop": "${loop}", "open": "${", "日本": "語", "empty": "",
	} {
		if got, ok := c.Lookup(key); !ok || got != want {
			t.Errorf("%s: got %q, %v; want %q", key, got, ok, want)
		}
	}
	if got := len(c.Keys()); got != 13 {
		t.Errorf("got %d keys: %q", got, c.Keys())
	}
}

func TestTextThatIsNoConfigurationIsRefusedWithItsSource(t *testing.T) {
	t.Parallel()
	_, err := config.Parse("/etc/heitan", `a = \u12`)
	if heitan.KindOf(err) != heitan.Invalid || !strings.HasPrefix(err.Error(), "read /etc/heitan: ") {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsLaidOverWins(t *testing.T) {
	t.Parallel()
	below := parse(t, "a = below\nb = below")
	above := config.FromMap("-X", map[string]string{"b": "above", "c": "above"})
	c := below.Over(above)
	if got := c.String("a", "") + c.String("b", "") + c.String("c", ""); got != "belowaboveabove" {
		t.Errorf("got %s", got)
	}
	if got := below.String("b", "") + above.String("a", "none"); got != "belownone" {
		t.Errorf("laying over changed what it was made of: %s", got)
	}
	if err := c.Invalid("b", "a color"); err.Error() != `setting b = "above" in -X: expected a color` {
		t.Errorf("got %v", err)
	}
}

func TestTypedValues(t *testing.T) {
	t.Parallel()
	c := parse(t, "yes = true\nno = false \nnumber = -12 \nlist = a, b,,c ,\nword = perhaps")
	if v, err := c.Bool("yes", false); !v || err != nil {
		t.Errorf("got %v, %v", v, err)
	}
	if v, err := c.Bool("no", true); v || err != nil {
		t.Errorf("got %v, %v", v, err)
	}
	if v, err := c.Bool("missing", true); !v || err != nil {
		t.Errorf("got %v, %v", v, err)
	}
	if v, err := c.Int("number", 1); v != -12 || err != nil {
		t.Errorf("got %v, %v", v, err)
	}
	if v, err := c.Int("missing", 7); v != 7 || err != nil {
		t.Errorf("got %v, %v", v, err)
	}
	if got := c.List("list"); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("got %q", got)
	}
	if got := c.List("missing"); got != nil {
		t.Errorf("got %q", got)
	}
	_, boolErr := c.Bool("word", true)
	_, intErr := c.Int("word", 1)
	for _, err := range []error{boolErr, intErr} {
		if heitan.KindOf(err) != heitan.Invalid || !strings.Contains(err.Error(), `setting word = "perhaps" in the file: expected`) {
			t.Errorf("got %v", err)
		}
	}
}

func TestUnderKeepsWhatIsBelowAPrefix(t *testing.T) {
	t.Parallel()
	c := parse(t, "params.a = 1\nparams.b.c = 2\nparams = 3\nparamsx = 4\nother.params.d = 5").Under("params")
	if got := c.Keys(); !slices.Equal(got, []string{"a", "b.c"}) {
		t.Errorf("got %q", got)
	}
}

func TestAnEmptyConfigurationCanBeRead(t *testing.T) {
	t.Parallel()
	var c config.Config
	if _, ok := c.Lookup("a"); ok || c.String("a", "x") != "x" || len(c.Keys()) != 0 || len(c.Under("a").Keys()) != 0 {
		t.Error("an empty configuration has something")
	}
	if got := c.Over(parse(t, "a = 1")).String("a", ""); got != "1" {
		t.Errorf("got %q", got)
	}
}

// Whatever bytes are in a file, reading it ends, with settings or an error.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"a=1", "a = \\u12", "\\", "=", "a\\\n b", "\xff=\xfe", "#\n!\n:"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := config.Parse("fuzz", text)
		if err == nil {
			for _, key := range c.Keys() {
				if _, ok := c.Lookup(key); !ok {
					t.Errorf("%q is a key that is not there", key)
				}
			}
		}
	})
}

func TestPortsAreNumbersOfPorts(t *testing.T) {
	t.Parallel()
	c := parse(t, "set = 587\nzero = 0\nlarge = 65536\nname = smtp")
	for key, want := range map[string]int{"set": 587, "missing": 25} {
		if got, err := c.Port(key, 25); err != nil || got != want {
			t.Errorf("%s: got %d, %v", key, got, err)
		}
	}
	for _, key := range []string{"zero", "large", "name"} {
		if _, err := c.Port(key, 25); heitan.KindOf(err) != heitan.Invalid {
			t.Errorf("%s: got %v", key, err)
		}
	}
	if _, err := c.Port("missing", 0); heitan.KindOf(err) != heitan.Invalid {
		t.Errorf("missing without a default: got %v", err)
	}
}
