package operator_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator"
)

func TestBuiltInOperatorsComeFirst(t *testing.T) {
	t.Parallel()
	nothing := operator.Func(func(context.Context, *operator.Request) (operator.Result, error) { return operator.Result{}, nil })
	finder := func(retry bool, names ...string) operator.Finder {
		return func(root, name string) (operator.Entry, bool) {
			for _, n := range names {
				if root == "/project" && n == name {
					return operator.Entry{Operator: nothing, SelfRetry: retry}, true
				}
			}
			return operator.Entry{}, false
		}
	}
	r := operator.NewRegistry(map[string]operator.Entry{"sh": {Operator: nothing, OwnTimeout: true}, "td": {Operator: nothing, Instead: "sh>"}},
		finder(true, "sh", "mine"), finder(false, "mine", "yours"))
	if diff := cmp.Diff([]string{"sh", "td"}, r.Names()); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]operator.Entry{"sh": {OwnTimeout: true}, "mine": {SelfRetry: true}, "yours": {}} {
		got, err := r.Find("/project", name)
		if got.Operator = nil; err != nil || got != want {
			t.Errorf("%s is %+v, %v", name, got, err)
		}
	}
	if r.Instead("td") != "sh>" || r.Instead("sh") != "" || r.Instead("gone") != "" {
		t.Error("what does the work of others is not told")
	}
}

func TestUnknownOperatorIsAFailureWithAGuess(t *testing.T) {
	t.Parallel()
	_, err := operator.NewRegistry(map[string]operator.Entry{"echo": {}}).Find("/project", "ehco")
	f, ok := errors.AsType[*operator.Failure](err)
	if !ok || f.Message != "Unknown task type: ehco" || f.Kind != operator.KindConfig || f.Hint == "" {
		t.Errorf("failure %+v", f)
	}
}

func TestEveryErrorIsAFailureOfTheTask(t *testing.T) {
	t.Parallel()
	if operator.AsFailure(nil) != nil {
		t.Error("no error is a failure")
	}
	cause := errors.New("disk full")
	f := operator.AsFailure(cause)
	if f.Error() != "disk full (runtime)" || !errors.Is(f, cause) {
		t.Errorf("failure %+v", f)
	}
	own := operator.Configf("load %s: %w", "a", cause)
	if operator.AsFailure(errors.Join(own)) != own || !errors.Is(own, cause) || own.Error() != "load a: disk full (config)" {
		t.Errorf("failure %+v", own)
	}
	if meant := (&operator.Failure{Message: "no rows"}); meant.Error() != "no rows" {
		t.Errorf("failure %q", meant.Error())
	}
}
