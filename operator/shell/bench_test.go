package shell_test

import (
	"os"
	"strings"
	"testing"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/shell"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner"
	"github.com/heitan/heitan/runner/process"
)

// BenchmarkBareShell is what the runner alone takes for the command of BenchmarkSh.
func BenchmarkBareShell(b *testing.B) {
	processes := process.New(process.Options{Environ: os.Environ()})
	dir := b.TempDir()
	for b.Loop() {
		run, err := processes.Start(b.Context(), runner.Spec{Token: "t", Command: []string{"/bin/sh", "-c", ":"}, Workspace: dir, Dir: dir, InheritEnv: true}, b.Output())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := run.Wait(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := run.Release(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSh(b *testing.B) {
	benchmark(b, "sh", params.Of("_command", ":"))
}

func BenchmarkShWithOneMegabyteOfParams(b *testing.B) {
	inherited := params.Empty()
	for key := range strings.SplitSeq("abcdefghijklmnop", "") {
		inherited = inherited.With(key, strings.Repeat("x", 64<<10))
	}
	benchmark(b, "sh", params.Of("_command", ":"), operatortest.WithParams(inherited))
}

func BenchmarkPython(b *testing.B) {
	benchmark(b, "py", params.Of("_command", "m.main", "python", testenv.Need(b, testenv.Python)),
		operatortest.WithFiles(map[string]string{"m.py": "def main():\n    pass\n"}))
}

func BenchmarkRuby(b *testing.B) {
	benchmark(b, "rb", params.Of("_command", "main", "require", "m", "ruby", testenv.Need(b, testenv.Ruby)),
		operatortest.WithFiles(map[string]string{"m.rb": "def main; end\n"}))
}

func benchmark(b *testing.B, name string, own *params.Object, options ...operatortest.Option) {
	req, _ := request(b, name, own, options...)
	all := req.Params.All()
	op := shell.Operators(processes())[name].Operator
	b.ReportAllocs()
	for b.Loop() {
		req.Params = operator.NewParams(all, own)
		result, err := op.Run(b.Context(), req)
		if err != nil {
			b.Fatal(err)
		}
		result.Release(b.Context())
	}
}
