package shebang

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInterpreter(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"#!/bin/sh\necho":             "/bin/sh",
		"#! /usr/bin/env python3\n":   "/usr/bin/env",
		"#!/bin/bash\r\n":             "/bin/bash\r",
		"#!/bin/sh":                   "/bin/sh",
		"echo #!/bin/sh\n":            "",
		"":                            "",
		"#!" + strings.Repeat("x", 9): "xxxxxxxxx",
		"\x7fELF":                     "",
	} {
		file := filepath.Join(t.TempDir(), "script")
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := Interpreter(file); got != want {
			t.Errorf("%q: got %q, want %q", content, got, want)
		}
	}
	if got := Interpreter("/no/such/file"); got != "" {
		t.Errorf("got %q for a missing file", got)
	}
}
