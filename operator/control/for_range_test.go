package control_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/heitan/heitan/operator/control"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func TestForRangeRunsItsBodyForPartsOfTheRange(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"{from: 10, to: 50, step: 10}": {
			`+range-from=10&to=20 {"range":{"from":10,"to":20,"index":0}}`,
			`+range-from=20&to=30 {"range":{"from":20,"to":30,"index":1}}`,
			`+range-from=30&to=40 {"range":{"from":30,"to":40,"index":2}}`,
			`+range-from=40&to=50 {"range":{"from":40,"to":50,"index":3}}`,
		},
		"{from: 0, to: 10, slices: 3}": {
			`+range-from=0&to=4 {"range":{"from":0,"to":4,"index":0}}`,
			`+range-from=4&to=8 {"range":{"from":4,"to":8,"index":1}}`,
			`+range-from=8&to=10 {"range":{"from":8,"to":10,"index":2}}`,
		},
		`'{"from": "-3", "to": "2", "step": "3"}'`: {
			`+range-from=-3&to=0 {"range":{"from":-3,"to":0,"index":0}}`,
			`+range-from=0&to=2 {"range":{"from":0,"to":2,"index":1}}`,
		},
		"{from: 0, to: 2, slices: 5, step: }": {
			`+range-from=0&to=1 {"range":{"from":0,"to":1,"index":0}}`,
			`+range-from=1&to=2 {"range":{"from":1,"to":2,"index":1}}`,
		},
		"{from: -9223372036854775808, to: 9223372036854775807, slices: 2}": {
			`+range-from=-9223372036854775808&to=0 {"range":{"from":-9223372036854775808,"to":0,"index":0}}`,
			`+range-from=0&to=9223372036854775807 {"range":{"from":0,"to":9223372036854775807,"index":1}}`,
		},
		"{from: 9223372036854775800, to: 9223372036854775807, step: 9223372036854775807}": {
			`+range-from=9223372036854775800&to=9223372036854775807 {"range":{"from":9223372036854775800,"to":9223372036854775807,"index":0}}`,
		},
		"{from: 5, to: 5, step: 1}":                                        nil,
		"{from: 5, to: 5, slices: 3}":                                      nil,
		"{from: 6, to: 5, step: 1}":                                        nil,
		"{from: 6, to: 5, slices: 3}":                                      nil,
		"{from: 9223372036854775807, to: -9223372036854775808, slices: 3}": nil,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, described(subtasks(t, "for_range>: "+text+"\n_do: {echo>: x}"))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestForRangeReplacesTheRangeThatTheBodyExports(t *testing.T) {
	t.Parallel()
	got := described(subtasks(t, "for_range>: {from: 0, to: 1, step: 1}\n_do: {_export: {range: {x: 1}, y: 2}, echo>: x}"))
	if diff := cmp.Diff([]string{`+range-from=0&to=1 {"range":{"from":0,"to":1,"index":0},"y":2}`}, got); diff != "" {
		t.Error(diff)
	}
}

