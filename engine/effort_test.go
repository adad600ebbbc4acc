package engine_test

import (
	"os"
	"testing"
)

// longVariable makes the simulations and the exploration go much further than in
// a usual run: minutes instead of seconds. `-short` makes them a tenth.
const longVariable = "HEITAN_TEST_LONG"

// effort is a number for a usual run, less with -short, or the one for a long run.
func effort(usual, long int) int {
	switch {
	case os.Getenv(longVariable) != "":
		return long
	case testing.Short():
		return max(1, usual/10)
	}
	return usual
}
