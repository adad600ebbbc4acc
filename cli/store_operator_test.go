package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
)

// storeOperator is the program of `store>`, for scripts about tasks that do several
// things at once: it removes the params that `reset` lists, stores the map behind
// it, exports the map `export`, and generates the tasks in `_do`.
func storeOperator() {
	var request struct {
		Command json.RawMessage `json:"command"`
		Own     struct {
			Reset  json.RawMessage `json:"reset,omitempty"`
			Export json.RawMessage `json:"export,omitempty"`
			Do     json.RawMessage `json:"_do,omitempty"`
		} `json:"own"`
	}
	err := json.NewDecoder(os.Stdin).Decode(&request)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(map[string]any{
			"store": request.Command, "reset": request.Own.Reset, "export": request.Own.Export, "subtasks": request.Own.Do,
		})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "store>:", err)
		os.Exit(1)
	}
}
