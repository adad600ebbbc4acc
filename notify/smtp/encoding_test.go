package smtp_test

import (
	"encoding/base64"
	"strings"
	"testing"
)

// decodeBase64 undoes the transfer encoding that multipart.Reader leaves.
func decodeBase64(t *testing.T, encoding, body string) string {
	t.Helper()
	if encoding != "base64" {
		return body
	}
	data, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\r\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
