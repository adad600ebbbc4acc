package workflow

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const maxNameLength = 255

// checkTaskName says what is wrong with the name of a task, or "".
func checkTaskName(name string) string {
	switch {
	case utf8.RuneCountInString(name) > maxNameLength:
		return fmt.Sprintf("the name of a task is longer than %d characters", maxNameLength)
	case name == "" || name[0] != '+' && name[0] != '^':
		return fmt.Sprintf("the name of a task must begin with '+': %s", name)
	}
	for _, r := range name[1:] {
		if !validInTaskName(r) {
			return fmt.Sprintf("Task name '%s' must not contain character '%c'", name, r)
		}
	}
	return ""
}

func validInTaskName(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_-=[]{}%&@`,.^", r)
}

// CheckName says what is wrong with the name of a project or workflow, or "".
// As in Digdag, only the first character is restricted.
func CheckName(name string) string {
	switch {
	case name == "":
		return "the name is empty"
	case utf8.RuneCountInString(name) > maxNameLength:
		return fmt.Sprintf("the name is longer than %d characters", maxNameLength)
	case strings.HasSuffix(name, fileSuffix):
		return fmt.Sprintf("the name must not end with %s", fileSuffix)
	case name[0] >= '0' && name[0] <= '9':
		return "the name must not begin with a digit"
	case strings.ContainsRune(`+^@/\:*?"<>|`, rune(name[0])):
		return fmt.Sprintf("the name must not begin with '%c'", name[0])
	}
	return ""
}
