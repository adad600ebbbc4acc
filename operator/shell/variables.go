package shell

import (
	"log/slog"
	"slices"
	"strings"

	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
)

const (
	// maxVariable is the longest KEY=VALUE that Linux takes, without the byte
	// that ends it.
	maxVariable = 128<<10 - 1
	// maxVariables bounds all of them. Linux takes 2 MiB in its ordinary set-up,
	// the arguments and heitan's own environment among them.
	maxVariables = 3 << 19
)

// variables are all params that a shell can have as environment variables: texts
// as they are, everything else as JSON.
//
// Digdag fails if they are more than the system takes. Here those that do not fit
// are left out with a warning, the largest first, since a script that worked
// before some other task stored a long list does not use it.
func variables(seen *params.Object, log *slog.Logger) []string {
	var env, unfit []string
	total := 0
	for key, v := range seen.All() {
		if key == "_command" || !command.IsVariableName(key) {
			continue
		}
		text, ok := v.(string)
		if !ok {
			text = params.JSON(v)
		}
		if len(key)+1+len(text) > maxVariable || strings.IndexByte(text, 0) >= 0 {
			unfit = append(unfit, key)
			continue
		}
		env = append(env, key+"="+text)
		total += len(key) + 1 + len(text)
	}
	if total > maxVariables {
		slices.SortStableFunc(env, func(a, b string) int { return len(a) - len(b) })
		for ; total > maxVariables; env = env[:len(env)-1] {
			largest := env[len(env)-1]
			key, _, _ := strings.Cut(largest, "=")
			unfit = append(unfit, key)
			total -= len(largest)
		}
	}
	if len(unfit) > 0 {
		log.Warn("params are left out of the script's environment, because they are too large for it or hold a zero byte", "params", strings.Join(unfit, ", "))
	}
	return env
}
