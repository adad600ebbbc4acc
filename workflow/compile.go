package workflow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/params"
)

// groupKeys may stand on a group beside its tasks. Digdag has no `_disable` here,
// so that `_disable: false` is an error there.
var groupKeys = []string{
	"timezone", "schedule", "sla", keyParallel, keyBackground, keyAfter, keyError, keyCheck, keyRetry, keyExport, keySecrets,
	keyDisable,
}

// CompileTask turns a task's body into a node, for tasks that are generated while
// a workflow runs. The error is a [diag.List].
func CompileTask(name string, body params.Value) (*Node, error) {
	c := &compiler{}
	n := c.task(params.Entry{Key: name, Value: body})
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	return n, nil
}

// compiler turns documents into nodes and gathers what is wrong with them.
type compiler struct {
	problems diag.List
}

func (c *compiler) problem(pos params.Pos, code, message, hint string) {
	c.problems = append(c.problems, diag.Diagnostic{Pos: pos, Code: code, Message: message, Hint: hint})
}

// task compiles one named body. Wrong bodies are reported and give an empty group.
func (c *compiler) task(e params.Entry) *Node {
	n := &Node{Name: e.Key, Pos: e.Pos, Group: true, Config: params.Empty()}
	if wrong := checkTaskName(e.Key); wrong != "" {
		c.problem(e.Pos, "bad-task-name", wrong, "")
	}
	body, ok := taskBody(e.Value)
	if !ok {
		c.problem(e.Pos, "bad-task-body", fmt.Sprintf("Parameter '%s' must be an object or array of objects", e.Key), bodyHint(e))
		return n
	}
	if disabled, _ := body.Get(keyDisable); disabled != nil {
		on, err := truth(keyDisable, disabled)
		if err != nil {
			c.problem(body.Pos(keyDisable), "wrong-type", err.Error(), "")
		}
		if on {
			return n
		}
	}
	tasks, config := splitTasks(body)
	n.Config = config
	if operators := operatorKeys(config); len(operators) > 0 {
		c.operatorTask(n, operators, tasks)
	} else {
		c.group(n, tasks)
	}
	c.handlers(n)
	return n
}

// bodyHint tells what is missing in a body that is none: nothing, or a text that
// would be an operator if it had a space.
func bodyHint(e params.Entry) string {
	text, isText := e.Value.(string)
	operator, command, found := strings.Cut(text, ">:")
	switch {
	case e.Value == nil:
		return fmt.Sprintf("a task that does nothing is written `%s: {}`", e.Key)
	case isText && found && command != "" && !strings.ContainsAny(operator, " \t\n"):
		return fmt.Sprintf("a space is missing after `%s>:`", operator)
	}
	return ""
}

// taskBody is a mapping, or a list of mappings of which later ones win.
func taskBody(v params.Value) (*params.Object, bool) {
	switch v := v.(type) {
	case *params.Object:
		return v, true
	case params.List:
		var entries []params.Entry
		for _, e := range v {
			part, ok := e.(*params.Object)
			if !ok {
				return nil, false
			}
			entries = slices.AppendSeq(entries, part.Entries())
		}
		return params.New(entries...), true
	}
	return nil, false
}

// splitTasks separates the +tasks of a body from its other keys.
func splitTasks(body *params.Object) (tasks []params.Entry, config *params.Object) {
	var others []params.Entry
	for e := range body.Entries() {
		if strings.HasPrefix(e.Key, "+") {
			tasks = append(tasks, e)
		} else {
			others = append(others, e)
		}
	}
	if len(tasks) == 0 {
		return nil, body
	}
	return tasks, params.New(others...)
}

// operatorKeys are the keys that make a body an operator's: `_type`, or names that end in '>'.
func operatorKeys(config *params.Object) []string {
	var keys []string
	for key := range config.All() {
		if key == keyType || strings.HasSuffix(key, ">") {
			keys = append(keys, key)
		}
	}
	return keys
}

func (c *compiler) operatorTask(n *Node, operators []string, tasks []params.Entry) {
	n.Group = false
	if len(tasks) > 0 {
		names := make([]string, len(tasks))
		for i, t := range tasks {
			names[i] = t.Key
		}
		c.problem(tasks[0].Pos, "task-with-subtasks",
			fmt.Sprintf("A task can't have subtasks: %s has %s and %s", n.Name, operators[0], strings.Join(names, ", ")),
			"put the operator into a task of its own, or move the subtasks to a group")
	}
	arrows := slices.DeleteFunc(slices.Clone(operators), func(key string) bool { return key == keyType })
	if len(arrows) > 1 {
		c.problem(n.Config.Pos(arrows[1]), "several-operators",
			fmt.Sprintf("A task can't have more than one operator: %s has %s", n.Name, strings.Join(arrows, " and ")), "")
	}
}

func (c *compiler) group(n *Node, tasks []params.Entry) {
	for e := range n.Config.Entries() {
		if !slices.Contains(groupKeys, e.Key) {
			c.problem(e.Pos, "unknown-key", fmt.Sprintf("%s contains invalid keys: '%s'", n.Name, e.Key), groupKeyHint(e))
		}
	}
	for _, t := range tasks {
		n.Children = append(n.Children, c.task(t))
	}
	c.dependencies(n)
}

func groupKeyHint(e params.Entry) string {
	if hint := meantKey(e, groupKeys); hint != "" {
		return hint
	}
	key := e.Key
	if strings.HasPrefix(key, "_") {
		return ""
	}
	return fmt.Sprintf("an operator's name ends with `>`: `%s>:`; a task's begins with `+`: `+%s:`", key, key)
}

// meantKey is the hint for an unknown key: the keys that are like it, and a task
// of that name if the value could be a task's.
func meantKey(e params.Entry, keys []string) string {
	if body, ok := taskBody(e.Value); ok {
		tasks, config := splitTasks(body)
		if len(tasks) > 0 || len(operatorKeys(config)) > 0 {
			keys = append(slices.Clip(keys), "+"+e.Key)
		}
	}
	return diag.DidYouMean(e.Key, keys)
}

// handlers checks what every node may have: the params it exports, and the
// `_error` body, which is compiled now so that mistakes in it show early.
func (c *compiler) handlers(n *Node) {
	if v, ok := n.Config.Get(keyExport); ok && v != nil {
		if _, isMap := v.(*params.Object); !isMap {
			c.problem(n.Config.Pos(keyExport), "wrong-type",
				fmt.Sprintf("Expected object type for key '_export' but got a %s", params.Kind(v)), "")
		}
	}
	if body, ok := n.Error(); ok {
		c.task(params.Entry{Key: "^error", Value: body, Pos: n.Config.Pos(keyError)})
	}
}
