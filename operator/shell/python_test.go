package shell_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// pythons are the interpreters of this machine that py> supports, one for each
// version, by version.
var pythons = sync.OnceValue(func() map[string]string {
	candidates := []string{"/usr/bin/python3"}
	if found, err := exec.LookPath("python3"); err == nil {
		candidates = append(candidates, found)
	}
	if home, err := os.UserHomeDir(); err == nil {
		found, _ := filepath.Glob(filepath.Join(home, ".pyenv", "versions", "*", "bin", "python3"))
		candidates = append(candidates, found...)
	}
	byVersion := make(map[string]string)
	for _, path := range candidates {
		const tell = `import sys; sys.version_info >= (3, 8) and print("%d.%d" % sys.version_info[:2], sys.executable)`
		out, err := exec.Command(path, "-c", tell).Output()
		version, executable, ok := strings.Cut(strings.TrimSpace(string(out)), " ")
		if err == nil && ok {
			byVersion[version] = executable
		}
	}
	return byVersion
})

// eachPython runs a test with every interpreter.
func eachPython(t *testing.T, test func(t *testing.T, python string)) {
	testenv.Need(t, testenv.Python)
	for version, python := range pythons() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			test(t, python)
		})
	}
}

func runPython(t testing.TB, python, config string) done {
	t.Helper()
	own := parse(t, config).With("python", python)
	return run(t, "py", own, operatortest.WithFiles(files(t, "testdata/python")),
		operatortest.WithParams(params.Of("session_uuid", "u-1")))
}

func TestPythonCallsWithParamsByName(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, config, handed string }{
		{"function without parameters", `{"_command": "jobs.nothing", "name": "x"}`, `{}`},
		{"required parameter", `{"_command": "jobs.required", "name": "x"}`, `{"name":"x"}`},
		{"null is a value", `{"_command": "jobs.required", "name": null}`, `{"name":null}`},
		{"default and *rest", `{"_command": "jobs.default", "name": "x"}`, `{"name":"x","times":3,"rest":[]}`},
		{"default given", `{"_command": "jobs.default", "name": "x", "times": 4}`, `{"name":"x","times":4,"rest":[]}`},
		{"keyword-only", `{"_command": "jobs.keyword_only", "name": "x"}`, `{"name":"x","times":3}`},
		{"positional-only, an earlier one absent", `{"_command": "jobs.positional_only", "name": "x", "unit": "m"}`, `{"name":"x","times":3,"unit":"m"}`},
		{"**kwargs get everything else", `{"_command": "jobs.everything", "name": "x", "times": 1, "a-b": 2}`, `{"name":"x","others":["a-b","times"]}`},
		{"decorator that passes everything on", `{"_command": "jobs.decorated", "name": "x"}`, `{"name":"x","times":3}`},
		{"decorator written in C", `{"_command": "jobs.cached", "name": "x"}`, `{"name":"x"}`},
		{"decorator that takes nothing", `{"_command": "jobs.unwrapped"}`, `{"alone":true}`},
		{"function written in C", `{"_command": "jobs.builtin"}`, `null`},
		{"decorator that takes all params", `{"_command": "jobs.configured", "name": "x"}`, `{"name":"x"}`},
		{"coroutine", `{"_command": "jobs.eventually", "name": "x"}`, `{"name":"x"}`},
		{"class", `{"_command": "jobs.Counter", "start": 1, "times": 2}`, `{"value":3}`},
		{"method", `{"_command": "jobs.Counter.add", "start": 1, "by": 2.5}`, `{"value":3.5}`},
		{"class method", `{"_command": "jobs.Counter.of_class", "name": "x"}`, `{"name":"x","cls":"Counter"}`},
		{"static method", `{"_command": "jobs.Counter.static", "name": "x"}`, `{"name":"x"}`},
		{"class in a class", `{"_command": "jobs.Counter.Inner.add", "by": 1}`, `{"inner":1}`},
		{"class without constructor", `{"_command": "jobs.Plain"}`, `{"plain":true}`},
		{"class with a constructor written in C", `{"_command": "jobs.Failure"}`, `{"failure":true}`},
		{"class with __new__ and __init__", `{"_command": "jobs.Single", "name": "x"}`, `{"name":"x"}`},
		{"method of an object", `{"_command": "jobs.counter.add", "by": 2}`, `{"value":42}`},
		{"old module and dotted module", `{"_command": "jobs.old_module", "name": "x"}`, `{"same":true,"name":"x"}`},
	}
	eachPython(t, func(t *testing.T, python string) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				got := runPython(t, python, c.config).succeed(t).result.Store
				seen, _ := got.Get("seen")
				want, err := params.Parse([]byte(c.handed))
				if err != nil {
					t.Fatal(err)
				}
				if !params.Equal(seen, want) {
					t.Errorf("called with %s, want %s", params.JSON(seen), c.handed)
				}
			})
		}
	})
}

