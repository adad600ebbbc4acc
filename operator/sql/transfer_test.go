package sql_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/operator/s3/account"
	"github.com/heitan/heitan/operator/sql"
	"github.com/heitan/heitan/params"
)

// warehouse is a PostgreSQL that takes COPY and UNLOAD for what Redshift would: a
// proxy makes a row in the table ran of each, or whatever it is told to.
type warehouse struct {
	*database
	port int
	// instead is the statement that takes the place of one, given as a literal.
	instead string
}

func newWarehouse(t testing.TB) *warehouse {
	t.Helper()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE ran (statement text)")
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &warehouse{database: d, port: listener.Addr().(*net.TCPAddr).Port, instead: "INSERT INTO ran VALUES (%s)"}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { w.serve(client) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		all.Wait()
	})
	return w
}

func (w *warehouse) serve(client net.Conn) {
	defer client.Close()
	c := w.Config()
	server, err := new(net.Dialer).Dial("tcp", net.JoinHostPort(c.Host, fmt.Sprint(c.Port)))
	if err != nil {
		return
	}
	answers := make(chan struct{})
	go func() {
		defer close(answers)
		_, _ = io.Copy(client, server)
		client.Close()
	}()
	for started := false; ; started = true {
		message, err := readMessage(client, started)
		if err != nil {
			break
		}
		if _, err := server.Write(w.translated(message)); err != nil {
			break
		}
	}
	server.Close()
	<-answers
}

// readMessage is a message of a client; the first one has no type.
func readMessage(client io.Reader, typed bool) ([]byte, error) {
	head := make([]byte, 4, 5)
	if typed {
		head = head[:5]
	}
	if _, err := io.ReadFull(client, head); err != nil {
		return nil, err
	}
	rest := make([]byte, binary.BigEndian.Uint32(head[len(head)-4:])-4)
	_, err := io.ReadFull(client, rest)
	return append(head, rest...), err
}

// translated is a message that PostgreSQL understands.
func (w *warehouse) translated(message []byte) []byte {
	if message[0] != 'Q' {
		return message
	}
	statement := strings.TrimSuffix(string(message[5:]), "\x00")
	if !strings.HasPrefix(statement, "COPY ") && !strings.HasPrefix(statement, "UNLOAD ") {
		return message
	}
	text := fmt.Sprintf(w.instead, "$q$"+statement+"$q$") + "\x00"
	return append(binary.BigEndian.AppendUint32([]byte{'Q'}, uint32(len(text)+4)), text...)
}

// ran are the statements that were committed.
func (w *warehouse) ran(t testing.TB) []string {
	t.Helper()
	rows, err := w.Query(t.Context(), "SELECT statement FROM ran")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var statement string
		if err := rows.Scan(&statement); err != nil {
			t.Fatal(err)
		}
		all = append(all, statement)
	}
	return all
}

// cloud is moto's AWS, and what was asked of its Security Token Service.
type cloud struct {
	url    string
	client *s3.Client

	mu    sync.Mutex
	asked []url.Values
}

func newCloud(t testing.TB) *cloud {
	t.Helper()
	c := &cloud{}
	target, err := url.Parse(testenv.Need(t, testenv.S3))
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == "/" {
			body, _ := io.ReadAll(r.Body)
			form, _ := url.ParseQuery(string(body))
			c.mu.Lock()
			c.asked = append(c.asked, form)
			c.mu.Unlock()
			r.Body = io.NopCloser(strings.NewReader(string(body)))
		}
		forward.ServeHTTP(w, r)
	}))
	httpClient := account.NewHTTPClient()
	t.Cleanup(func() {
		httpClient.CloseIdleConnections()
		server.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	c.url = server.URL
	c.client = account.Account{AccessKeyID: "test", SecretAccessKey: "test", HTTP: httpClient}.S3(c.url, true)
	return c
}

// bucket is a new bucket with objects, which are all empty but for one text.
func (c *cloud) bucket(t testing.TB, name string, objects map[string]string) {
	t.Helper()
	if _, err := c.client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	for key, text := range objects {
		if _, err := c.client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &name, Key: &key, Body: strings.NewReader(text)}); err != nil {
			t.Fatal(err)
		}
	}
}

