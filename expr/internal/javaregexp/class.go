package javaregexp

import "errors"

// class reads a character class after its opening bracket, with the unions and
// intersections that Java allows in it.
func (t *translator) class() (set, error) { return t.nestedClass(0) }

func (t *translator) nestedClass(depth int) (set, error) {
	if depth > maxGroups {
		return nil, errors.New("too many classes inside each other")
	}
	negated := t.take("^")
	var result, part set
	intersecting := false
	finish := func() set {
		if intersecting {
			part = result.intersection(part)
		}
		return part
	}
	for first := true; ; first = false {
		switch {
		case t.rest == "":
			return nil, errors.New("unclosed character class")
		case t.take("&&"):
			result = finish()
			part, intersecting = nil, true
		case t.rest[0] == ']' && !first:
			t.rest = t.rest[1:]
			if result = finish(); negated {
				result = result.complement()
			}
			return result, nil
		default:
			s, err := t.classItem(depth)
			if err != nil {
				return nil, err
			}
			part = part.union(s)
		}
	}
}

// classItem reads a nested class, an escape, a character or a range.
func (t *translator) classItem(depth int) (set, error) {
	if t.take("[") {
		return t.nestedClass(depth + 1)
	}
	if t.take(`\Q`) {
		var s set
		for _, r := range t.quoted() {
			s = append(s, span{r, r})
		}
		return s.normal(), nil
	}
	low, err := t.classCharacter()
	if err != nil || len(low) != 1 || low[0].first != low[0].last {
		return low, err
	}
	if len(t.rest) < 2 || t.rest[0] != '-' || t.rest[1] == ']' || t.rest[1] == '[' {
		return low, nil
	}
	t.rest = t.rest[1:]
	high, err := t.classCharacter()
	if err != nil {
		return nil, err
	}
	if len(high) != 1 || high[0].first != high[0].last || high[0].first < low[0].first {
		return nil, errors.New("illegal character range")
	}
	return set{{low[0].first, high[0].first}}, nil
}

func (t *translator) classCharacter() (set, error) {
	if t.take(`\`) {
		return t.escapedSet()
	}
	return singleton(t.read()), nil
}
