package runner

import (
	"fmt"
	"strings"
)

// CheckToken makes sure that a token is what [Spec.Token] promises, so that
// runners can make names of files and containers of it. Its error is a *[SpecError].
func CheckToken(token string) error {
	if token == "" || len(token) > 128 || token == "." || token == ".." || strings.ContainsFunc(token, isForeign) {
		return &SpecError{Reason: fmt.Sprintf("%.200q is not a token", token)}
	}
	return nil
}

func isForeign(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.'
}
