// Package buildinfo says which heitan this is.
package buildinfo

import (
	"runtime"
	"runtime/debug"
	"strings"
)

// Version is heitan's version. Releases set it with -ldflags -X.
var version = "0.1.0-dev"

// Version is the version in the form digits(.digits)*[-qualifier].
func Version() string { return strings.TrimPrefix(version, "v") }

// Commit is the commit heitan was built from, or "unknown".
func Commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return "unknown"
}

// Platform is the operating system, architecture and Go version.
func Platform() string { return runtime.GOOS + "/" + runtime.GOARCH + " " + runtime.Version() }
