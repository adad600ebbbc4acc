package http

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// readHeaders reads the param `headers`, a list of maps with one key.
func readHeaders(ctx context.Context, p *operator.Params, secrets *operator.Secrets) ([]field, error) {
	var fields []field
	for _, entry := range p.ListOr("headers", nil) {
		object, ok := entry.(*params.Object)
		if !ok || object.Len() != 1 {
			return nil, operator.Configf("Invalid header: %s", params.JSON(entry)).At(p.Pos("headers")).
				WithHint("headers is a list with one `- Name: value` for each header")
		}
		key := object.Keys()[0]
		v, _ := object.Get(key)
		text, ok := operator.AsString(v)
		if !ok {
			return nil, operator.Configf("Invalid header: %s", params.JSON(entry)).At(p.Pos("headers")).
				WithHint("the value of a header is a text")
		}
		name, err := secrets.Expand(ctx, key)
		if err != nil {
			return nil, err
		}
		value, err := secrets.Expand(ctx, text)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field{
			name:    name,
			value:   value,
			private: name != key || value != text || isCredential(name),
			pos:     headerPos(p, object),
		})
	}
	return fields, nil
}

// headerPos is where a header was written, or else all of them.
func headerPos(p *operator.Params, header *params.Object) params.Pos {
	if pos := header.Pos(header.Keys()[0]); !pos.IsZero() {
		return pos
	}
	return p.Pos("headers")
}

func isCredential(name string) bool {
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization", "cookie", "host":
		return true
	}
	return false
}

// readAuthorization is the value of Authorization, or "". It comes from the
// secrets, or from the user and password in the URI.
func readAuthorization(ctx context.Context, secrets *operator.Secrets, to address) (string, error) {
	value, ok, err := secrets.Lookup(ctx, "http.authorization")
	if ok || err != nil {
		return value, err
	}
	user, ok, err := secrets.Lookup(ctx, "http.user")
	if err != nil {
		return "", err
	}
	if ok {
		password, _, err := secrets.Lookup(ctx, "http.password")
		return basicAuthorization(user, password), err
	}
	if u := to.url.User; u != nil {
		password, _ := u.Password()
		return basicAuthorization(u.Username(), password), nil
	}
	return "", nil
}

func basicAuthorization(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}
