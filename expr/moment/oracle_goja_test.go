package moment

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/dop251/goja"
)

// TestMain makes UTC the zone of goja's own Date, which the original uses.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}

// TestResultsAreThoseOfTheOriginalInGoja is for machines without node. It knows
// the wall time of UTC only, and its Date is wrong by a millisecond before 1970.
func TestResultsAreThoseOfTheOriginalInGoja(t *testing.T) {
	t.Parallel()
	answer := originalInGoja(t)
	o := newOurs(t, "UTC")
	g := generator{Rand: rand.New(rand.NewPCG(2018, 22)), nearby: true}
	for range 2000 {
		q := g.expression()
		want, err := answer(goja.Undefined(), o.vm.ToValue(q))
		if err != nil {
			t.Fatal(err)
		}
		if got := o.ask(t, q); got != want.String() {
			t.Errorf("%s\n got %s\nwant %s", q, got, want)
		}
	}
}

func originalInGoja(t testing.TB) goja.Callable {
	t.Helper()
	vm := goja.New()
	vm.SetTimeSource(func() time.Time { return time.UnixMilli(presentMillis) })
	for _, script := range []string{needOriginal(t), showScript, fmt.Sprintf("moment.now = () => %d", presentMillis)} {
		if _, err := vm.RunString(script); err != nil {
			t.Fatal(err)
		}
	}
	answer, _ := goja.AssertFunction(vm.Get("answer"))
	return answer
}
