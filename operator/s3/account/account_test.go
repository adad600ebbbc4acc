package account_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/s3/account"
	"github.com/heitan/heitan/params"
)

func TestKeysAreLookedUpInTheScopesInOrder(t *testing.T) {
	t.Parallel()
	req, _ := operatortest.Request(t, params.Empty(), operatortest.WithSecrets(map[string]string{
		"aws.access_key_id": "shared", "aws.secret_access_key": "shared secret", "aws.region": "eu-west-1", "aws.s3.access_key_id": "own",
	}))
	a, err := account.FromSecrets(t.Context(), req.Secrets, nil, "aws.s3", "aws")
	if err != nil || a.AccessKeyID != "own" || a.SecretAccessKey != "shared secret" || a.Region != "eu-west-1" {
		t.Errorf("account %+v, %v", a, err)
	}
}

func TestMissingKeyIsAFailureThatTellsWhereItMayBe(t *testing.T) {
	t.Parallel()
	for missing, secrets := range map[string]map[string]string{
		"aws.access_key_id":     {"aws.secret_access_key": "b"},
		"aws.secret_access_key": {"aws.access_key_id": "a"},
	} {
		req, _ := operatortest.Request(t, params.Empty(), operatortest.WithSecrets(secrets))
		_, err := account.FromSecrets(t.Context(), req.Secrets, nil, "aws.s3", "aws")
		f, ok := errors.AsType[*operator.Failure](err)
		if !ok || f.Message != "Secret not found for key: '"+missing+"'" || !strings.Contains(f.Hint, strings.Replace(missing, "aws", "aws.s3", 1)) {
			t.Errorf("%s: %+v", missing, f)
		}
	}
}

func TestParamsHaveTheirDefaultsInMaps(t *testing.T) {
	t.Parallel()
	own := params.Of("a", "own", "unused", "x")
	all := params.Of("aws", params.Of("b", "shared", "c", "shared", "s3", params.Of("c", "s3", "a", "s3")), "d", "inherited").Merge(own)
	original := operator.NewParams(all, own)
	p := account.WithDefaults(original, "aws.s3", "aws")
	for key, want := range map[string]string{"a": "own", "b": "shared", "c": "s3", "d": "inherited", "e": "none"} {
		if got := p.StringOr(key, "none"); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if err := p.Done(); err != nil {
		t.Fatal(err)
	}
	if unused := original.Unused(); len(unused) != 1 || unused[0] != "unused" {
		t.Errorf("unused are %v", unused)
	}
}

// TestBucketOfAnotherRegionIsAskedForThere has a server of its own: the one for
// tests knows no regions.
func TestBucketOfAnotherRegionIsAskedForThere(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		region := strings.Split(r.Header.Get("Authorization"), "/")[2]
		asked = append(asked, region)
		if region != "ap-northeast-1" {
			w.Header().Set("X-Amz-Bucket-Region", "ap-northeast-1")
			w.WriteHeader(http.StatusMovedPermanently)
		}
	}))
	t.Cleanup(server.Close)
	own := account.Account{AccessKeyID: "a", SecretAccessKey: "b", HTTP: account.NewHTTPClient()}
	err := own.AskS3(server.URL, true, func(c *s3.Client) error {
		_, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("b"), Key: aws.String("k")})
		return err
	})
	if err != nil || strings.Join(asked, " ") != "us-east-1 ap-northeast-1" {
		t.Errorf("asked %v, %v", asked, err)
	}
}

func TestTemporaryKeysAreThoseOfTheUserOrOfARole(t *testing.T) {
	t.Parallel()
	endpoint := testenv.Need(t, testenv.S3) // which knows the Security Token Service too
	own := account.Account{AccessKeyID: "AKIA0", SecretAccessKey: "b", HTTP: account.NewHTTPClient()}
	for _, role := range []string{"", "arn:aws:iam::123456789012:role/loader"} {
		lent, err := own.Begin(t.Context(), endpoint, account.Session{RoleARN: role, Name: "heitan", Policy: `{"Version": "2012-10-17", "Statement": []}`, Duration: time.Hour})
		if err != nil || lent.SessionToken == "" || lent.AccessKeyID == own.AccessKeyID || lent.Region != own.Region {
			t.Errorf("role %q: %+v, %v", role, lent, err)
		}
	}
}

func TestRefusedSessionIsAFailureWithoutKeys(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `<ErrorResponse><Error><Code>ValidationError</Code><Message>DurationSeconds exceeds the MaxSessionDuration</Message></Error></ErrorResponse>`)
	}))
	t.Cleanup(server.Close)
	own := account.Account{AccessKeyID: "AKIA0", SecretAccessKey: "s3cr3t", HTTP: account.NewHTTPClient()}
	_, err := own.Begin(t.Context(), server.URL, account.Session{RoleARN: "arn:aws:iam::1:role/r", Name: "n", Policy: "{}", Duration: 12 * time.Hour})
	f, ok := errors.AsType[*operator.Failure](err)
	if !ok || !strings.HasPrefix(f.Message, "Get temporary credentials: ") || f.Hint == "" || strings.Contains(f.Message, "s3cr3t") {
		t.Errorf("failure %+v", f)
	}
}

func TestObjectsAreSentAndFetched(t *testing.T) {
	t.Parallel()
	endpoint := testenv.Need(t, testenv.S3)
	own := account.Account{AccessKeyID: "a", SecretAccessKey: "b", HTTP: account.NewHTTPClient()}
	client := own.S3(endpoint, true)
	bucket := aws.String("heitan-" + uuid.NewString())
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: aws.String("k"), Body: strings.NewReader(strings.Repeat("x", 1<<20))}); err != nil {
			t.Fatal(err)
		}
	}
	object, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: aws.String("k")})
	if err != nil {
		t.Fatal(err)
	}
	defer object.Body.Close()
	if data, err := io.ReadAll(object.Body); err != nil || len(data) != 1<<20 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}
