package workflow

import (
	"strings"

	"github.com/heitan/heitan/params"
)

// OperatorOf is the operator that keys name, without its '>': `_type`, whose command
// is `_command`, or the first key that ends in '>'. The entry is the key that names
// it, its place, and the command.
func OperatorOf(keys *params.Object) (name string, command params.Entry, ok bool) {
	if v, ok := keys.Get(keyType); ok {
		if v != nil {
			name = textOf(v)
		}
		command = params.Entry{Key: keyType, Pos: keys.Pos(keyType)}
		command.Value, _ = keys.Get(keyCommand)
		return name, command, true
	}
	for e := range keys.Entries() {
		if name, ok := strings.CutSuffix(e.Key, ">"); ok {
			return name, e, true
		}
	}
	return "", params.Entry{}, false
}
