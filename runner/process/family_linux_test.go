package process

import (
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDescendantsComeAfterTheirParents(t *testing.T) {
	t.Parallel()
	make := func(pid, parent, session int) stat {
		return stat{member: member{process{pid, int64(pid)}, session}, parent: parent, session: session}
	}
	living := []stat{
		make(1, 0, 1),
		make(50, 1, 50),   // somebody else's
		make(51, 50, 50),  // somebody else's
		make(120, 112, 7), // a grandchild in another session
		make(100, 1, 100), // the command
		make(112, 100, 100),
		make(111, 1, 100),   // an orphan in its session
		make(130, 1, 130),   // an orphan in a session of its own, known by its token
		make(131, 130, 130), // its child
		make(132, 1, 130),   // in the same session
	}
	var got []int
	for _, m := range descendants(living, map[int]bool{100: true, 130: true}, map[int]bool{100: true, 130: true}) {
		got = append(got, m.pid)
	}
	if diff := cmp.Diff([]int{100, 111, 112, 130, 131, 132, 120}, got); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}

func FuzzParseStat(f *testing.F) {
	own, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(own)
	f.Add([]byte("12 (a) b) (c) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987 1 2"))
	f.Add([]byte("12 (x"))
	f.Fuzz(func(_ *testing.T, text []byte) {
		_, _ = parseStat(12, text)
	})
}

func TestStatOfAProcessWithAnOddName(t *testing.T) {
	t.Parallel()
	for state, ended := range map[string]bool{"S": false, "Z": true, "T": false} {
		text := fmt.Sprintf("12 (a) b) (c) %s 5 11 10 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987 1 2", state)
		got, err := parseStat(12, []byte(text))
		want := stat{member: member{process{12, 987}, 11}, parent: 5, session: 10, ended: ended}
		if err != nil || got != want {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
}
