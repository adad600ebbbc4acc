package moment

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dop251/goja"

	"github.com/heitan/heitan/internal/testenv"
)

// The present of all comparisons, in milliseconds: a Wednesday in February.
const presentMillis = 1518621950125

// showScript turns a result into text. It sees into moments and durations.
const showScript = `
function show(v) {
	if (v === undefined) return 'undefined';
	if (v === null) return 'null';
	if (moment.isMoment(v)) return ['moment', v.isValid(), v.valueOf(), v.isUTC(), v.isLocal(), v.utcOffset(), v.locale(),
		v.format('YYYYYY-MM-DD[T]HH:mm:ss.SSSZ')].join(' ');
	if (moment.isDuration(v)) return ['duration', v.isValid(), v.toISOString(), v.asSeconds(), v.years(), v.months(), v.weeks(), v.days(),
		v.hours(), v.minutes(), v.seconds(), v.milliseconds(), v.valueOf(), v._months, v._days, v._milliseconds].join(' ');
	if (Object.prototype.toString.call(v) === '[object Date]') return 'date ' + v.getTime();
	if (typeof v === 'function') return 'function';
	if (typeof v === 'number') return 'number ' + v;
	if (typeof v === 'string') return 'text ' + JSON.stringify(v);
	return typeof v + ' ' + JSON.stringify(v, sorted);
}
function sorted(key, v) {
	if (v === null || typeof v !== 'object' || Array.isArray(v)) return v;
	const copy = {};
	Object.keys(v).sort().forEach(k => copy[k] = v[k]);
	return copy;
}
function answer(q) {
	try { return show((0, eval)(q)) } catch (e) { return 'throws' }
}
`

// original returns the source of Moment.js, which is fetched once.
var original = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "heitan-test")
	archive := filepath.Join(dir, "moment-"+version+".tgz")
	if _, err := os.Stat(archive); err != nil {
		if err := fetch(dir); err != nil {
			return "", err
		}
	}
	return sourceIn(archive)
})

// fetch packs Moment.js into a folder. It appears there at once, so that tests
// of several packages may do so at the same time.
func fetch(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(dir, "npm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	cmd := exec.Command("npm", "pack", "moment@"+version)
	cmd.Dir = work
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm pack: %w\n%s", err, out)
	}
	name := "moment-" + version + ".tgz"
	return os.Rename(filepath.Join(work, name), filepath.Join(dir, name))
}

func sourceIn(archive string) (string, error) {
	f, err := os.Open(archive)
	if err != nil {
		return "", err
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return "", err
	}
	for files := tar.NewReader(unzipped); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return "", fmt.Errorf("%s has no moment.js", archive)
		}
		if err != nil {
			return "", err
		}
		if header.Name == "package/moment.js" {
			source, err := io.ReadAll(files)
			return string(source), err
		}
	}
}

func needOriginal(t testing.TB) string {
	t.Helper()
	testenv.Need(t, testenv.NPM)
	source, err := original()
	if err != nil {
		if testenv.Required(testenv.NPM) {
			t.Fatal(err)
		}
		t.Skipf("needs the npm registry: %v", err)
	}
	return source
}

// askOriginal asks Moment.js in node; where fresh is set, each question gets a
// Moment.js of its own.
func askOriginal(t testing.TB, node, source, zone string, fresh bool, questions []string) []string {
	t.Helper()
	quoted, err := json.Marshal(source)
	if err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf(`
Date.now = () => %d;
const load = new Function('module', 'exports', 'require', 'console', %s);
const renew = () => {
	const module = {exports: {}};
	load(module, module.exports, () => { throw new Error('no locales') });
	globalThis.moment = module.exports;
};
renew();
`, presentMillis, quoted) + strings.Replace(showScript, "function answer(q) {", fmt.Sprintf("function answer(q) {\n\tif (%v) renew();", fresh), 1)
	return askNode(t, node, zone, script, questions)
}

// ours is a VM with the package's moment.
type ours struct {
	vm     *goja.Runtime
	answer goja.Callable
	env    Env
}

func newOurs(t testing.TB, zone string) *ours {
	t.Helper()
	l := location(t, zone)
	vm := goja.New()
	o := &ours{vm: vm, env: Env{
		Now:  func() time.Time { return time.UnixMilli(presentMillis) },
		Zone: func() *time.Location { return l },
	}}
	o.renew(t)
	if _, err := vm.RunString(showScript); err != nil {
		t.Fatal(err)
	}
	o.answer, _ = goja.AssertFunction(vm.Get("answer"))
	return o
}

func (o *ours) renew(t testing.TB) {
	t.Helper()
	if err := Install(o.vm, o.env); err != nil {
		t.Fatal(err)
	}
}

func (o *ours) ask(t testing.TB, question string) string {
	t.Helper()
	v, err := o.answer(goja.Undefined(), o.vm.ToValue(question))
	if err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	return v.String()
}

// compare asks both in all zones.
func compare(t *testing.T, fresh bool, questions []string) {
	t.Helper()
	source, node := needOriginal(t), needNode(t)
	for _, zone := range zones() {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			answers := askOriginal(t, node, source, zone, fresh, questions)
			o := newOurs(t, zone)
			for i, q := range questions {
				if fresh {
					o.renew(t)
				}
				if got := o.ask(t, q); got != answers[i] {
					t.Errorf("%s\n got %s\nwant %s", q, got, answers[i])
				}
			}
		})
	}
}
