package javaregexp

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrTooLong means that the result of a replacement would be too long.
var ErrTooLong = errors.New("the replaced text is too long")

// Replace replaces the first match, or all of them, as String.replaceFirst and
// String.replaceAll do: $n and ${name} in the replacement stand for groups, and a
// backslash makes the next character mean itself. The result has at most limit
// bytes. Now and then it calls check, whose error ends it.
func (r *Regexp) Replace(text, replacement string, all bool, limit int, check func() error) (string, error) {
	runes := []rune(text)
	var parts []part
	var b strings.Builder
	done := 0
	for from := 0; from <= len(runes); {
		spans, err := r.search.Match(runes, from, false, check)
		if err != nil {
			return "", err
		}
		if spans == nil {
			break
		}
		if parts == nil { // Java reads the replacement only when there is a match
			if parts, err = r.parseReplacement(replacement); err != nil {
				return "", err
			}
		}
		b.WriteString(string(runes[done:spans[0]]))
		for _, p := range parts {
			if group := 2 * p.group; p.text != "" {
				b.WriteString(p.text)
			} else if spans[group] >= 0 {
				b.WriteString(string(runes[spans[group]:spans[group+1]]))
			}
			if b.Len() > limit {
				return "", ErrTooLong
			}
		}
		if done = spans[1]; !all {
			break
		}
		if from = spans[1]; spans[0] == spans[1] {
			from++
		}
	}
	b.WriteString(string(runes[done:]))
	if b.Len() > limit {
		return "", ErrTooLong
	}
	return b.String(), nil
}

// part is a piece of a replacement: a text that is not empty, or a group.
type part struct {
	text  string
	group int
}

func (r *Regexp) parseReplacement(replacement string) ([]part, error) {
	parts := []part{}
	for rest := replacement; rest != ""; {
		at := strings.IndexAny(rest, `\$`)
		if at < 0 {
			return append(parts, part{text: rest}), nil
		}
		if at > 0 {
			parts = append(parts, part{text: rest[:at]})
		}
		sign := rest[at]
		rest = rest[at+1:]
		var p part
		var err error
		if sign == '\\' {
			p, rest, err = escapedPart(rest)
		} else {
			p, rest, err = r.groupPart(rest)
		}
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

func escapedPart(rest string) (part, string, error) {
	if rest == "" {
		return part{}, "", errors.New("character to be escaped is missing")
	}
	_, size := utf8.DecodeRuneInString(rest)
	return part{text: rest[:size]}, rest[size:], nil
}

// groupPart is what follows a dollar sign: {name}, or digits of which as many
// count as there are groups.
func (r *Regexp) groupPart(rest string) (part, string, error) {
	if strings.HasPrefix(rest, "{") {
		name, after, ok := strings.Cut(rest[1:], "}")
		if !ok || !isGroupName(name) {
			return part{}, "", errors.New("named capturing group is missing trailing '}'")
		}
		index, ok := r.names[name]
		if !ok {
			return part{}, "", fmt.Errorf("no group with name {%s}", name)
		}
		return part{group: index}, after, nil
	}
	digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
	if digits == 0 {
		return part{}, "", errors.New("illegal group reference")
	}
	index := int(rest[0] - '0')
	if index > r.groups {
		return part{}, "", fmt.Errorf("no group %d", index)
	}
	used := 1
	for used < digits {
		longer := index*10 + int(rest[used]-'0')
		if longer > r.groups {
			break
		}
		index = longer
		used++
	}
	return part{group: index}, rest[used:], nil
}
