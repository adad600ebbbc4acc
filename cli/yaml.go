package cli

import (
	"strings"

	"github.com/heitan/heitan/params"
)

// yamlText is a document as YAML, with every text in JSON's quotes, which are
// YAML's too.
func yamlText(o *params.Object) string {
	var b strings.Builder
	writeYAML(&b, o, "")
	return b.String()
}

func writeYAML(b *strings.Builder, o *params.Object, indent string) {
	for key, v := range o.All() {
		b.WriteString(indent + yamlKey(key) + ":")
		writeYAMLValue(b, v, indent+"  ")
	}
}

func writeYAMLValue(b *strings.Builder, v params.Value, indent string) {
	switch v := v.(type) {
	case *params.Object:
		if v.Len() > 0 {
			b.WriteByte('\n')
			writeYAML(b, v, indent)
			return
		}
	case params.List:
		if len(v) > 0 {
			b.WriteByte('\n')
			for _, e := range v {
				b.WriteString(indent + "- " + params.JSON(e) + "\n")
			}
			return
		}
	}
	b.WriteString(" " + params.JSON(v) + "\n")
}

// yamlKey is a key as it is written in YAML: plain where that is unambiguous.
func yamlKey(key string) string {
	for i, r := range key {
		plain := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == '+' && i == 0 ||
			i > 0 && (r >= '0' && r <= '9' || r == '-' || r == '.' || r == '>')
		if !plain {
			return params.JSON(key)
		}
	}
	if key == "" {
		return `""`
	}
	return key
}
