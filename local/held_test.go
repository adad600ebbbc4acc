package local

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/heitan/heitan/store"
)

func TestAnOwnerThatWasJustKilledIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		err := whileHeld(t.Context(), func() error {
			if tries++; tries < 4 {
				return &store.Held{}
			}
			return nil
		})
		if err != nil || tries != 4 {
			t.Errorf("after %d tries: %v", tries, err)
		}
	})
}

func TestAnOwnerThatRunsIsNotWaitedForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		err := whileHeld(t.Context(), func() error { return &store.Held{Owner: "somebody"} })
		if _, held := errors.AsType[*store.Held](err); !held || time.Since(began) > heldWait {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}

func TestOtherFailuresAreNotRepeated(t *testing.T) {
	t.Parallel()
	broken, tries := errors.New("broken"), 0
	err := whileHeld(t.Context(), func() error { tries++; return broken })
	if !errors.Is(err, broken) || tries != 1 {
		t.Errorf("after %d tries: %v", tries, err)
	}
}
