package dockerconfig

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxSize bounds the files that are read.
const maxSize = 16 << 20

// Config is the content of config.json, as far as heitan uses it.
type Config struct {
	Auths          map[string]auth   `json:"auths"`
	CredsStore     string            `json:"credsStore"`
	CredHelpers    map[string]string `json:"credHelpers"`
	CurrentContext string            `json:"currentContext"`

	dir string
}

// Load reads config.json in a folder. Without one the Config is empty.
func Load(dir string) (*Config, error) {
	config := &Config{dir: dir}
	if err := readJSON(filepath.Join(dir, "config.json"), config); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return config, nil
}

func readJSON(path string, v any) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxSize))
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if err := json.Unmarshal(content, v); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}
