package javaregexp

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// Replace replaces the first match, or all of them, as String.replaceFirst and
// String.replaceAll do: $n and ${name} in the replacement stand for groups, and a
// backslash makes the next character mean itself. The result has at most limit
// bytes. All matching takes at most about as long as timeout says.
func (r *Regexp) Replace(text, replacement string, all bool, limit int, timeout time.Duration) (string, error) {
	parts, err := parseReplacement(replacement)
	if err != nil {
		return "", err
	}
	deadline := time.Now().Add(timeout)
	limited := *r.search
	limited.MatchTimeout = timeout
	runes := []rune(text)
	found, err := limited.FindRunesMatch(runes)
	var b strings.Builder
	done := 0
	for ; found != nil && err == nil; found, err = limited.FindNextMatch(found) {
		b.WriteString(string(runes[done:found.RuneIndex]))
		done = found.RuneIndex + found.RuneLength
		for _, p := range parts {
			if err := p.write(&b, found); err != nil {
				return "", err
			}
			if b.Len() > limit {
				return "", ErrTooLong
			}
		}
		if !all {
			break
		}
		if limited.MatchTimeout = time.Until(deadline); limited.MatchTimeout <= 0 {
			return "", ErrTimeout
		}
	}
	if err != nil {
		return "", matchError(err)
	}
	b.WriteString(string(runes[done:]))
	if b.Len() > limit {
		return "", ErrTooLong
	}
	return b.String(), nil
}

// part is a piece of a replacement: text, a group by name, or a group by the
// digits of its number, of which only as many count as there are groups.
type part struct {
	text, name, digits string
}

func parseReplacement(replacement string) ([]part, error) {
	var parts []part
	for rest := replacement; rest != ""; {
		at := strings.IndexAny(rest, `\$`)
		if at < 0 {
			return append(parts, part{text: rest}), nil
		}
		parts = append(parts, part{text: rest[:at]})
		escape := rest[at] == '\\'
		rest = rest[at+1:]
		switch {
		case rest == "" && escape:
			return nil, errors.New("character to be escaped is missing")
		case rest == "":
			return nil, errors.New("illegal group reference: group index is missing")
		case escape:
			size := len(string([]rune(rest[:min(4, len(rest))])[:1]))
			parts = append(parts, part{text: rest[:size]})
			rest = rest[size:]
		case rest[0] == '{':
			name, after, ok := strings.Cut(rest[1:], "}")
			if !ok || !isGroupName(name) {
				return nil, errors.New("named capturing group is missing trailing '}'")
			}
			parts = append(parts, part{name: name})
			rest = after
		default:
			digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
			if digits == 0 {
				return nil, errors.New("illegal group reference")
			}
			parts = append(parts, part{digits: rest[:digits]})
			rest = rest[digits:]
		}
	}
	return parts, nil
}

func (p part) write(b *strings.Builder, found *regexp2.Match) error {
	switch {
	case p.name != "":
		group := found.GroupByName(p.name)
		if group == nil {
			return fmt.Errorf("no group with name {%s}", p.name)
		}
		writeGroup(b, group)
	case p.digits != "":
		number := int(p.digits[0] - '0')
		if number >= found.GroupCount() {
			return fmt.Errorf("no group %d", number)
		}
		used := 1
		for used < len(p.digits) {
			next := number*10 + int(p.digits[used]-'0')
			if next >= found.GroupCount() {
				break
			}
			number = next
			used++
		}
		writeGroup(b, found.GroupByNumber(number))
		b.WriteString(p.digits[used:])
	default:
		b.WriteString(p.text)
	}
	return nil
}

// writeGroup writes what a group matched, which is nothing if it took no part.
func writeGroup(b *strings.Builder, group *regexp2.Group) {
	if len(group.Captures) > 0 {
		b.WriteString(group.String())
	}
}
