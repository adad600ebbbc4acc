package engine_test

import (
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// TestOperatorRetries has a scene for each sentence on operators that try again
// by themselves.
func TestOperatorRetries(t *testing.T) {
	t.Parallel()
	perform(t, []scene{
		{"a limit of 3 means up to 4 runs", `+a: {sh>: x, _retry: 3}`, func(p *play) {
			for range 3 {
				p.failRetrying("+wf+a", "x").is(heitan.TaskRetryWaiting, "+wf+a").elapse(0).does("dispatch +wf+a")
			}
			p.failRetrying("+wf+a", "x").is(heitan.TaskError, "+wf+a")
		}},
		{"a later try may succeed", `+a: {sh>: x, _retry: 1}`, func(p *play) {
			p.failRetrying("+wf+a", "x").elapse(0).succeed("+wf+a").ends("success").expect(`+wf success
				+wf+a success retries=1`)
		}},
		{"the limit may be text", `+a: {sh>: x, _retry: "1"}`, func(p *play) {
			p.failRetrying("+wf+a", "x").is(heitan.TaskRetryWaiting, "+wf+a")
		}},
		{"the interval is waited before each retry", `+a: {sh>: x, _retry: {limit: 2, interval: 7}}`, func(p *play) {
			p.failRetrying("+wf+a", "x").does("timer +wf+a 7s").elapse(7 * time.Second)
			p.failRetrying("+wf+a", "x").does("timer +wf+a 7s")
		}},
		{"exponential intervals double", `+a: {sh>: x, _retry: {limit: 4, interval: 1, interval_type: Exponential}}`, func(p *play) {
			for _, wait := range []time.Duration{1, 2, 4, 8} {
				p.failRetrying("+wf+a", "x").does("timer +wf+a " + (wait * time.Second).String()).elapse(wait * time.Second)
			}
			p.failRetrying("+wf+a", "x").is(heitan.TaskError, "+wf+a")
		}},
		{"max_interval bounds exponential intervals", `+a: {sh>: x, _retry: {limit: 3, interval: 1, max_interval: 3, interval_type: exponential}}`, func(p *play) {
			for _, wait := range []time.Duration{1, 2, 3} {
				p.failRetrying("+wf+a", "x").does("timer +wf+a " + (wait * time.Second).String()).elapse(wait * time.Second)
			}
		}},
		{"an operator that does not heed _retry fails at once", `+a: {fail>: x, _retry: 3}`, func(p *play) {
			p.fail("+wf+a", "x").is(heitan.TaskError, "+wf+a")
		}},
		{"an exported _retry is the default of the operators below", `+g: {_export: {_retry: 1}, +a: {sh>: x}}`, func(p *play) {
			p.failRetrying("+wf+g+a", "x").is(heitan.TaskRetryWaiting, "+wf+g+a")
		}},
		{"polling does not count", `+a: {sh>: x, _retry: 1}`, func(p *play) {
			p.poll("+wf+a", 0).elapse(0).poll("+wf+a", 0).elapse(0)
			p.failRetrying("+wf+a", "x").expect(`+wf planned
				+wf+a retry_waiting retries=1`).elapse(0)
			p.poll("+wf+a", 0).elapse(0).failRetrying("+wf+a", "x").is(heitan.TaskError, "+wf+a")
		}},
		{"handlers run only when retries are exhausted", `+a: {sh>: x, _retry: 1, _error: {echo>: e}}`, func(p *play) {
			p.failRetrying("+wf+a", "x").count("+wf+a^error", 0).elapse(0).failRetrying("+wf+a", "x").does("dispatch +wf+a^error")
		}},
		{"a next try starts with the checkpoint of the failure", `+a: {sh>: x, _retry: 1}`, func(p *play) {
			p.saves("+wf+a", "run", "1", "kept", "k").failRetrying("+wf+a", "x", "kept", "k").elapse(0)
			diff(p.t, "checkpoint", `{"kept":"k"}`, params.JSON(p.task("+wf+a").Checkpoint))
		}},
		{"a poll goes on with its checkpoint", `+a: {wait>: 1s}`, func(p *play) {
			p.poll("+wf+a", time.Second, "n", int64(1)).elapse(time.Second)
			diff(p.t, "checkpoint", `{"n":1}`, params.JSON(p.task("+wf+a").Checkpoint))
		}},
		{"an ended task keeps no checkpoint", `
+a: {sh>: x}
+b: {sh>: x}`, func(p *play) {
			p.saves("+wf+a", "run", "1").succeed("+wf+a").saves("+wf+b", "run", "2").fail("+wf+b", "x")
			if p.task("+wf+a").Checkpoint.Len()+p.task("+wf+b").Checkpoint.Len() > 0 {
				p.t.Error("a checkpoint is left")
			}
		}},
		{"self-retries and retries for failed children are counted together", `+a: {sh>: a, _retry: 2, _check: {fail>: c}}`, func(p *play) {
			p.failRetrying("+wf+a", "x").elapse(0).succeed("+wf+a").fail("+wf+a^check", "c").elapse(0)
			p.is(heitan.TaskReady, "+wf+a").succeed("+wf+a").fail("+wf+a^check", "c").is(heitan.TaskGroupError, "+wf+a")
		}},
		{"usage is summed over all tries", `+a: {sh>: x, _retry: 1}`, func(p *play) {
			p.step(p.answer(engine.Failed{Task: p.id("+wf+a"), Usage: heitan.Usage{CPUTime: 2, PeakMemory: 5}, Retry: workflow.Retry{Limit: 1}}))
			p.elapse(0).step(p.answer(engine.Succeeded{Task: p.id("+wf+a"), Usage: heitan.Usage{CPUTime: 3, PeakMemory: 4}}))
			if got, want := p.task("+wf+a").Usage, (heitan.Usage{CPUTime: 5, PeakMemory: 5}); got != want {
				p.t.Errorf("usage is %+v, want %+v", got, want)
			}
		}},
	})
}
