package http

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	nethttp "net/http"
	"strings"

	"github.com/heitan/heitan/operator"
)

// keepForMessage is how many bytes of a body a message needs.
const keepForMessage = 4 * maxSummary

// fetch makes the request. It returns a successful answer, whose body has at
// most keep bytes if keep is more than messages need, or the answer "not done
// yet", or an error.
func (c *call) fetch(ctx context.Context, req *operator.Request, keep int64) (answer, *operator.Poll, error) {
	req.Log.Info("Sending HTTP request", "method", c.method, "uri", c.to.shown)
	a, err := c.send(ctx, max(keep, keepForMessage))
	if ctx.Err() != nil {
		return answer{}, nil, context.Cause(ctx)
	}
	failure, passing := c.judge(a, err)
	if failure == nil {
		req.Log.Info("Received HTTP response", "method", c.method, "uri", c.to.shown, "status", a.status)
		return a, nil, nil
	}
	if !passing {
		return answer{}, nil, failure
	}
	return answer{}, retryLater(req, failure, a), nil
}

// judge is the failure that an answer or the lack of one means, and whether it
// may pass, so that the request is made again. The texts are Digdag's.
func (c *call) judge(a answer, err error) (failure *operator.Failure, passing bool) {
	if err != nil {
		failure := operator.Runtimef("HTTP request failed: %s: %s", c, c.cause(err))
		if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
			failure.Hint = "`insecure: true` accepts every certificate"
		}
		return failure, c.retry
	}
	switch class := a.status / 100; {
	case (class == 2 || class == 3) && a.problem == "":
		return nil, false
	case a.status == nethttp.StatusRequestTimeout, a.status == nethttp.StatusTooManyRequests:
		return c.statusFailure("Failed HTTP request", a), true
	case class == 4:
		return c.statusFailure("HTTP 4XX Client Error", a), false
	case class == 5:
		return c.statusFailure("HTTP 5XX Server Error", a), c.retry
	}
	return c.statusFailure("Unexpected HTTP status", a), c.retry
}

func (c *call) statusFailure(what string, a answer) *operator.Failure {
	status := fmt.Sprintf("%d %s", a.status, nethttp.StatusText(a.status))
	message := fmt.Sprintf("%s: %s - %s", what, c, strings.TrimSpace(status))
	if summary := a.summary(); summary != "" {
		message += ": " + summary
	}
	return &operator.Failure{Message: message}
}

// cause is the text of an error without the host of a secret URI.
func (c *call) cause(err error) string {
	if !c.to.secret {
		return abbreviate(err.Error())
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.Err
	}
	// The errors of connections name addresses; that of a proxy's holds another.
	for op, ok := errors.AsType[*net.OpError](err); ok; op, ok = errors.AsType[*net.OpError](err) {
		err = op.Err
	}
	return abbreviate(strings.ReplaceAll(err.Error(), c.to.url.Hostname(), "***"))
}
