package cli_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan/cli"
)

// reference is the text of a page of docs/reference.
func reference(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", "reference", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sections are the parts of a page below its headings of the second level, by heading.
func sections(page string) map[string]string {
	all := make(map[string]string)
	for _, part := range strings.Split(page, "\n## ")[1:] {
		title, text, _ := strings.Cut(part, "\n")
		all[title] = text
	}
	return all
}

// inProcess runs a command in the test's own process.
func inProcess(t *testing.T, dir string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	status = cli.Main(cli.Env{
		Args: args, Environ: []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}, Dir: dir,
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Size:    func() (int, int) { return 80, 24 },
		Signals: func() (<-chan os.Signal, func()) { return nil, func() {} },
		Now:     func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) },
	})
	return status, out.String(), errs.String()
}

var (
	commandInHelp = regexp.MustCompile(`(?m)^  ([a-z]+) {2,}\S`)
	optionInHelp  = regexp.MustCompile(`(?m)^ {2,}(?:(-\w), )?(--[a-z-]+)`)
	// acceptedOptions are those that no help shows, as they are only another name or
	// do nothing.
	acceptedOptions = map[string][]string{"run": {"--session-time", "--all", "--timezone"}, "": {"--logback-config", "--version"}}
)

// help is the help of a command, cut where the options of all commands begin.
func help(t *testing.T, command ...string) (own, global string) {
	t.Helper()
	_, _, text := inProcess(t, t.TempDir(), append(command, "--help")...)
	own, global, _ = strings.Cut(text, "Global Flags:")
	return own, global
}

func TestThePageOfTheCommandLineHasAllCommandsAndOptions(t *testing.T) {
	t.Parallel()
	page := sections(reference(t, "cli.md"))
	expect := func(section, option string) {
		for line := range strings.Lines(page[section]) {
			cell, isRow := strings.CutPrefix(line, "| ")
			cell, _, _ = strings.Cut(cell, " | ")
			if isRow && (strings.Contains(cell, "`"+option+"`") || strings.Contains(cell, "`"+option+" ")) {
				return
			}
		}
		t.Errorf("no table of the section %q has a row for %s", section, option)
	}
	root, _ := help(t)
	commands := commandInHelp.FindAllStringSubmatch(root, -1)
	if len(commands) < 7 {
		t.Fatalf("only %d commands in\n%s", len(commands), root)
	}
	for _, c := range commands {
		name := c[1]
		if name == "help" {
			continue
		}
		if page[name] == "" {
			t.Errorf("there is no section %q", name)
			continue
		}
		own, global := help(t, name)
		for _, o := range optionInHelp.FindAllStringSubmatch(own, -1) {
			for _, option := range o[1:] {
				if option != "" && option != "-h" && option != "--help" {
					expect(name, option)
				}
			}
		}
		for _, o := range optionInHelp.FindAllStringSubmatch(global, -1) {
			expect("Options of all commands", o[1])
			expect("Options of all commands", o[2])
		}
		for _, o := range acceptedOptions[name] {
			expect(name, o)
		}
	}
	for _, o := range acceptedOptions[""] {
		expect("Options of all commands", o)
	}
}

func TestThePageOfTheCommandLineHasAllFieldsOfEvents(t *testing.T) {
	t.Parallel()
	section := sections(reference(t, "cli.md"))["Events"]
	for _, file := range parse(t, ".") {
		ast.Inspect(file.tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != "runEvent" {
				return true
			}
			fields := spec.Type.(*ast.StructType).Fields.List
			if len(fields) < 15 {
				t.Errorf("the event has only %d fields", len(fields))
			}
			for _, f := range fields {
				name, _, _ := strings.Cut(strings.TrimPrefix(strings.Trim(f.Tag.Value, "`"), `json:"`), `"`)
				name, _, _ = strings.Cut(name, ",")
				if !strings.Contains(section, "`"+name+"`") {
					t.Errorf("the section Events does not name %s", name)
				}
			}
			return false
		})
	}
}

// source is one Go file.
type source struct {
	path string
	tree *ast.File
}

