package cli

import (
	"os/user"
	"path/filepath"
	"testing"
)

func TestTheFolderOfTheConfiguration(t *testing.T) {
	t.Parallel()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		environ []string
		want    string
	}{
		{[]string{"HOME=/home/me"}, "/home/me/.config/digdag"},
		{[]string{"HOME=/home/me", "XDG_CONFIG_HOME=/xdg"}, "/xdg/digdag"},
		{[]string{"HOME=/home/me", "XDG_CONFIG_HOME=/xdg", "DIGDAG_CONFIG_HOME=/own"}, "/own"},
		{[]string{"HOME=/first", "HOME=/home/me", "XDG_CONFIG_HOME="}, "/home/me/.config/digdag"},
		// Without HOME it is still the user's, and not where heitan was started.
		{nil, filepath.Join(me.HomeDir, ".config", "digdag")},
	} {
		if got := (Env{Environ: c.environ, Dir: "/somewhere"}).configHome(); got != c.want {
			t.Errorf("%q: got %s, want %s", c.environ, got, c.want)
		}
	}
}
