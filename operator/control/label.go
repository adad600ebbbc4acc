package control

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

const (
	// tagLength is how much of a variable's name and value is shown in the names
	// of for_each>'s tasks, in UTF-16 units, as in Digdag.
	tagLength = 8
	// maxNameLength is the longest name of a task.
	maxNameLength = 255
)

// label gives the values their part of the tasks' names:
// <index of the variable>=<its name>=<index of the value>=<value>, the texts cut
// and encoded. The indexes alone make names unique, so where Digdag refuses names
// that are too long, less of the texts is shown.
func label(variables []variable) error {
	for tag := tagLength; tag >= 0; tag-- {
		length := len("+for-") + len(variables) - 1
		for i := range variables {
			length += variables[i].labelValues(i, tag)
		}
		if length <= maxNameLength {
			return nil
		}
	}
	return fmt.Errorf("for_each has too many variables for the names of its tasks: %d", len(variables))
}

// labelValues makes the labels of one variable's values and returns the length of
// the longest.
func (v *variable) labelValues(index, tag int) int {
	v.labels = make([]string, len(v.values))
	longest := 0
	prefix := strconv.Itoa(index) + "=" + encodedTag(v.name, tag) + "="
	for i, value := range v.values {
		text, ok := operator.AsString(value)
		if !ok {
			text = params.JSON(value)
		}
		v.labels[i] = prefix + strconv.Itoa(i) + "=" + encodedTag(text, tag)
		longest = max(longest, len(v.labels[i]))
	}
	return longest
}

// encodedTag is the first UTF-16 units of text, encoded as in a query string,
// blanks as %20. A character of two units that is cut in half becomes a question
// mark, as in Java. An asterisk is encoded too: Digdag keeps it and then refuses
// the name.
func encodedTag(text string, units int) string {
	var b strings.Builder
	for _, r := range text {
		if units--; units < 0 {
			break
		}
		if r > 0xFFFF {
			if units--; units < 0 {
				r = '?'
			}
		}
		encode(&b, r)
	}
	return b.String()
}

func encode(b *strings.Builder, r rune) {
	if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_' || r == '.' {
		b.WriteRune(r)
		return
	}
	for _, c := range []byte(string(r)) {
		fmt.Fprintf(b, "%%%02X", c)
	}
}
