package operatortest

import (
	"regexp"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

var expression = regexp.MustCompile(`\$\{([^{}:]*)\}`)

// render replaces ${name} and ${a.b} by params. It stands in for the template
// engine where a test is not about templates.
func render(all *params.Object, name, template string) (string, error) {
	var failure error
	rendered := expression.ReplaceAllStringFunc(template, func(match string) string {
		path := strings.Split(expression.FindStringSubmatch(match)[1], ".")
		v, ok := all.Lookup(path...)
		if !ok && failure == nil {
			failure = operator.Configf("Failed to evaluate a variable %s (ReferenceError: %q is not defined) in %s",
				match, path[0], name)
		}
		if text, ok := operator.AsString(v); ok {
			return text
		}
		return params.JSON(v)
	})
	return rendered, failure
}
