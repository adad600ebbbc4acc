package gcs_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/gcs"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func TestObjectThatIsThereIsDescribed(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	for _, config := range []*params.Object{
		params.Of("_command", "b/a b/2026?.csv"),
		params.Of("_command", "gs://b/a b/2026?.csv"),
		params.Of("_command", nil, "bucket", "b", "object", "a b/2026?.csv"),
	} {
		req, _ := c.request(t, config)
		result, err := run(t, req)
		if err != nil || params.JSON(result.Store) != `{"gcs_wait":{"last_object":{"metadata":{"name":"a b/2026?.csv","size":"3"}}}}` {
			t.Errorf("%s: %s, %v", params.JSON(config), params.JSON(result.Store), err)
		}
		if len(result.Reset) != 1 || result.Reset[0] != "gcs_wait.last_object" {
			t.Errorf("reset %v", result.Reset)
		}
	}
}

func TestObjectIsLookedForAgainUntilTheTimeIsOver(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	config := params.Of("_command", "b/gone", "timeout", "5s")
	checkpoint, now := params.Empty(), operatortest.Now
	for _, after := range []time.Duration{time.Second, 2 * time.Second, 2 * time.Second} {
		req, record := c.request(t, config)
		req.Checkpoint, req.Now = checkpoint, func() time.Time { return now }
		result, err := run(t, req)
		if err != nil || result.Poll == nil || result.Poll.After != after {
			t.Fatalf("%+v, %v; want to wait for %s", result, err, after)
		}
		if !strings.Contains(record.Log(), "Object 'b/gone' does not yet exist") {
			t.Errorf("log %s", record.Log())
		}
		checkpoint, now = result.Poll.Checkpoint, now.Add(after)
	}
	req, _ := c.request(t, config)
	req.Checkpoint, req.Now = checkpoint, func() time.Time { return now }
	if _, err := run(t, req); err == nil || err.Error() != "Object 'b/gone' did not appear within 5s (runtime)" {
		t.Errorf("error %v", err)
	}
}

func TestProblemsThatPassAreWaitedOut(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	for _, object := range []string{"status/503", "status/429", "status/500", "broken/connection"} {
		req, record := c.request(t, params.Of("_command", object))
		result, err := run(t, req)
		if err != nil || result.Poll == nil || !strings.Contains(record.Log(), "Cloud Storage cannot be asked for now") {
			t.Errorf("%s: %+v, %v\n%s", object, result, err, record.Log())
		}
	}
}

func TestRefusedAccountIsAFailure(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	req, _ := c.request(t, params.Of("_command", "status/403"))
	_, err := run(t, req)
	f, ok := errors.AsType[*operator.Failure](err)
	if !ok || f.Message != "Look for object 'status/403': 403 Forbidden: no access" || f.Hint == "" {
		t.Errorf("failure %+v", f)
	}
	req, _ = c.request(t, params.Of("_command", "b/k"))
	req.Secrets = operator.NewSecrets(secret(key(t, c.URL+"/no-token")), nil, nil)
	if _, err := run(t, req); err == nil || !strings.Contains(err.Error(), "log in as robot@example.com: 401 Unauthorized") {
		t.Errorf("error %v", err)
	}
	if strings.Contains(err.Error(), "PRIVATE") {
		t.Error("the key is shown")
	}
}

func TestCredentialIsTheKeyOfAServiceAccount(t *testing.T) {
	t.Parallel()
	for credential, want := range map[string]string{
		"":                            "Secret not found for key: 'gcp.credential' (config)",
		"hello":                       "the secret 'gcp.credential' is not the JSON key of a service account (config)",
		`{"type": "authorized_user"}`: "the secret 'gcp.credential' is not the JSON key of a service account (config)",
	} {
		req, _ := operatortest.Request(t, params.Of("_command", "b/k"))
		req.Secrets = operator.NewSecrets(secret(credential), nil, nil)
		if _, err := run(t, req); err == nil || err.Error() != want {
			t.Errorf("%q: %v", credential, err)
		}
	}
}

func TestObjectIsNamedInOneWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		config *params.Object
		want   string
	}{
		{params.Of("_command", nil), "Either the gcs_wait operator command or both 'bucket' and 'object' parameters must be set (config)"},
		{params.Of("bucket", "b"), "Either the gcs_wait operator command or both 'bucket' and 'object' parameters must be set (config)"},
		{params.Of("_command", "b/k", "object", "k"), "Either the gcs_wait operator command or both 'bucket' and 'object' parameters must be set (config)"},
		{params.Of("_command", "bucket"), "Illegal GCS path: bucket (config)"},
		{params.Of("_command", "gs:///k"), "Illegal GCS path: gs:///k (config)"},
	} {
		req, _ := operatortest.Request(t, c.config)
		if _, err := run(t, req); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v", params.JSON(c.config), err)
		}
	}
}

func TestKilledWaitEndsWithTheCause(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(operator.ErrKilled)
	req, _ := c.request(t, params.Of("_command", "b/k"))
	if _, err := gcs.Operators()["gcs_wait"].Operator.Run(ctx, req); !errors.Is(err, operator.ErrKilled) {
		t.Errorf("error %v", err)
	}
}

func run(t *testing.T, req *operator.Request) (operator.Result, error) {
	t.Helper()
	return gcs.Operators()["gcs_wait"].Operator.Run(t.Context(), req)
}

// cloud is a server in the place of Google's, which cannot be had for tests.
type cloud struct{ *httptest.Server }

func newCloud(t *testing.T) cloud {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" || strings.Count(r.FormValue("assertion"), ".") != 2 {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token": "t0", "token_type": "Bearer", "expires_in": 3600}`)
	})
	mux.HandleFunc("POST /no-token", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	mux.HandleFunc("GET /storage/v1/b/{bucket}/o/{object}", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer t0" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		switch r.PathValue("bucket") + "/" + r.PathValue("object") {
		case "b/a b/2026?.csv":
			_, _ = io.WriteString(w, `{"name": "a b/2026?.csv", "size": "3"}`)
		case "status/503":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "status/429":
			w.WriteHeader(http.StatusTooManyRequests)
		case "status/500":
			w.WriteHeader(http.StatusInternalServerError)
		case "status/403":
			http.Error(w, `{"error": {"message": "no access"}}`, http.StatusForbidden)
		case "broken/connection":
			panic(http.ErrAbortHandler)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return cloud{server}
}

func (c cloud) request(t *testing.T, config *params.Object) (*operator.Request, *operatortest.Record) {
	t.Helper()
	return operatortest.Request(t, config.Merge(params.Of("endpoint", c.URL)),
		operatortest.WithSecrets(map[string]string{"gcp.credential": key(t, c.URL+"/token")}))
}

// secret is the source of one secret; "" is none.
type secret string

func (s secret) Secret(context.Context, string) (string, bool, error) { return string(s), s != "", nil }

// key is the JSON key of a service account that logs in at an address.
func key(t *testing.T, tokenURL string) string {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]string{
		"type": "service_account", "client_email": "robot@example.com", "private_key_id": "1", "token_uri": tokenURL,
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
