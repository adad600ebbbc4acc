package cli

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/config"
)

// configHome is the folder of the user's configuration and secrets. heitan reads
// Digdag's, so that both can be used side by side.
func (e Env) configHome() string {
	if home := e.Getenv("DIGDAG_CONFIG_HOME"); home != "" {
		return home
	}
	if home := e.Getenv("XDG_CONFIG_HOME"); home != "" {
		return filepath.Join(home, "digdag")
	}
	if home := e.Getenv("HOME"); home != "" {
		return filepath.Join(home, ".config", "digdag")
	}
	if u, err := user.Current(); err == nil && u.HomeDir != "" {
		return filepath.Join(u.HomeDir, ".config", "digdag")
	}
	return "/nonexistent" // never a folder that depends on where heitan was started
}

// loadConfig reads the configuration, lowest precedence first: the default file,
// unless another is named; the text in DIGDAG_CONFIG; -X; the named file.
func (e Env) loadConfig(file string, properties []string) (config.Config, error) {
	var c config.Config
	layer := func(source string, text []byte, err error) error {
		if err != nil {
			return &heitan.Error{Kind: heitan.Invalid, Msg: "read the configuration", Err: err}
		}
		parsed, err := config.Parse(source, string(text))
		c = c.Over(parsed)
		return err
	}
	if file == "" {
		path := filepath.Join(e.configHome(), "config")
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		if err := layer(path, text, err); err != nil {
			return c, err
		}
	}
	if err := layer("DIGDAG_CONFIG", []byte(e.Getenv("DIGDAG_CONFIG")), nil); err != nil {
		return c, err
	}
	for _, property := range properties {
		key, value, ok := strings.Cut(property, "=")
		if !ok {
			return c, &heitan.Error{Kind: heitan.Invalid, Msg: "-X expects KEY=VALUE but got " + property}
		}
		c = c.Over(config.FromMap("-X", map[string]string{key: value}))
	}
	if file == "" {
		return c, nil
	}
	text, err := os.ReadFile(e.Path(file))
	return c, layer(file, text, err)
}
