package storetest

import (
	"math"
	"reflect"
	"time"

	"pgregory.net/rapid"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
)

var documentTests = []test{
	{"every field of a task is kept", func(f *fixture) {
		var task engine.Task
		fill(f, reflect.ValueOf(&task).Elem(), new(int))
		task.ID, task.Parent = 2, 1
		sub := f.submission("daily")
		sub.Tasks = []engine.Task{tasks(1)[0], task}
		sub.Finished = map[string]engine.Result{"+a": task.Result}
		a, fence, err := f.Submit(f.Context(), sub)
		f.must(err)
		f.same("submitted", f.tasksOf(a.ID)[1], task)
		finished, err := f.Finished(f.Context(), a.ID)
		f.must(err)
		f.same("finished", finished, sub.Finished)

		task.ID = 3
		f.commit(store.Write{Attempt: a.ID, Fence: fence, Tasks: []engine.Task{task}})
		f.same("committed", f.tasksOf(a.ID)[2], task)
	}},

	{"documents keep numbers, text and the order of keys", func(f *fixture) {
		a, fence := f.submit("daily")
		rapid.Check(f.T, func(rt *rapid.T) {
			task := tasks(3)[1]
			task.Checkpoint = objects(4).Draw(rt, "checkpoint")
			task.Error = objects(2).Draw(rt, "error")
			task.Result = engine.Result{
				Subtasks: objects(3).Draw(rt, "subtasks"),
				Export:   objects(2).Draw(rt, "export"),
				Store:    objects(2).Draw(rt, "store"),
				Reset:    rapid.SliceOf(rapid.String()).Draw(rt, "reset"),
			}
			f.commit(store.Write{Attempt: a.ID, Fence: fence, Tasks: []engine.Task{task}})
			stored := f.tasksOf(a.ID)[1]
			f.same("task", stored, task)
			if !params.Equal(stored.Checkpoint.Merge(nil), task.Checkpoint) {
				rt.Fatalf("%s is not %s", params.JSON(stored.Checkpoint), params.JSON(task.Checkpoint))
			}
		})
	}},

	{"numbers of all kinds come back as they are", func(f *fixture) {
		want := params.Of("i", int64(1), "f", 1.0, "max", int64(math.MaxInt64), "min", int64(math.MinInt64),
			"huge", math.MaxFloat64, "tiny", math.SmallestNonzeroFloat64, "third", 1.0/3, "zero", math.Copysign(0, -1))
		sub := f.submission("daily")
		sub.Params = want
		a, _, err := f.Submit(f.Context(), sub)
		f.must(err)
		stored, err := f.Attempt(f.Context(), a.ID)
		f.must(err)
		if !params.Equal(stored.Params, want) {
			f.Errorf("%s is not %s", params.JSON(stored.Params), params.JSON(want))
		}
	}},
}

// objects are documents of a depth, with any keys and values.
func objects(depth int) *rapid.Generator[*params.Object] {
	return rapid.Custom(func(t *rapid.T) *params.Object {
		entries := make([]params.Entry, rapid.IntRange(0, 4).Draw(t, "size"))
		for i := range entries {
			entries[i] = params.Entry{Key: rapid.String().Draw(t, "key"), Value: values(depth).Draw(t, "value")}
		}
		return params.New(entries...)
	})
}

func values(depth int) *rapid.Generator[params.Value] {
	scalars := []*rapid.Generator[params.Value]{
		rapid.Just[params.Value](nil),
		rapid.Map(rapid.Bool(), func(b bool) params.Value { return b }),
		rapid.Map(rapid.Int64(), func(n int64) params.Value { return n }),
		rapid.Map(rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64), func(x float64) params.Value { return x }),
		rapid.Map(rapid.String(), func(s string) params.Value { return s }),
	}
	if depth == 0 {
		return rapid.OneOf(scalars...)
	}
	return rapid.OneOf(append(scalars,
		rapid.Map(rapid.SliceOfN(rapid.Deferred(func() *rapid.Generator[params.Value] { return values(depth - 1) }), 0, 4),
			func(list []params.Value) params.Value { return params.List(list) }),
		rapid.Map(objects(depth-1), func(o *params.Object) params.Value { return o }),
	)...)
}

// fill gives every field another value than zero, so that one that is not
// stored is noticed as soon as it is added.
func fill(f *fixture, v reflect.Value, n *int) {
	*n++
	switch v.Interface().(type) {
	case *params.Object:
		v.Set(reflect.ValueOf(params.Of("n", int64(*n))))
		return
	case time.Time:
		v.Set(reflect.ValueOf(start.Add(time.Duration(*n) * time.Microsecond)))
		return
	case time.Duration:
		v.SetInt(int64(time.Duration(*n) * time.Millisecond))
		return
	case heitan.TaskState:
		v.SetUint(uint64(heitan.TaskError))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(f, field, n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(f, v.Index(0), n)
		fill(f, v.Index(1), n)
	case reflect.String:
		v.SetString("text " + string(rune('a'+*n%26)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint8:
		v.SetUint(uint64(*n))
	default:
		f.Fatalf("a task has a %s, which this test cannot fill", v.Type())
	}
}