func TestForRangeRefusesWhatItCannotRun(t *testing.T) {
	t.Parallel()
	const body = "\n_do: {echo>: x}"
	failing(t, map[string]string{
		"for_range>: {from: 0, to: 1, step: 1}":                                             "Parameter '_do' is required but not set (config)",
		"for_range>:" + body:                                                                "test.dig:1:1: Parameter '_command' is required but not set (config)",
		"for_range>: 10" + body:                                                             "test.dig:1:1: Expected object type for key '_command' but got 10 (number) (config)",
		"for_range>: {to: 1, step: 1}" + body:                                               "Parameter 'from' is required but not set (config)",
		"for_range>: {from: 1, step: 1}" + body:                                             "Parameter 'to' is required but not set (config)",
		"for_range>: {from: a, to: 2, step: 1}" + body:                                      `test.dig:1:14: Expected integer type for key 'from' but got "a" (string) (config)`,
		"for_range>: {from: 0, to: 9.5, step: 1}" + body:                                    "test.dig:1:23: Expected integer type for key 'to' but got 9.5 (number) (config)",
		"for_range>: {from: 0, to: 9}" + body:                                               "test.dig:1:14: step or slices option is required for for_range (config)",
		"for_range>: {from: 0, to: 9, step: 1, slices: 1}" + body:                           "test.dig:1:39: Setting both step and slices options to for_range is invalid (config)",
		"for_range>: {from: 0, to: 9, step: 0}" + body:                                      "test.dig:1:30: step option must be same or greater than 1 but got 0 (config)",
		"for_range>: {from: 0, to: 9, step: -2}" + body:                                     "test.dig:1:30: step option must be same or greater than 1 but got -2 (config)",
		"for_range>: {from: 0, to: 9, slices: 0}" + body:                                    "test.dig:1:30: slices option must be same or greater than 1 but got 0 (config)",
		"for_range>: {from: 0, to: 1001, step: 1}" + body:                                   "test.dig:1:1: Too many for_range subtasks. Limit: 1000 (config)",
		"for_range>: {from: 0, to: 9000000, slices: 1001}" + body:                           "test.dig:1:1: Too many for_range subtasks. Limit: 1000 (config)",
		"for_range>: {from: -9223372036854775808, to: 9223372036854775807, step: 1}" + body: "test.dig:1:1: Too many for_range subtasks. Limit: 1000 (config)",
	})
}

func TestForRangePartsCoverTheRangeExactlyOnce(t *testing.T) {
	t.Parallel()
	operator := control.Operators(control.Settings{MaxSubtasks: maxSubtasks})["for_range"].Operator
	rapid.Check(t, func(rt *rapid.T) {
		edge := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-50, 50), rapid.Int64Min(math.MaxInt64-50), rapid.Int64Max(math.MinInt64+50))
		from, to := edge.Draw(rt, "from"), edge.Draw(rt, "to")
		by := rapid.SampledFrom([]string{"step", "slices"}).Draw(rt, "by")
		amount := rapid.OneOf(rapid.Int64Min(1), rapid.Int64Range(1, maxSubtasks)).Draw(rt, "amount")
		req, _ := operatortest.Request(t, params.Of(
			"_command", params.Of("from", from, "to", to, by, amount), "_do", params.Of("echo>", "x")))
		result, err := operator.Run(t.Context(), req)
		if err != nil {
			if got, want := failure(rt, err), "Too many for_range subtasks. Limit: 1000 (config)"; got != want {
				rt.Fatal(got)
			}
			if by == "slices" && amount <= maxSubtasks {
				rt.Fatal("there are more parts than slices")
			}
			return
		}
		if by == "slices" && int64(result.Subtasks.Len()) > amount {
			rt.Fatalf("%d parts", result.Subtasks.Len())
		}
		next, index := from, int64(0)
		for _, task := range result.Subtasks.All() {
			begin, end, i := part(rt, task)
			if begin != next || end <= begin || i != index {
				rt.Fatalf("part %d from %d to %d, expected part %d from %d", i, begin, end, index, next)
			}
			if by == "step" && uint64(end)-uint64(begin) != uint64(amount) && end != to {
				rt.Fatalf("part %d from %d to %d has another size", i, begin, end)
			}
			next, index = end, index+1
		}
		if from < to && next != to || from >= to && index != 0 {
			rt.Fatalf("the parts end at %d", next)
		}
	})
}

func part(t rapid.TB, task params.Value) (from, to, index int64) {
	number := func(key string) int64 {
		v, _ := task.(*params.Object).Lookup("_export", "range", key)
		n, ok := v.(int64)
		if !ok {
			t.Fatalf("%s of %s", key, params.JSON(task))
		}
		return n
	}
	return number("from"), number("to"), number("index")
}