func (c *cloud) keys(t testing.TB, bucket string) []string {
	t.Helper()
	page, err := c.client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, object := range page.Contents {
		keys = append(keys, *object.Key)
	}
	return keys
}

// move runs a redshift_load> or redshift_unload>.
func (c *cloud) move(t testing.TB, w *warehouse, name string, own, checkpoint *params.Object, secrets map[string]string) (operator.Result, *operatortest.Record, error) {
	t.Helper()
	s := settings(t)
	s.STSEndpoint, s.S3Endpoint = c.url, c.url
	where := w.where().With("port", int64(w.port))
	req, record := operatortest.Request(t, own, operatortest.WithParams(params.Of("redshift", where)), operatortest.WithSecrets(secrets))
	if checkpoint != nil {
		req.Checkpoint = checkpoint
	}
	entry := sql.Operators(s)[name]
	result, err := entry.Operator.Run(t.Context(), req)
	return result, record, err
}

var baseKeys = map[string]string{"aws.access_key_id": "AKIABASE", "aws.secret_access_key": "base-secret"}

func TestLoadRunsCopyWithTemporaryCredentials(t *testing.T) {
	t.Parallel()
	w, c := newWarehouse(t), newCloud(t)
	own := params.Of("table", "t", "from", "s3://b/data", "json", "s3://b/paths.json", "show_query", true)
	result, record, err := c.move(t, w, "redshift_load", own, nil, baseKeys)
	if err != nil || result.Poll != nil {
		t.Fatal(result, err)
	}
	ran := w.ran(t)
	if len(ran) != 1 || !strings.HasPrefix(ran[0], "COPY \"t\" FROM 's3://b/data'\nCREDENTIALS 'aws_access_key_id=") ||
		!strings.Contains(ran[0], ";token=") || strings.Contains(ran[0], "AKIABASE") || strings.Contains(ran[0], "base-secret") {
		t.Errorf("ran %q", ran)
	}
	form := c.asked[0]
	want := map[string]string{
		"Action": "GetFederationToken", "Name": "digdag-operator-session", "DurationSeconds": "10800",
		"Policy": `{"Statement":[{"Effect":"Allow","Action":["s3:ListBucket"],"Resource":["arn:aws:s3:::b"]},` +
			`{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::b/data*","arn:aws:s3:::b/paths.json*"]}],"Version":"2012-10-17"}`,
	}
	for key, value := range want {
		if diff := cmp.Diff(value, form.Get(key)); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
	if !strings.Contains(record.Log(), "CREDENTIALS '********'") || strings.Contains(record.Log(), "token=") {
		t.Errorf("log: %s", record.Log())
	}
}

func TestRoleIsAssumedIfThereIsOne(t *testing.T) {
	t.Parallel()
	w, c := newWarehouse(t), newCloud(t)
	own := params.Of("query", "select 1", "to", "s3://b/dir", "session_duration", int64(900), "role_session_name", "mine")
	_, _, err := c.move(t, w, "redshift_unload", own, nil, map[string]string{
		"aws.access_key_id": "AKIABASE", "aws.secret_access_key": "wrong",
		"aws.redshift.secret_access_key": "wrong too", "aws.redshift_unload.secret_access_key": "base-secret",
		"aws.redshift.role_arn": "arn:aws:iam::123456789012:role/unloader",
	})
	if err != nil {
		t.Fatal(err)
	}
	form := c.asked[0]
	for key, value := range map[string]string{
		"Action": "AssumeRole", "RoleArn": "arn:aws:iam::123456789012:role/unloader", "RoleSessionName": "mine", "DurationSeconds": "900",
	} {
		if form.Get(key) != value {
			t.Errorf("%s is %q", key, form.Get(key))
		}
	}
	if policy := form.Get("Policy"); !strings.Contains(policy, `"s3:PutObject"],"Resource":["arn:aws:s3:::b/dir*"]`) {
		t.Error(policy)
	}
}

func TestCredentialsOfTheProjectAreUsedOnRequest(t *testing.T) {
	t.Parallel()
	w, c := newWarehouse(t), newCloud(t)
	own := params.Of("table", "t", "from", "s3://b/data", "temp_credentials", false)
	if _, _, err := c.move(t, w, "redshift_load", own, nil, baseKeys); err != nil {
		t.Fatal(err)
	}
	want := []string{"COPY \"t\" FROM 's3://b/data'\nCREDENTIALS 'aws_access_key_id=AKIABASE;aws_secret_access_key=base-secret'\n"}
	if diff := cmp.Diff(want, w.ran(t)); diff != "" || len(c.asked) != 0 {
		t.Error(diff, c.asked)
	}
}

func TestFilesOfAManifestAreAllowed(t *testing.T) {
	t.Parallel()
	w, c := newWarehouse(t), newCloud(t)
	bucket := "manifest-" + strings.ReplaceAll(w.schema, "_", "-")
	c.bucket(t, bucket, map[string]string{
		"good": `{"entries": [{"url": "s3://one/a", "mandatory": true}, {"url": "s3://two/b"}]}`, "bad": `{`,
	})
	own := params.Of("table", "t", "manifest", true)
	if _, _, err := c.move(t, w, "redshift_load", own.With("from", "s3://"+bucket+"/good"), nil, baseKeys); err != nil {
		t.Fatal(err)
	}
	policy := c.asked[0].Get("Policy")
	for _, want := range []string{"arn:aws:s3:::" + bucket + "/good*", "arn:aws:s3:::one/a*", "arn:aws:s3:::two/b*"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%s is not allowed: %s", want, policy)
		}
	}
	for from, want := range map[string]string{
		"s3://" + bucket + "/bad":  "Failed to read a manifest file: s3://" + bucket + "/bad",
		"s3://" + bucket + "/none": "Failed to fetch a manifest file: s3://" + bucket + "/none",
		"s3://" + bucket:           "Invalid manifest file uri: s3://" + bucket,
		"dynamodb://t":             "Invalid manifest file uri: dynamodb://t",
	} {
		if _, _, err := c.move(t, w, "redshift_load", own.With("from", from), nil, baseKeys); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if n := len(w.ran(t)); n != 1 {
		t.Errorf("%d statements ran", n)
	}
}

func TestUnloadClearsOnlyWhatAFailedTryLeft(t *testing.T) {
	t.Parallel()
	w, c := newWarehouse(t), newCloud(t)
	bucket := "unload-" + strings.ReplaceAll(w.schema, "_", "-")
	const id = "5ca1ab1e-0000-4000-8000-000000000002"
	before := map[string]string{"dir/" + id + "_0000_part_00": "", "dir/" + id + "_0001_part_00": "", "dir/other_0000_part_00": ""}
	c.bucket(t, bucket, before)
	own := params.Of("query", "select 1", "to", "s3://"+bucket+"/dir")
	checkpoint := params.Of("queryId", id)
	if _, _, err := c.move(t, w, "redshift_unload", own, checkpoint, baseKeys); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"dir/other_0000_part_00"}, c.keys(t, bucket)); diff != "" {
		t.Error(diff)
	}
	if ran := w.ran(t); len(ran) != 1 || !strings.HasPrefix(ran[0], "UNLOAD ('select 1') TO 's3://"+bucket+"/dir/"+id+"_'\n") {
		t.Errorf("ran %q", ran)
	}
	// What the statement wrote must not be lost when heitan was killed after the commit.
	key := "dir/" + id + "_0000_part_00"
	if _, err := c.client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader("data")}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.move(t, w, "redshift_unload", own, checkpoint, baseKeys); err != nil {
		t.Fatal(err)
	}
	if keys := c.keys(t, bucket); !slices.Contains(keys, key) || len(w.ran(t)) != 1 {
		t.Errorf("left %v, ran %q", keys, w.ran(t))
	}
}

