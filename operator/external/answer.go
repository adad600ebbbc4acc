package external

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/heitan/heitan/internal/diag"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/shell/command"
	"github.com/heitan/heitan/params"
)

const (
	// maxResult bounds what an executable answers.
	maxResult = 16 << 20
	// minWait keeps an operator that asks to be called at once from doing so all the time.
	minWait = time.Second
)

// Keys of a result. Either one of the last two stands alone, or any of the others.
const (
	keySubtasks   = "subtasks"
	keyExport     = "export"
	keyStore      = "store"
	keyReset      = "reset"
	keyRetryLater = "retry_later"
	keyFailure    = "failure"
)

var resultKeys = []string{keySubtasks, keyExport, keyStore, keyReset, keyRetryLater, keyFailure}

// answer turns the end of the executable into the operator's answer.
func (e *executable) answer(ended *command.Ended, operatorName string) (operator.Result, error) {
	document, err := readResult(ended)
	if failed := ended.Failure("Operator " + operatorName); failed != nil {
		if own, ok := document.Object(keyFailure); ok {
			return operator.Result{}, failure(own)
		}
		if code := ended.Outcome.ExitCode; code == 126 || code == 127 {
			failed.Hint = "does the first line of " + e.path + " name an interpreter that this machine has?"
		}
		return operator.Result{}, failed
	}
	if err != nil {
		return operator.Result{}, operator.Runtimef("Operator %s gave no result: %w", operatorName, err).
			WithHint(`standard output is for one JSON object, {} if there is nothing to say; messages go to standard error`)
	}
	result, err := resultOf(document)
	if f, ok := errors.AsType[*invalidError](err); ok {
		return operator.Result{}, operator.Runtimef("Operator %s gave an invalid result: %w", operatorName, f).WithHint(f.hint)
	}
	return result, err
}

// readResult reads what the executable has printed.
func readResult(ended *command.Ended) (*params.Object, error) {
	data, err := ended.Read(resultFile, maxResult)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && len(strings.TrimSpace(string(data))) == 0:
		return nil, errors.New("it printed nothing")
	case err != nil:
		return nil, err
	}
	return params.ParseObject(data)
}

// invalidError is what is wrong with a result.
type invalidError struct{ text, hint string }

func (e *invalidError) Error() string { return e.text }

// resultOf is the operator's answer in a result. The error is the failure that the
// executable reports, or an *invalidError.
func resultOf(document *params.Object) (operator.Result, error) {
	for _, key := range document.Keys() {
		if !slices.Contains(resultKeys, key) {
			return operator.Result{}, &invalidError{"unknown key '" + key + "'", diag.DidYouMean(key, resultKeys)}
		}
	}
	p := operator.NewParams(document, document)
	result := operator.Result{
		Subtasks: p.ObjectOr(keySubtasks, nil),
		Export:   p.ObjectOr(keyExport, nil),
		Store:    p.ObjectOr(keyStore, nil),
		Reset:    p.Strings(keyReset),
	}
	later := p.ObjectOr(keyRetryLater, nil)
	failed := p.ObjectOr(keyFailure, nil)
	if err := p.Err(); err != nil {
		return operator.Result{}, invalid(err)
	}
	for _, key := range []string{keyRetryLater, keyFailure} {
		if document.Has(key) && document.Len() > 1 {
			return operator.Result{}, &invalidError{"'" + key + "' must be the only key", ""}
		}
	}
	switch {
	case failed != nil:
		return operator.Result{}, failure(failed)
	case later != nil:
		return poll(later)
	}
	return result, nil
}

// poll is the answer "call me again".
func poll(later *params.Object) (operator.Result, error) {
	p := operator.NewParams(later, later)
	if _, ok := p.Get("after"); !ok {
		p.Fail("after", "'retry_later' needs 'after', such as \"30s\" or a number of seconds")
	}
	after := p.DurationOr("after", 0)
	checkpoint := p.ObjectOr("checkpoint", params.Empty())
	for _, key := range p.Unused() {
		p.Fail(key, "unknown key '%s' in 'retry_later'", key)
	}
	if err := p.Err(); err != nil {
		return operator.Result{}, invalid(err)
	}
	return operator.PollAfter(max(after, minWait), params.Of(stateKey, checkpoint)), nil
}

// failure is what an executable says of its failure. It is lenient, because the
// message is worth more than its form.
func failure(own *params.Object) *operator.Failure {
	text := func(key string) string {
		v, _ := own.Get(key)
		s, _ := operator.AsString(v)
		return command.Clip(s)
	}
	f := &operator.Failure{Message: text("message"), Kind: text("kind"), Hint: text("hint"), Trace: text("trace")}
	if f.Message == "" {
		f.Message = "the operator failed without a message"
	}
	if f.Kind != operator.KindConfig && f.Kind != operator.KindRuntime {
		f.Kind = ""
	}
	return f
}

func invalid(err error) *invalidError {
	f := operator.AsFailure(err)
	return &invalidError{f.Message, f.Hint}
}
