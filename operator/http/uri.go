package http

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// address is where a request goes: the real URI, and how it is shown.
type address struct {
	url    *url.URL
	shown  string
	secret bool // only the scheme is shown, as in Digdag
}

// newAddress parses a URI. One that is secret never appears in an error.
func newAddress(text string, secret bool) (address, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil && secret:
		return address{}, operator.Configf("Invalid URI")
	case err != nil:
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err
		}
		return address{}, operator.Configf("Invalid URI '%s': %w", text, err)
	}
	u.RawQuery = escapeQuery(u.RawQuery)
	if secret {
		return address{url: u, shown: u.Scheme + "://***", secret: true}, nil
	}
	public := *u
	public.User = nil
	return address{url: u, shown: public.String()}, nil
}

// withQuery is the address with more query parameters behind those it has.
// Values of secrets are not shown.
func (a address) withQuery(pairs []queryPair) address {
	if len(pairs) == 0 {
		return a
	}
	u := *a.url
	var real, shown strings.Builder
	for i, pair := range pairs {
		if i > 0 || u.RawQuery != "" {
			real.WriteByte('&')
			shown.WriteByte('&')
		}
		real.WriteString(pair.encoded)
		shown.WriteString(pair.shown)
	}
	if !a.secret {
		public := u
		public.User = nil
		public.RawQuery += shown.String()
		a.shown = public.String()
	}
	u.RawQuery += real.String()
	a.url = &u
	return a
}

// queryPair is one name=value, encoded as in a form.
type queryPair struct{ encoded, shown string }

// readQuery reads the param `query`: a map, JSON text of one, or a raw query.
func readQuery(ctx context.Context, p *operator.Params, secrets *operator.Secrets) ([]queryPair, error) {
	v, ok := p.Get("query")
	if !ok {
		return nil, nil
	}
	if object, ok := operator.AsObject(v); ok {
		return queryOfMap(ctx, object, secrets)
	}
	text, ok := v.(string)
	if !ok {
		return nil, operator.Configf("Expected a map or a text for key 'query' but got a %s", params.Kind(v)).At(p.Pos("query"))
	}
	expanded, err := secrets.Expand(ctx, text)
	if err != nil {
		return nil, err
	}
	secret := expanded != text
	var pairs []queryPair
	for pair := range strings.SplitSeq(expanded, "&") {
		if pair == "" {
			continue
		}
		name, value, hasValue := strings.Cut(pair, "=")
		pairs = append(pairs, newQueryPair(decoded(name), decoded(value), hasValue, secret))
	}
	return pairs, nil
}

func queryOfMap(ctx context.Context, object *params.Object, secrets *operator.Secrets) ([]queryPair, error) {
	var pairs []queryPair
	for key, v := range object.All() {
		text, ok := operator.AsString(v)
		if !ok {
			return nil, operator.Configf("Expected string type for key '%s' in 'query' but got a %s", key, params.Kind(v)).At(object.Pos(key))
		}
		name, err := secrets.Expand(ctx, key)
		if err != nil {
			return nil, err
		}
		value, err := secrets.Expand(ctx, text)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, newQueryPair(name, value, true, name != key || value != text))
	}
	return pairs, nil
}

func newQueryPair(name, value string, hasValue, secret bool) queryPair {
	pair := queryPair{encoded: url.QueryEscape(name)}
	if hasValue {
		pair.encoded += "=" + url.QueryEscape(value)
	}
	pair.shown = pair.encoded
	if secret {
		pair.shown = "***"
	}
	return pair
}

// decoded undoes the escaping of a query's part, or leaves what is not escaped.
func decoded(part string) string {
	if text, err := url.QueryUnescape(part); err == nil {
		return text
	}
	return part
}

// escapeQuery escapes what people write into queries though it is not allowed
// there, such as spaces and letters beyond ASCII.
func escapeQuery(raw string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(raw) {
		if c := raw[i]; c <= ' ' || c >= 0x7f {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
