package runner_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/heitan/heitan/runner"
)

func TestTokensAreFileNames(t *testing.T) {
	t.Parallel()
	for token, fits := range map[string]bool{
		"a": true, "A-z_0.9": true, "..a": true, strings.Repeat("x", 128): true,
		"": false, ".": false, "..": false, "a/b": false, "a b": false, "ä": false, "a\x00": false, strings.Repeat("x", 129): false,
	} {
		err := runner.CheckToken(token)
		if _, isSpec := errors.AsType[*runner.SpecError](err); (err == nil) != fits || !fits && !isSpec {
			t.Errorf("%q: got %v", token, err)
		}
	}
}
