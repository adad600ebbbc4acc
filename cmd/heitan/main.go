// Command heitan runs batch work: workflows, cron jobs, one-shot commands and
// queue workers.
package main

import (
	"os"
	_ "time/tzdata" // time zones on machines that have none, such as scratch images

	"github.com/heitan/heitan/cli"
)

func main() { os.Exit(cli.Main(cli.System())) }
