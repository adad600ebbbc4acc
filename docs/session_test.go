package docs_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/runner/docker/dockertest"
)

// TestSessionsShowWhatHappens runs the console blocks of each page, one after the
// other in one shell, and compares what the commands print with what is shown.
func TestSessionsShowWhatHappens(t *testing.T) {
	t.Parallel()
	for _, p := range pages(t) {
		s := &session{page: p}
		for _, b := range p.blocks {
			s.add(b)
		}
		if len(s.steps) == 0 {
			continue
		}
		t.Run(p.path, func(t *testing.T) {
			t.Parallel()
			s.prepare(t)
			s.run(t)
		})
	}
}

// session is what a reader does who follows a page: files are written where the
// reader stands, commands are typed.
type session struct {
	page   *page
	needs  []string
	script string
	steps  []step
	env    []string // beside that of the test
}

// step is one command and what is shown of its output.
type step struct {
	line    int
	command string
	shown   []string
	fails   bool
}

// Separators of the output. The status of a command is restored behind them, so
// that a page may show `echo $?`.
const (
	mark   = "\x01"
	footer = `__status=$?; printf '` + "\\001%d\\n" + `' $__status; (exit $__status)` + "\n"
)

func (s *session) add(b block) {
	if b.needs != "" && (b.title != "" || b.language == "console") {
		s.needs = append(s.needs, strings.Fields(b.needs)...)
	}
	switch {
	case b.title != "":
		s.script += fmt.Sprintf("mkdir -p \"$(dirname '%[1]s')\"; cat > '%[1]s' <<'END-OF-FILE'\n%[2]sEND-OF-FILE\n", b.title, b.text)
		if strings.HasPrefix(b.text, "#!") {
			s.script += fmt.Sprintf("chmod +x '%s'\n", b.title)
		}
	case b.language == "console":
		s.addCommands(b)
	}
}

func (s *session) addCommands(b block) {
	first := len(s.steps)
	continued := false
	for i, line := range strings.Split(strings.TrimSuffix(b.text, "\n"), "\n") {
		switch typed, isCommand := strings.CutPrefix(line, "$ "); {
		case isCommand:
			s.steps = append(s.steps, step{line: b.line + 1 + i, command: typed})
			continued = strings.HasSuffix(typed, "\\")
		case continued:
			last := &s.steps[len(s.steps)-1]
			last.command += "\n" + line
			continued = strings.HasSuffix(line, "\\")
		case len(s.steps) > first:
			last := &s.steps[len(s.steps)-1]
			last.shown = append(last.shown, line)
		}
	}
	if b.fails && len(s.steps) > first {
		s.steps[len(s.steps)-1].fails = true
	}
	for i := range s.steps[first:] {
		step := &s.steps[first+i]
		step.command = strings.ReplaceAll(step.command, "go run ./cmd/heitan ", "heitan ")
		s.script += step.command + "\n" + footer
	}
}

// prepare makes sure that the machine has what the page needs.
func (s *session) prepare(t *testing.T) {
	for _, component := range s.needs {
		if component != string(testenv.Docker) {
			testenv.Need(t, testenv.Component(component))
			continue
		}
		engine := dockertest.Need(t)
		s.env = append(s.env, "DOCKER_HOST="+engine.Host)
		s.script = strings.ReplaceAll(s.script, publicImage, dockertest.Image)
	}
}

// publicImage is the image that pages use. Tests have one like it, that needs no
// registry.
const publicImage = "busybox:1.36"

func (s *session) run(t *testing.T) {
	dir := t.TempDir()
	if strings.Contains(s.script, "examples/") {
		if err := os.CopyFS(filepath.Join(dir, "examples"), os.DirFS(filepath.Join(root, "examples"))); err != nil {
			t.Fatal(err)
		}
	}
	cmd := shell(t, dir, "exec 2>&1\n"+s.script)
	cmd.Env = append(cmd.Env, s.env...)
	out, err := cmd.CombinedOutput()
	text := string(out)
	for _, step := range s.steps {
		before, after, found := strings.Cut(text, mark)
		if !found {
			t.Fatalf("%s:%d: the shell ended at %s: %v\n%s", s.page.path, step.line, step.command, err, text)
		}
		var code string
		code, text, _ = strings.Cut(after, "\n")
		status, _ := strconv.Atoi(code)
		if (status != 0) != step.fails {
			t.Errorf("%s:%d: %s: exit status %d\n%s", s.page.path, step.line, step.command, status, before)
		}
		if len(step.shown) > 0 && !matches(step.shown, before) {
			t.Errorf("%s:%d: %s\nis said to print\n%s\nbut prints\n%s", s.page.path, step.line, step.command, strings.Join(step.shown, "\n"), before)
		}
	}
}

// shell runs a script in a folder, as a user without any settings.
func shell(t *testing.T, dir, script string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+filepath.Join(dir, ".home"), "TZ=UTC", "DIGDAG_CONFIG=", "DIGDAG_CONFIG_HOME=", "XDG_CONFIG_HOME=")
	return cmd
}

var logTime = regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}`)

// matches compares lines that are shown with those that were printed. A line `...`
// stands for any number of lines, `...` in a line for any text. The times at which
// lines were logged do not matter.
func matches(shown []string, printed string) bool {
	var pattern strings.Builder
	pattern.WriteString(`^`)
	for _, line := range shown {
		if line == "..." {
			pattern.WriteString(`(?:[^\n]*\n)*?`)
			continue
		}
		line = regexp.QuoteMeta(logTime.ReplaceAllString(line, "TIME"))
		pattern.WriteString(strings.ReplaceAll(line, regexp.QuoteMeta("..."), `[^\n]*`) + `\n`)
	}
	pattern.WriteString(`$`)
	if printed != "" && !strings.HasSuffix(printed, "\n") {
		printed += "\n"
	}
	return regexp.MustCompile(pattern.String()).MatchString(logTime.ReplaceAllString(printed, "TIME"))
}
