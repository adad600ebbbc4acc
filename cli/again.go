package cli

import (
	"strings"
	"time"

	"github.com/heitan/heitan/local"
)

// goOn is what to type to go on with a run: the same command without the options
// that make tasks run again.
func (o *runOptions) goOn(s *local.Started) string {
	var selection []string
	for _, option := range []struct{ name, task string }{{"--goal", o.selection.Goal}, {"--end", o.selection.End}} {
		if option.task != "" {
			selection = append(selection, option.name, option.task)
		}
	}
	return o.command(o.sessionWords(s), selection...)
}

// command is what to type to run the workflow again. session is the words that
// choose the session, selection those that choose tasks.
func (o *runOptions) command(session []string, selection ...string) string {
	words := []string{"heitan", "run", o.target}
	if o.selection.Only != "" {
		words = append(words, o.selection.Only)
	}
	words = append(append(words, selection...), session...)
	for _, option := range []struct{ name, value string }{
		{"--project", o.project}, {"--save", o.saveDir}, {"-c", o.common.configFile}, {"-P", o.params.file},
	} {
		if option.value != "" {
			words = append(words, option.name, option.value)
		}
	}
	for _, property := range o.common.properties {
		words = append(words, "-X", withoutSecret(property))
	}
	for _, pair := range o.params.pairs {
		words = append(words, "-p", pair)
	}
	for i, word := range words {
		words[i] = shellWord(word)
	}
	return strings.Join(words, " ")
}

// sessionWords are the words that choose the session of a run again, none if it is
// the one that is chosen anyway.
func (o *runOptions) sessionWords(s *local.Started) []string {
	if o.session == "" || o.session == "last" {
		return nil
	}
	return []string{"--session", sessionText(s)}
}

// sessionText is the session time of a run in the form of --session.
func sessionText(s *local.Started) string {
	t := s.Session.Time.In(s.Workflow.Zone)
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}

// withoutSecret is a property as typed, but for values that must not be shown.
func withoutSecret(property string) string {
	key, _, _ := strings.Cut(property, "=")
	if strings.HasPrefix(key, "secrets.") || strings.HasSuffix(strings.ToLower(key), "password") {
		return key + "=***"
	}
	return property
}

// shellWord quotes a word where a shell would not take it as it is.
func shellWord(word string) string {
	special := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("_@%+=:,./-", r)
	}
	if word != "" && !strings.ContainsFunc(word, special) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
