// Package account is what operators need of a task's AWS account: its keys, which
// are secrets, and the clients made of them.
//
// Nothing of heitan's own environment or machine takes part: neither AWS_*
// variables nor ~/.aws nor the role of an instance. As in Digdag a task has the
// keys that its project was given, or none.
package account

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/heitan/heitan/operator"
)

// DefaultRegion is where AWS is asked if nobody says where.
const DefaultRegion = "us-east-1"

// Account is an account of AWS, by its keys.
type Account struct {
	AccessKeyID, SecretAccessKey string
	SessionToken                 string // "" for keys that last
	Region                       string // "" is DefaultRegion
	HTTP                         aws.HTTPClient
}

// FromSecrets reads the secrets access_key_id, secret_access_key and region. Each
// is looked up in the scopes, such as "aws.s3" and "aws", in order. The keys are
// required: without them the error is a *[operator.Failure].
func FromSecrets(ctx context.Context, secrets *operator.Secrets, http aws.HTTPClient, scopes ...string) (Account, error) {
	a := Account{HTTP: http}
	var err error
	if a.AccessKeyID, err = required(ctx, secrets, "access_key_id", scopes); err != nil {
		return a, err
	}
	if a.SecretAccessKey, err = required(ctx, secrets, "secret_access_key", scopes); err != nil {
		return a, err
	}
	a.Region, _, err = Secret(ctx, secrets, "region", scopes...)
	return a, err
}

// Secret is the secret of a key in the first scope that has one.
func Secret(ctx context.Context, secrets *operator.Secrets, key string, scopes ...string) (string, bool, error) {
	for _, scope := range scopes {
		value, ok, err := secrets.Lookup(ctx, scope+"."+key)
		if ok || err != nil {
			return value, ok, err
		}
	}
	return "", false, nil
}

func required(ctx context.Context, secrets *operator.Secrets, key string, scopes []string) (string, error) {
	value, ok, err := Secret(ctx, secrets, key, scopes...)
	if ok || err != nil {
		return value, err
	}
	paths := make([]string, len(scopes))
	for i, scope := range scopes {
		paths[i] = scope + "." + key
	}
	return "", operator.Configf("Secret not found for key: '%s'", paths[len(paths)-1]).
		WithHint("set one of the secrets " + strings.Join(paths, ", ") +
			"; keys are required, as the environment and the role of the machine are not used")
}

// S3 is a client of S3 for buckets in the account's region. endpoint, a URL or a
// host, may be empty.
func (a Account) S3(endpoint string, pathStyle bool) *s3.Client {
	return s3.NewFromConfig(a.config(endpoint), func(o *s3.Options) { o.UsePathStyle = pathStyle })
}

// STS is a client of the Security Token Service. endpoint may be empty.
func (a Account) STS(endpoint string) *sts.Client {
	return sts.NewFromConfig(a.config(endpoint))
}

func (a Account) config(endpoint string) aws.Config {
	c := aws.Config{
		Region:      a.Region,
		Credentials: credentials.NewStaticCredentialsProvider(a.AccessKeyID, a.SecretAccessKey, a.SessionToken),
		HTTPClient:  a.HTTP,
	}
	if c.Region == "" {
		c.Region = DefaultRegion
	}
	if endpoint != "" {
		if !strings.Contains(endpoint, "://") {
			endpoint = "https://" + endpoint
		}
		c.BaseEndpoint = aws.String(endpoint)
	}
	return c
}
