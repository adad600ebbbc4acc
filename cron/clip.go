package cron

import (
	"strconv"
	"strings"
)

// clip is a user's text for a message: on one line, and shortened if it is long.
func clip(text string) string {
	const limit = 80
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return text
}

// quote is clip in quotation marks, for a piece of text that may be empty.
func quote(text string) string { return strconv.Quote(clip(text)) }
