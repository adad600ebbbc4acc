package runner_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/heitan/heitan/runner"
)

func TestEachVariableIsMergedOnceWithItsLastValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOf(rapid.StringMatching(`[A-D]=[a-z=]{0,3}`))
		first, second := list.Draw(t, "first"), list.Draw(t, "second")
		merged, err := runner.MergeEnv(first, second)
		if err != nil {
			t.Fatal(err)
		}
		last := map[string]string{}
		for _, list := range [][]string{first, second} {
			for _, e := range list {
				key, value, _ := strings.Cut(e, "=")
				last[key] = value
			}
		}
		got := map[string]string{}
		for _, e := range merged {
			key, value, _ := strings.Cut(e, "=")
			if _, twice := got[key]; twice {
				t.Fatalf("%s is there twice", key)
			}
			got[key] = value
		}
		if diff := cmp.Diff(last, got); diff != "" {
			t.Errorf("environment (-want +got):\n%s", diff)
		}
	})
}

func TestVariablesThatCannotBePassedAreNamed(t *testing.T) {
	t.Parallel()
	for entry, mention := range map[string]string{"A=secret\x00": "variable A", "=secret": "name", "A": `"A"`, "A\x00=secret": "name"} {
		_, err := runner.MergeEnv([]string{entry})
		wrong, ok := errors.AsType[*runner.SpecError](err)
		if !ok || !strings.Contains(wrong.Error(), mention) || strings.Contains(wrong.Error(), "secret") {
			t.Errorf("%q: got %v", entry, err)
		}
	}
}
