package workflow

import (
	"errors"
	"fmt"

	"github.com/heitan/heitan/params"
)

// Parallel is a `_parallel` setting.
type Parallel struct {
	On    bool
	Limit int // children per chunk; a chunk starts when the one before succeeded; 0 is no limit
}

// parallelOptions are the keys of a `_parallel` map.
var parallelOptions = []string{"limit"}

// ParseParallel reads a `_parallel` value: a boolean, its text, or {limit: N}.
func ParseParallel(v params.Value) (Parallel, error) {
	switch v := v.(type) {
	case nil:
		return Parallel{}, nil
	case *params.Object:
		raw, ok := v.Get("limit")
		if !ok {
			return Parallel{}, errors.New("Parameter 'limit' is required but not set")
		}
		limit, ok := wholeNumber(raw)
		if !ok {
			return Parallel{}, fmt.Errorf("Expected integer type for key 'limit' but got %s", params.JSON(raw))
		}
		return Parallel{On: true, Limit: max(0, limit)}, nil
	case bool, string:
		on, err := truth(keyParallel, v)
		return Parallel{On: on}, err
	}
	return Parallel{}, errors.New("Invalid _parallel format")
}

// truth reads a boolean or its text.
func truth(key string, v params.Value) (bool, error) {
	switch v {
	case nil, false, "false":
		return false, nil
	case true, "true":
		return true, nil
	}
	return false, fmt.Errorf("Expected 'true' or 'false' for key '%s' but got %s", key, params.JSON(v))
}
