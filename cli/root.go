package cli

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/internal/diag"
)

// commonOptions are those that every command has.
type commonOptions struct {
	configFile string
	logFile    string
	logLevel   string
	properties []string
	logback    string // of Digdag; read by nothing
}

func newRoot(env Env) *cobra.Command {
	common := &commonOptions{}
	root := &cobra.Command{
		Use:   "heitan",
		Short: "Run workflows, cron jobs, one-shot commands and queue workers",
		Example: `  heitan init hello && cd hello
  heitan run hello.dig`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownCommand(cmd, args[0])
		},
	}
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		cmd.SetOut(env.Stderr) // help is talk
		help(cmd, args)
	})
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &heitan.Error{Kind: heitan.Invalid, Err: wrongValue(err), Hint: "see `" + cmd.CommandPath() + " --help`"}
	})
	flags := root.PersistentFlags()
	flags.VarP(once(&common.configFile), "config", "c", "configuration `file` (default: "+env.configHome()+"/config)")
	flags.VarP(once(&common.logFile), "log", "L", "write log messages to this `file` instead of standard output")
	flags.VarP(once(&common.logLevel), "log-level", "l", "`level` of log messages: error, warn, info, debug or trace (default info)")
	flags.StringArrayVarP(&common.properties, "property", "X", nil, "set a configuration `KEY=VALUE`")
	flags.Var(once(&common.logback), "logback-config", "accepted for Digdag's sake and ignored")
	_ = flags.MarkHidden("logback-config")
	root.AddCommand(
		newRun(env, common),
		newCheck(env, common),
		newGraph(env, common),
		newInit(env),
		newSecrets(env, common),
		newVersion(env),
		newCompletion(env),
	)
	return root
}

// wrongValue is an error of an option's value in words that are not Go's.
func wrongValue(err error) error {
	value, ok := errors.AsType[*pflag.InvalidValueError](err)
	cause, isConversion := errors.AsType[*strconv.NumError](err)
	if !ok || !isConversion {
		return err
	}
	expected := "a whole number"
	if cause.Func == "ParseBool" {
		expected = "true or false"
	}
	return fmt.Errorf("--%s expects %s but got %q", value.GetFlag().Name, expected, value.GetValue())
}

// ofServer are Digdag's commands that talk to a server or are one.
var ofServer = []string{
	"server", "scheduler", "sched", "push", "archive", "upload", "download", "start", "retry", "kill", "log", "logs",
	"projects", "project", "workflows", "workflow", "schedules", "schedule", "sessions", "session", "attempts", "attempt",
	"tasks", "task", "disable", "enable", "reschedule", "backfill", "delete",
}

func unknownCommand(root *cobra.Command, name string) error {
	if slices.Contains(ofServer, name) {
		return &heitan.Error{
			Kind: heitan.Invalid, Msg: "unknown command " + name,
			Hint: "heitan has no server yet; `heitan run` runs workflows on this machine, also from cron",
		}
	}
	names := []string{}
	for _, c := range root.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	hint := "available commands are: " + strings.Join(names, ", ")
	if near := diag.DidYouMean(name, names); near != "" {
		hint = near + " " + hint
	}
	return &heitan.Error{Kind: heitan.Invalid, Msg: "unknown command " + name, Hint: hint}
}

func (o *commonOptions) config(env Env) (config.Config, error) {
	return env.loadConfig(o.configFile, o.properties)
}

// completeWorkflow lets shells complete the first argument with workflow files.
func completeWorkflow(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"dig"}, cobra.ShellCompDirectiveFilterFileExt
}

// level is the lowest level that is logged.
func (o *commonOptions) level() (slog.Level, error) {
	switch o.logLevel {
	case "error":
		return slog.LevelError, nil
	case "warn":
		return slog.LevelWarn, nil
	case "", "info":
		return slog.LevelInfo, nil
	case "debug":
		return slog.LevelDebug, nil
	case "trace":
		return levelTrace, nil
	}
	return 0, &heitan.Error{
		Kind: heitan.Invalid, Msg: "unknown log level " + o.logLevel,
		Hint: "use error, warn, info, debug or trace",
	}
}

// openLog is the file of -L, or nil for standard output.
func (o *commonOptions) openLog(env Env) (*os.File, error) {
	if o.logFile == "" || o.logFile == "-" {
		return nil, nil
	}
	f, err := os.OpenFile(env.Path(o.logFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, &heitan.Error{Kind: heitan.Invalid, Msg: "open the log file", Err: err}
	}
	return f, nil
}
