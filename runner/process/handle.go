package process

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
	Token   string `json:"token"`
	Machine string `json:"machine"`
	PID     int    `json:"pid"`
	Started int64  `json:"started"` // see startTime; tells a process from a later one with its id
}

func (s handleState) handle() runner.Handle {
	text, _ := json.Marshal(s) // strings and numbers only
	return runner.Handle{Runner: Name, Version: handleVersion, State: string(text)}
}

func parseHandle(h runner.Handle) (handleState, error) {
	var state handleState
	if h.Runner != Name {
		return state, fmt.Errorf("attach to command: its handle is of the runner %q, not %q", h.Runner, Name)
	}
	if h.Version < 1 || h.Version > handleVersion {
		return state, fmt.Errorf("attach to command: its handle has version %d; this heitan knows versions up to %d",
			h.Version, handleVersion)
	}
	if err := json.Unmarshal([]byte(h.State), &state); err != nil {
		return state, fmt.Errorf("attach to command: read its handle: %w", err)
	}
	if runner.CheckToken(state.Token) != nil {
		return state, fmt.Errorf("attach to command: its handle has no token")
	}
	return state, nil
}
