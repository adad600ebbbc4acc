package param_test

import "testing"

// The steps of a workflow that uses all three operators, one after the other.
func TestStoredParamsAreMergedResetAndEvaluatedInTurn(t *testing.T) {
	t.Parallel()
	current := "{a: AAA, b: BBB}"
	for _, step := range []struct{ task, want string }{
		{"param_store>: {colour: blue, tree: {leaf: 1, twig: two}}", `{"a":"AAA","b":"BBB","colour":"blue","tree":{"leaf":1,"twig":"two"}}`},
		{"param_store>: {tree: {leaf: 3}}", `{"a":"AAA","b":"BBB","colour":"blue","tree":{"leaf":3,"twig":"two"}}`},
		{"param_reset>: tree.leaf", `{"a":"AAA","b":"BBB","colour":"blue","tree":{"twig":"two"}}`},
		{"param_reset>: colour", `{"a":"AAA","b":"BBB","tree":{"twig":"two"}}`},
		{"param_reset>: not.there", `{"a":"AAA","b":"BBB","tree":{"twig":"two"}}`},
		{"param_store>: {box: {value: '${a}-${b}', list: ['${a}-${b}']}}", `{"a":"AAA","b":"BBB","tree":{"twig":"two"},"box":{"value":"${a}-${b}","list":["${a}-${b}"]}}`},
		{"param_eval>: box.value", `{"a":"AAA","b":"BBB","tree":{"twig":"two"},"box":{"list":["${a}-${b}"],"value":"AAA-BBB"}}`},
		{"param_eval>: box.list", `{"a":"AAA","b":"BBB","tree":{"twig":"two"},"box":{"value":"AAA-BBB","list":["AAA-BBB"]}}`},
	} {
		result, _, err := run(t, step.task, current)
		if err != nil {
			t.Fatalf("%s: %v", step.task, err)
		}
		if current = later(t, current, result); current != step.want {
			t.Fatalf("after %s:\n got %s\nwant %s", step.task, current, step.want)
		}
	}
}
