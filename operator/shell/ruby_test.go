package shell_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func runRuby(t testing.TB, config string) done {
	t.Helper()
	own := params.Of("require", "jobs", "ruby", params.List{testenv.Need(t, testenv.Ruby), "-w"}).Merge(parse(t, config))
	return run(t, "rb", own, operatortest.WithFiles(files(t, "testdata/ruby")))
}

func TestRubyCallsWithParamsByName(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, config, handed string }{
		{"method without parameters", `{"_command": "nothing", "name": "x"}`, `{}`},
		{"method named run", `{"_command": "run"}`, `{"top":true}`},
		{"required parameter", `{"_command": "required", "name": "x"}`, `{"name":"x"}`},
		{"null is a value", `{"_command": "required", "name": null}`, `{"name":null}`},
		{"optional and *rest", `{"_command": "default", "name": "x"}`, `{"name":"x","times":3,"rest":[]}`},
		{"optional given", `{"_command": "default", "name": "x", "times": 4}`, `{"name":"x","times":4,"rest":[]}`},
		{"optional between required ones", `{"_command": "between", "a": 1, "c": 3}`, `{"a":1,"b":2,"c":3}`},
		{"first of two optional ones", `{"_command": "optional", "a": 7}`, `{"a":7,"b":2}`},
		{"keywords", `{"_command": "keywords", "name": "x"}`, `{"name":"x","times":3}`},
		{"keywords given", `{"_command": "keywords", "name": "x", "times": 4}`, `{"name":"x","times":4}`},
		{"**rest gets all params with symbols as keys", `{"_command": "everything", "name": "x", "nested": {"a": {"b": [1]}}}`, `{"name":"x","nested":{"a":{"b":[1]}},"rest":true}`},
		{"module's method", `{"_command": "Jobs.of_module", "name": "x"}`, `{"name":"x"}`},
		{"method of a module that extends itself", `{"_command": "Jobs::Extended.run", "name": "x"}`, `{"name":"x"}`},
		{"instance method", `{"_command": "Jobs::Counter.run", "start": 1, "step": 2, "times": 3}`, `{"value":7}`},
		{"instance method with defaults", `{"_command": "Jobs::Counter.run", "start": 1}`, `{"value":2}`},
		{"instance method with keywords", `{"_command": "::Jobs::Counter.keyword", "start": 1, "by": 2.5}`, `{"value":3.5}`},
		{"class method", `{"_command": "Jobs::Counter.of_class", "name": "x"}`, `{"name":"x"}`},
		{"class without constructor", `{"_command": "Jobs::Plain.run"}`, `{"plain":true}`},
		{"class with a `new` of its own", `{"_command": "Jobs::Made.run", "name": "x"}`, `{"name":"x"}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := runRuby(t, c.config).succeed(t)
			seen, _ := d.result.Store.Get("seen")
			want, err := params.Parse([]byte(c.handed))
			if err != nil {
				t.Fatal(err)
			}
			if !params.Equal(seen, want) {
				t.Errorf("called with %s, want %s", params.JSON(seen), c.handed)
			}
			if d.record.Output() != "" {
				t.Errorf("Ruby warns: %s", d.record.Output())
			}
		})
	}
}

func TestRubyHandsOn(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, config, want string }{
		{"store and export", `{"_command": "store_and_export"}`, `{"export":{"shout":"HELLO"},"store":{"a":2,"b":{"c":[1,2.5,null,true,"x"]},"d":"text"}}`},
		{"reset", `{"_command": "reset"}`, `{"store":{"new":1},"reset":["old","a.b"]}`},
		{"subtasks", `{"_command": "subtasks"}`, `{"subtasks":{"+subtask0":{"echo>":"hi","x":1},"+subtask1":{"sh>":"exit 1"},` +
			`"+subtask2":{"name":"a","rb>":"required"},"+subtask3":{"rb>":"nothing"},` +
			`"+subtask4":{"start":1,"by":2,"rb>":"::Jobs::Counter.add"},"+subtask5":{"rb>":"::Jobs::Plain.run"},"+own":{"echo>":"own"}}}`},
		{"changed directory", `{"_command": "elsewhere"}`, `{"store":{"cwd":"/"}}`},
		{"unicode", `{"_command": "unicode", "name": "あ\u0001😀"}`, "{\"store\":{\"name\":\"あ\\u0001😀\",\"キー\":\"😀\"}}"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, runRuby(t, c.config).succeed(t).handed()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRubyFails(t *testing.T) {
	t.Parallel()
	const failed = "Ruby command failed with code 1: "
	cases := []struct{ name, config, want string }{
		{"missing parameter", `{"_command": "default"}`, failed + "Method 'default' requires parameter 'name' but not set (ArgumentError)"},
		{"missing keyword", `{"_command": "keywords"}`, failed + "Method 'keywords' requires parameter 'name' but not set (ArgumentError)"},
		{"missing parameter of a method", `{"_command": "Jobs::Counter.add", "start": 1}`, failed + "Method 'Jobs::Counter#add' requires parameter 'by' but not set (ArgumentError)"},
		{"missing parameter of a class method", `{"_command": "Jobs::Counter.of_class"}`, failed + "Method 'Jobs::Counter.of_class' requires parameter 'name' but not set (ArgumentError)"},
		{"missing parameter of a constructor", `{"_command": "Jobs::Counter.run"}`, failed + "Method 'Jobs::Counter#initialize' requires parameter 'start' but not set (ArgumentError)"},
		{"optional parameter that cannot be left out", `{"_command": "optional", "b": 2}`, failed + "Method 'optional' cannot be given parameter 'b' without 'a', which stands before it (ArgumentError)"},
		{"exception", `{"_command": "explode"}`, failed + "boom (ArgumentError)\n\tfrom /"},
		{"exception that is no text", `{"_command": "binary"}`, failed + "bytes \ufffd\ufffd (RuntimeError)\n\tfrom /"},
		{"endless recursion", `{"_command": "recurses"}`, failed + "stack level too deep (SystemStackError)"},
		{"exit", `{"_command": "leaves", "code": 3}`, "Ruby command failed with code 3: exit (SystemExit)\n\tfrom /"},
		{"exit in peace", `{"_command": "leaves", "code": 0}`, failed + "exit (SystemExit)\n\tfrom /"},
		{"unknown method", `{"_command": "nowhere"}`, failed + "undefined method 'nowhere' (does `require:` name the file that defines it?) (ArgumentError)"},
		{"unknown class", `{"_command": "Jobs::Nowhere.run"}`, failed + "uninitialized constant Jobs::Nowhere (does `require:` name the file that defines it?) (ArgumentError)"},
		{"no name of a class", `{"_command": "jobs.required"}`, failed + "uninitialized constant jobs (does"},
		{"unknown method of a class", `{"_command": "Jobs::Counter.ad"}`, failed + "undefined method 'ad' for Jobs::Counter (did you mean 'add'?) (ArgumentError)"},
		{"private method", `{"_command": "Jobs::Counter.hidden"}`, failed + "undefined method 'hidden' for Jobs::Counter"},
		{"no method named", `{"_command": "Jobs."}`, failed + "rb> takes method or Class.method but got 'Jobs.' (ArgumentError)"},
		{"unknown feature", `{"_command": "x", "require": "nowhere"}`, failed + "cannot load such file -- nowhere"},
		{"file that cannot require", `{"_command": "x", "require": "broken"}`, failed + "cannot load such file -- a_feature_that_is_nowhere"},
		{"file with a syntax error", `{"_command": "x", "require": "syntax"}`, failed},
		{"store of no number", `{"_command": "unserializable"}`, failed + "'broken' in store_params must be serializable using JSON: "},
		{"subtask of no number", `{"_command": "unserializable_subtask"}`, failed + "Parameters must be serializable using JSON: "},
		{"strange subtask", `{"_command": "strange_subtask"}`, failed + "add_subtask takes a Hash, a method's name, or a class and a method's name but got 42 (ArgumentError)"},
		{"process that ends itself", `{"_command": "vanishes"}`, "output.json does not exist. Something unexpected error happened. Please check logs."},
		{"process that is killed", `{"_command": "dies"}`, "Ruby command failed with code 137"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := runRuby(t, c.config)
			f := d.failure(t)
			if !strings.HasPrefix(f.Message, c.want) || f.Kind != operator.KindRuntime {
				t.Errorf("failure = %s (%s), want %s", f.Message, f.Kind, c.want)
			}
			if strings.Contains(f.Message, "runner.rb") {
				t.Errorf("the failure shows the runner: %s", f.Message)
			}
			if d.handed() != `{}` {
				t.Errorf("a failed task hands on %s", d.handed())
			}
		})
	}
}

func TestRubyOutputsAreMergedInOrder(t *testing.T) {
	t.Parallel()
	d := runRuby(t, `{"_command": "streams"}`).succeed(t)
	if diff := cmp.Diff("out 1\nerr 1\nout 2\n", d.record.Output()); diff != "" {
		t.Error(diff)
	}
}

func TestRubyTakesAndGivesBigParams(t *testing.T) {
	t.Parallel()
	blob := strings.Repeat("x", 8<<20)
	d := run(t, "rb", params.Of("_command", "big"), operatortest.WithFiles(files(t, "testdata/ruby")),
		operatortest.WithParams(params.Of("blob", blob, "rb", params.Of("require", "jobs", "ruby", testenv.Need(t, testenv.Ruby))))).succeed(t)
	if size, _ := d.result.Store.Get("size"); size != int64(len(blob)) {
		t.Errorf("size = %v", size)
	}
}

func TestRubyInlineScriptReadsAndWritesTheFilesItself(t *testing.T) {
	t.Parallel()
	script := `
params = JSON.parse(File.read(ARGV[0]))['params']
File.write(ARGV[1], JSON.generate(store_params: { twice: params['n'] * 2, lib: $LOAD_PATH.first == Dir.pwd }))
`
	d := run(t, "rb", params.Of("_type", "rb", "script", script, "n", int64(4), "require", "json", "ruby", testenv.Need(t, testenv.Ruby))).succeed(t)
	if diff := cmp.Diff(`{"store":{"twice":8,"lib":true}}`, d.handed()); diff != "" {
		t.Error(diff)
	}
}

func TestRubyMissingIsExplained(t *testing.T) {
	t.Parallel()
	f := run(t, "rb", params.Of("_command", "a", "ruby", "no-such-ruby")).failure(t)
	if f.Kind != operator.KindConfig || !strings.Contains(f.Message, "no-such-ruby") || !strings.Contains(f.Hint, "ruby:") {
		t.Errorf("failure = %s, hint %s", f, f.Hint)
	}
}

func TestRubyRunnerCompilesWithoutWarnings(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), testenv.Need(t, testenv.Ruby), "-wc", "runner.rb").CombinedOutput()
	if err != nil || string(out) != "Syntax OK\n" {
		t.Errorf("%v\n%s", err, out)
	}
}
