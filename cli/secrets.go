package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/secrets"
	"github.com/heitan/heitan/workflow"
)

type secretsOptions struct {
	local  bool
	set    []string
	remove []string
}

func newSecrets(env Env, _ *commonOptions) *cobra.Command {
	o := &secretsOptions{}
	cmd := &cobra.Command{
		Use:     "secrets --local [--set KEY=VALUE ...] [--delete KEY ...]",
		Aliases: []string{"secret"},
		Short:   "Set, delete or list the secrets of runs on this machine",
		Long: `Set, delete or list the secrets of runs on this machine. Without --set and
--delete, the keys are listed; values are never shown.

A value is given as
  KEY=VALUE   the value itself (it may stay in your shell's history)
  KEY=@FILE   the contents of a file
  KEY=-       standard input
  KEY         typed at the terminal, without echo
  @FILE, @-   many at once, as a YAML or JSON map in a file or on standard input

Secrets are kept in files that only you can read, in ` + secretsDir(env) + `.`,
		Example: `  heitan secrets --local --set pg.password=-
  heitan secrets --local --set @secrets.yml
  heitan secrets --local`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !o.local {
				return &heitan.Error{Kind: heitan.Invalid, Msg: "secrets expects --local", Hint: "see `heitan secrets --help`"}
			}
			return runSecrets(env, o, args)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.local, "local", false, "the secrets of runs on this machine")
	f.StringArrayVar(&o.set, "set", nil, "set a secret: `KEY=VALUE`; more may follow")
	f.StringArrayVar(&o.remove, "delete", nil, "delete the secret of this `KEY`; more may follow")
	return cmd
}

func secretsDir(env Env) string { return filepath.Join(env.configHome(), "secrets") }

func runSecrets(env Env, o *secretsOptions, more []string) error {
	dir := secrets.NewDir(secretsDir(env))
	switch {
	case len(o.set) > 0 && len(o.remove) > 0:
		return &heitan.Error{Kind: heitan.Invalid, Msg: "--set and --delete exclude each other"}
	case len(o.set) > 0:
		return setSecrets(env, dir, append(o.set, more...))
	case len(o.remove) > 0:
		for _, key := range append(o.remove, more...) {
			if err := dir.Delete(key); err != nil {
				return err
			}
			fmt.Fprintf(env.Stderr, "Secret '%s' deleted\n", key)
		}
		return nil
	case len(more) > 0:
		return &heitan.Error{Kind: heitan.Invalid, Msg: "unexpected argument " + more[0], Hint: "see `heitan secrets --help`"}
	}
	keys, err := dir.Keys()
	if err != nil {
		return err
	}
	for _, key := range keys {
		fmt.Fprintln(env.Stdout, key)
	}
	return nil
}

func setSecrets(env Env, dir *secrets.Dir, typed []string) error {
	values := params.Empty()
	for _, text := range typed {
		given, err := secretValues(env, text)
		if err != nil {
			return err
		}
		for key, value := range given.All() {
			if values.Has(key) {
				return &heitan.Error{Kind: heitan.Invalid, Msg: fmt.Sprintf("secret '%s' is given twice", key)}
			}
			values = values.With(key, value)
		}
	}
	for key, value := range values.All() {
		text, ok := operator.AsString(value)
		if !ok {
			return &heitan.Error{Kind: heitan.Invalid, Msg: fmt.Sprintf("the value of secret '%s' must be text", key)}
		}
		if err := dir.Set(key, text); err != nil {
			return err
		}
		fmt.Fprintf(env.Stderr, "Secret '%s' set\n", key)
	}
	return nil
}

// secretValues reads one argument of --set.
func secretValues(env Env, text string) (*params.Object, error) {
	if file, ok := strings.CutPrefix(text, "@"); ok {
		data, err := readSecretFile(env, file)
		if err != nil {
			return nil, err
		}
		doc, problems := workflow.ParseYAML(file, data)
		return doc, problems.Err()
	}
	key, value, given := strings.Cut(text, "=")
	switch {
	case !given:
		typed, err := askSecret(env, key)
		return params.Of(key, typed), err
	case value == "-" || strings.HasPrefix(value, "@"):
		data, err := readSecretFile(env, strings.TrimPrefix(value, "@"))
		return params.Of(key, string(data)), err
	case value == "":
		return nil, &heitan.Error{Kind: heitan.Invalid, Msg: fmt.Sprintf("the value of secret '%s' is empty", key)}
	}
	return params.Of(key, value), nil
}

// readSecretFile reads a file, or standard input if it is named "-".
func readSecretFile(env Env, name string) ([]byte, error) {
	var from io.Reader = env.Stdin
	if name != "-" {
		f, err := os.Open(env.Path(name))
		if err != nil {
			return nil, &heitan.Error{Kind: heitan.Invalid, Msg: "read secrets", Err: err}
		}
		defer f.Close()
		from = f
	}
	data, err := io.ReadAll(io.LimitReader(from, secrets.MaxSize*64))
	if err != nil {
		return nil, &heitan.Error{Kind: heitan.Invalid, Msg: "read secrets", Err: err}
	}
	return data, nil
}

// askSecret lets the user type a value that is not shown.
func askSecret(env Env, key string) (string, error) {
	f, ok := env.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return "", &heitan.Error{
			Kind: heitan.Invalid, Msg: fmt.Sprintf("the value of secret '%s' is missing", key),
			Hint: fmt.Sprintf("give %s=VALUE, or %s=- to read it from standard input", key, key),
		}
	}
	fmt.Fprintf(env.Stderr, "Value of %s: ", key)
	typed, err := term.ReadPassword(int(f.Fd()))
	fmt.Fprintln(env.Stderr)
	return string(typed), err
}
