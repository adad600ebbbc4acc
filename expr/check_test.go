package expr_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/expr"
)

func TestCheckFindsTheFirstMistakeOfEachExpression(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		template string
		want     []expr.Problem
	}{
		{"no expression", nil},
		{"${a.b[0]} ${1 + 1} ${} ${secret:x} ${unclosed", nil},
		{"${1 +}", []expr.Problem{{Offset: 5, Expression: "1 +", Message: "Unexpected end of the expression"}}},
		{"é ${x y}", []expr.Problem{{Offset: 7, Expression: "x y", Message: "Unexpected identifier"}}},
		{"${)}", []expr.Problem{{Offset: 2, Expression: ")", Message: "Unexpected token )"}}},
		{"${'a\n'}", []expr.Problem{{Offset: 2, Expression: "'a\n'", Message: "Unexpected token ILLEGAL"}}},
		{"${[1,\n 2 3]}", []expr.Problem{{Offset: 9, Expression: "[1,\n 2 3]", Message: "Unexpected number"}}},
		{"${1] + [2}", []expr.Problem{{Offset: 2, Expression: "1] + [2", Message: "not a single expression"}}},
		{"${a +} and ${b +}", []expr.Problem{
			{Offset: 5, Expression: "a +", Message: "Unexpected end of the expression"},
			{Offset: 16, Expression: "b +", Message: "Unexpected end of the expression"},
		}},
	} {
		if diff := cmp.Diff(c.want, expr.Check(c.template)); diff != "" {
			t.Errorf("problems of %q (-want +got):\n%s", c.template, diff)
		}
	}
}

func TestCheckRefusesLongExpressions(t *testing.T) {
	t.Parallel()
	problems := expr.Check("${" + strings.Repeat("1", 1<<16+1) + "}")
	if len(problems) != 1 || problems[0].Message != "the expression is too long" {
		t.Errorf("got %.100v", problems)
	}
}
