package script

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

// reachable are the paths of all objects that a script can get hold of, moment's
// own excepted.
func reachable(t *testing.T, m *machine) []string {
	t.Helper()
	m.session = m.engine.Begin(t.Context(), "UTC")
	defer m.session.End()
	type place struct {
		object *goja.Object
		path   string
	}
	seen := map[*goja.Object]bool{m.moment.ToObject(m.vm): true}
	var queue []place
	var paths []string
	add := func(object *goja.Object, path string) {
		if object != nil && !seen[object] {
			seen[object] = true
			queue = append(queue, place{object, path})
			paths = append(paths, path)
		}
	}
	reach := func(object *goja.Object, path string) {
		add(object, path)
		for ; len(queue) > 0; queue = queue[1:] {
			object, path := queue[0].object, queue[0].path
			for _, key := range m.ownKeys(object) {
				descriptor := m.call(m.natives.descriptor, nil, object, key).ToObject(m.vm)
				name := path + "." + strings.ReplaceAll(key.String(), "\x00", "guard ")
				for _, part := range []string{"value", "get", "set"} {
					if value, ok := descriptor.Get(part).(*goja.Object); ok {
						add(value, strings.TrimSuffix(name+" ("+part+")", " (value)"))
					}
				}
			}
			add(object.Prototype(), path+".[[Prototype]]")
		}
	}
	reach(m.global, "global")
	for _, root := range []string{
		"function () {}", "() => 1", "function* () {}", "(function* () {})()", "(function () { return arguments })()",
		"[].values()", "[].entries()", "(new Map).entries()", "(new Set).values()", "'a'.matchAll(/a/g)", "/a/", "/a/.exec('a')",
		"class {}", "new Date(0)", "(function () { try { null.x } catch (e) { return e } })()",
		"(function () { try { 'x'.repeat(1e9) } catch (e) { return e } })()",
		"(function () { try { decodeURI('%') } catch (e) { return e } })()",
		"(function () { try { new Array(-1) } catch (e) { return e } })()",
		"(function () { try { eval('1') } catch (e) { return e } })()",
		"(function () { try { ''.matches('(') } catch (e) { return e } })()",
		"JSON.parse('{}')", "new Error('m')", "function () { 'use strict' }",
		"(function () { 'use strict'; return Object.getOwnPropertyDescriptor(arguments, 'callee').get })()",
	} {
		p, err := compile(root, 1000)
		if err != nil {
			t.Fatal(err)
		}
		v, err := m.vm.RunProgram(p.code)
		if err != nil {
			t.Fatal(err)
		}
		reach(v.ToObject(m.vm), "<"+root+">")
	}
	slices.Sort(paths)
	return paths
}

func TestScriptsReachOnlyWhatWasReviewed(t *testing.T) {
	t.Parallel()
	e := newTestEngine()
	m, err := newMachine(e, true)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(reachable(t, m), "\n") + "\n"
	const file = "testdata/reachable.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("scripts can reach other objects (-reviewed +now):\n%s", diff)
	}
}

func TestEveryListedFunctionExists(t *testing.T) {
	t.Parallel()
	m, err := newMachine(newTestEngine(), true)
	if err != nil {
		t.Fatal(err)
	}
	for path, names := range kept() {
		object := m.builtin(path)
		own := object.GetOwnPropertyNames()
		for name := range names {
			switch name {
			case "length", "name", "prototype", "constructor": // not of all objects
				continue
			}
			if !slices.Contains(own, name) {
				t.Errorf("%s has no %s", path, name)
			}
		}
	}
}

func TestFrozenMachineHasNothingToChange(t *testing.T) {
	t.Parallel()
	e := newTestEngine()
	m, err := e.borrow()
	if err != nil {
		t.Fatal(err)
	}
	isFrozen := m.native("Object", "isFrozen")
	seen := map[*goja.Object]bool{m.moment.ToObject(m.vm): true}
	m.reach(m.global, seen)
	delete(seen, m.moment.ToObject(m.vm))
	if len(seen) < 300 {
		t.Errorf("only %d objects were found", len(seen))
	}
	for object := range seen {
		if !m.call(isFrozen, nil, object).ToBoolean() {
			t.Errorf("%v is not frozen", object)
		}
	}
}
