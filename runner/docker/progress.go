package docker

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/moby/moby/api/types/jsonstream"
)

// show writes what the engine tells while it fetches or builds an image, without
// the counters that are made for terminals. It returns the error in the stream.
// The output's own failure is not the engine's: the rest is not shown then.
func show(messages iter.Seq2[jsonstream.Message, error], output io.Writer) error {
	shown := map[string]string{} // the last status of each layer
	var failed error
	write := func(text string) {
		if failed == nil {
			_, failed = io.WriteString(output, text)
		}
	}
	for m, err := range messages {
		switch {
		case err != nil:
			return err
		case m.Error != nil:
			return m.Error
		case m.Stream != "":
			write(m.Stream)
		case m.Status == "" || m.Progress != nil && m.Progress.Total > 0:
		case m.ID == "":
			write(m.Status + "\n")
		case shown[m.ID] != m.Status && !isTransient(m.Status):
			shown[m.ID] = m.Status
			write(m.ID + ": " + m.Status + "\n")
		}
	}
	return nil
}

// isTransient tells the steps of a layer between its first and its last.
func isTransient(status string) bool {
	switch status {
	case "Pulling fs layer", "Waiting", "Verifying Checksum", "Download complete", "Downloading", "Extracting":
		return true
	}
	return strings.HasPrefix(status, "Retrying")
}

// tell writes a line about what heitan does into the task's output.
func tell(output io.Writer, format string, args ...any) {
	// If output cannot be written to, waiting for the command will say so.
	_, _ = fmt.Fprintf(output, "heitan: "+format+"\n", args...)
}
