package control_test

import (
	"testing"

	"github.com/heitan/heitan/params"
)

func TestIfRunsTheChosenBody(t *testing.T) {
	t.Parallel()
	const then, otherwise = `{"echo>":"then"}`, `{"echo>":"else"}`
	for text, want := range map[string]string{
		"if>: true\n_do: {echo>: then}\n_else_do: {echo>: else}":    then,
		"if>: false\n_do: {echo>: then}\n_else_do: {echo>: else}":   otherwise,
		"if>: 'true'\n_do: {echo>: then}\n_else_do: {echo>: else}":  then,
		"if>: 'false'\n_do: {echo>: then}\n_else_do: {echo>: else}": otherwise,
		"if>: true\n_else_do: {echo>: else}":                        "{}",
		"if>: false\n_do: {echo>: then}":                            "{}",
		"if>: false\n_do: {echo>: then}\n_else_do:":                 "{}",
		"if>: true\n_do: {}\n_else_do: {echo>: else}":               "{}",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			result, err := run(t, text)
			if err != nil {
				t.Fatal(err)
			}
			if got := params.JSON(params.Empty().Merge(result.Subtasks)); got != want {
				t.Errorf("subtasks = %s, want %s", got, want)
			}
		})
	}
}

func TestIfRefusesWhatIsNoConditionOrHasNoBody(t *testing.T) {
	t.Parallel()
	failing(t, map[string]string{
		"if>: true":                                "test.dig:1:1: Both _do and _else_do are not specified. (config)",
		"if>: false\n_do: {}\n_else_do: {}":        "test.dig:1:1: Both _do and _else_do are not specified. (config)",
		"if>: yes\n_do: {echo>: x}":                `test.dig:1:1: Expected boolean type for key '_command' but got "yes" (string) (config)`,
		"if>: ''\n_do: {echo>: x}":                 `test.dig:1:1: Expected boolean type for key '_command' but got "" (string) (config)`,
		"if>: 1\n_do: {echo>: x}":                  `test.dig:1:1: Expected boolean type for key '_command' but got 1 (number) (config)`,
		"if>:\n_do: {echo>: x}":                    "test.dig:1:1: Parameter '_command' is required but not set (config)",
		"if>: true\n_do: text":                     `test.dig:2:1: Expected object type for key '_do' but got "text" (string) (config)`,
		"if>: true\n_do: {echo>: x}\n_else_do: []": `test.dig:3:1: Expected object type for key '_else_do' but got [] (list) (config)`,
	})
}
