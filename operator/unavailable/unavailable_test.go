package unavailable_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/unavailable"
	"github.com/heitan/heitan/params"
)

func TestDigdagsOperatorsThatHeitanLacksAreKnownByName(t *testing.T) {
	t.Parallel()
	want := []string{
		"bq", "bq_ddl", "bq_extract", "bq_load", "emr",
		"td", "td_ddl", "td_for_each", "td_load", "td_partial_delete", "td_result_export", "td_run",
		"td_table_export", "td_wait", "td_wait_table",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(unavailable.Operators()))); diff != "" {
		t.Error(diff)
	}
}

func TestMissingOperatorFailsAtOnceAndSaysWhatToUseInstead(t *testing.T) {
	t.Parallel()
	for name, entry := range unavailable.Operators() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req, _ := operatortest.Request(t, params.Of("_command", "anything", "_retry", int64(3)))
			result, err := entry.Operator.Run(t.Context(), req)
			failure, ok := errors.AsType[*operator.Failure](err)
			if !ok || failure.Kind != operator.KindConfig {
				t.Fatalf("result %+v, error %v", result, err)
			}
			if want := "The operator " + name + "> is not available in heitan"; failure.Message != want {
				t.Errorf("message %q, want %q", failure.Message, want)
			}
			if !strings.Contains(failure.Hint, "sh>") && !strings.Contains(failure.Hint, "py>") {
				t.Errorf("hint %q names no other operator", failure.Hint)
			}
			if entry.SelfRetry {
				t.Error("the operator is retried")
			}
		})
	}
}
