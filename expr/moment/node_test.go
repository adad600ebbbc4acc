package moment

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/heitan/heitan/internal/testenv"
)

// zones are the zones of the machine under which real JavaScript is asked: with
// and without summer time, north and south, with half hours and quarters, with a
// change of the clock at midnight.
func zones() []string {
	return []string{
		"UTC", "Asia/Tokyo", "America/Los_Angeles", "America/Sao_Paulo",
		"Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu",
	}
}

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// needNode returns the path of node, which is optional: what goja can answer is
// tested without it.
func needNode(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		if testenv.Required(testenv.NPM) {
			t.Fatalf("node is required by HEITAN_TEST_REQUIRE: %v", err)
		}
		t.Skipf("needs node: %v", err)
	}
	return path
}

// askNode runs a script in one node process in a time zone. The script defines a
// global function answer(question).
func askNode(t testing.TB, node, zone, script string, questions []string) []string {
	t.Helper()
	const frame = `
const input = JSON.parse(require('fs').readFileSync(0, 'utf8'));
(0, eval)(input.script);
process.stdout.write(JSON.stringify(input.questions.map(answer)));`
	input, err := json.Marshal(map[string]any{"script": script, "questions": questions})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, "-e", frame)
	cmd.Env = append(os.Environ(), "TZ="+zone, "NODE_OPTIONS=")
	cmd.Stdin = bytes.NewReader(input)
	var failure bytes.Buffer
	cmd.Stderr = &failure
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("run node in %s: %v\n%s", zone, err, failure.String())
	}
	var answers []string
	if err := json.Unmarshal(output, &answers); err != nil {
		t.Fatalf("read the answers of node: %v", err)
	}
	return answers
}
