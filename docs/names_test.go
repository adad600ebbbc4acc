package docs_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"
)

var (
	optionInHelp = regexp.MustCompile(`(?m)^\s+(?:(-\w), )?(--[\w-]+)`)
	commandLine  = regexp.MustCompile(`(?m)(?:^|[\s;|&(])(?:heitan|go run \./cmd/heitan) ([a-z].*)$`)
	// accepted are options that Digdag's users know and that no help shows.
	accepted = []string{"--session-time", "--all", "--timezone", "--logback-config", "--help", "-h", "--version"}
)

// TestCommandsAndOptionsExist looks at each command line of heitan in blocks and in
// running text.
func TestCommandsAndOptionsExist(t *testing.T) {
	t.Parallel()
	h := &help{options: make(map[string]map[string]bool)}
	for _, p := range pages(t) {
		for _, c := range p.commands {
			h.check(t, p, c.line, strings.TrimPrefix(c.text, "heitan "))
		}
		for _, b := range p.blocks {
			if b.language != "sh" && b.language != "console" {
				continue
			}
			for n, line := range strings.Split(b.text, "\n") {
				typed, isCommand := strings.CutPrefix(line, "$ ")
				if b.language == "console" && !isCommand {
					continue
				}
				if m := commandLine.FindStringSubmatch(typed); m != nil {
					h.check(t, p, b.line+1+n, m[1])
				}
			}
		}
	}
}

// help is what heitan says of its commands, asked once for each.
type help struct {
	mu      sync.Mutex
	options map[string]map[string]bool // of a command; nil if there is none of that name
}

func (h *help) of(t *testing.T, command string) map[string]bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	options, asked := h.options[command]
	if asked {
		return options
	}
	out, err := shell(t, t.TempDir(), "heitan "+command+" --help").CombinedOutput()
	if err == nil && !strings.Contains(string(out), "unknown command") {
		options = make(map[string]bool)
		for _, m := range optionInHelp.FindAllStringSubmatch(string(out), -1) {
			options[m[1]], options[m[2]] = true, true
		}
		for _, name := range accepted {
			options[name] = true
		}
	}
	h.options[command] = options
	return options
}

func (h *help) check(t *testing.T, p *page, line int, typed string) {
	typed, _, _ = strings.Cut(typed, "#")
	words := strings.Fields(typed)
	if len(words) == 0 || strings.ToUpper(words[0]) == words[0] { // a placeholder such as COMMAND
		return
	}
	name := words[0]
	if name == "help" {
		return
	}
	options := h.of(t, name)
	if options == nil {
		t.Errorf("%s:%d: there is no command `heitan %s`", p.path, line, name)
		return
	}
	for _, word := range words[1:] {
		option, _, _ := strings.Cut(word, "=")
		option = strings.Trim(option, "[]()")
		if !strings.HasPrefix(option, "-") || strings.Trim(option, "-") == "" {
			continue
		}
		if !strings.HasPrefix(option, "--") && len(option) > 2 { // -dE, -Xkey=value
			option = option[:2]
		}
		if !options[option] {
			t.Errorf("%s:%d: `heitan %s` has no option %s", p.path, line, name, option)
		}
	}
}