func TestPythonHandsOn(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, config, want string }{
		{"store and export", `{"_command": "jobs.store_and_export"}`, `{"export":{"shout":"HELLO","quiet":1},"store":{"a":2,"b":{"c":[1,2.5,null,true,"x"]},"d":"text"}}`},
		{"reset", `{"_command": "jobs.reset"}`, `{"store":{"new":1},"reset":["old","a.b"]}`},
		{"subtasks", `{"_command": "jobs.subtasks"}`, `{"subtasks":{"+subtask0":{"name":"a","py>":"jobs.required"},` +
			`"+subtask1":{"start":1,"by":2,"py>":"jobs.Counter.add"},"+subtask2":{"echo>":"hi","x":2},"+subtask3":{"sh>":"exit 1"},` +
			`"+subtask4":{"_type":"echo","_command":"there"},"+own":{"echo>":"own"}}}`},
		{"module in packages", `{"_command": "tasks.deep.er.main"}`, `{"store":{"where":"deep"}}`},
		{"module of the runner's name", `{"_command": "runner.main"}`, `{"store":{"mine":true}}`},
		{"changed directory", `{"_command": "jobs.elsewhere"}`, `{"store":{"cwd":"/"}}`},
		{"unicode", `{"_command": "jobs.unicode", "name": "あ\u0001😀"}`, "{\"store\":{\"name\":\"あ\\u0001😀\",\"lone\":\"\ufffd\",\"キー\":\"😀\"}}"},
		{"processes of multiprocessing", `{"_command": "jobs.spawns", "name": "x"}`, `{"store":{"results":[[2,"x"],[4,"x"]]}}`},
	}
	eachPython(t, func(t *testing.T, python string) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				if diff := cmp.Diff(c.want, runPython(t, python, c.config).succeed(t).handed()); diff != "" {
					t.Error(diff)
				}
			})
		}
	})
}

func TestPythonFails(t *testing.T) {
	t.Parallel()
	const failed = "Python command failed with code 1\nError messages from python: "
	cases := []struct{ name, config, want string }{
		{"missing parameter", `{"_command": "jobs.default"}`, failed + "Method 'default' requires parameter 'name' but not set (TypeError)\n\tfrom TypeError: Method"},
		{"missing parameter of a method", `{"_command": "jobs.Counter.add", "start": 1}`, failed + "Method 'Counter.add' requires parameter 'by' but not set (TypeError)"},
		{"missing parameter of a constructor", `{"_command": "jobs.Counter"}`, failed + "Method 'Counter.__init__' requires parameter 'start' but not set (TypeError)"},
		{"missing keyword-only parameter", `{"_command": "jobs.keyword_only"}`, failed + "Method 'keyword_only' requires parameter 'name' but not set (TypeError)"},
		{"exception", `{"_command": "jobs.explode"}`, failed + "boom (ValueError)\n\tfrom Traceback (most recent call last):\n\tfrom   File \""},
		{"chained exception", `{"_command": "jobs.chained"}`, failed + "no key (RuntimeError)\n\tfrom Traceback"},
		{"exception that cannot be printed", `{"_command": "jobs.unprintable"}`, failed + "(the error has no message: its __str__ fails) (Unprintable)"},
		{"endless recursion", `{"_command": "jobs.recurses"}`, failed + "maximum recursion depth exceeded"},
		{"sys.exit", `{"_command": "jobs.leaves", "code": 3}`, failed + "Failed to call python command with code:3 Possible cause: Invalid python module call, duplicate module name with standard library (SystemExit)"},
		{"sys.exit in peace", `{"_command": "jobs.leaves", "code": 0}`, failed + "Failed to call python command with code:0 Possible cause:"},
		{"sys.exit without a number", `{"_command": "jobs.leaves", "code": null}`, failed + "Failed to call python command with code:None Possible cause:"},
		{"unknown module", `{"_command": "nowhere.main"}`, failed + "No module named 'nowhere' (ModuleNotFoundError)"},
		{"unknown module in a package", `{"_command": "tasks.nowhere.main"}`, failed + "Module 'tasks' has no attribute 'nowhere' (AttributeError)"},
		{"unknown function", `{"_command": "jobs.requird"}`, failed + "Module 'jobs' has no attribute 'requird' (did you mean 'required'?) (AttributeError)"},
		{"unknown method", `{"_command": "jobs.Counter.zzz", "start": 1}`, failed + "'Counter' has no attribute 'zzz' (AttributeError)"},
		{"class without run", `{"_command": "jobs.Nothing"}`, failed + "Class 'Nothing' has no method 'run' (AttributeError)"},
		{"no function", `{"_command": "jobs.text"}`, failed + "'str' object is not callable (TypeError)"},
		{"no module named", `{"_command": "jobs"}`, failed + "py> takes module.function or module.Class.method but got 'jobs' (ValueError)"},
		{"module that cannot import", `{"_command": "broken.main"}`, failed + "No module named 'a_module_that_is_nowhere' (ModuleNotFoundError)\n\tfrom Traceback"},
		{"module with a syntax error", `{"_command": "syntax.main"}`, failed + "invalid syntax (syntax.py, line 1) (SyntaxError)"},
		{"store of something else than JSON", `{"_command": "jobs.unserializable"}`, failed + "'broken' in store_params must be serializable using JSON: Object of type set is not JSON serializable (TypeError)"},
		{"export of no number", `{"_command": "jobs.not_a_number"}`, failed + "'x' in export_params must be serializable using JSON: Out of range float values are not JSON compliant"},
		{"store of a circle", `{"_command": "jobs.circular"}`, failed + "'x' in store_params must be serializable using JSON: Circular reference detected (TypeError)"},
		{"subtask with something else than JSON", `{"_command": "jobs.unserializable_subtask"}`, failed + "Parameters must be serializable using JSON: Object of type object is not JSON serializable (TypeError)"},
		{"subtask that has no name", `{"_command": "jobs.lambda_subtask"}`, failed + "add_subtask needs a function or class that can be imported by name but got <function lambda_subtask.<locals>.<lambda>"},
		{"process that ends itself", `{"_command": "jobs.vanishes"}`, "output.json does not exist. Something unexpected error happened. Please check logs."},
		{"process that is killed", `{"_command": "jobs.dies"}`, "Python command failed with code 137"},
	}
	eachPython(t, func(t *testing.T, python string) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				d := runPython(t, python, c.config)
				f := d.failure(t)
				if !strings.HasPrefix(f.Message, c.want) || f.Kind != operator.KindRuntime {
					t.Errorf("failure = %s (%s), want %s", f.Message, f.Kind, c.want)
				}
				if first, _, _ := strings.Cut(f.Message, ", line "); strings.Contains(first, "heitan/tmp") || strings.Contains(first, "importlib") {
					t.Errorf("the backtrace begins in the runner: %s", f.Message)
				}
				if d.handed() != `{}` {
					t.Errorf("a failed task hands on %s", d.handed())
				}
			})
		}
	})
}