func TestCredentialsAreNeverShown(t *testing.T) {
	t.Parallel()
	w, c := newWarehouse(t), newCloud(t)
	w.instead = "DO $d$ BEGIN RAISE NOTICE 'got %%', %[1]s; RAISE EXCEPTION 'bad: %%', %[1]s USING HINT = %[1]s, DETAIL = %[1]s; END $d$"
	own := params.Of("table", "t", "from", "s3://b/data", "temp_credentials", false)
	_, record, err := c.move(t, w, "redshift_load", own, nil, baseKeys)
	f := operator.AsFailure(err)
	if f == nil || !strings.Contains(f.Message, "aws_access_key_id=********;aws_secret_access_key=********") {
		t.Fatal(err)
	}
	for where, text := range map[string]string{
		"message": f.Message, "hint": f.Hint, "log": record.Log(), "output": record.Output(), "cause": fmt.Sprintf("%+v", f.Err),
	} {
		if strings.Contains(text, "AKIABASE") || strings.Contains(text, "base-secret") {
			t.Errorf("%s: %s", where, text)
		}
	}
	if !strings.Contains(record.Log(), "got COPY") || f.Hint == "" {
		t.Errorf("hint %q, log: %s", f.Hint, record.Log())
	}
}

func TestTransferRunsOnce(t *testing.T) {
	t.Parallel()
	w, c := newWarehouse(t), newCloud(t)
	own := params.Of("table", "t", "from", "s3://b/data", "temp_credentials", false)
	_, record, err := c.move(t, w, "redshift_load", own, nil, baseKeys)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.move(t, w, "redshift_load", own, lastCheckpoint(t, record), baseKeys); err != nil {
		t.Fatal(err)
	}
	if ran := w.ran(t); len(ran) != 1 {
		t.Errorf("ran %q", ran)
	}
}

