package operator_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// source is secrets by key; one that is "unreadable" cannot be read.
type source map[string]string

func (s source) Secret(_ context.Context, key string) (string, bool, error) {
	if key == "unreadable" {
		return "", false, errors.New("permission denied")
	}
	value, ok := s[key]
	return value, ok, nil
}

func TestSecretsAreMountedAtOtherNames(t *testing.T) {
	t.Parallel()
	all := source{"pg.password": "own", "team.password": "team", "other.user": "other", "pg.host": "h", "a.b.c": "abc"}
	mounts := params.Of(
		"pg", params.Of("password", "team.password", "user", "other.user", "host", true),
		"x", "a", // the beginning of a key
		"y.b", "a.b", // a key with dots
		"n", nil, "z", int64(1))
	secrets := operator.NewSecrets(all, mounts, nil)
	for key, want := range map[string]string{
		"pg.password": "team", "pg.user": "other", "pg.host": "h", "team.password": "team", "x.b.c": "abc", "y.b.c": "abc", "a.b.c": "abc",
	} {
		if got, err := secrets.Get(t.Context(), key); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", key, got, err, want)
		}
	}
	for _, key := range []string{"pg.port", "x.b", "n.a", "z"} {
		if got, ok, err := secrets.Lookup(t.Context(), key); ok || err != nil {
			t.Errorf("%s is %q, %v", key, got, err)
		}
	}
}

func TestMissingSecretIsNamedAsItWasAskedFor(t *testing.T) {
	t.Parallel()
	secrets := operator.NewSecrets(source{}, params.Of("a", "b"), nil)
	_, err := secrets.Get(t.Context(), "a")
	f, ok := errors.AsType[*operator.Failure](err)
	if !ok || f.Message != "Secret not found for key: 'a'" || f.Kind != operator.KindConfig || f.Hint == "" {
		t.Errorf("failure %+v", f)
	}
	_, err = secrets.Get(t.Context(), "unreadable")
	if f := operator.AsFailure(err); f.Message != "read secret 'unreadable': permission denied" || f.Kind != operator.KindRuntime {
		t.Errorf("failure %+v", f)
	}
}

func TestSecretsInTextAreReplaced(t *testing.T) {
	t.Parallel()
	var revealed []string
	secrets := operator.NewSecrets(source{"a": "1", "b.c": "${secret:a}", "$": "$1"}, nil, func(value string) { revealed = append(revealed, value) })
	for text, want := range map[string]string{
		"plain":                     "plain",
		"$a ${ } $${x":              "$a ${ } $${x",
		"${secret:a}":               "1",
		"<${secret: a }${secret:a}": "<11",
		"${secret:b.c}":             "${secret:a}", // what a secret holds is no template
		"${secret:$}":               "$1",
		"${SECRET:a}":               "${SECRET:a}",
	} {
		if got, err := secrets.Expand(t.Context(), text); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
	}
	if !slices.Contains(revealed, "1") || !slices.Contains(revealed, "${secret:a}") {
		t.Errorf("revealed %q", revealed)
	}
	for text, want := range map[string]string{
		"${secret:x} ${secret:y}": "Secret not found for key: 'x' (config)",
		"${env:HOME}":             "Invalid parametrization: '${env:HOME}' (config)",
		"${secret:}":              "Secret not found for key: '' (config)",
	} {
		if got, err := secrets.Expand(t.Context(), text); err == nil || err.Error() != want {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
	_, err := secrets.Expand(t.Context(), "echo ${foo:-x}")
	const hint = "only ${secret:KEY} is replaced here; if this is for a shell, write ${'$'}{foo:-x}"
	if failure, ok := errors.AsType[*operator.Failure](err); !ok || failure.Hint != hint {
		t.Errorf("%v has the wrong hint", err)
	}
}
