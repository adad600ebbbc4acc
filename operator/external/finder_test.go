package external_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/external"
	"github.com/heitan/heitan/params"
)

func TestOperatorsAreFoundInTheProjectAndThenOnPath(t *testing.T) {
	t.Parallel()
	project, bin := t.TempDir(), t.TempDir()
	const answer = "#!/bin/sh\ncat >/dev/null\nprintf '{\"store\": {\"from\": \"%s\"}}' \"$(dirname \"$0\")\"\n"
	install(t, filepath.Join(project, ".heitan/operators/heitan-operator-both"), answer)
	install(t, filepath.Join(bin, "heitan-operator-both"), answer)
	install(t, filepath.Join(bin, "heitan-operator-a.b-c_1"), answer)
	registry := operator.NewRegistry(nil, external.NewFinder(processes(), []string{"PATH=/nowhere:" + bin}))
	for name, dir := range map[string]string{"both": project + "/.heitan/operators", "a.b-c_1": bin} {
		entry, err := registry.Find(project, name)
		if err != nil {
			t.Errorf("find %s: %v", name, err)
			continue
		}
		req, record := request(t, "", params.Empty())
		req.Type = name
		result, err := entry.Operator.Run(t.Context(), req)
		if from, _ := result.Store.Get("from"); err != nil || from != dir {
			t.Errorf("%s is run from %v, %v\n%s", name, from, err, record.Output())
		}
	}
	if _, err := registry.Find(project, "none"); err == nil || err.Error() != "Unknown task type: none (config)" {
		t.Errorf("error = %v", err)
	}
}

func TestNamesOfOperatorsAreNotPaths(t *testing.T) {
	t.Parallel()
	project := t.TempDir()
	for _, name := range []string{"", ".", "..", ".hidden", "-x", "a/b", "../x", "x/../../y", `a\b`, "a b", "a\x00", "é", strings.Repeat("x", 101)} {
		if path := filepath.Join(project, ".heitan/operators", "heitan-operator-"+name); filepath.IsLocal(name) && !strings.Contains(name, "\x00") && len(name) < 200 {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			_ = os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755)
		}
		if _, ok := external.NewFinder(processes(), nil)(project, name); ok {
			t.Errorf("%q is an operator", name)
		}
	}
}

func TestFileThatIsNotExecutableIsExplained(t *testing.T) {
	t.Parallel()
	req, _ := request(t, "echo {}", params.Empty())
	path := filepath.Join(req.Workspace.Root, operatorFile)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := run(t, req)
	if f := failureOf(t, err); f.Error() != "The operator mine is not executable: "+path+" (config)" || f.Hint != "make it executable with: chmod +x "+path {
		t.Errorf("failure = %s, hint %s", f, f.Hint)
	}
}
