package shell

import (
	"strings"
	"testing"

	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
)

func FuzzOutput(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"subtask_config":{"+a":{}},"export_params":{"a":1},"store_params":{"b":null},"reset_store_params":["a.b"]}`,
		`{"error":{"class":"E","message":"m","backtrace":["a","b"]}}`, `{"error":{"class":[],"message":1,"backtrace":"x"}}`,
		`{"reset_store_params":"a"}`, `{"reset_store_params":[[]]}`, `{"store_params":[]}`, `[]`, `null`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		output, err := params.ParseObject(data)
		if err != nil {
			return
		}
		if result, err := resultOf(output); err == nil && result.Poll != nil {
			t.Errorf("poll = %+v", result.Poll)
		}
		if r, ok := reported(output); ok {
			if size := len(explainPython("failed", r)) - len(r.class); size > 2*command.MaxMessage+200 {
				t.Errorf("%d bytes of output are reported with %d bytes", len(data), size)
			}
		}
	})
}

func TestLongReportsAreShortened(t *testing.T) {
	t.Parallel()
	lines := make(params.List, 10_000)
	for i := range lines {
		lines[i] = "  File \"a.py\", line 1, in f\n    f()"
	}
	r, ok := reported(params.Of("error", params.Of("message", strings.Repeat("m", 1<<20), "backtrace", lines)))
	if !ok || len(r.message) > command.MaxMessage+100 || len(r.text()) > command.MaxMessage+100 {
		t.Errorf("message of %d bytes, backtrace of %d bytes", len(r.message), len(r.text()))
	}
	if !strings.HasSuffix(r.message, "... (1048576 bytes in all)") || !strings.HasSuffix(r.text(), " more") {
		t.Errorf("ends of %q, %q", r.message[len(r.message)-40:], r.text()[len(r.text())-40:])
	}
}
