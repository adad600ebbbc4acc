package runnertest

import "testing"

func (h Harness) testRelease(t *testing.T) {
	t.Run("nothing is kept afterwards, and releasing again is no error", func(t *testing.T) {
		t.Parallel()
		k := h.program(t, Print("hello\n"))
		run, _ := k.start()
		k.wait(run)
		for range 3 {
			k.release(run)
		}
		if left := h.Remains(t, k.spec); left != (Remains{}) {
			t.Errorf("%+v is left", left)
		}
	})
}
