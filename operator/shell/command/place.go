package command

import (
	"maps"
	"slices"
	"strings"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/runner"
)

// Runners are the runners that this heitan has, by the names with which users
// choose them.
type Runners map[string]runner.Runner

// Names of runners.
const (
	Process = "process"
	Docker  = "docker"
)

// elsewhere are maps by which Digdag sends commands to other places than its own
// machine. Without such a place configured Digdag passes over them, and so do we.
var elsewhere = [...]string{"ecs", "kubernetes"}

// Place is where a command runs and what it may use there.
type Place struct {
	Runner    string
	Container runner.Container // zero for runners without containers
	Limits
}

// Contained reports whether the command runs in a container.
func (p Place) Contained() bool { return p.Container.Image != "" }

// Choose reads from a task's params where its command runs: `runner`, else Docker
// if there is a `docker` map, else a process, as Digdag's chain of executors does.
func (r Runners) Choose(req *operator.Request) (Place, error) {
	p := req.Params.WithDefaults(req.Type)
	name := r.named(p)
	docker := p.ObjectOr("docker", nil)
	if err := p.Err(); err != nil {
		return Place{}, err
	}
	limits, err := ReadLimits(req)
	if err != nil {
		return Place{}, err
	}
	switch {
	case name == "" && docker != nil:
		name = Docker
	case name == "":
		name = Process
		r.warnElsewhere(req, p)
	}
	if _, ok := r[name]; !ok {
		return Place{}, r.unknown(name, p)
	}
	place := Place{Runner: name, Limits: limits}
	if name == Docker {
		if place.Container, err = readContainer(req, docker); err != nil {
			return Place{}, err
		}
	}
	return place, nil
}

// named is the runner that the params name, or "". A param that is inherited
// counts only if it names a runner: workflows that were written before heitan may
// export a param of that name for purposes of their own.
func (r Runners) named(p *operator.Params) string {
	if _, own := p.Own().Get("runner"); own {
		return p.StringOr("runner", "")
	}
	v, _ := p.Get("runner")
	name, _ := v.(string)
	if _, known := r[name]; !known {
		return ""
	}
	return name
}

func (r Runners) unknown(name string, p *operator.Params) error {
	names := slices.Sorted(maps.Keys(r))
	hint := diag.DidYouMean(name, names)
	if hint == "" {
		hint = "this heitan runs commands by: " + strings.Join(names, ", ")
	}
	pos := p.Pos("runner")
	if pos.IsZero() {
		pos = p.Pos(name)
	}
	return operator.Configf("Unknown runner: %s", name).At(pos).WithHint(hint)
}

func (r Runners) warnElsewhere(req *operator.Request, p *operator.Params) {
	for _, key := range elsewhere {
		v, _ := p.All().Get(key)
		if _, ok := v.(*params.Object); !ok {
			continue
		}
		if _, ok := r[key]; !ok {
			req.Log.Warn("settings of a runner that this heitan does not have are passed over; the command runs as a process", "key", key)
		}
	}
}
