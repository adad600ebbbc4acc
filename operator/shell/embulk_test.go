package shell_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// embulkRequest makes a request for which a program embulk is on PATH that prints
// its arguments and the file it is to load.
func embulkRequest(t testing.TB, own *params.Object, options ...operatortest.Option) done {
	t.Helper()
	bin := t.TempDir()
	script := "#!/bin/sh\necho \"$1 $2\"\ncat \"$2\"\necho\nexit ${EMBULK_CODE-0}\n"
	if err := os.WriteFile(filepath.Join(bin, "embulk"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	env, _ := own.Object("_env")
	own = own.With("_env", env.Merge(params.Of("PATH", bin+":/usr/bin:/bin")))
	return run(t, "embulk", own, options...)
}

func TestEmbulkLoadsARenderedFileWithItsSecrets(t *testing.T) {
	t.Parallel()
	file := "in: {type: file, path_prefix: '${prefix}/x', n: 0.5}\nout:\n  type: db\n  password: ${secret:db.password}\n  list: [a, '${secret:db.password}!']\n"
	d := embulkRequest(t, params.Of("_command", "sub/load.yml", "prefix", "data"),
		operatortest.WithFiles(map[string]string{"sub/load.yml": file}),
		operatortest.WithSecrets(map[string]string{"db.password": `se"cret: x`})).succeed(t)
	want := "run .heitan/tmp/" + d.req.Token + `/load.yml
{"in":{"type":"file","path_prefix":"data/x","n":"0.5"},"out":{"type":"db","password":"se\"cret: x","list":["a","se\"cret: x!"]}}
`
	if diff := cmp.Diff(want, d.record.Output()); diff != "" {
		t.Error(diff)
	}
}

func TestEmbulkLoadsAMap(t *testing.T) {
	t.Parallel()
	config := params.Of("in", params.Of("type", "file"))
	for name, own := range map[string]*params.Object{
		"config":  params.Of("_type", "embulk", "config", config),
		"command": params.Of("_command", config),
		"data":    params.Of("_command", params.Of("data", "in:\n  type: file")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := embulkRequest(t, own).succeed(t)
			if !strings.HasSuffix(d.record.Output(), "\n"+`{"in":{"type":"file"}}`+"\n") {
				t.Errorf("output = %s", d.record.Output())
			}
		})
	}
}

func TestEmbulkFails(t *testing.T) {
	t.Parallel()
	files := operatortest.WithFiles(map[string]string{"bad.yml": "a: [", "list.yml": "- a", "ok.yml": "in: {}"})
	cases := []struct {
		name string
		own  *params.Object
		want string
	}{
		{"exit code", params.Of("_command", "ok.yml", "_env", params.Of("EMBULK_CODE", "2")), "Command failed with code 2 (runtime)"},
		{"missing file", params.Of("_command", "none.yml"), "File not found: none.yml (config)"},
		{"file outside of the project", params.Of("_command", "../x.yml"), "File name must not be outside of project path: ../x.yml (config)"},
		{"no YAML", params.Of("_command", "bad.yml"), "Failed to parse yaml file: bad.yml:"},
		{"a list", params.Of("_command", "list.yml"), "Failed to parse yaml file: list.yml:"},
		{"nothing", params.Of("_type", "embulk"), "Parameter 'config' is required but not set (config)"},
		{"missing secret", params.Of("_command", params.Of("in", "${secret:none}")), "Secret not found for key: 'none' (config)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if f := embulkRequest(t, c.own, files).failure(t); !strings.HasPrefix(f.Error(), c.want) {
				t.Errorf("failure = %s, want %s", f, c.want)
			}
		})
	}
}

func TestEmbulkMissingIsExplained(t *testing.T) {
	t.Parallel()
	f := run(t, "embulk", params.Of("_command", params.Of("in", "x"), "_env", params.Of("PATH", t.TempDir()))).failure(t)
	if !strings.Contains(f.Message, "embulk") || !strings.HasPrefix(f.Hint, "embulk> needs the program embulk on PATH") {
		t.Errorf("failure = %s, hint %s", f, f.Hint)
	}
}

func TestEmbulkInAContainerGetsTheEnvironmentThatHoldsThere(t *testing.T) {
	t.Parallel()
	req, _ := request(t, "embulk", params.Of("_command", params.Of("in", "x"), "docker", params.Of("image", "i"), "_env", params.Of("A", "own")))
	req.Environ = []string{"A=1", "HOME=/root", "PATH=/bin", "HEITAN_DATABASE=secret", "JAVA_OPTS=-Xmx1g"}
	spec := planned(t, req)
	if diff := cmp.Diff([]string{"A=1", "JAVA_OPTS=-Xmx1g", "A=own"}, spec.Env); diff != "" || spec.InheritEnv {
		t.Errorf("inherits %v; %s", spec.InheritEnv, diff)
	}
	req, _ = request(t, "sh", params.Of("_command", "x", "docker", params.Of("image", "i")))
	req.Environ = []string{"JAVA_OPTS=-Xmx1g"}
	if env := planned(t, req).Env; slices.Contains(env, "JAVA_OPTS=-Xmx1g") {
		t.Errorf("sh> in a container sees heitan's environment: %v", env)
	}
}
