package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// page is a Markdown file of the repository.
type page struct {
	path     string // slash-separated, from the repository's root
	blocks   []block
	links    []link
	anchors  map[string]bool
	commands []command // `heitan ...` in running text
}

// block is a fenced block of code.
type block struct {
	line     int    // of the fence
	language string // first word behind the fence
	title    string // of title="..."
	needs    string // of needs="...": what a machine must have to run it
	fails    bool   // the last command is to fail
	broken   bool   // the file is meant to have problems
	text     string
	before   string // the paragraph before it
}

// link is a link to a place in the repository.
type link struct {
	line   int
	target string
}

// command is a command line of heitan that the text names.
type command struct {
	line int
	text string
}

var (
	attribute  = regexp.MustCompile(`(\w+)="([^"]*)"`)
	codeSpan   = regexp.MustCompile("``?([^`]+)``?")
	linkTarget = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	heading    = regexp.MustCompile(`^#{1,6} +(.*)$`)
	notInSlug  = regexp.MustCompile(`[^\p{L}\p{N}\p{M} _-]`)
)

// root is the repository's folder, seen from this package.
const root = ".."

// pages are all Markdown files of the repository.
func pages(t *testing.T) []*page {
	t.Helper()
	var all []*page
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != root && strings.HasPrefix(e.Name(), ".") || e.Name() == "testdata":
			return fs.SkipDir
		case strings.HasSuffix(path, ".md"):
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name, _ := filepath.Rel(root, path)
			all = append(all, parsePage(filepath.ToSlash(name), string(text)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func parsePage(path, text string) *page {
	p := &page{path: path, anchors: make(map[string]bool)}
	var open *block
	indent, paragraph, blank := "", "", false
	for i, line := range strings.Split(text, "\n") {
		switch trimmed := strings.TrimLeft(line, " "); {
		case open == nil && strings.HasPrefix(trimmed, "```"):
			indent = line[:len(line)-len(trimmed)]
			open = parseFence(trimmed[3:])
			open.line, open.before = i+1, paragraph
		case open != nil && trimmed == "```":
			p.blocks = append(p.blocks, *open)
			open, paragraph = nil, ""
		case open != nil:
			open.text += strings.TrimPrefix(line, indent) + "\n"
		default:
			p.prose(i+1, line)
			if blank && line != "" {
				paragraph = ""
			}
			paragraph += line
			blank = line == ""
		}
	}
	return p
}

func parseFence(info string) *block {
	b := &block{}
	b.language, info, _ = strings.Cut(info, " ")
	for _, a := range attribute.FindAllStringSubmatch(info, -1) {
		switch a[1] {
		case "title":
			b.title = a[2]
		case "needs":
			b.needs = a[2]
		}
	}
	for word := range strings.FieldsSeq(info) {
		b.fails = b.fails || word == "fails"
		b.broken = b.broken || word == "broken"
	}
	return b
}

// prose takes links, headings and commands from a line outside of blocks.
func (p *page) prose(number int, line string) {
	if h := heading.FindStringSubmatch(line); h != nil {
		p.anchors[p.slug(h[1])] = true
	}
	for _, code := range codeSpan.FindAllStringSubmatch(line, -1) {
		if strings.HasPrefix(code[1], "heitan ") {
			p.commands = append(p.commands, command{number, code[1]})
		}
	}
	for _, l := range linkTarget.FindAllStringSubmatch(codeSpan.ReplaceAllString(line, ""), -1) {
		if !strings.Contains(l[1], "://") && !strings.HasPrefix(l[1], "mailto:") {
			p.links = append(p.links, link{number, l[1]})
		}
	}
}

// slug is the name of a heading in links, as GitHub makes it.
func (p *page) slug(title string) string {
	if inLink := regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`); inLink.MatchString(title) {
		title = inLink.ReplaceAllString(title, "$1")
	}
	slug := notInSlug.ReplaceAllString(strings.ToLower(title), "")
	slug = strings.ReplaceAll(slug, " ", "-")
	for n, unique := 1, slug; ; n++ {
		if !p.anchors[unique] {
			return unique
		}
		unique = slug + "-" + strconv.Itoa(n)
	}
}
