package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sourcePath is text in code that can only be a path of the repository.
var sourcePath = regexp.MustCompile(`^[a-z*][\w*.-]*(/[\w*.-]+)+/?$|^[a-z]\w*\.(go|md|yml)$`)

// TestNamedFilesExist keeps the pages about the code in step with it.
func TestNamedFilesExist(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ARCHITECTURE.md", "CONTRIBUTING.md"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for number, line := range strings.Split(string(text), "\n") {
			folder := ""
			for _, code := range codeSpan.FindAllStringSubmatch(line, -1) {
				path := strings.TrimSuffix(code[1], "/...")
				if !sourcePath.MatchString(path) || strings.HasPrefix(path, "heitan-") || strings.HasPrefix(path, "testing/") {
					continue
				}
				// In `engine/run.go`, `retry.go` the second is in the folder of the first.
				found, _ := filepath.Glob(filepath.Join(root, path))
				if len(found) == 0 && folder != "" {
					found, _ = filepath.Glob(filepath.Join(root, folder, path))
				}
				if len(found) == 0 {
					t.Errorf("%s:%d: there is no %s", name, number+1, path)
				}
				if dir := filepath.Dir(path); dir != "." {
					folder = dir
				}
			}
		}
	}
}

// TestLayersAreComplete keeps the table of layers in step with the folders there are
// and with the rules that hold it. Nobody may import the program, and everybody the
// nouns, so there is no rule for these.
func TestLayersAreComplete(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	_, table, _ := strings.Cut(read("ARCHITECTURE.md"), "## Layers")
	table, _, _ = strings.Cut(table, "\n## ")
	rules := read(".golangci.yml")
	var folders []string
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		layer := strings.TrimSpace(cells[1])
		for _, code := range codeSpan.FindAllStringSubmatch(cells[2], -1) {
			folder, _, _ := strings.Cut(code[1], "/")
			folders = append(folders, folder)
			if layer != "program" && layer != "nouns" && !strings.Contains(rules, "pkg: github.com/heitan/heitan/"+folder+",") {
				t.Errorf(".golangci.yml has no depguard rule for %s", folder)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "*", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d files, %v", len(files), err)
	}
	for _, file := range files {
		folder := filepath.Base(filepath.Dir(file))
		isCode := !strings.HasSuffix(file, "_test.go") && filepath.Base(file) != "doc.go"
		if isCode && !slices.Contains(folders, folder) {
			t.Errorf("ARCHITECTURE.md has no layer for %s", folder)
		}
	}
}

// TestEveryPageIsInTheIndex finds pages that no reader would.
func TestEveryPageIsInTheIndex(t *testing.T) {
	t.Parallel()
	const index = "docs/README.md"
	all := pages(t)
	var linked []string
	for _, p := range all {
		if p.path == index {
			for _, l := range p.links {
				file, _, _ := strings.Cut(l.target, "#")
				linked = append(linked, filepath.ToSlash(filepath.Join("docs", file)))
			}
		}
	}
	for _, p := range all {
		if strings.HasPrefix(p.path, "docs/") && p.path != index && !slices.Contains(linked, p.path) {
			t.Errorf("%s does not link to %s", index, p.path)
		}
	}
}

// TestTranslationsShowTheSameCommands keeps the Japanese README in step.
func TestTranslationsShowTheSameCommands(t *testing.T) {
	t.Parallel()
	blocks := make(map[string][]string)
	links := make(map[string][]string)
	for _, p := range pages(t) {
		if p.path != "README.md" && p.path != "README.ja.md" {
			continue
		}
		for _, b := range p.blocks {
			blocks[p.path] = append(blocks[p.path], b.text)
		}
		for _, l := range p.links {
			if !strings.HasPrefix(l.target, "README") {
				links[p.path] = append(links[p.path], l.target)
			}
		}
		slices.Sort(links[p.path])
	}
	if !slices.Equal(blocks["README.md"], blocks["README.ja.md"]) {
		t.Errorf("the blocks differ:\n%q\n%q", blocks["README.md"], blocks["README.ja.md"])
	}
	if !slices.Equal(links["README.md"], links["README.ja.md"]) {
		t.Errorf("the links differ:\n%q\n%q", links["README.md"], links["README.ja.md"])
	}
}
