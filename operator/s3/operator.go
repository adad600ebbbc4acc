// Package s3 holds s3_wait>, the operator that waits for an object in Amazon S3.
package s3

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/objectwait"
	"github.com/heitan/heitan/operator/s3/account"
	"github.com/heitan/heitan/params"
)

// Times between two looks, as in Digdag.
const (
	firstPoll = 5 * time.Second
	mostPoll  = 5 * time.Minute
)

// lookTimeout bounds one look, the SDK's retries included.
const lookTimeout = time.Minute

// outputPath is where the object's description is stored.
const outputPath = "s3.last_object"

// Operators is s3_wait>, by name. As in Digdag no `_retry` repeats it.
func Operators() map[string]operator.Entry {
	return map[string]operator.Entry{"s3_wait": {Operator: &waiter{http: account.NewHTTPClient()}, OwnTimeout: true}}
}

type waiter struct{ http aws.HTTPClient }

// Run looks for the object.
func (o *waiter) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	t, err := o.readTask(ctx, req)
	if err != nil {
		return operator.Result{}, err
	}
	wait := objectwait.Wait{Object: t.bucket + "/" + t.key, First: firstPoll, Most: mostPoll, Timeout: t.timeout}.
		Resume(req.Checkpoint, req.Now())
	object, err := t.look(ctx)
	switch {
	case ctx.Err() != nil:
		return operator.Result{}, context.Cause(ctx)
	case err != nil && !passing(err):
		return operator.Result{}, t.failure(err)
	case err != nil:
		req.Log.Warn("S3 cannot be asked for now", "object", wait.Object, "error", err)
	case object != nil:
		return operator.Result{Reset: []string{outputPath}, Store: params.Of("s3", params.Of("last_object", object))}, nil
	}
	now := req.Now()
	if !wait.Over(now) {
		again := wait.Again(now)
		req.Log.Info("Object does not yet exist", "object", wait.Object, "check_again_in", again.Poll.After.String())
		return again, nil
	}
	if t.continueOnTimeout {
		req.Log.Info("Object did not appear in time; the task goes on", "object", wait.Object, "timeout", t.timeout.String())
		// The map `s3` is there in any case, so that ${s3.last_object} is empty
		// rather than not defined.
		return operator.Result{Reset: []string{outputPath}, Store: params.Of("s3", params.Empty())}, nil
	}
	return operator.Result{}, wait.TimedOut().At(req.Params.Pos("timeout"))
}

// look is the object's description, or nil if there is no such object.
func (t *task) look(ctx context.Context) (*params.Object, error) {
	ctx, stop := context.WithTimeout(ctx, lookTimeout)
	defer stop()
	var object *params.Object
	err := t.account.AskS3(t.endpoint, t.pathStyle, func(client *s3.Client) error {
		head, err := client.HeadObject(ctx, t.input)
		if err != nil {
			return err
		}
		object, err = describe(head)
		return err
	})
	if statusOf(err) == http.StatusNotFound {
		return nil, nil
	}
	return object, err
}

// passing reports whether a problem may pass by itself, as Digdag sees it: all
// but those that the server calls the client's fault.
func passing(err error) bool {
	switch status := statusOf(err); status {
	case 0, http.StatusTooManyRequests, http.StatusRequestTimeout:
		return true
	default:
		return status >= 500
	}
}

func (t *task) failure(err error) *operator.Failure {
	f := operator.Runtimef("Look for object '%s/%s': %w", t.bucket, t.key, err)
	if statusOf(err) == http.StatusForbidden {
		f.Hint = "the keys may not read the object; S3 says the same of an object that does not exist, if the keys may not list its bucket (s3:ListBucket)"
	}
	return f
}

// statusOf is the HTTP status of an answer of S3, or 0 if there was none.
func statusOf(err error) int {
	if answer, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		return answer.HTTPStatusCode()
	}
	return 0
}
