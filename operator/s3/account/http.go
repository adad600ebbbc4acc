package account

import (
	"io"
	"net/http"
	"time"
)

// answerTimeout is how long a server may think before it answers.
const answerTimeout = 30 * time.Second

// NewHTTPClient is an HTTP client for the clients of all accounts. It keeps
// connections, so there should be one.
func NewHTTPClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = answerTimeout
	return &http.Client{
		Transport: plainBodies{transport},
		// A redirect of S3 means another region, where a new signature is needed.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// plainBodies hides all methods of request bodies but Read and Close. The SDK's
// bodies have a WriteTo that returns io.EOF once the SDK has closed them, which
// it does as soon as an answer begins; net/http takes that for a failed write and
// drops the connection (aws-sdk-go-v2 issues 1825 and 2737).
type plainBodies struct{ *http.Transport }

// RoundTrip sends the request.
func (t plainBodies) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return t.Transport.RoundTrip(r)
	}
	plain := r.Clone(r.Context())
	plain.Body = struct{ io.ReadCloser }{r.Body}
	return t.Transport.RoundTrip(plain)
}
