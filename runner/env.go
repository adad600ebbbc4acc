package runner

import (
	"fmt"
	"slices"
	"strings"
)

// MergeEnv joins lists of KEY=VALUE to one that has each variable once: where its
// last entry was, with its last value. An entry that cannot be passed to a command
// is a *[SpecError], which never shows a value.
func MergeEnv(lists ...[]string) ([]string, error) {
	all := slices.Concat(lists...)
	merged := make([]string, 0, len(all))
	seen := make(map[string]bool, len(all))
	for _, entry := range slices.Backward(all) {
		key, value, ok := strings.Cut(entry, "=")
		if !ok || key == "" || strings.ContainsRune(key, 0) {
			return nil, &SpecError{Reason: fmt.Sprintf("%q is not the name of an environment variable", key)}
		}
		if strings.ContainsRune(value, 0) {
			return nil, &SpecError{Reason: fmt.Sprintf("the environment variable %s contains a NUL character", key)}
		}
		if !seen[key] {
			seen[key] = true
			merged = append(merged, entry)
		}
	}
	slices.Reverse(merged)
	return merged, nil
}
