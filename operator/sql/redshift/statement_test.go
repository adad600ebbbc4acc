package redshift_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/sql/redshift"
	"github.com/heitan/heitan/params"
)

var update = flag.Bool("update", false, "rewrite the expected statements")

var keys = redshift.Credentials{AccessKeyID: "AKIA", SecretAccessKey: "s3'cr\\et", SessionToken: "tok"}

// TestStatementsAreDigdags compares the files testdata/*.txtar: a task's params
// and the statement, or the problem, that comes of them.
func TestStatementsAreDigdags(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := statement(t, archive.Files[0].Data, keys)
			if *update {
				archive.Files = []txtar.File{archive.Files[0], {Name: "statement", Data: []byte(got)}}
				if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// statement is what a task with the given params runs, or its problems.
func statement(t *testing.T, task []byte, c redshift.Credentials) string {
	t.Helper()
	own, err := params.ParseObject(task)
	if err != nil {
		t.Fatal(err)
	}
	p := operator.NewParams(own, own)
	var s redshift.Statement
	if own.Has("to") || own.Has("query") {
		s = redshift.ReadUnload(p, "5ca1ab1e").Statement
	} else {
		s = redshift.ReadCopy(p).Statement
	}
	if err := p.Err(); err != nil {
		return err.Error() + "\n"
	}
	return s.SQL(c)
}

func TestMaskedStatementHoldsNoCredentials(t *testing.T) {
	t.Parallel()
	own := params.Of("table", "t", "from", "s3://b/k", "gzip", true)
	p := operator.NewParams(own, own)
	masked := redshift.ReadCopy(p).Masked()
	if want := "COPY \"t\" FROM 's3://b/k'\nCREDENTIALS '********'\nGZIP\n"; masked != want {
		t.Errorf("%q", masked)
	}
	if p.Err() != nil {
		t.Error(p.Err())
	}
}

// TestTextCannotLeaveItsLiteral reads the literal as Redshift does.
func TestTextCannotLeaveItsLiteral(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune(`a'\"`))).Draw(t, "text")
		literal := redshift.Literal(text)
		inside := literal[1 : len(literal)-1]
		var read strings.Builder
		for i := 0; i < len(inside); i++ {
			switch c := inside[i]; c {
			case '\'', '\\':
				if i++; i == len(inside) || inside[i] != c {
					t.Fatalf("%s ends inside of the text", literal)
				}
				read.WriteByte(c)
			default:
				read.WriteByte(c)
			}
		}
		if read.String() != text {
			t.Fatalf("%q became %s", text, literal)
		}
	})
}

func TestUnloadedObjectsHaveTheirOwnBeginning(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"s3://b":        "b|id_",
		"s3://b/":       "b|id_",
		"s3://b/dir":    "b|dir/id_",
		"s3://b/dir/a/": "b|dir/a/id_",
	} {
		own := params.Of("to", to, "query", "select 1")
		p := operator.NewParams(own, own)
		if u := redshift.ReadUnload(p, "id"); u.Bucket+"|"+u.Prefix != want || p.Err() != nil {
			t.Errorf("%s: %s|%s, %v", to, u.Bucket, u.Prefix, p.Err())
		}
	}
}

func TestFurtherObjectsThatAreReadAreNamed(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][]string{"auto": nil, "noshred": nil, "s3://b/paths.json": {"s3://b/paths.json"}} {
		own := params.Of("table", "t", "from", "s3://b/k", "json", value)
		if diff := cmp.Diff(want, redshift.ReadCopy(operator.NewParams(own, own)).Also); diff != "" {
			t.Errorf("json: %s: %s", value, diff)
		}
	}
}

// FuzzReadCopy finds params that make reading panic.
func FuzzReadCopy(f *testing.F) {
	f.Add(`{"table":"t","from":"s3://b/k","csv":"'"}`)
	f.Add(`{"table":"a.b","from":"s3://b/k","column_list":"a, \"b\"\"c\", d e","fixedwidth":"a:1"}`)
	f.Add(`{"to":"s3://","query":"x","parallel":"MAYBE","encoding":1}`)
	f.Fuzz(func(_ *testing.T, task string) {
		own, err := params.ParseObject([]byte(task))
		if err != nil {
			return
		}
		redshift.ReadCopy(operator.NewParams(own, own)).Masked()
		redshift.ReadUnload(operator.NewParams(own, own), "id").Masked()
	})
}
