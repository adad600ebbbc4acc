package gcs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"

	"github.com/heitan/heitan/params"
)

const (
	defaultEndpoint = "https://storage.googleapis.com"
	// readOnly is all that a look needs.
	readOnly = "https://www.googleapis.com/auth/devstorage.read_only"
	// lookTimeout bounds one look, a new token included.
	lookTimeout = time.Minute
	// maxAnswer bounds what is read of an answer.
	maxAnswer = 1 << 20
)

// errCredential means that the secret gcp.credential is no key of a service account.
var errCredential = errors.New("the secret 'gcp.credential' is not the JSON key of a service account")

// refusedError is an answer that is neither the object nor that there is none.
type refusedError struct {
	status int
	text   string
}

func (e *refusedError) Error() string { return e.text }

// passing reports whether the problem may pass by itself.
func (e *refusedError) passing() bool {
	return e.status >= 500 || e.status == http.StatusTooManyRequests || e.status == http.StatusRequestTimeout
}

func (e *refusedError) hint() string {
	if e.status == http.StatusForbidden || e.status == http.StatusUnauthorized {
		return "the service account needs storage.objects.get for the object, and storage.objects.list to be told that there is none"
	}
	return ""
}

func newHTTPClient() *http.Client {
	return &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
}

// look is the object's description, or nil if there is no such object.
func (o *waiter) look(ctx context.Context, t task, credential string) (*params.Object, error) {
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, oauth2.HTTPClient, o.http), lookTimeout)
	defer cancel()
	token, err := login(ctx, credential)
	if err != nil {
		return nil, err
	}
	address := strings.TrimSuffix(t.endpoint, "/") + "/storage/v1/b/" + url.PathEscape(t.bucket) + "/o/" + url.PathEscape(t.object)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &refusedError{text: err.Error()}
	}
	token.SetAuthHeader(request)
	answer, err := o.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	switch {
	case err != nil:
		return nil, err
	case answer.StatusCode == http.StatusNotFound:
		return nil, nil
	case answer.StatusCode != http.StatusOK:
		text := answer.Status
		if said := message(body); said != "" {
			text += fmt.Sprintf(": %.200s", said)
		}
		return nil, &refusedError{answer.StatusCode, text}
	}
	return params.ParseObject(body)
}

// login is a token for a service account.
func login(ctx context.Context, credential string) (*oauth2.Token, error) {
	account, err := google.JWTConfigFromJSON([]byte(credential), readOnly)
	if err != nil {
		return nil, errCredential
	}
	token, err := account.TokenSource(ctx).Token()
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response != nil {
		return nil, &refusedError{refused.Response.StatusCode, fmt.Sprintf("log in as %s: %s", account.Email, refused.Response.Status)}
	}
	if err != nil {
		return nil, fmt.Errorf("log in as %s: %w", account.Email, err)
	}
	return token, nil
}

// message is what an answer says of a problem.
func message(body []byte) string {
	if document, err := params.ParseObject(body); err == nil {
		if v, ok := document.Lookup("error", "message"); ok {
			if text, ok := v.(string); ok {
				return text
			}
		}
	}
	return strings.TrimSpace(string(body))
}
