package s3

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/s3/account"
)

// scopes are where secrets are looked up.
const (
	ownScope    = "aws.s3"
	sharedScope = "aws"
)

// task is what an s3_wait> task says.
type task struct {
	bucket, key       string
	endpoint          string
	pathStyle         bool
	timeout           time.Duration
	continueOnTimeout bool
	account           account.Account
	input             *s3.HeadObjectInput
}

func (o *waiter) readTask(ctx context.Context, req *operator.Request) (*task, error) {
	p := account.WithDefaults(req.Params, ownScope, sharedScope)
	t := &task{
		pathStyle:         p.BoolOr("path_style_access", false),
		timeout:           p.DurationOr("timeout", 0),
		continueOnTimeout: p.BoolOr("continue_on_timeout", false),
	}
	t.readObject(p.Params)
	endpoint, region := p.StringOr("endpoint", ""), p.StringOr("region", "")
	t.input = &s3.HeadObjectInput{Bucket: aws.String(t.bucket), Key: aws.String(t.key)}
	if version := p.StringOr("version_id", ""); version != "" {
		t.input.VersionId = aws.String(version)
	}
	if err := p.Done(); err != nil {
		return nil, err
	}
	if err := t.readSecrets(ctx, req.Secrets, o.http); err != nil {
		return nil, err
	}
	if t.endpoint == "" {
		t.endpoint = endpoint
	}
	if t.account.Region == "" {
		t.account.Region = region
	}
	if t.account.Region == "" {
		t.account.Region = regionIn(t.endpoint)
	}
	return t, nil
}

// readObject reads which object is meant: `bucket/key`, or both apart. Problems
// are left in p. The texts are Digdag's.
func (t *task) readObject(p *operator.Params) {
	path := p.StringOr("_command", "")
	t.bucket, t.key = p.StringOr("bucket", ""), p.StringOr("key", "")
	apart := t.bucket != "" || t.key != ""
	if (path != "") == apart || apart && (t.bucket == "" || t.key == "") {
		p.Fail("_command", "Either the s3_wait operator command or both 'bucket' and 'key' parameters must be set")
		return
	}
	if path == "" {
		return
	}
	var ok bool
	t.bucket, t.key, ok = strings.Cut(strings.TrimPrefix(path, "s3://"), "/")
	if !ok || t.bucket == "" || t.key == "" {
		p.Fail("_command", "Illegal s3 path: %s", path)
	}
}

func (t *task) readSecrets(ctx context.Context, secrets *operator.Secrets, http aws.HTTPClient) error {
	var err error
	if t.account, err = account.FromSecrets(ctx, secrets, http, ownScope, sharedScope); err != nil {
		return err
	}
	if t.endpoint, _, err = account.Secret(ctx, secrets, "endpoint", ownScope); err != nil {
		return err
	}
	return t.readCustomerKey(ctx, secrets)
}

// readCustomerKey reads the key of an object that is encrypted with a key that S3
// does not keep (SSE-C). It is in base64, and so is its MD5.
func (t *task) readCustomerKey(ctx context.Context, secrets *operator.Secrets) error {
	key, ok, err := account.Secret(ctx, secrets, "sse_c_key", ownScope)
	if err != nil || !ok {
		return err
	}
	algorithm, ok, err := account.Secret(ctx, secrets, "sse_c_key_algorithm", ownScope)
	if err != nil {
		return err
	}
	if !ok {
		algorithm = "AES256"
	}
	digest, ok, err := account.Secret(ctx, secrets, "sse_c_key_md5", ownScope)
	if err != nil {
		return err
	}
	if !ok {
		bytes, err := base64.StdEncoding.DecodeString(key)
		if err != nil {
			return operator.Configf("The secret 'aws.s3.sse_c_key' is not base64")
		}
		sum := md5.Sum(bytes)
		digest = base64.StdEncoding.EncodeToString(sum[:])
	}
	t.input.SSECustomerKey, t.input.SSECustomerAlgorithm, t.input.SSECustomerKeyMD5 = &key, &algorithm, &digest
	return nil
}

var regionPattern = regexp.MustCompile(`(?:^|//)s3[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com`)

// regionIn is the region that an endpoint of AWS names, or "".
func regionIn(endpoint string) string {
	if match := regionPattern.FindStringSubmatch(endpoint); match != nil {
		return match[1]
	}
	return ""
}
