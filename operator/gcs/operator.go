// Package gcs holds gcs_wait>, the operator that waits for an object in Google
// Cloud Storage.
package gcs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/objectwait"
	"github.com/heitan/heitan/params"
)

// Times between two looks.
const (
	firstPoll = time.Second
	mostPoll  = 30 * time.Second
)

// outputPath is where the object's description is stored.
const outputPath = "gcs_wait.last_object"

// Operators is gcs_wait>, by name.
func Operators() map[string]operator.Entry {
	return map[string]operator.Entry{
		"gcs_wait": {Operator: &waiter{http: newHTTPClient()}, SelfRetry: true, OwnTimeout: true},
	}
}

type waiter struct{ http *http.Client }

// task is what a gcs_wait> task says.
type task struct {
	bucket, object string
	endpoint       string
	timeout        time.Duration
}

// Run looks for the object.
func (o *waiter) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	t, err := readTask(req)
	if err != nil {
		return operator.Result{}, err
	}
	credential, err := req.Secrets.Get(ctx, "gcp.credential")
	if err != nil {
		return operator.Result{}, err
	}
	wait := objectwait.Wait{Object: t.bucket + "/" + t.object, First: firstPoll, Most: mostPoll, Timeout: t.timeout}.
		Resume(req.Checkpoint, req.Now())
	object, err := o.look(ctx, t, credential)
	refused, isRefused := errors.AsType[*refusedError](err)
	switch {
	case ctx.Err() != nil:
		return operator.Result{}, context.Cause(ctx)
	case isRefused && !refused.passing():
		return operator.Result{}, operator.Runtimef("Look for object '%s': %w", wait.Object, err).WithHint(refused.hint())
	case errors.Is(err, errCredential):
		return operator.Result{}, operator.Configf("%w", err)
	case err != nil:
		req.Log.Warn("Cloud Storage cannot be asked for now", "object", wait.Object, "error", err)
	case object != nil:
		return operator.Result{
			Reset: []string{outputPath},
			Store: params.Of("gcs_wait", params.Of("last_object", params.Of("metadata", object))),
		}, nil
	}
	now := req.Now()
	if wait.Over(now) {
		return operator.Result{}, wait.TimedOut().At(req.Params.Pos("timeout"))
	}
	again := wait.Again(now)
	req.Log.Info(fmt.Sprintf("Object '%s' does not yet exist", wait.Object), "check_again_in", again.Poll.After.String())
	return again, nil
}

// readTask reads which object is meant: the command, or `bucket` and `object`.
func readTask(req *operator.Request) (task, error) {
	p := req.Params.WithDefaults("gcs_wait")
	t := task{
		bucket: p.StringOr("bucket", ""), object: p.StringOr("object", ""),
		endpoint: p.StringOr("endpoint", defaultEndpoint),
		timeout:  p.DurationOr("timeout", 0),
	}
	_, named := p.Command()
	switch parts := t.bucket != "" && t.object != ""; {
	case named && (t.bucket != "" || t.object != ""), !named && !parts:
		p.Fail("_command", "Either the gcs_wait operator command or both 'bucket' and 'object' parameters must be set")
	case named:
		path := p.CommandText()
		bucket, object, _ := strings.Cut(strings.TrimPrefix(path, "gs://"), "/")
		if bucket == "" || object == "" {
			p.Fail("_command", "Illegal GCS path: %s", path)
		}
		t.bucket, t.object = bucket, object
	}
	return t, p.Err()
}
