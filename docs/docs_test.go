// Package docs_test holds the pages of this repository to their word: what they
// show is run, what they link to exists, and the commands and options that they
// name are heitan's. CONTRIBUTING.md says how blocks are marked.
package docs_test

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	_ "time/tzdata"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/heitan/heitan/cli"
)

// TestMain makes this binary the command heitan, first on PATH.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"heitan": func() { os.Exit(cli.Main(cli.System())) },
	})
}

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	all := make(map[string]*page)
	for _, p := range pages(t) {
		all[p.path] = p
	}
	for _, p := range all {
		for _, l := range p.links {
			file, anchor, _ := strings.Cut(l.target, "#")
			target := p.path
			if file != "" {
				target = path.Join(path.Dir(p.path), file)
			}
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(target))); err != nil {
				t.Errorf("%s:%d: there is no %s", p.path, l.line, l.target)
				continue
			}
			if to := all[target]; anchor != "" && (to == nil || !to.anchors[anchor]) {
				t.Errorf("%s:%d: %s has no heading #%s", p.path, l.line, target, anchor)
			}
		}
	}
}

// TestBlocksHaveKnownLanguages keeps a misspelt language from being passed over.
func TestBlocksHaveKnownLanguages(t *testing.T) {
	t.Parallel()
	known := " console dig go ini json mermaid mysql properties py python rb ruby sh sql text toml xml yaml yml csv html js javascript svg dockerfile makefile "
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			switch {
			case b.language == "":
				t.Errorf("%s:%d: the block has no language; use text for plain text", p.path, b.line)
			case !strings.Contains(known, " "+b.language+" "):
				t.Errorf("%s:%d: the language %s is not known", p.path, b.line, b.language)
			case b.language != "console" && strings.HasPrefix(b.text, "$ "):
				t.Errorf("%s:%d: a session with output is a console block", p.path, b.line)
			}
		}
	}
}

// TestWorkflowsAreCorrect checks every dig block as a file of its own, in a
// folder with the files that its page names before.
func TestWorkflowsAreCorrect(t *testing.T) {
	t.Parallel()
	for _, p := range pages(t) {
		t.Run(p.path, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for _, b := range p.blocks {
				if b.title != "" && !b.broken {
					writeFile(t, filepath.Join(dir, b.title), b.text)
				}
			}
			for _, b := range p.blocks {
				if b.language != "dig" || b.broken {
					continue
				}
				name := b.title
				if name == "" {
					name = "fragment.dig"
				}
				writeFile(t, filepath.Join(dir, name), b.text)
				if out, err := shell(t, dir, "heitan check "+name).CombinedOutput(); err != nil {
					t.Errorf("%s:%d: %v\n%s", p.path, b.line, err, out)
				}
				if b.title == "" {
					os.Remove(filepath.Join(dir, name))
				}
			}
		})
	}
}

func writeFile(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	mode := os.FileMode(0o644)
	if strings.HasPrefix(text, "#!") {
		mode = 0o755
	}
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// TestReadersLearnTheNamesOfFiles sees to it that a file's name is in sight: titles
// of blocks are not shown.
func TestReadersLearnTheNamesOfFiles(t *testing.T) {
	t.Parallel()
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			shown := strings.HasPrefix(b.text, "# "+b.title+"\n") || strings.Contains(b.before, "`"+b.title+"`")
			if b.title != "" && !shown {
				t.Errorf("%s:%d: the text before the block does not name `%s`, nor does a comment in its first line", p.path, b.line, b.title)
			}
		}
	}
}
