package examples_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/notify/smtp/smtptest"
	"github.com/heitan/heitan/runner/docker/dockertest"
)

func TestMail(t *testing.T) {
	e := open(t, "mail")
	server := smtptest.Start(t, smtptest.Options{})
	port := "smtp_port=" + strconv.Itoa(server.Port)
	e.run("report.dig", "--session", "2026-03-01", "-p", port)
	mails := server.Mails()
	if len(mails) != 1 || strings.Join(mails[0].To, " ") != "anne@example.com ben@example.com archive@example.com" {
		t.Fatalf("the mails are %+v", mails)
	}
	header := mails[0].Parse(t).Header
	if header.Get("Subject") != "report of 2026-03-01" {
		t.Errorf("the subject is %q", header.Get("Subject"))
	}
	for _, want := range []string{"attached are the orders of 1 March 2026.", `filename="orders-2026-03-01.csv"`} {
		if !strings.Contains(mails[0].Data, want) {
			t.Errorf("there is no %q in\n%s", want, mails[0].Data)
		}
	}

	// When a step fails, a mail says so.
	if err := os.Remove(filepath.Join(e.dir, "body.txt")); err != nil {
		t.Fatal(err)
	}
	e.fail("report.dig", "--session", "2026-03-02", "-p", port)
	mails = server.Mails()
	if len(mails) != 2 || mails[1].Parse(t).Header.Get("Subject") != "report of 2026-03-02 failed" {
		t.Errorf("the mails are %+v", mails)
	}
}

func TestPostgreSQL(t *testing.T) {
	ctx := t.Context()
	config, err := pgx.ParseConfig(testenv.Need(t, testenv.Postgres))
	if err != nil {
		t.Fatal(err)
	}
	e := open(t, "postgresql")
	name := "heitan_example_" + strings.ToLower(rand.Text())
	administrate := func(ctx context.Context, statement string) {
		db, err := pgx.ConnectConfig(ctx, config)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close(ctx) }()
		if _, err := db.Exec(ctx, statement); err != nil {
			t.Error(err)
		}
	}
	administrate(ctx, "CREATE DATABASE "+name)
	t.Cleanup(func() { administrate(context.WithoutCancel(ctx), "DROP DATABASE "+name+" WITH (FORCE)") })
	out := e.run("sales.dig", "--session", "2026-03-01", "-p", "pg_host="+config.Host,
		"-p", "pg_port="+strconv.Itoa(int(config.Port)), "-p", "pg_user="+config.User, "-p", "pg_database="+name)
	wantLines(t, out, "tokyo sold most, 180")
	if got := e.file("out/sales.csv"); got != "city,amount\r\nnagoya,30\r\nosaka,80\r\ntokyo,180\r\n" {
		t.Errorf("the file is %q", got)
	}
}

// TestRedshift is a dry run, as COPY from S3 is nothing that another database
// knows; operator/sql tests the statements themselves.
func TestRedshift(t *testing.T) {
	e := open(t, "redshift")
	out := e.run("load.dig", "--dry-run", "--session", "2026-03-01", "-p", "redshift_host=h,redshift_user=u,redshift_database=d,s3_bucket=b", "-E")
	for _, want := range []string{"s3://b/daily/orders.csv.gz", "s3://b/sums/2026-03-01"} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %s in\n%s", want, out)
		}
	}
	if out, err := e.heitan("check", "load.dig"); err != nil {
		t.Errorf("check: %v\n%s", err, out)
	}
}

func TestS3Wait(t *testing.T) {
	s3 := testenv.Need(t, testenv.S3)
	e := open(t, "s3-wait")
	bucket := "heitan-example-" + strings.ToLower(rand.Text())
	putObject(t, s3+"/"+bucket, "")
	putObject(t, s3+"/"+bucket+"/daily/orders.csv", "city,orders\n")
	out := e.run("import.dig", "-p", "s3_bucket="+bucket, "-X", "secrets.aws.access_key_id=a",
		"-X", "secrets.aws.secret_access_key=b", "-X", "secrets.aws.s3.endpoint="+s3)
	wantLines(t, out, "import 12 bytes")
}

func putObject(t *testing.T, url, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=a/20260401/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("PUT %s: %s", url, answer.Status)
	}
}

// TestGCSWait has a server of its own in Google's place.
func TestGCSWait(t *testing.T) {
	e := open(t, "gcs-wait")
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token": "t0", "token_type": "Bearer", "expires_in": 3600}`)
	})
	mux.HandleFunc("GET /storage/v1/b/my-bucket/o/{object}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("object") != "daily/orders.csv" || r.Header.Get("Authorization") != "Bearer t0" {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, `{"kind": "storage#object", "size": "12"}`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	if err := os.WriteFile(filepath.Join(e.dir, "key.json"), serviceAccount(t, server.URL+"/token"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := e.run("import.dig", "-p", "gcs_bucket=my-bucket,gcs_wait.endpoint="+server.URL, "-X", "secrets.gcp.credential="+e.file("key.json"))
	wantLines(t, out, "import 12 bytes")
}

func serviceAccount(t *testing.T, tokenURL string) []byte {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	account, err := json.Marshal(map[string]string{
		"type": "service_account", "client_email": "robot@example.com", "private_key_id": "1", "token_uri": tokenURL,
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return account
}

func TestDocker(t *testing.T) {
	e := open(t, "docker")
	dockertest.Need(t)
	out := e.run("words.dig", "-p", "image_arg="+dockertest.Image)
	if got := strings.TrimSpace(strings.SplitN(e.file("out/words-en.txt"), "\n", 2)[0]); got != "3 the" {
		t.Errorf("the most frequent word is %q\n%s", got, out)
	}
}
