package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/heitan/heitan/internal/buildinfo"
)

func newVersion(env Env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  heitan version --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return json.NewEncoder(env.Stdout).Encode(map[string]string{
					"version": buildinfo.Version(), "commit": buildinfo.Commit(), "platform": buildinfo.Platform(),
				})
			}
			fmt.Fprintf(env.Stdout, "heitan %s (%s, %s)\n", buildinfo.Version(), buildinfo.Commit(), buildinfo.Platform())
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return cmd
}
