package paramserver_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/paramserver"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/sqlite"
)

func TestWhatOneTaskSetsAnotherGets(t *testing.T) {
	t.Parallel()
	server := memory(t)
	run(t, server, "param_set", params.Of("_command", nil, "day", "2026-04-01", "count", int64(3), "good", true, "nothing", nil))
	result := run(t, server, "param_get", params.Of("_command", nil, "day", "last_day", "count", "n", "good", "good", "nothing", "none", "absent", "missing"))
	want := `{"last_day":"2026-04-01","n":"3","good":"true","none":"","missing":""}`
	if got := params.JSON(result.Store); got != want {
		t.Errorf("stored %s, want %s", got, want)
	}
}

func TestSettingsOfTheTaskAreNoEntries(t *testing.T) {
	t.Parallel()
	server := memory(t)
	run(t, server, "param_set", params.Of("param_set>", nil, "_command", nil, "_retry", int64(3), "timeout", "soon"))
	for key, want := range map[string]bool{"_retry": false, "_command": false, "param_set>": false, "timeout": true} {
		if _, ok, err := server.Param(t.Context(), key, operatortest.Now); err != nil || ok != want {
			t.Errorf("%s is an entry: %v, %v; want %v", key, ok, err, want)
		}
	}
}

func TestTaskWithoutEntriesFails(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"param_get", "param_set"} {
		f := failure(t, memory(t), name, params.Of("_command", nil, "_retry", int64(1)))
		if f.Message != "no key is set." || f.Kind != operator.KindConfig {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestListsAndMapsAreRefused(t *testing.T) {
	t.Parallel()
	f := failure(t, memory(t), "param_set", params.Of("a", "1", "b", params.List{int64(1)}))
	if f.Message != "Expected string type for key 'b' but got a list" && !strings.Contains(f.Message, "key 'b'") {
		t.Errorf("%+v", f)
	}
}

func TestServerThatFailsIsNamedWithItsKey(t *testing.T) {
	t.Parallel()
	f := failure(t, broken{}, "param_get", params.Of("a", "b"))
	if f.Message != "read 'a' at the param server: no route to host" || f.Kind != operator.KindRuntime {
		t.Errorf("%+v", f)
	}
	f = failure(t, broken{}, "param_set", params.Of("a", "b"))
	if f.Message != "set 'a' at the param server: no route to host" {
		t.Errorf("%+v", f)
	}
}

func TestKilledTaskFailsWithTheCause(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(operator.ErrKilled)
	req, _ := operatortest.Request(t, params.Of("a", "b"))
	if _, err := entry(broken{}, "param_get").Run(ctx, req); !errors.Is(err, operator.ErrKilled) {
		t.Errorf("error %v", err)
	}
}

type broken struct{}

func (broken) Param(context.Context, string, time.Time) (string, bool, error) {
	return "", false, errors.New("no route to host")
}

func (broken) SetParam(context.Context, string, string, time.Time) error {
	return errors.New("no route to host")
}

func memory(t *testing.T) store.ParamServer {
	t.Helper()
	s, err := sqlite.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func entry(server store.ParamServer, name string) operator.Operator {
	return paramserver.Operators(server)[name].Operator
}

func run(t *testing.T, server store.ParamServer, name string, config *params.Object) operator.Result {
	t.Helper()
	req, _ := operatortest.Request(t, config)
	req.Type = name
	result, err := entry(server, name).Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func failure(t *testing.T, server store.ParamServer, name string, config *params.Object) *operator.Failure {
	t.Helper()
	req, _ := operatortest.Request(t, config)
	req.Type = name
	_, err := entry(server, name).Run(t.Context(), req)
	f, ok := errors.AsType[*operator.Failure](err)
	if !ok {
		t.Fatalf("error %v is no failure", err)
	}
	return f
}
