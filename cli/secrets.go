package cli

import (
	"errors"
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
	input := &secretInput{env: env}
	for _, text := range typed {
		given, err := input.values(text)
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
	for key, value := range values.All() { // all are checked before the first is kept
		text, ok := operator.AsString(value)
		if !ok {
			return &heitan.Error{Kind: heitan.Invalid, Msg: fmt.Sprintf("the value of secret '%s' must be text", key)}
		}
		if err := secrets.Check(key, text); err != nil {
			return err
		}
		values = values.With(key, text)
	}
	for key, value := range values.All() {
		text, _ := operator.AsString(value)
		if err := dir.Set(key, text); err != nil {
			return err
		}
		fmt.Fprintf(env.Stderr, "Secret '%s' set\n", key)
		if strings.IndexByte(text, '\n') == len(text)-1 { // of one line, unlike a key in a file
			fmt.Fprintln(env.Stderr, "hint: its value ends with a line break, which belongs to it; printf writes none, echo does")
		}
	}
	return nil
}

// secretInput reads what --set names.
type secretInput struct {
	env       Env
	stdinRead bool
}

// values reads one argument of --set.
func (in *secretInput) values(text string) (*params.Object, error) {
	if file, ok := strings.CutPrefix(text, "@"); ok {
		data, err := in.read(file)
		if err != nil {
			return nil, err
		}
		doc, problems := workflow.ParseYAML(file, data)
		return doc, problems.Err()
	}
	key, value, given := strings.Cut(text, "=")
	if err := secrets.CheckKey(key); err != nil {
		return nil, err
	}
	switch {
	case !given:
		typed, err := askSecret(in.env, key)
		return params.Of(key, typed), err
	case value == "-" || strings.HasPrefix(value, "@"):
		data, err := in.read(strings.TrimPrefix(value, "@"))
		return params.Of(key, string(data)), err
	}
	return params.Of(key, value), nil
}

// maxSecretFile bounds a file of one or many secrets, in bytes.
const maxSecretFile = 64 * secrets.MaxSize

// read reads a file, or standard input if it is named "-".
func (in *secretInput) read(name string) ([]byte, error) {
	from := in.env.Stdin
	if name == "-" {
		if in.stdinRead {
			return nil, &heitan.Error{Kind: heitan.Invalid, Msg: "standard input can be read only once", Hint: "use --set @- with a map to give several secrets"}
		}
		in.stdinRead = true
	} else {
		f, err := os.Open(in.env.Path(name))
		if err != nil {
			return nil, &heitan.Error{Kind: heitan.Invalid, Msg: "read secrets", Err: err}
		}
		defer f.Close()
		from = f
	}
	data, err := io.ReadAll(io.LimitReader(from, maxSecretFile+1))
	switch {
	case err != nil:
		return nil, &heitan.Error{Kind: heitan.Invalid, Msg: "read secrets", Err: err}
	case len(data) > maxSecretFile:
		return nil, &heitan.Error{Kind: heitan.Invalid, Msg: fmt.Sprintf("read secrets: %s is larger than %d bytes", name, maxSecretFile)}
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
	defer fmt.Fprintln(env.Stderr)
	fmt.Fprintf(env.Stderr, "Value of %s: ", key)
	return readSilently(env, int(f.Fd()))
}

// readSilently reads a line that the terminal does not show. A signal that ends
// heitan meanwhile must not leave the terminal silent.
func readSilently(env Env, terminal int) (string, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	signals, stop := env.Signals()
	defer stop()
	type answer struct {
		typed []byte
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		typed, err := term.ReadPassword(terminal)
		done <- answer{typed, err}
	}()
	select {
	case a := <-done:
		return string(a.typed), a.err
	case s := <-signals:
		return "", errors.Join(signalError{signal: s}, term.Restore(terminal, before))
	}
}
