package sql

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/s3/account"
	statements "github.com/heitan/heitan/operator/sql/redshift"
	"github.com/heitan/heitan/operator/sql/session"
)

// defaultSession is how long temporary keys are valid, as in Digdag.
const defaultSession = 3 * time.Hour

// mover is what redshift_load> and redshift_unload> have in common.
type mover struct {
	settings Settings
	http     aws.HTTPClient
}

// transfer is redshift_load> or redshift_unload>.
type transfer struct {
	*mover
	name string
	read func(p *operator.Params, id string) movement
}

// movement is a statement that moves data.
type movement struct {
	statement statements.Statement
	// access is what the statement reads or writes; it may have to ask S3.
	access func(context.Context, account.Account) ([]statements.Access, error)
	// clear removes what an earlier try may have left; nil if nothing can be left.
	clear func(context.Context, account.Account) error
}

// Run runs the statement once.
func (o *transfer) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	dialect := redshift()
	id, known, err := queryID(ctx, req, true)
	if err != nil {
		return operator.Result{}, err
	}
	p := account.WithDefaults(req.Params, o.name, dialect.name)
	move := o.read(p.Params, id.text)
	strict, show := readStrictness(p.Params), p.BoolOr("show_query", false)
	lent := readLending(p.Params)
	target, err := dialect.target(ctx, req.Secrets, p.Params)
	if err != nil {
		return operator.Result{}, err
	}
	if err := p.Done(); err != nil {
		return operator.Result{}, err
	}
	if show {
		req.Log.Info("running query", "query", move.statement.Masked())
	}
	own, keys, err := o.credentials(ctx, req.Secrets, lent, move)
	if err != nil {
		return operator.Result{}, err
	}
	hide := hider(own, keys)
	return (&write{
		req: req, target: target, ledger: dialect.open(strict, id.text), checkpoint: id.checkpoint,
		listener: session.Listener{Notice: noticesTo(req.Log), Hide: hide},
		run: func(ctx context.Context, s *session.Session) error {
			if known && move.clear != nil {
				if err := move.clear(ctx, own); err != nil {
					return err
				}
			}
			return failed(ctx, "Failed to execute an update statement", s.Exec(ctx, move.statement.SQL(statements.Credentials{
				AccessKeyID: keys.AccessKeyID, SecretAccessKey: keys.SecretAccessKey, SessionToken: keys.SessionToken,
			})))
		},
	}).once(ctx)
}

// lending says which keys a statement gets.
type lending struct {
	temporary bool
	name      string // of the session
	duration  time.Duration
}

// readLending reads temp_credentials and its kin. Problems are left in p.
func readLending(p *operator.Params) lending {
	return lending{
		temporary: p.BoolOr("temp_credentials", true),
		name:      p.StringOr("role_session_name", "digdag-operator-session"),
		duration:  p.DurationOr("session_duration", defaultSession),
	}
}

// credentials are the project's keys, and those that the statement gets.
func (o *transfer) credentials(ctx context.Context, secrets *operator.Secrets, lent lending, move movement) (own, keys account.Account, err error) {
	scopes := []string{"aws." + o.name, "aws.redshift", "aws"}
	own, err = account.FromSecrets(ctx, secrets, o.http, scopes...)
	if err != nil || !lent.temporary {
		return own, own, err
	}
	role, _, err := account.Secret(ctx, secrets, "role_arn", scopes...)
	if err != nil {
		return own, own, err
	}
	if name, ok, err := secrets.Lookup(ctx, "role_session_name"); err != nil || ok {
		if err != nil {
			return own, own, err
		}
		lent.name = name
	}
	access, err := move.access(ctx, own)
	if err != nil {
		return own, own, err
	}
	policy, err := statements.Policy(statements.Partition(own.Region), access)
	if err != nil {
		return own, own, operator.Configf("Allow the statement its data: %w", err)
	}
	keys, err = own.Begin(ctx, o.settings.STSEndpoint, account.Session{
		RoleARN: role, Name: lent.name, Policy: policy, Duration: lent.duration,
	})
	return own, keys, err
}

// hider replaces the keys of accounts in texts.
func hider(accounts ...account.Account) func(string) string {
	var pairs []string
	for _, a := range accounts {
		for _, secret := range []string{a.SessionToken, a.SecretAccessKey, a.AccessKeyID} {
			if secret != "" {
				pairs = append(pairs, secret, "********")
			}
		}
	}
	return strings.NewReplacer(pairs...).Replace
}
