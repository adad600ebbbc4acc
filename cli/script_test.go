package cli_test

import (
	"flag"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	_ "time/tzdata"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"heitan-operator-store": storeOperator,
		"heitan":                heitan,
		"states":                states,
	})
}

// TestScripts runs every script below testdata: a session of commands with its
// files and what they must print. A script's name and first comment say which
// behaviour it shows. Folders are suites: `commands` for the command line itself,
// `language` for Digdag's workflow language, a folder for each section of it,
// `operators` for what tasks do.
//
// With -short, which the race detector runs with, a part of them is enough.
//
// Beside heitan, which starts at the time that NOW says, scripts have the commands
// of TestMain.
func TestScripts(t *testing.T) {
	t.Parallel()
	for _, dir := range scriptFolders(t) {
		t.Run(filepath.ToSlash(strings.TrimPrefix(dir, "testdata"+string(filepath.Separator))), func(t *testing.T) {
			t.Parallel()
			services := newScriptServices(t)
			testscript.Run(t, testscript.Params{
				Files:               scriptsIn(t, dir),
				UpdateScripts:       *update,
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
				Condition:           services.condition,
				Cmds:                services.commands(),
				Setup: func(env *testscript.Env) error {
					env.Setenv("HOME", filepath.Join(env.WorkDir, ".home"))
					env.Setenv("TZ", "UTC")
					services.setUp(env)
					return nil
				},
			})
		})
	}
}

// sampleStep is the distance of the scripts of a folder that run with -short: the
// race detector makes each of them cost more than a second.
const sampleStep = 12

func scriptsIn(t *testing.T, dir string) []string {
	all, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	if !testing.Short() {
		return all
	}
	var sample []string
	for i := 0; i < len(all); i += sampleStep {
		sample = append(sample, all[i])
	}
	return sample
}

func scriptFolders(t *testing.T) []string {
	var dirs []string
	err := filepath.WalkDir("testdata", func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			if scripts, _ := filepath.Glob(filepath.Join(path, "*.txtar")); len(scripts) > 0 {
				dirs = append(dirs, path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}
