package cli_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/notify/smtp/smtptest"
	"github.com/heitan/heitan/runner/docker/dockertest"
)

// scriptServices are what the scripts of one folder may use beside heitan. What a
// script uses it says first, by a condition such as
//
//	[!postgres] skip 'needs PostgreSQL'
//
// which fails where HEITAN_TEST_REQUIRE demands the component. Commands:
//
//	database             makes a database of PostgreSQL and sets PGHOST, PGPORT, PGUSER and PGDATABASE
//	httpd                starts a web server and sets URL; see script_httpd_test.go
//	s3 BUCKET/KEY FILE   puts a file into the S3 server, which S3 names
//	smtpd                starts a mail server and sets SMTP_PORT
//	mails FILE           writes the mails that arrived
type scriptServices struct {
	t      *testing.T
	docker func()   // makes the engine ready, once
	mails  sync.Map // the mail server of each script
}

func newScriptServices(t *testing.T) *scriptServices {
	return &scriptServices{t: t, docker: sync.OnceFunc(func() { dockertest.Need(t) })}
}

func (s *scriptServices) condition(name string) (bool, error) {
	component := testenv.Component(name)
	switch component {
	case testenv.Postgres, testenv.Redis, testenv.Docker, testenv.S3, testenv.Python, testenv.Ruby:
	default:
		return false, fmt.Errorf("unknown condition %s", name)
	}
	there := testenv.Have(component)
	if !there && testenv.Required(component) {
		return false, fmt.Errorf("%s is required by HEITAN_TEST_REQUIRE", component)
	}
	if there && component == testenv.Docker {
		s.docker()
	}
	return there, nil
}

func (s *scriptServices) setUp(env *testscript.Env) {
	if host := os.Getenv("HEITAN_TEST_DOCKER"); host != "" {
		env.Setenv("DOCKER_HOST", host)
	}
	if s3 := os.Getenv("HEITAN_TEST_S3"); s3 != "" {
		env.Setenv("S3", s3)
	}
	if host, port, ok := strings.Cut(os.Getenv("HEITAN_TEST_REDIS"), ":"); ok {
		env.Setenv("REDIS_HOST", host)
		env.Setenv("REDIS_PORT", port)
	}
	env.Setenv("UNIQUE", strings.ToLower(rand.Text()))
}

func (s *scriptServices) commands() map[string]func(ts *testscript.TestScript, neg bool, args []string) {
	return map[string]func(ts *testscript.TestScript, neg bool, args []string){
		"database": s.database,
		"httpd":    func(ts *testscript.TestScript, _ bool, _ []string) { startWebServer(s.t, ts) },
		"s3":       putObject,
		"smtpd":    s.startMailServer,
		"mails":    s.writeMails,
	}
}

// database makes a database that is dropped after the script.
func (s *scriptServices) database(ts *testscript.TestScript, _ bool, _ []string) {
	ctx := context.WithoutCancel(s.t.Context())
	db, err := pgx.Connect(ctx, os.Getenv("HEITAN_TEST_POSTGRES"))
	ts.Check(err)
	name := "heitan_script_" + ts.Getenv("UNIQUE")
	_, err = db.Exec(ctx, "CREATE DATABASE "+name)
	ts.Check(err)
	ts.Defer(func() {
		defer func() { _ = db.Close(ctx) }()
		if _, err := db.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			s.t.Error(err)
		}
	})
	config := db.Config()
	ts.Setenv("PGHOST", config.Host)
	ts.Setenv("PGPORT", strconv.Itoa(int(config.Port)))
	ts.Setenv("PGUSER", config.User)
	ts.Setenv("PGDATABASE", name)
}

// putObject puts a file into the S3 server, and makes its bucket.
func putObject(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: s3 BUCKET/KEY FILE")
	}
	bucket, _, _ := strings.Cut(args[0], "/")
	put(ts, bucket, "")
	put(ts, args[0], ts.ReadFile(args[1]))
}

func put(ts *testscript.TestScript, path, body string) {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPut, ts.Getenv("S3")+"/"+path, strings.NewReader(body))
	ts.Check(err)
	// The server does not check signatures, but tells by one that S3 is meant.
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260401/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0")
	request.Header.Set("X-Amz-Meta-Team", "logistics")
	answer, err := http.DefaultClient.Do(request)
	ts.Check(err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		ts.Fatalf("put %s: %s", path, answer.Status)
	}
}

func (s *scriptServices) startMailServer(ts *testscript.TestScript, _ bool, _ []string) {
	server := smtptest.Start(s.t, smtptest.Options{})
	ts.Setenv("SMTP_PORT", strconv.Itoa(server.Port))
	s.mails.Store(ts, server)
}

func (s *scriptServices) writeMails(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: mails FILE")
	}
	server, ok := s.mails.Load(ts)
	if !ok {
		ts.Fatalf("no mail server was started")
	}
	var b strings.Builder
	for _, mail := range server.(*smtptest.Server).Mails() {
		fmt.Fprintf(&b, "MAIL FROM %s TO %s\n%s\n", mail.From, strings.Join(mail.To, " "), strings.ReplaceAll(mail.Data, "\r\n", "\n"))
	}
	ts.Check(os.WriteFile(ts.MkAbs(filepath.FromSlash(args[0])), []byte(b.String()), 0o644))
}
