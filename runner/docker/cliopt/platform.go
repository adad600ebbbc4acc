package cliopt

import (
	"fmt"
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// parsePlatform reads os[/architecture[/variant]].
func parsePlatform(value string) (*ocispec.Platform, error) {
	parts := strings.Split(value, "/")
	if len(parts) > 3 || parts[0] == "" {
		return nil, fmt.Errorf("%q is not a platform such as linux/arm64", value)
	}
	parts = append(parts, "", "")
	return &ocispec.Platform{OS: parts[0], Architecture: parts[1], Variant: parts[2]}, nil
}
