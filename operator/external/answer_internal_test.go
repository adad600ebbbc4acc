package external

import (
	"errors"
	"testing"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

func FuzzResult(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"store":{"a":1},"reset":["a"]}`, `{"subtasks":"{\"+a\":{}}"}`, `{"retry_later":{"after":"1m","checkpoint":{"x":[]}}}`,
		`{"failure":{"message":1,"kind":[],"hint":null}}`, `{"reset":[{}]}`, `{"retry_later":null}`, `{"failure":[]}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		document, err := params.ParseObject(data)
		if err != nil {
			return
		}
		result, err := resultOf(document)
		if err == nil {
			if result.Poll != nil && (result.Poll.After < minWait || result.Poll.Checkpoint == nil) {
				t.Errorf("poll = %+v", result.Poll)
			}
			return
		}
		if _, ok := errors.AsType[*invalidError](err); ok {
			return
		}
		if failure, ok := errors.AsType[*operator.Failure](err); !ok || failure.Message == "" {
			t.Errorf("error = %#v", err)
		}
	})
}
