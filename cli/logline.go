package cli

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// levelTrace is below debug, as in Digdag.
const levelTrace = slog.LevelDebug - 4

// threadKey is the attribute that says which task a message is about; it is
// shown where Digdag shows the thread.
const threadKey = "thread"

// lineHandler writes log messages in Digdag's format:
//
//	2026-03-01 07:00:01 +0900 [INFO] (thread): message key=value
//
// with the component behind the thread where the reader is not a person.
type lineHandler struct {
	write     func(line string)
	level     slog.Level
	component bool
	millis    bool
	colored   bool

	thread string
	attrs  string // preformatted
}

// Enabled reports whether messages of a level are shown.
func (h *lineHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

// Handle writes one message.
func (h *lineHandler) Handle(_ context.Context, r slog.Record) error {
	layout := timeLayout
	if h.millis {
		layout = "2006-01-02 15:04:05.000 -0700"
	}
	var b strings.Builder
	thread := h.thread
	attrs := h.attrs
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == threadKey {
			thread = a.Value.String()
		} else {
			attrs += formatAttr(a)
		}
		return true
	})
	fmt.Fprintf(&b, "%s [%s] (%s)", r.Time.Format(layout), levelName(r.Level), orMain(thread))
	if h.component {
		b.WriteString(" heitan")
	}
	b.WriteString(": " + r.Message + attrs)
	line := b.String()
	if h.colored {
		line = levelColor(r.Level).paint(line)
	}
	h.write(line)
	return nil
}

// WithAttrs is the handler with attributes that every message gets.
func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *h
	for _, a := range attrs {
		if a.Key == threadKey {
			with.thread = a.Value.String()
		} else {
			with.attrs += formatAttr(a)
		}
	}
	return &with
}

// WithGroup is not used by heitan's messages.
func (h *lineHandler) WithGroup(string) slog.Handler { return h }

func formatAttr(a slog.Attr) string {
	value := a.Value.Resolve()
	text := value.String()
	if value.Kind() == slog.KindTime {
		text = value.Time().Format(time.RFC3339)
	}
	if strings.ContainsAny(text, " \t\n\"=") || text == "" {
		text = fmt.Sprintf("%q", text)
	}
	return " " + a.Key + "=" + text
}

func orMain(thread string) string {
	if thread == "" {
		return "main"
	}
	return thread
}

func levelName(level slog.Level) string {
	switch {
	case level >= slog.LevelError:
		return "ERROR"
	case level >= slog.LevelWarn:
		return "WARN"
	case level >= slog.LevelInfo:
		return "INFO"
	case level >= slog.LevelDebug:
		return "DEBUG"
	}
	return "TRACE"
}

func levelColor(level slog.Level) color {
	switch {
	case level >= slog.LevelError:
		return magenta
	case level >= slog.LevelWarn:
		return yellow
	case level >= slog.LevelInfo:
		return green
	case level >= slog.LevelDebug:
		return plain
	}
	return blue
}