// parse parses the Go files below a folder, without tests.
func parse(t *testing.T, dir string) []source {
	t.Helper()
	var files []source
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		files = append(files, source{path, tree})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var codeForm = regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)+$`)

// codes are the codes of diagnostics in the program: a field Code, an argument of
// problem, report or refuse, and constants named code....
func codes(t *testing.T) map[string]bool {
	found := make(map[string]bool)
	note := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil && codeForm.MatchString(text) {
				found[text] = true
			}
		}
	}
	for _, dir := range []string{"workflow", "cron", "local", "internal/diag"} {
		for _, file := range parse(t, filepath.Join("..", dir)) {
			ast.Inspect(file.tree, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.KeyValueExpr:
					if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Code" {
						note(n.Value)
					}
				case *ast.CallExpr:
					name := ""
					switch fun := n.Fun.(type) {
					case *ast.Ident:
						name = fun.Name
					case *ast.SelectorExpr:
						name = fun.Sel.Name
					}
					if name == "problem" || name == "report" || name == "refuse" {
						for _, argument := range n.Args {
							note(argument)
						}
					}
				case *ast.ValueSpec:
					for i, name := range n.Names {
						if strings.HasPrefix(name.Name, "code") && i < len(n.Values) {
							note(n.Values[i])
						}
					}
				}
				return true
			})
		}
	}
	return found
}

func TestThePageOfDiagnosticsHasExactlyTheCodesThereAre(t *testing.T) {
	t.Parallel()
	there := codes(t)
	if len(there) < 30 {
		t.Fatalf("only %d codes were found: %v", len(there), there)
	}
	described := sections(reference(t, "diagnostics.md"))
	for code := range there {
		if described[code] == "" {
			t.Errorf("the code %s is not described", code)
		}
	}
	for code := range described {
		if !there[code] {
			t.Errorf("there is no code %s", code)
		}
	}
}

func TestExamplesOfDiagnosticsLeadToTheirCode(t *testing.T) {
	t.Parallel()
	for code, text := range sections(reference(t, "diagnostics.md")) {
		_, example, ok := strings.Cut(text, "```dig broken\n")
		if !ok {
			continue
		}
		example, _, _ = strings.Cut(example, "```")
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			dir := project(t, example)
			_, out, _ := inProcess(t, dir, "check", "--json")
			var found struct {
				Problems []struct{ Code, Severity string }
			}
			if err := json.Unmarshal([]byte(out), &found); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range found.Problems {
				got = append(got, p.Code)
				if isWarning := strings.HasPrefix(strings.TrimSpace(text), "Warning: "); p.Code == code && isWarning != (p.Severity == "warning") && code != "unknown-key" {
					t.Errorf("it is a %s", p.Severity)
				}
			}
			if !slices.Equal(got, []string{code}) {
				t.Errorf("its example leads to %q", got)
			}
		})
	}
}

// settingCalls are the methods that read a setting by its key, and the functions
// that call them with a key they are given.
var settingCalls = []string{"String", "Int", "Bool", "List", "Lookup", "Under", "bool", "size", "number", "milliseconds", "required", "duration", "readLimit"}

// settingForm is how settings begin.
var settingForm = regexp.MustCompile(`^(config|notification|params|secrets)(\.[a-z0-9_]+)*$`)

// settings are the keys that the program reads, or the part of them that is written
// in one place.
func settings(t *testing.T) []string {
	keys := make(map[string]bool)
	for _, dir := range []string{"cli", "server", "local", "secrets", "notify", "operator", "runner", "store"} {
		for _, file := range parse(t, filepath.Join("..", dir)) {
			ast.Inspect(file.tree, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				name := ""
				switch fun := call.Fun.(type) {
				case *ast.Ident:
					name = fun.Name
				case *ast.SelectorExpr:
					name = fun.Sel.Name
				}
				if !slices.Contains(settingCalls, name) {
					return true
				}
				for _, argument := range call.Args[:min(2, len(call.Args))] {
					if sum, ok := argument.(*ast.BinaryExpr); ok { // prefix + ".key"
						if text, ok := literal(sum.Y); ok && strings.HasPrefix(text, ".") && strings.Contains(file.path, "smtp") {
							keys[text] = true
						}
						continue
					}
					if text, ok := literal(argument); ok && settingForm.MatchString(text) {
						keys[text] = true
					}
				}
				return true
			})
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

func TestThePageOfTheConfigurationHasAllKeys(t *testing.T) {
	t.Parallel()
	page := reference(t, "configuration.md")
	keys := settings(t)
	if len(keys) < 30 {
		t.Fatalf("only %d keys were found: %q", len(keys), keys)
	}
	for _, key := range keys {
		if !strings.Contains(page, "`"+key+"`") && !strings.Contains(page, "`"+key+".") {
			t.Errorf("the key %s is not described", key)
		}
	}
	for _, variable := range []string{"DIGDAG_CONFIG", "DIGDAG_CONFIG_HOME", "XDG_CONFIG_HOME", "NO_COLOR"} {
		if !strings.Contains(page, "`"+variable+"`") {
			t.Errorf("the variable %s is not described", variable)
		}
	}
}
