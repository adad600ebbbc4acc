package docker

import (
	"encoding/json"
	"fmt"

	"github.com/heitan/heitan/runner"
)

// handleVersion counts the changes to handleState that older versions of heitan
// could not read.
const handleVersion = 1

// handleState is what a handle keeps.
type handleState struct {
	Engine    string `json:"engine,omitempty"` // its id, if it has one
	Container string `json:"container"`        // its id
	Token     string `json:"token"`
}

func (s handleState) handle() runner.Handle {
	text, _ := json.Marshal(s) // strings only
	return runner.Handle{Runner: Name, Version: handleVersion, State: string(text)}
}

func parseHandle(h runner.Handle) (handleState, error) {
	var state handleState
	if h.Runner != Name {
		return state, fmt.Errorf("attach to container: its handle is of the runner %q, not %q", h.Runner, Name)
	}
	if h.Version < 1 || h.Version > handleVersion {
		return state, fmt.Errorf("attach to container: its handle has version %d; this heitan knows versions up to %d",
			h.Version, handleVersion)
	}
	if err := json.Unmarshal([]byte(h.State), &state); err != nil {
		return state, fmt.Errorf("attach to container: read its handle: %w", err)
	}
	if state.Container == "" || runner.CheckToken(state.Token) != nil {
		return state, fmt.Errorf("attach to container: its handle names no container")
	}
	return state, nil
}
