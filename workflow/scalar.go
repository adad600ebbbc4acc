package workflow

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/heitan/heitan/params"
)

// Digdag resolves plain scalars by rules of its own, between YAML 1.1 and JSON:
// yes and no, dates, times and 0.5 are text; 010 is octal; 1:30.5 is a number in
// base 60, 1:30 is text.
var (
	intPattern     = regexp.MustCompile(`^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+)$`)
	floatPattern   = regexp.MustCompile(`^(?:[-+]?(?:[1-9][0-9_]*)\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?(?:[1-9][0-9_]*)(?:[eE][-+]?[0-9]+)|\.[0-9_]+(?:[eE][-+]?[0-9]+)?)$`)
	base60Pattern  = regexp.MustCompile(`^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$`)
	infNaNPattern  = regexp.MustCompile(`^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
	maxNumberWidth = 400
)

// resolvePlain is the value of an unquoted scalar. Whole numbers that do not fit
// into 64 bits stay text, so that no digit of an identifier is lost.
func resolvePlain(text string) params.Value {
	switch text {
	case "", "~", "null", "Null", "NULL":
		return nil
	case "true", "True":
		return true
	case "false", "False":
		return false
	}
	// Nothing that starts otherwise can be a number, and most scalars do.
	if c := text[0]; c != '-' && c != '+' && c != '.' && (c < '0' || c > '9') || len(text) > maxNumberWidth {
		return text
	}
	switch {
	case intPattern.MatchString(text):
		if i, ok := parseInt(text); ok {
			return i
		}
	case floatPattern.MatchString(text):
		if f, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64); err == nil {
			return f
		}
	case base60Pattern.MatchString(text):
		return parseBase60(text)
	case infNaNPattern.MatchString(text):
		return infNaNText(text)
	}
	return text
}

// parseInt reads YAML 1.1 integers: sign, underscores, 0b, 0x and octal by a leading 0.
func parseInt(text string) (int64, bool) {
	digits := strings.ReplaceAll(text, "_", "")
	sign := ""
	if digits[0] == '-' || digits[0] == '+' {
		sign, digits = strings.TrimPrefix(digits[:1], "+"), digits[1:]
	}
	base := 10
	switch {
	case strings.HasPrefix(digits, "0b"):
		base, digits = 2, digits[2:]
	case strings.HasPrefix(digits, "0x"):
		base, digits = 16, digits[2:]
	case len(digits) > 1 && digits[0] == '0':
		base, digits = 8, digits[1:]
	}
	i, err := strconv.ParseInt(sign+digits, base, 64)
	return i, err == nil
}

func parseBase60(text string) params.Value {
	digits := strings.ReplaceAll(text, "_", "")
	negative := strings.HasPrefix(digits, "-")
	digits = strings.TrimLeft(digits, "+-")
	var total float64
	for part := range strings.SplitSeq(digits, ":") {
		f, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return text
		}
		total = total*60 + f
	}
	if math.IsInf(total, 0) {
		return text
	}
	if negative {
		total = -total
	}
	return total
}

// infNaNText is how Digdag's JSON shows the numbers that JSON does not have.
func infNaNText(text string) string {
	switch {
	case strings.EqualFold(text, ".nan"):
		return "NaN"
	case text[0] == '-':
		return "-Infinity"
	}
	return "Infinity"
}

// resolveTagged is the value of a scalar with one of YAML's own tags.
func resolveTagged(tag, text string) (params.Value, bool) {
	switch tag {
	case "!!str":
		return text, true
	case "!!null":
		return nil, true
	case "!!int", "!!float", "!!bool":
		v := resolvePlain(text)
		kind := params.Kind(v)
		return v, kind == "number" && tag != "!!bool" || kind == "boolean" && tag == "!!bool"
	}
	return nil, false
}
