package s3_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/s3"
	"github.com/heitan/heitan/operator/s3/account"
	"github.com/heitan/heitan/params"
)

var keys = map[string]string{"aws.access_key_id": "AKIA0", "aws.secret_access_key": "s3cr3t"}

func TestObjectThatIsThereIsDescribed(t *testing.T) {
	t.Parallel()
	b := newBucket(t)
	b.put("data/rows.csv", "a,b\n")
	req, _ := b.request(params.Of("_command", b.name+"/data/rows.csv"))
	result, err := run(t, req)
	if err != nil || result.Poll != nil {
		t.Fatalf("%+v, %v", result, err)
	}
	sum := md5.Sum([]byte("a,b\n"))
	for name, want := range map[string]params.Value{
		"Content-Length": int64(4), "Content-Type": "text/csv", "ETag": hex.EncodeToString(sum[:]),
	} {
		if got, _ := result.Store.Lookup("s3", "last_object", "metadata", name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if got, _ := result.Store.Lookup("s3", "last_object", "user_metadata", "team"); got != "logistics" {
		t.Errorf("the user's metadata is %v", got)
	}
	if len(result.Reset) != 1 || result.Reset[0] != "s3.last_object" {
		t.Errorf("reset %v", result.Reset)
	}
}

func TestObjectIsLookedForAgainAndAgain(t *testing.T) {
	t.Parallel()
	b := newBucket(t)
	config := params.Of("_command", nil, "bucket", b.name, "key", "late", "timeout", "1m")
	checkpoint, now := params.Empty(), operatortest.Now
	for _, after := range []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second} {
		req, record := b.request(config)
		req.Checkpoint, req.Now = checkpoint, func() time.Time { return now }
		result, err := run(t, req)
		if err != nil || result.Poll == nil || result.Poll.After != after {
			t.Fatalf("%+v, %v; want to wait for %s", result, err, after)
		}
		if !strings.Contains(record.Log(), "Object does not yet exist") {
			t.Errorf("log %s", record.Log())
		}
		checkpoint, now = result.Poll.Checkpoint, now.Add(after)
	}
	b.put("late", "x")
	req, _ := b.request(config)
	req.Checkpoint, req.Now = checkpoint, func() time.Time { return now }
	if result, err := run(t, req); err != nil || result.Poll != nil || result.Store.Len() == 0 {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestWaitEndsWithItsTime(t *testing.T) {
	t.Parallel()
	b := newBucket(t)
	for goesOn, want := range map[bool]string{false: "Object '" + b.name + "/gone' did not appear within 1m0s (runtime)", true: ""} {
		config := params.Of("_command", b.name+"/gone", "timeout", int64(60), "continue_on_timeout", goesOn)
		req, _ := b.request(config)
		first, err := run(t, req)
		if err != nil {
			t.Fatal(err)
		}
		req, _ = b.request(config)
		req.Checkpoint = first.Poll.Checkpoint
		req.Now = func() time.Time { return operatortest.Now.Add(time.Minute) }
		result, err := run(t, req)
		if goesOn && (err != nil || params.JSON(result.Store) != `{"s3":{}}` || len(result.Reset) != 1) {
			t.Errorf("%+v, %v", result, err)
		}
		if !goesOn && (err == nil || err.Error() != want) {
			t.Errorf("error %v", err)
		}
	}
}

func TestObjectIsNamedInOneWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		config *params.Object
		want   string
	}{
		{params.Of("_command", nil), "Either the s3_wait operator command or both 'bucket' and 'key' parameters must be set (config)"},
		{params.Of("_command", "b/k", "bucket", "b"), "Either the s3_wait operator command or both 'bucket' and 'key' parameters must be set (config)"},
		{params.Of("bucket", "b"), "Either the s3_wait operator command or both 'bucket' and 'key' parameters must be set (config)"},
		{params.Of("_command", "bucket"), "Illegal s3 path: bucket (config)"},
		{params.Of("_command", "/key"), "Illegal s3 path: /key (config)"},
	} {
		req, _ := operatortest.Request(t, c.config, operatortest.WithSecrets(keys))
		if _, err := run(t, req); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v", params.JSON(c.config), err)
		}
	}
}

func TestKeysAreSecretsOnly(t *testing.T) {
	t.Parallel()
	req, _ := operatortest.Request(t, params.Of("_command", "b/k", "access_key_id", "a", "secret_access_key", "b"))
	req.Environ = []string{"AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b"}
	if _, err := run(t, req); err == nil || err.Error() != "Secret not found for key: 'aws.access_key_id' (config)" {
		t.Errorf("error %v", err)
	}
}

