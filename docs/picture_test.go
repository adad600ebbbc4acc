package docs_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "make the picture of a run anew; needs tmux")

const picture = "images/run.svg"

// typedForPicture is what is typed in the picture.
var typedForPicture = []string{
	"heitan run nightly.dig -L nightly.log",
	"touch warehouse.ok",
	"heitan run nightly.dig -L nightly.log",
}

// TestPicture makes the picture of a run on a terminal with -update. Without, it
// sees to it that the picture is one and still shows how such a run ends.
func TestPicture(t *testing.T) {
	t.Parallel()
	if *update {
		if err := os.WriteFile(picture, []byte(drawScreen(terminalSession(t))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text := textOfPicture(t)
	wanted := []string{
		"✗ +load", "last output:", "| the warehouse is closed", "error: 1 task of", "* Go on where it failed:", "Success.",
	}
	for _, typed := range typedForPicture {
		wanted = append(wanted, "\n$ "+typed+"\n")
	}
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("the picture does not show %q", want)
		}
	}
}

// terminalSession types commands on a terminal and returns its screen, with
// escape sequences for colours.
func terminalSession(t *testing.T) string {
	dir := t.TempDir()
	workflow, err := os.ReadFile("images/nightly.dig")
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "nightly.dig"), string(workflow))
	server := fmt.Sprintf("heitan-docs-%d", os.Getpid())
	tmux := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "tmux", append([]string{"-L", server, "-u"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HOME="+dir, "TZ=UTC", "TERM=xterm-256color", "PS1=$ ")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("tmux %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	tmux("-f", "/dev/null", "new-session", "-d", "-s", "run", "-x", strconv.Itoa(columns), "-y", "60", "sh")
	defer tmux("kill-server")
	for i, typed := range append([]string{"PS1='$ '; clear"}, typedForPicture...) {
		done := fmt.Sprintf("done-%d", i)
		tmux("send-keys", "-t", "run", typed+"; tmux -L "+server+" wait-for -S "+done, "Enter")
		tmux("wait-for", done)
		awaitPrompt(t, func() string { return tmux("capture-pane", "-p", "-t", "run") })
	}
	return withoutSignals(tmux("capture-pane", "-p", "-e", "-t", "run"), server)
}

// awaitPrompt returns when the last line of the screen is the prompt.
func awaitPrompt(t *testing.T, screen func() string) {
	for range 1000 {
		lines := strings.Split(strings.TrimRight(screen(), " \n"), "\n")
		if lines[len(lines)-1] == "$" {
			return
		}
	}
	t.Fatal("the shell shows no prompt")
}

// withoutSignals leaves out what tells that a command has ended.
func withoutSignals(screen, server string) string {
	signal := regexp.MustCompile("; tmux -L " + server + ".*")
	screen = signal.ReplaceAllString(strings.TrimRight(screen, "\n $"), "")
	lines := strings.Split(screen, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

var escape = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// Sizes of the picture, in pixels.
const (
	columnWidth = 8.43
	lineHeight  = 19
	margin      = 16
	columns     = 114
)

// colors are those of the terminal's SGR codes that heitan uses.
var colors = map[int]string{31: "#f47067", 32: "#8ddb8c", 33: "#e0b46a", 35: "#dcbdfb", 36: "#6cb6ff", 90: "#768390"}

// style is how the next text looks.
type style struct {
	color string
	bold  bool
}

func (s *style) apply(codes string) {
	for code := range strings.SplitSeq(codes, ";") {
		switch n, _ := strconv.Atoi(code); {
		case n == 0:
			*s = style{}
		case n == 1:
			s.bold = true
		case n == 22:
			s.bold = false
		case n == 39:
			s.color = ""
		case colors[n] != "":
			s.color = colors[n]
		}
	}
}

// drawScreen makes an SVG of a terminal's screen.
func drawScreen(screen string) string {
	lines := strings.Split(screen, "\n")
	width, height := 2*margin+columns*columnWidth, 2*margin+lineHeight*len(lines)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" viewBox="0 0 %.0f %d" role="img">`+"\n", width, height, width, height)
	b.WriteString("<title>heitan run on a terminal: a run fails, and the next goes on where it failed</title>\n")
	b.WriteString(`<rect width="100%" height="100%" rx="8" fill="#22272e"/>` + "\n")
	b.WriteString(`<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="#cdd9e5" xml:space="preserve">` + "\n")
	var now style // goes on from line to line
	for i, line := range lines {
		drawLine(&b, &now, line, margin+lineHeight*i+14)
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

func drawLine(b *strings.Builder, now *style, line string, y int) {
	column := 0
	for line != "" {
		text := line
		at := escape.FindStringSubmatchIndex(line)
		if at != nil {
			text = line[:at[0]]
		}
		if length := len([]rune(text)); strings.TrimSpace(text) != "" {
			fmt.Fprintf(b, `<text x="%.1f" y="%d" textLength="%.1f"%s>%s</text>`+"\n",
				margin+float64(column)*columnWidth, y, float64(length)*columnWidth, now.attributes(), html.EscapeString(text))
		}
		column += len([]rune(text))
		if at == nil {
			return
		}
		now.apply(line[at[2]:at[3]])
		line = line[at[1]:]
	}
}

func (s *style) attributes() string {
	text := ""
	if s.color != "" {
		text += ` fill="` + s.color + `"`
	}
	if s.bold {
		text += ` font-weight="bold"`
	}
	return text
}

// textOfPicture is the text of the picture, the pieces of a line joined.
func textOfPicture(t *testing.T) string {
	f, err := os.Open(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var text strings.Builder
	y := ""
	for d := xml.NewDecoder(f); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			for _, a := range token.Attr {
				if a.Name.Local == "y" && a.Value != y {
					text.WriteByte('\n')
					y = a.Value
				}
			}
		case xml.CharData:
			text.WriteString(strings.Trim(string(token), "\n"))
		}
	}
}
