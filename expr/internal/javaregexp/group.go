package javaregexp

import (
	"errors"
	"fmt"
	"strings"
)

// openGroup rewrites what follows an opening parenthesis.
func (t *translator) openGroup() error {
	if len(t.groups) >= maxGroups {
		return errors.New("too many groups inside each other")
	}
	group := open{flags: t.flags, start: t.out.Len()}
	switch {
	case !t.take("?"):
		t.out.WriteByte('(')
	case t.startsWithAny(":", "=", "!", ">", "<=", "<!"):
	case t.take("<"):
		name, rest, ok := strings.Cut(t.rest, ">")
		if !ok || !isGroupName(name) {
			return errors.New("named capturing group has an invalid name")
		}
		t.rest = rest
		t.out.WriteString("(?<" + name + ">")
	default:
		grouped, err := t.readFlags()
		if err != nil || !grouped {
			return err
		}
	}
	t.groups = append(t.groups, group)
	t.atom = -1
	return nil
}

func (t *translator) startsWithAny(prefixes ...string) bool {
	for _, prefix := range prefixes {
		if t.take(prefix) {
			t.out.WriteString("(?" + prefix)
			return true
		}
	}
	return false
}

// readFlags reads (?flags) or (?flags: and reports whether a group begins.
func (t *translator) readFlags() (grouped bool, err error) {
	f, on := t.flags, true
	for t.rest != "" {
		switch r := t.read(); r {
		case 'i':
			f.ignoreCase = on
		case 's':
			f.dotAll = on
		case 'm':
			f.multiline = on
		case 'x':
			f.comments = on
		case 'd':
			f.unixLines = on
		case 'u': // the engine ignores case in all of Unicode
		case '-':
			on = false
		case ')':
			t.out.WriteString(f.syntax(")"))
			t.flags = f
			return false, nil
		case ':':
			t.out.WriteString(f.syntax(":"))
			t.flags = f
			return true, nil
		default:
			return false, fmt.Errorf("unknown inline modifier '%c'", r)
		}
	}
	return false, errors.New("unclosed group")
}

// syntax sets the only flag that is left to the engine.
func (f flags) syntax(end string) string {
	if f.ignoreCase {
		return "(?i" + end
	}
	return "(?-i" + end
}

func (t *translator) closeGroup() error {
	last := len(t.groups) - 1
	if last < 0 {
		return errors.New("unmatched closing ')'")
	}
	t.flags = t.groups[last].flags
	t.atom = t.groups[last].start
	t.groups = t.groups[:last]
	t.out.WriteByte(')')
	return nil
}

func isGroupName(name string) bool {
	for i, r := range name {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}
