package calendar

// tokenCache keeps the tokens of short formats, since a script uses few formats
// many times.
type tokenCache map[cacheKey][]token

type cacheKey struct {
	locale *Locale
	format string
}

const (
	maxCached       = 64
	maxCachedFormat = 100
)

// tokensOf splits a format after it was expanded.
func (l *Library) tokensOf(locale *Locale, format string) ([]token, error) {
	key := cacheKey{locale, format}
	if tokens, ok := l.tokens[key]; ok {
		return tokens, nil
	}
	expanded, err := locale.expand(format)
	if err != nil {
		return nil, err
	}
	tokens := tokenize(expanded)
	if len(format) <= maxCachedFormat && len(expanded) <= maxCachedFormat {
		if l.tokens == nil || len(l.tokens) >= maxCached {
			l.tokens = tokenCache{}
		}
		l.tokens[key] = tokens
	}
	return tokens, nil
}
