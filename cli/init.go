package cli

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/workflow"
)

// templates are the files of new projects, a folder for each type. In names and
// texts NAME stands for the project's name.
//
//go:embed all:templates
var templates embed.FS

const namePlaceholder = "NAME"

func newInit(env Env) *cobra.Command {
	var kind string
	types := projectTypes()
	cmd := &cobra.Command{
		Use:     "init FOLDER",
		Aliases: []string{"new"},
		Short:   "Make a new project",
		Long: `Make a new project in a folder, with a workflow named after it.

Files that exist are left alone. The types are: ` + strings.Join(types, ", ") + `.`,
		Example: `  heitan init hello
  heitan init etl --type python`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(cmd, "init expects a folder")
			}
			if kind == "" {
				kind = "echo"
			}
			if !slices.Contains(types, kind) {
				return &heitan.Error{Kind: heitan.Invalid, Msg: "unknown project type " + kind, Hint: "use one of: " + strings.Join(types, ", ")}
			}
			return runInit(env, args[0], kind)
		},
	}
	cmd.Flags().VarP(once(&kind), "type", "t", "`type` of the project: "+strings.Join(types, ", ")+" (default echo)")
	return cmd
}

func projectTypes() []string {
	entries, err := templates.ReadDir("templates")
	if err != nil {
		return nil
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		if e.Name() != "common" {
			names = append(names, e.Name())
		}
	}
	return names
}

func runInit(env Env, folder, kind string) error {
	dir := env.Path(folder)
	name := filepath.Base(dir)
	if wrong := workflow.CheckName(name); wrong != "" {
		return &heitan.Error{
			Kind: heitan.Invalid, Msg: fmt.Sprintf("%q cannot be the name of a workflow: %s", name, wrong),
			Hint: "choose another name for the folder",
		}
	}
	env.banner()
	main := filepath.Join(dir, name+".dig")
	if _, err := os.Stat(main); err == nil {
		fmt.Fprintf(env.Stderr, "File %s already exists; nothing is written.\n", filepath.Join(folder, name+".dig"))
		return nil
	}
	for _, from := range []string{"common", kind} {
		if err := copyTemplate(env, from, dir, folder, name); err != nil {
			return &heitan.Error{Kind: heitan.Invalid, Msg: "make the project", Err: err}
		}
	}
	fmt.Fprintf(env.Stderr, "Done. Type:\n\n")
	if dir != env.Dir {
		fmt.Fprintf(env.Stderr, "  cd %s\n", folder)
	}
	fmt.Fprintf(env.Stderr, "  heitan run %s.dig\n\n", name)
	return nil
}

// copyTemplate writes the files of one type.
func copyTemplate(env Env, kind, dir, shown, name string) error {
	root := path.Join("templates", kind)
	return fs.WalkDir(templates, root, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := templates.ReadFile(p)
		if err != nil {
			return err
		}
		rel := strings.ReplaceAll(strings.TrimPrefix(p, root+"/"), namePlaceholder, name)
		rel = strings.TrimSuffix(rel, ".txt") // so that a template is not taken for a real file of its kind
		target := filepath.Join(dir, filepath.FromSlash(rel))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if strings.HasPrefix(string(text), "#!") {
			mode = 0o755
		}
		f, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer f.Close()
		fmt.Fprintf(env.Stdout, "  Creating %s\n", filepath.Join(shown, rel))
		_, err = f.WriteString(strings.ReplaceAll(string(text), namePlaceholder, name))
		return err
	})
}