func TestRefusedCredentialsFailTheTask(t *testing.T) {
	t.Parallel()
	w := newWarehouse(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `<ErrorResponse><Error><Code>ValidationError</Code><Message>The requested DurationSeconds exceeds the MaxSessionDuration</Message></Error></ErrorResponse>`)
	}))
	t.Cleanup(server.Close)
	_, _, err := (&cloud{url: server.URL}).move(t, w, "redshift_load", params.Of("table", "t", "from", "s3://b/data"), nil, baseKeys)
	f := operator.AsFailure(err)
	if f == nil || !strings.Contains(f.Message, "Get temporary credentials: operation error STS: GetFederationToken") || !strings.Contains(f.Hint, "session_duration") {
		t.Errorf("%+v", f)
	}
}

func TestTransferThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	w, c := newWarehouse(t), newCloud(t)
	good := params.Of("table", "t", "from", "s3://b/data")
	for want, tt := range map[string]struct {
		own     *params.Object
		secrets map[string]string
	}{
		"Secret not found for key: 'aws.access_key_id'":               {good, nil},
		"Secret not found for key: 'aws.secret_access_key'":           {good, map[string]string{"aws.access_key_id": "A"}},
		"Parameter 'table' is required but not set":                   {params.Of("from", "s3://b/k"), baseKeys},
		`Allow the statement its data: unexpected URI "ftp://b/k"`:    {good.With("from", "ftp://b/k"), baseKeys},
		"Expected duration (such as 1h 30m) type":                     {good.With("session_duration", "long"), baseKeys},
		"CSV cannot be used with FIXEDWIDTH, REMOVEQUOTES, or ESCAPE": {good.Merge(params.Of("csv", "", "escape", true)), baseKeys},
		"Expected a port number for key 'port'":                       {good.With("port", int64(70000)), baseKeys},
		"Failed to connect to the database [":                         {good.With("host", "db.invalid"), baseKeys},
	} {
		_, _, err := c.move(t, w, "redshift_load", tt.own, nil, tt.secrets)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if ran := w.ran(t); len(ran) != 0 {
		t.Errorf("ran %q", ran)
	}
}
