package account

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/heitan/heitan/operator"
)

// Session is a use of an account for a while.
type Session struct {
	RoleARN  string // to assume; "" makes a session of the account's own user
	Name     string
	Policy   string // what may be done, JSON
	Duration time.Duration
}

// Begin makes keys that are valid for the session only. endpoint, the address of
// the Security Token Service, may be empty. The error is a *[operator.Failure],
// or that of ctx.
func (a Account) Begin(ctx context.Context, endpoint string, s Session) (Account, error) {
	keys, err := a.sessionKeys(ctx, a.STS(endpoint), s)
	switch {
	case ctx.Err() != nil:
		return a, context.Cause(ctx)
	case err != nil:
		f := operator.Runtimef("Get temporary credentials: %w", err)
		if strings.Contains(err.Error(), "DurationSeconds") {
			f.Hint = "a role allows sessions of an hour unless its maximum was raised; try session_duration: 3600"
		}
		return a, f
	case keys == nil:
		return a, operator.Runtimef("Get temporary credentials: the answer has none")
	}
	a.AccessKeyID = aws.ToString(keys.AccessKeyId)
	a.SecretAccessKey = aws.ToString(keys.SecretAccessKey)
	a.SessionToken = aws.ToString(keys.SessionToken)
	return a, nil
}

func (a Account) sessionKeys(ctx context.Context, client *sts.Client, s Session) (*types.Credentials, error) {
	seconds := aws.Int32(int32(min(s.Duration/time.Second, 1<<30)))
	if s.RoleARN == "" {
		out, err := client.GetFederationToken(ctx, &sts.GetFederationTokenInput{
			Name: &s.Name, Policy: &s.Policy, DurationSeconds: seconds,
		})
		if err != nil {
			return nil, err
		}
		return out.Credentials, nil
	}
	out, err := client.AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: &s.RoleARN, RoleSessionName: &s.Name, Policy: &s.Policy, DurationSeconds: seconds,
	})
	if err != nil {
		return nil, err
	}
	return out.Credentials, nil
}
