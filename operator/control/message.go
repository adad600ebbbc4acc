package control

import (
	"context"
	"fmt"
	"io"

	"github.com/heitan/heitan/operator"
)

// echo writes its message and a newline to the task's log.
func echo(_ context.Context, req *operator.Request) (operator.Result, error) {
	message := req.Params.CommandText()
	if err := req.Params.Err(); err != nil {
		return operator.Result{}, err
	}
	if _, err := io.WriteString(req.Output, message+"\n"); err != nil {
		return operator.Result{}, fmt.Errorf("write the message: %w", err)
	}
	return operator.Result{}, nil
}

// fail makes the task fail with its message, as it is, because that was meant.
func fail(_ context.Context, req *operator.Request) (operator.Result, error) {
	message := req.Params.StringOr("_command", "")
	if err := req.Params.Err(); err != nil {
		return operator.Result{}, err
	}
	return operator.Result{}, &operator.Failure{Message: message}
}
