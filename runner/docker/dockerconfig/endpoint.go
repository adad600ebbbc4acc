package dockerconfig

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// Endpoint is how an engine is reached.
type Endpoint struct {
	Host          string // such as unix:///var/run/docker.sock; "" is the default
	CertPath      string // folder of ca.pem, cert.pem and key.pem; "" is no TLS
	SkipTLSVerify bool
}

// Endpoint is the engine of a context; the name "" is the current one. The
// context "default", which needs no file, is the zero Endpoint.
func (c *Config) Endpoint(context string) (Endpoint, error) {
	if context == "" {
		context = c.CurrentContext
	}
	if context == "" || context == "default" {
		return Endpoint{}, nil
	}
	sum := sha256.Sum256([]byte(context))
	id := hex.EncodeToString(sum[:])
	var meta struct {
		Endpoints map[string]struct {
			Host          string
			SkipTLSVerify bool
		}
	}
	if err := readJSON(filepath.Join(c.dir, "contexts", "meta", id, "meta.json"), &meta); err != nil {
		return Endpoint{}, fmt.Errorf("find docker context %q: %w", context, err)
	}
	docker, ok := meta.Endpoints["docker"]
	if !ok || docker.Host == "" {
		return Endpoint{}, fmt.Errorf("find docker context %q: it has no engine", context)
	}
	endpoint := Endpoint{Host: docker.Host, SkipTLSVerify: docker.SkipTLSVerify}
	certs := filepath.Join(c.dir, "contexts", "tls", id, "docker")
	if _, err := os.Stat(certs); err == nil {
		endpoint.CertPath = certs
	}
	return endpoint, nil
}