// TestAnswersOfAServerThatRefuses has a server of its own: a real one cannot be
// made to fail.
func TestAnswersOfAServerThatRefuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		http.StatusForbidden:          "the keys may not read the object",
		http.StatusServiceUnavailable: "", // passes
		http.StatusTooManyRequests:    "",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		t.Cleanup(server.Close)
		req, record := operatortest.Request(t, params.Of("_command", "b/k", "endpoint", server.URL, "path_style_access", true), operatortest.WithSecrets(keys))
		result, err := run(t, req)
		if want == "" {
			if err != nil || result.Poll == nil || !strings.Contains(record.Log(), "S3 cannot be asked for now") {
				t.Errorf("%d: %+v, %v\n%s", status, result, err, record.Log())
			}
			continue
		}
		f, ok := errors.AsType[*operator.Failure](err)
		if !ok || !strings.Contains(f.Hint, want) || strings.Contains(f.Message, "s3cr3t") {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestVersionAndKeyOfOnesOwnAreSent(t *testing.T) {
	t.Parallel()
	requests := make(chan *http.Request, 1)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests <- r
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(server.Close)
	const key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=" // 32 bytes
	secrets := maps.Clone(keys)
	secrets["aws.s3.sse_c_key"] = key
	req, _ := operatortest.Request(t, params.Of("_command", "b/k", "endpoint", server.URL, "path_style_access", true, "version_id", "v1"), operatortest.WithSecrets(secrets))
	if _, err := s3.NewWaiter(server.Client()).Run(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	r := <-requests
	const header = "X-Amz-Server-Side-Encryption-Customer-"
	if r.Method != http.MethodHead || r.URL.Path != "/b/k" || r.URL.Query().Get("versionId") != "v1" ||
		r.Header.Get(header+"Algorithm") != "AES256" || r.Header.Get(header+"Key") != key || r.Header.Get(header+"Key-Md5") != "KYvwGXoFFJ42a2u2GDWhwQ==" {
		t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
	}
	secrets["aws.s3.sse_c_key"] = "no base64!"
	req, _ = operatortest.Request(t, params.Of("_command", "b/k"), operatortest.WithSecrets(secrets))
	if _, err := run(t, req); err == nil || err.Error() != "The secret 'aws.s3.sse_c_key' is not base64 (config)" {
		t.Errorf("error %v", err)
	}
}

func TestKilledWaitEndsWithTheCause(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(operator.ErrKilled)
	req, _ := operatortest.Request(t, params.Of("_command", "b/k", "endpoint", "http://127.0.0.1:1"), operatortest.WithSecrets(keys))
	if _, err := s3.Operators()["s3_wait"].Operator.Run(ctx, req); !errors.Is(err, operator.ErrKilled) {
		t.Errorf("error %v", err)
	}
}

func run(t *testing.T, req *operator.Request) (operator.Result, error) {
	t.Helper()
	return s3.Operators()["s3_wait"].Operator.Run(t.Context(), req)
}

// bucket is a new bucket of the S3 server.
type bucket struct {
	t              *testing.T
	endpoint, name string
	client         *sdk.Client
}

func newBucket(t *testing.T) *bucket {
	t.Helper()
	b := &bucket{t: t, endpoint: testenv.Need(t, testenv.S3), name: "heitan-" + uuid.NewString()}
	own := account.Account{AccessKeyID: "a", SecretAccessKey: "b", HTTP: account.NewHTTPClient()}
	b.client = own.S3(b.endpoint, true)
	if _, err := b.client.CreateBucket(t.Context(), &sdk.CreateBucketInput{Bucket: aws.String(b.name)}); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bucket) put(key, text string) {
	b.t.Helper()
	_, err := b.client.PutObject(b.t.Context(), &sdk.PutObjectInput{
		Bucket: aws.String(b.name), Key: aws.String(key), Body: strings.NewReader(text),
		ContentType: aws.String("text/csv"), Metadata: map[string]string{"Team": "logistics"},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bucket) request(config *params.Object) (*operator.Request, *operatortest.Record) {
	b.t.Helper()
	config = config.Merge(params.Of("endpoint", b.endpoint, "path_style_access", "true"))
	return operatortest.Request(b.t, config, operatortest.WithSecrets(keys))
}
