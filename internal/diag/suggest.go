package diag

import (
	"slices"
	"strings"
)

// DidYouMean is the hint "did you mean `x`?" for the candidates that are near
// word, the nearest first, or "". As in Digdag, a candidate is near if the edit
// distance is at most half of its length.
func DidYouMean(word string, candidates []string) string {
	return Suggest(Nearest(word, candidates))
}

// Suggest is the hint "did you mean `x`?" for words of which the first is the
// most likely, or "" if there are none.
func Suggest(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "did you mean `" + strings.Join(words[:min(3, len(words))], "` or `") + "`?"
}

// Nearest are the candidates near word, the nearest first.
func Nearest(word string, candidates []string) []string {
	type scored struct {
		word     string
		distance int
	}
	var near []scored
	for _, c := range candidates {
		if d := editDistance(word, c); d*2 <= len(c) {
			near = append(near, scored{c, d})
		}
	}
	slices.SortStableFunc(near, func(a, b scored) int { return a.distance - b.distance })
	words := make([]string, len(near))
	for i, s := range near {
		words[i] = s.word
	}
	return slices.Compact(words)
}

// editDistance is the Levenshtein distance in bytes. Words so long that the
// table would be large are not compared: nobody mistypes a whole sentence.
func editDistance(a, b string) int {
	if len(a) > 100 || len(b) > 100 {
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(row[j+1]+1, row[j]+1, cost)
		}
	}
	return row[len(b)]
}
