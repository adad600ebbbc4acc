package javaregexp

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// oracle is a program that answers lines of operation, text, pattern and
// replacement, joined by tabs, with what Java makes of them.
const oracle = `
import java.io.*;
import java.nio.charset.StandardCharsets;

public class Oracle {
	static String escape(String s) {
		return s.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r").replace("\u0085", "\\x").replace("\f", "\\f").replace("\u000b", "\\v");
	}
	static String unescape(String s) {
		StringBuilder b = new StringBuilder();
		for (int i = 0; i < s.length(); i++) {
			char c = s.charAt(i);
			if (c != '\\') { b.append(c); continue; }
			c = s.charAt(++i);
			b.append(c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == 'x' ? '\u0085' : c == 'f' ? '\f' : c == 'v' ? '\u000b' : c);
		}
		return b.toString();
	}
	public static void main(String[] args) throws Exception {
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		PrintStream out = new PrintStream(System.out, true, "UTF-8");
		for (String line; (line = in.readLine()) != null; ) {
			String[] f = line.split("\t", -1);
			String text = unescape(f[1]), pattern = unescape(f[2]), with = unescape(f[3]), result;
			try {
				switch (f[0]) {
				case "all": result = text.replaceAll(pattern, with); break;
				case "first": result = text.replaceFirst(pattern, with); break;
				default: result = "" + text.matches(pattern);
				}
			} catch (RuntimeException e) {
				result = "!";
			}
			out.println(escape(result));
		}
	}
}`

var escaper = strings.NewReplacer("\\", "\\\\", "\n", "\\n", "\t", "\\t", "\r", "\\r", "\u0085", "\\x", "\f", "\\f", "\v", "\\v")

var unescaper = strings.NewReplacer("\\\\", "\\", "\\n", "\n", "\\t", "\t", "\\r", "\r", "\\x", "\u0085", "\\f", "\f", "\\v", "\v")

// askJava runs the oracle, or skips the test where there is no Java.
func askJava(t *testing.T, operation string, calls []replacement) []string {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		t.Skipf("needs java: %v", err)
	}
	file := filepath.Join(t.TempDir(), "Oracle.java")
	if err := os.WriteFile(file, []byte(oracle), 0o600); err != nil {
		t.Fatal(err)
	}
	var input strings.Builder
	for _, c := range calls {
		input.WriteString(operation + "\t" + escaper.Replace(c.text) + "\t" + escaper.Replace(c.pattern) + "\t" + escaper.Replace(c.with) + "\n")
	}
	cmd := exec.CommandContext(t.Context(), java, "-Xshare:auto", file)
	cmd.Stdin = strings.NewReader(input.String())
	var failure strings.Builder
	cmd.Stderr = &failure
	output, err := cmd.Output()
	if err != nil {
		t.Skipf("java cannot run a source file: %v\n%s", err, failure.String())
	}
	answers := strings.Split(strings.TrimSuffix(string(output), "\n"), "\n")
	if len(answers) != len(calls) {
		t.Fatalf("%d answers to %d calls", len(answers), len(calls))
	}
	for i := range answers {
		answers[i] = unescaper.Replace(answers[i])
	}
	return answers
}
