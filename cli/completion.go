package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/heitan/heitan"
)

func newCompletion(env Env) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that completes heitan's commands in your shell",
		Long:  "Print a script that completes heitan's commands in your shell: bash, zsh, fish or powershell.",
		Example: `  source <(heitan completion bash)
  heitan completion zsh > "${fpath[1]}/_heitan"
  heitan completion fish > ~/.config/fish/completions/heitan.fish`,
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(cmd, "completion expects a shell: bash, zsh, fish or powershell")
			}
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(env.Stdout, true)
			case "zsh":
				return root.GenZshCompletion(env.Stdout)
			case "fish":
				return root.GenFishCompletion(env.Stdout, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(env.Stdout)
			}
			return &heitan.Error{Kind: heitan.Invalid, Msg: fmt.Sprintf("unknown shell %s", args[0]), Hint: "use bash, zsh, fish or powershell"}
		},
	}
}
