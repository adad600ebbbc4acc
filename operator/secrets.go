package operator

import (
	"context"
	"regexp"
	"strings"

	"github.com/heitan/heitan/params"
)

// SecretSource finds secrets by key. It fails only if the source cannot be read.
type SecretSource interface {
	Secret(ctx context.Context, key string) (value string, ok bool, err error)
}

// Secrets gives an operator the secrets that its task may read.
type Secrets struct {
	source  SecretSource
	mounts  *params.Object // the task's _secrets: key -> path of another secret
	reveals func(value string)
}

// NewSecrets makes the secrets of one task. mounts is its `_secrets`, and
// reveals is told each value handed out, so that output can be masked; it may be nil.
func NewSecrets(source SecretSource, mounts *params.Object, reveals func(string)) *Secrets {
	return &Secrets{source: source, mounts: mounts, reveals: reveals}
}

// Lookup is the value of a secret, if there is one.
func (s *Secrets) Lookup(ctx context.Context, key string) (string, bool, error) {
	value, ok, err := s.source.Secret(ctx, s.mounted(key))
	if err != nil {
		return "", false, Runtimef("read secret '%s': %w", key, err)
	}
	if ok && s.reveals != nil {
		s.reveals(value)
	}
	return value, ok, nil
}

// Get is the value of a secret that must exist.
func (s *Secrets) Get(ctx context.Context, key string) (string, error) {
	value, ok, err := s.Lookup(ctx, key)
	if err == nil && !ok {
		return "", Configf("Secret not found for key: '%s'", key).
			WithHint("set it with: heitan secrets --local --set " + key + "=-")
	}
	return value, err
}

// mounted is the path under which a key is looked up. `_secrets` maps a key, or
// the beginning of one, to another path; true means the key itself.
func (s *Secrets) mounted(key string) string {
	parts := strings.Split(key, ".")
	for n := len(parts); n > 0; n-- {
		v, ok := s.mounts.Lookup(parts[:n]...)
		if !ok {
			v, ok = s.mounts.Get(strings.Join(parts[:n], "."))
		}
		if path, isText := v.(string); ok && isText {
			return strings.Join(append([]string{path}, parts[n:]...), ".")
		}
	}
	return key
}

var parametrization = regexp.MustCompile(`\$\{([a-z]+):([^}]*)\}`)

// Expand replaces each ${secret:key} in text by the secret's value. Other
// ${word:...} are a failure.
func (s *Secrets) Expand(ctx context.Context, text string) (string, error) {
	if !strings.Contains(text, "${") {
		return text, nil
	}
	var firstErr error
	expanded := parametrization.ReplaceAllStringFunc(text, func(match string) string {
		parts := parametrization.FindStringSubmatch(match)
		if parts[1] != "secret" {
			if firstErr == nil {
				firstErr = Configf("Invalid parametrization: '%s'", match).
					WithHint("only ${secret:KEY} is replaced here; if this is for a shell, write ${'$'}" + match[1:])
			}
			return match
		}
		value, err := s.Get(ctx, strings.TrimSpace(parts[2]))
		if err != nil && firstErr == nil {
			firstErr = err
		}
		return value
	})
	return expanded, firstErr
}

// ExpandAll is v with [Secrets.Expand] done to every text in it, keys included. So
// secrets are put into values, and cannot change what a document says.
func (s *Secrets) ExpandAll(ctx context.Context, v params.Value) (params.Value, error) {
	switch v := v.(type) {
	case string:
		return s.Expand(ctx, v)
	case params.List:
		list := make(params.List, len(v))
		for i, e := range v {
			var err error
			if list[i], err = s.ExpandAll(ctx, e); err != nil {
				return nil, err
			}
		}
		return list, nil
	case *params.Object:
		entries := make([]params.Entry, 0, v.Len())
		for e := range v.Entries() {
			var err error
			if e.Key, err = s.Expand(ctx, e.Key); err != nil {
				return nil, err
			}
			if e.Value, err = s.ExpandAll(ctx, e.Value); err != nil {
				return nil, err
			}
			entries = append(entries, e)
		}
		return params.New(entries...), nil
	}
	return v, nil
}
