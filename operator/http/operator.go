// Package http holds the operators that make HTTP requests: http> and http_call>.
//
// A request that may be repeated and fails is tried again by polling, so that
// waiting holds no goroutine and survives a restart.
package http

import (
	"context"
	"fmt"
	"strconv"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// Operators are http> and http_call>, by name. Their `timeout` is that of a request,
// as in Digdag, and not of the task with all its tries.
func Operators(s Settings) map[string]operator.Entry {
	return map[string]operator.Entry{
		"http":      {Operator: &requester{settings: s}, SelfRetry: true, OwnTimeout: true},
		"http_call": {Operator: &caller{settings: s}, SelfRetry: true, OwnTimeout: true},
	}
}

// requester is http>.
type requester struct{ settings Settings }

// Run makes the request and stores http.last_status and, if the task wants it,
// http.last_content.
func (o *requester) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	p := req.Params.WithDefaults("http")
	to, err := requestAddress(ctx, req, p)
	if err != nil {
		return operator.Result{}, err
	}
	store := p.BoolOr("store_content", false)
	c, err := newCall(ctx, req, p, &o.settings, to)
	if err != nil {
		return operator.Result{}, err
	}
	keep := int64(0)
	if store {
		keep = maxBytes(o.settings.MaxStoredContent)
	}
	a, poll, err := c.fetch(ctx, req, keep)
	if poll != nil || err != nil {
		return operator.Result{Poll: poll}, err
	}
	stored := params.Of("last_status", int64(a.status))
	result := operator.Result{Reset: []string{"http.last_status"}}
	if store {
		_, parameters := a.mediaType()
		text, err := limitedText(&a, parameters["charset"], o.settings.MaxStoredContent)
		if err != nil {
			return operator.Result{}, err
		}
		stored = stored.With("last_content", text)
		result.Reset = append(result.Reset, "http.last_content")
	}
	result.Store = params.Of("http", stored)
	return result, nil
}

// requestAddress is the secret http.uri, if there is one, else the command.
func requestAddress(ctx context.Context, req *operator.Request, p *operator.Params) (address, error) {
	uri, ok, err := req.Secrets.Lookup(ctx, "http.uri")
	if err != nil {
		return address{}, err
	}
	if ok {
		return newAddress(uri, true)
	}
	return commandAddress(ctx, req, p)
}

// commandAddress is the command, in which secrets may stand.
func commandAddress(ctx context.Context, req *operator.Request, p *operator.Params) (address, error) {
	command := p.CommandText()
	if err := p.Err(); err != nil {
		return address{}, err
	}
	uri, err := req.Secrets.Expand(ctx, command)
	if err != nil {
		return address{}, err
	}
	return newAddress(uri, uri != command)
}

// maxBytes is how many bytes can be needed for a number of characters.
func maxBytes(characters int) int64 { return int64(characters) * 4 }

// limitedText is the body as text of at most limit characters.
func limitedText(a *answer, charset string, limit int) (string, error) {
	text, err := a.text(charset)
	if err != nil {
		return "", operator.Runtimef("Read the response: %w", err)
	}
	n := countCharacters(text)
	if n <= limit && !a.cut {
		return text, nil
	}
	size := strconv.Itoa(n)
	if a.cut {
		size = "more than " + size
	}
	return "", &operator.Failure{Message: fmt.Sprintf("Response content too large: %s > %d", size, limit)}
}
