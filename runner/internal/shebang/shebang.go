// Package shebang reads the first line of scripts.
package shebang

import (
	"bufio"
	"os"
	"strings"
)

// maxLine is how much of the first line Linux looks at.
const maxLine = 256

// Interpreter is the program that the first line of a file names after "#!",
// or "" if it names none or the file cannot be read.
func Interpreter(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	line, _ := bufio.NewReaderSize(f, maxLine).ReadSlice('\n')
	text, ok := strings.CutPrefix(string(line), "#!")
	if !ok {
		return ""
	}
	interpreter, _, _ := strings.Cut(strings.TrimLeft(strings.TrimSuffix(text, "\n"), " \t"), " ")
	return interpreter
}