func TestPythonErrorShowsInTheLogToo(t *testing.T) {
	t.Parallel()
	d := runPython(t, testenv.Need(t, testenv.Python), `{"_command": "jobs.explode"}`)
	if out := d.record.Output(); !strings.Contains(out, "in explode\n    raise ValueError(\"boom\")") || !strings.HasSuffix(out, "ValueError: boom\n") {
		t.Errorf("output = %s", out)
	}
	if f := d.failure(t); !strings.HasPrefix(f.Trace, "Traceback (most recent call last):\n  File ") {
		t.Errorf("trace = %s", f.Trace)
	}
}

func TestPythonOutputsAreMergedInOrder(t *testing.T) {
	t.Parallel()
	d := runPython(t, testenv.Need(t, testenv.Python), `{"_command": "jobs.streams", "_env": {"PYTHONUNBUFFERED": ""}}`).succeed(t)
	if diff := cmp.Diff("out 1\nerr 1\nout 2\n", d.record.Output()); diff != "" {
		t.Error(diff)
	}
}

func TestPythonTakesAndGivesBigParams(t *testing.T) {
	t.Parallel()
	python := testenv.Need(t, testenv.Python)
	blob := strings.Repeat("x", 8<<20)
	d := run(t, "py", params.Of("_command", "jobs.big", "python", python),
		operatortest.WithFiles(files(t, "testdata/python")), operatortest.WithParams(params.Of("blob", blob))).succeed(t)
	if got, _ := d.result.Store.Get("blob"); got != blob {
		t.Errorf("blob came back with %d bytes", len(fmt.Sprint(got)))
	}
}

func TestPythonSeesParamsButNotAsEnvironment(t *testing.T) {
	t.Parallel()
	source := `
import digdag, os
def main(retries):
    digdag.env.store(given=retries, environment=sorted(k for k in os.environ if k in ("retries", "session_uuid", "TOKEN")), token=os.environ["TOKEN"])
`
	d := run(t, "py", params.Of("_command", "m.main", "_env", params.Of("TOKEN", "a ${secret:db.token}")),
		operatortest.WithFiles(map[string]string{"m.py": source}),
		operatortest.WithSecrets(map[string]string{"db.token": "s3"}),
		operatortest.WithParams(params.Of("session_uuid", "u", "py", params.Of("retries", int64(5), "python", testenv.Need(t, testenv.Python))))).succeed(t)
	if diff := cmp.Diff(`{"store":{"given":5,"environment":["TOKEN"],"token":"a s3"}}`, d.handed()); diff != "" {
		t.Error(diff)
	}
}

