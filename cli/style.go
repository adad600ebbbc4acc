package cli

// color is an ANSI colour.
type color string

const (
	red     color = "\x1b[31m"
	green   color = "\x1b[32m"
	yellow  color = "\x1b[33m"
	blue    color = "\x1b[34m"
	magenta color = "\x1b[35m"
	cyan    color = "\x1b[36m"
	gray    color = "\x1b[90m"
	bold    color = "\x1b[1m"
	plain   color = ""
)

// paint puts text into a colour; it is a function so that it can be handed on.
func (c color) paint(text string) string {
	if c == plain || text == "" {
		return text
	}
	return string(c) + text + "\x1b[0m"
}

// colors reports whether output may be coloured: on a terminal, unless NO_COLOR is set.
func (e Env) colors() bool { return e.Terminal && e.Getenv("NO_COLOR") == "" }

// color is c if output may be coloured, else plain.
func (e Env) color(c color) color {
	if e.colors() {
		return c
	}
	return plain
}
