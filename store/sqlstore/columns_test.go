package sqlstore

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/params"
)

// written is the text that a value becomes.
func written(write func(*writer)) []byte {
	w := &writer{buffer: new(buffer)}
	write(w)
	if len(w.spans) == 0 {
		return nil
	}
	return w.docs
}

func TestWhatIsWrittenAsTextIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var d decoder
		ids := rapid.SliceOfN(rapid.Map(rapid.Int64(), func(n int64) heitan.TaskID { return heitan.TaskID(n) }), 1, 5).Draw(t, "ids")
		if diff := cmp.Diff(ids, d.ids(written(func(w *writer) { w.ids(ids) }))); diff != "" {
			t.Errorf("ids (-want +got):\n%s", diff)
		}
		list := rapid.SliceOfN(rapid.String(), 1, 5).Draw(t, "list")
		if diff := cmp.Diff(list, d.list(written(func(w *writer) { w.list(list) }))); diff != "" {
			t.Errorf("list (-want +got):\n%s", diff)
		}
		pos := params.Pos{
			File: strings.ReplaceAll(rapid.String().Draw(t, "file"), "\x00", ""),
			Line: rapid.Int32Min(1).Draw(t, "line"), Column: rapid.Int32Min(0).Draw(t, "column"),
		}
		if diff := cmp.Diff(pos, d.pos(written(func(w *writer) { w.pos(pos) }), "")); diff != "" {
			t.Errorf("pos (-want +got):\n%s", diff)
		}
		if d.err != nil {
			t.Error(d.err)
		}
	})
}

func TestNothingIsNull(t *testing.T) {
	t.Parallel()
	w := &writer{buffer: new(buffer)}
	w.doc(nil)
	w.doc(params.Empty())
	w.list(nil)
	w.ids(nil)
	w.pos(params.Pos{})
	for i, arg := range w.args {
		if arg != nil {
			t.Errorf("argument %d is %v", i, arg)
		}
	}
	var d decoder
	if d.doc(nil) != nil || d.list(nil) != nil || d.ids(nil) != nil || !d.pos(nil, "").IsZero() || d.err != nil {
		t.Error("null is not read as nothing")
	}
}

func TestDamagedTextIsAnError(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(*decoder){
		"a document that ends too soon": func(d *decoder) { d.doc([]byte(`{"a":`)) },
		"a list as a document":          func(d *decoder) { d.doc([]byte(`[1]`)) },
		"a document as a list":          func(d *decoder) { d.list([]byte(`{"a":1}`)) },
		"a list of other things":        func(d *decoder) { d.list([]byte(`["a",1]`)) },
		"ids with a gap":                func(d *decoder) { d.ids([]byte(`1,,2`)) },
		"an empty list of ids":          func(d *decoder) { d.ids([]byte{}) },
		"a place without numbers":       func(d *decoder) { d.pos([]byte(`a.dig`), "") },
		"a place with one number":       func(d *decoder) { d.pos([]byte(`a.dig:1`), "") },
		"a place with a huge number":    func(d *decoder) { d.pos([]byte(`a.dig:1:99999999999`), "") },
	} {
		var d decoder
		if read(&d); d.err == nil {
			t.Errorf("%s is no error", name)
		}
	}
}

// What a damaged database holds must not end the process.
func FuzzDecoder(f *testing.F) {
	for _, text := range []string{"", "a.dig:1:2", "::", "1,2,3", ",", `["a"]`, `{"a":1}`, "x:1:-"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var d decoder
		if p := d.pos(text, ""); d.err == nil && p.Line > 0 && !strings.HasPrefix(string(text), p.File) {
			t.Errorf("%q is read as %v", text, p)
		}
		d = decoder{}
		if ids := d.ids(text); d.err == nil && len(ids) != strings.Count(string(text), ",")+1 {
			t.Errorf("%q is read as %v", text, ids)
		}
		d = decoder{}
		_ = d.list(text)
		d = decoder{}
		_ = d.doc(text)
	})
}

func FuzzStorable(f *testing.F) {
	f.Add("a")
	f.Add("a\x00b\xff")
	f.Fuzz(func(t *testing.T, text string) {
		got := storable(text)
		if !utf8.ValidString(got) || strings.ContainsRune(got, 0) {
			t.Errorf("%q becomes %q", text, got)
		}
		if storable(got) != got || (checkText("text", text) == nil) != (got == text) {
			t.Errorf("%q becomes %q, then %q", text, got, storable(got))
		}
	})
}
