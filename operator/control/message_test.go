package control_test

import (
	"errors"
	"io"
	"testing"

	"github.com/heitan/heitan/operator/control"
)

func TestEchoWritesItsMessageAsALine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"echo>: hello":            "hello\n",
		"echo>: 'two\n\n lines'":  "two\nlines\n",
		"echo>: ''":               "\n",
		"echo>: 1.50":             "1.5\n",
		"echo>: true":             "true\n",
		"echo>: '100% ${literal'": "100% ${literal\n",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			op, req, record := task(t, text)
			if _, err := op.Run(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			if got := record.Output(); got != want {
				t.Errorf("output = %q, want %q", got, want)
			}
		})
	}
}

func TestEchoWithoutAMessageFails(t *testing.T) {
	t.Parallel()
	failing(t, map[string]string{
		"echo>:":        "test.dig:1:1: Parameter '_command' is required but not set (config)",
		"echo>: {a: b}": `test.dig:1:1: Expected string type for key '_command' but got {"a":"b"} (object) (config)`,
	})
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestEchoReportsThatTheLogCannotBeWritten(t *testing.T) {
	t.Parallel()
	op, req, _ := task(t, "echo>: hello")
	req.Output = brokenWriter{}
	if _, err := op.Run(t.Context(), req); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error = %v", err)
	}
}

func TestFailFailsWithItsMessageAndNothingElse(t *testing.T) {
	t.Parallel()
	failing(t, map[string]string{
		"fail>: no data for today": "no data for today",
		"fail>: 100%":              "100%",
		"fail>: 42":                "42",
		"fail>:":                   "",
		"fail>: ''":                "",
	})
}

func TestOnlyCallAndRequireAreRepeatedByTheirOwnRetry(t *testing.T) {
	t.Parallel()
	for name, entry := range control.Operators(control.Settings{}) {
		if want := name == "call" || name == "require"; entry.SelfRetry != want {
			t.Errorf("%s> SelfRetry = %v", name, entry.SelfRetry)
		}
	}
}