func TestPythonInlineScriptReadsAndWritesTheFilesItself(t *testing.T) {
	t.Parallel()
	script := `
import json, sys
params = json.load(open(sys.argv[1]))["params"]
json.dump({"store_params": {"twice": params["n"] * 2}}, open(sys.argv[2], "w"))
`
	python := testenv.Need(t, testenv.Python)
	d := run(t, "py", params.Of("_type", "py", "script", script, "n", int64(4), "python", params.List{python, "-I"})).succeed(t)
	if diff := cmp.Diff(`{"store":{"twice":8}}`, d.handed()); diff != "" {
		t.Error(diff)
	}
	f := run(t, "py", params.Of("_type", "py", "script", "pass", "python", python)).failure(t)
	if f.Message != "output.json does not exist. Something unexpected error happened. Please check logs." {
		t.Errorf("failure without output = %s", f.Message)
	}
}

func TestPythonRefusesHostileOutput(t *testing.T) {
	t.Parallel()
	python := testenv.Need(t, testenv.Python)
	cases := []struct{ name, script, want string }{
		{"no JSON", `f.write("{")`, "read what the script handed on: output.json: "},
		{"a list", `f.write("[]")`, "read what the script handed on: output.json: expected a JSON object but got a list"},
		{"nested too deeply", `f.write('{"store_params":' + '{"a":' * 600 + "1" + "}" * 601)`, "read what the script handed on: output.json: JSON is nested more than 500 levels deep"},
		{"store is no object", `f.write('{"store_params": 1}')`, "output.json: Expected object type for key 'store_params' but got 1 (number)"},
		{"too large", `f.truncate(65 * 1024 * 1024)`, "read what the script handed on: output.json has 65 MB, which is more than 64 MB"},
		{"a named pipe", `os.unlink(out); os.mkfifo(out)`, "read what the script handed on: output.json is not a regular file"},
		{"a folder", `os.unlink(out); os.mkdir(out)`, "read what the script handed on: output.json is not a regular file"},
		{"a link out of the project", `os.unlink(out); os.symlink("/etc/hostname", out)`, "read what the script handed on: openat .heitan/tmp/TOKEN/output.json: path escapes from parent"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			script := "import os, sys\nout = sys.argv[2]\nf = open(out, 'w')\n" + c.script + "\nf.close()\n"
			d := run(t, "py", params.Of("script", script, "python", python))
			want := strings.ReplaceAll(c.want, "TOKEN", d.req.Token)
			if f := d.failure(t); !strings.HasPrefix(f.Message, want) {
				t.Errorf("failure = %s\nwant      %s", f.Message, want)
			}
		})
	}
}

func TestPythonIsFoundUnderEitherName(t *testing.T) {
	t.Parallel()
	python := testenv.Need(t, testenv.Python)
	for _, name := range []string{"python", "python3"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bin := t.TempDir()
			if err := os.Symlink(python, filepath.Join(bin, name)); err != nil {
				t.Fatal(err)
			}
			req, _ := request(t, "py", params.Of("_command", "a.b"))
			req.Environ = []string{"PATH=" + bin}
			if got := plannedProgram(t, req); got != name {
				t.Errorf("interpreter = %s, want %s", got, name)
			}
		})
	}
}

func TestPythonMissingIsExplained(t *testing.T) {
	t.Parallel()
	f := run(t, "py", params.Of("_command", "a.b", "python", "no-such-python")).failure(t)
	if f.Kind != operator.KindConfig || !strings.Contains(f.Message, "no-such-python") || !strings.Contains(f.Hint, "python:") {
		t.Errorf("failure = %s, hint %s", f, f.Hint)
	}
	f = run(t, "py", params.Of("_type", "py")).failure(t)
	if f.Error() != "Parameter 'script' is required but not set (config)" || f.Hint != "write what to call behind `py>:`" {
		t.Errorf("failure = %s, hint %s", f, f.Hint)
	}
}

func TestPythonRunnerCompilesWithoutWarnings(t *testing.T) {
	t.Parallel()
	eachPython(t, func(t *testing.T, python string) {
		const check = `
import ast, sys
text = open(sys.argv[1]).read()
compile(text, sys.argv[1], "exec")
ast.parse(text, feature_version=(3, 8))
`
		out, err := exec.CommandContext(t.Context(), python, "-W", "error", "-c", check, "runner.py").CombinedOutput()
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
}
