package docker

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOptionsAreReadAsTheDockerCommandDoes(t *testing.T) {
	t.Parallel()
	got := OptionsFrom([]string{
		"DOCKER_HOST=tcp://a:1", "DOCKER_HOST=tcp://b:2", "DOCKER_CERT_PATH=/certs", "DOCKER_TLS_VERIFY=1", "DOCKER_API_VERSION=1.41", "DOCKER_CONTEXT=c", "HOME=/home/me",
	})
	if got.Host != "tcp://b:2" || got.CertPath != "/certs" || !got.TLSVerify || got.APIVersion != "1.41" || got.Context != "c" || got.ConfigDir != "/home/me/.docker" {
		t.Errorf("got %+v", got)
	}
	if got := OptionsFrom([]string{"HOME=/home/me", "DOCKER_CONFIG=/etc/docker"}); got.ConfigDir != "/etc/docker" || got.Host != "" || got.TLSVerify {
		t.Errorf("got %+v", got)
	}
}

func TestTheEngineIsFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sum := sha256.Sum256([]byte("colima"))
	meta := filepath.Join(dir, "contexts/meta", hex.EncodeToString(sum[:]), "meta.json")
	if err := os.MkdirAll(filepath.Dir(meta), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(meta, []byte(`{"Endpoints":{"docker":{"Host":"unix:///colima.sock"}}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for want, o := range map[string]Options{
		"unix:///var/run/docker.sock": {},
		"unix:///x.sock":              {Host: "unix:///x.sock", ConfigDir: dir, Context: "colima"},
		"unix:///colima.sock":         {ConfigDir: dir, Context: "colima"},
	} {
		c, err := newClient(o)
		if err != nil || c.DaemonHost() != want {
			t.Errorf("%+v: got %v, %v", o, c, err)
		}
	}
	for mention, o := range map[string]Options{
		"ssh -L":         {Host: "ssh://me@there"},
		"no-scheme":      {Host: "no-scheme"},
		`context "gone"`: {ConfigDir: dir, Context: "gone"},
		"/no/certs":      {Host: "tcp://a:1", CertPath: "/no/certs"},
	} {
		if _, err := newClient(o); err == nil || !strings.Contains(err.Error(), mention) {
			t.Errorf("%+v: got %v", o, err)
		}
	}
}
