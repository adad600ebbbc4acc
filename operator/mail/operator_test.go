package mail_test

import (
	"context"
	"errors"
	"io"
	"mime/quotedprintable"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/notify/smtp"
	"github.com/heitan/heitan/notify/smtp/smtptest"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/mail"
	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// task is a mail> with everything but a server.
func task(keysAndValues ...any) *params.Object {
	return params.Of("_command", params.Of("data", "hello\n"), "subject", "s", "to", "a@example.com", "from", "heitan@example.com").
		Merge(params.Of(keysAndValues...))
}

func serverParams(s *smtptest.Server) *params.Object {
	return params.Of("mail", params.Of("host", "127.0.0.1", "port", int64(s.Port)))
}

func run(t *testing.T, s mail.Settings, own *params.Object, options ...operatortest.Option) (*operatortest.Record, error) {
	t.Helper()
	req, record := operatortest.Request(t, own, options...)
	result, err := mail.Operators(s)["mail"].Operator.Run(t.Context(), req)
	if err == nil && (result.Poll != nil || result.Store != nil || result.Subtasks != nil) {
		t.Errorf("result = %+v", result)
	}
	return record, err
}

func only(t *testing.T, s *smtptest.Server) smtptest.Mail {
	t.Helper()
	mails := s.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails arrived", len(mails))
	}
	return mails[0]
}

func body(t *testing.T, m smtptest.Mail) string {
	t.Helper()
	text, err := io.ReadAll(quotedprintable.NewReader(m.Parse(t).Body))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
}

func TestBodyIsATemplateFileOrText(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		own  *params.Object
		want string
	}{
		"file":           {params.Of("_command", "mail/body.txt"), "hi Anne"},
		"inline":         {params.Of("_command", params.Of("data", "it is ${name}")), "it is ${name}"},
		"inline as JSON": {params.Of("_command", params.Of("data", int64(3))), "3"},
		"body":           {params.Of("body", "text"), "text"},
		"file over body": {params.Of("_command", "mail/body.txt", "body", "text"), "hi Anne"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := smtptest.Start(t, smtptest.Options{})
			_, err := run(t, mail.Settings{}, tt.own.Merge(params.Of("subject", "s", "to", "a@example.com", "from", "b@example.com")),
				operatortest.WithFiles(map[string]string{"mail/body.txt": "hi ${name}"}),
				operatortest.WithParams(serverParams(server).With("name", "Anne")))
			if err != nil {
				t.Fatal(err)
			}
			if got := body(t, only(t, server)); got != tt.want {
				t.Errorf("body = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMailHasEverythingTheTaskSays(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{})
	own := task("to", params.List{"a@example.com", "Bob <b@example.com>"}, "cc", `["c@example.com"]`, "bcc", params.List{"d@example.com"},
		"subject", "兵站", "html", "true", "attach_files", params.List{
			params.Of("path", "images/image1.png", "content_type", "image/png"),
			params.Of("path", "out.dat", "filename", "result.csv"),
		})
	_, err := run(t, mail.Settings{}, own, operatortest.WithParams(serverParams(server)),
		operatortest.WithFiles(map[string]string{"images/image1.png": "PNG", "out.dat": "1,2"}))
	if err != nil {
		t.Fatal(err)
	}
	got := only(t, server)
	if diff := cmp.Diff([]string{"a@example.com", "b@example.com", "c@example.com", "d@example.com"}, got.To); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{
		"From: <heitan@example.com>\r\n", "To: <a@example.com>, \"Bob\" <b@example.com>\r\n", "Cc: <c@example.com>\r\n",
		"Date: Wed, 01 Apr 2026 12:30:00 +0000\r\n", "Message-ID: <token-1@example.com>\r\n", "Content-Type: text/html; charset=UTF-8\r\n",
		"Content-Type: image/png; name=\"image1.png\"\r\n", "Content-Type: application/octet-stream; name=\"result.csv\"\r\n",
	} {
		if !strings.Contains(got.Data, want) {
			t.Errorf("%q is missing in:\n%s", want, got.Data)
		}
	}
	if strings.Contains(got.Data, "d@example.com") {
		t.Errorf("the mail shows the bcc:\n%s", got.Data)
	}
}

func TestServerIsTheTasksAloneOrTheSettingsAlone(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		own     *params.Object
		secrets map[string]string
		user    string // of the mail that arrives at the task's server; "-" is at the settings'
		wantErr string
	}{
		"settings":                      {params.Of(), nil, "-", ""},
		"settings, whatever else":       {params.Of("username", "x", "tls", "maybe", "port", "none"), map[string]string{"mail.password": "x"}, "-", ""},
		"params":                        {params.Of("host", "127.0.0.1", "port", "PORT", "username", "anne"), map[string]string{"mail.password": "s3cret"}, "anne", ""},
		"secrets":                       {params.Of(), map[string]string{"mail.host": "127.0.0.1", "mail.port": "PORT", "mail.username": "anne", "mail.password": "s3cret"}, "anne", ""},
		"secrets over params":           {params.Of("host", "x", "port", "1", "username", "x"), map[string]string{"mail.host": "127.0.0.1", "mail.port": "PORT", "mail.username": "anne", "mail.password": "s3cret"}, "anne", ""},
		"the settings' user stays home": {params.Of("host", "127.0.0.1", "port", "PORT"), nil, "", "Please authenticate first"},
		"a password param is ignored":   {params.Of("host", "127.0.0.1", "port", "PORT", "username", "anne", "password", "s3cret"), nil, "", "Authentication failed"},
		"no port":                       {params.Of("host", "127.0.0.1"), nil, "", "Parameter 'port' is required but not set (config)"},
		"bad port":                      {params.Of("host", "127.0.0.1", "port", "70000"), nil, "", "Expected a port number for key 'port' but got 70000 (config)"},
		"bad flag":                      {params.Of("host", "127.0.0.1", "port", "1", "ssl", "maybe"), nil, "", "Expected boolean type for key 'ssl'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			users := smtptest.Start(t, smtptest.Options{Username: "anne", Password: "s3cret"})
			system := smtptest.Start(t, smtptest.Options{Username: "root", Password: "r00t"})
			settings := mail.Settings{SMTP: &smtp.Server{Host: "127.0.0.1", Port: system.Port, Username: "root", Password: "r00t"}}
			port := strconv.Itoa(users.Port)
			own := tt.own
			if v, _ := own.Get("port"); v == "PORT" {
				own = own.With("port", port)
			}
			for key, value := range tt.secrets {
				tt.secrets[key] = strings.Replace(value, "PORT", port, 1)
			}
			_, err := run(t, settings, task().Merge(own), operatortest.WithSecrets(tt.secrets))
			switch {
			case tt.wantErr != "":
				if err == nil || !strings.Contains(err.Error(), tt.wantErr) || len(users.Mails())+len(system.Mails()) > 0 {
					t.Errorf("error = %v, want %s", err, tt.wantErr)
				}
			case err != nil:
				t.Error(err)
			case tt.user == "-":
				if got := only(t, system); got.User != "root" {
					t.Errorf("user = %s", got.User)
				}
			default:
				if got := only(t, users); got.User != tt.user {
					t.Errorf("user = %s", got.User)
				}
			}
		})
	}
}

func TestEncryptionFollowsParamsAndSecrets(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		offers    smtptest.Options
		own       *params.Object
		secrets   map[string]string
		encrypted bool
		wantErr   bool
	}{
		// The certificate of the server is not trusted, so encryption shows as a failure.
		"STARTTLS by default":       {smtptest.Options{StartTLS: true}, params.Of(), nil, true, true},
		"STARTTLS off":              {smtptest.Options{StartTLS: true}, params.Of("tls", "false"), nil, false, false},
		"STARTTLS off by secret":    {smtptest.Options{StartTLS: true}, params.Of("tls", true), map[string]string{"mail.tls": "FALSE"}, false, false},
		"TLS on":                    {smtptest.Options{TLS: true}, params.Of("ssl", true), nil, true, true},
		"TLS on by secret":          {smtptest.Options{TLS: true}, params.Of(), map[string]string{"mail.ssl": "True"}, true, true},
		"TLS off with plain server": {smtptest.Options{}, params.Of("ssl", false), nil, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := smtptest.Start(t, tt.offers)
			_, err := run(t, mail.Settings{}, task().Merge(tt.own), operatortest.WithParams(serverParams(server)), operatortest.WithSecrets(tt.secrets))
			if tt.wantErr {
				if err == nil || !strings.Contains(err.Error(), "Sending mail failed: start TLS: ") {
					t.Errorf("error = %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := only(t, server); got.TLS != tt.encrypted {
				t.Errorf("encrypted = %v", got.TLS)
			}
		})
	}
}

func TestSettingsOfTheServerGiveDefaults(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{})
	settings, err := mail.SettingsFrom(config.FromMap("test", map[string]string{
		"config.mail.host": "127.0.0.1", "config.mail.port": strconv.Itoa(server.Port),
		"config.mail.from": "ops@example.com", "config.mail.subject": "from heitan",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, settings, params.Of("body", "x", "to", "a@example.com")); err != nil {
		t.Fatal(err)
	}
	header := only(t, server).Parse(t).Header
	if header.Get("From") != "<ops@example.com>" || header.Get("Subject") != "from heitan" {
		t.Errorf("header = %v", header)
	}
	if _, err := mail.SettingsFrom(config.FromMap("test", map[string]string{"config.mail.host": "h"})); err == nil {
		t.Error("a missing config.mail.port is no error")
	}
}

func TestPasswordParamIsWarnedOfAndNotShown(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{})
	record, err := run(t, mail.Settings{}, task("password", "s3cret"), operatortest.WithParams(serverParams(server)))
	if err != nil {
		t.Fatal(err)
	}
	if log := record.Log(); !strings.Contains(log, "Unsecure 'password' parameter is deprecated.") || strings.Contains(log, "s3cret") {
		t.Errorf("log:\n%s", log)
	}
}

func TestDebugWritesTheConversationToTheTasksLog(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{})
	record, err := run(t, mail.Settings{}, task("debug", true), operatortest.WithParams(serverParams(server)))
	if err != nil || !strings.Contains(record.Log(), "RCPT TO:<a@example.com>") {
		t.Errorf("%v, log:\n%s", err, record.Log())
	}
}

func TestWhatIsWrongWithTheTaskIsSaid(t *testing.T) {
	t.Parallel()
	server := params.Of("host", "127.0.0.1", "port", int64(1))
	for want, own := range map[string]*params.Object{
		"Missing SMTP configuration":                                                                               task(),
		"Parameter 'subject' is required but not set (config)":                                                     task("subject", nil).Merge(server),
		"Parameter 'to' is required but not set (config)":                                                          task("to", nil).Merge(server),
		"Parameter 'from' is required but not set (config)":                                                        task("from", nil).Merge(server),
		"Parameter 'body' is required but not set (config)":                                                        task("_command", nil).Merge(server),
		"No recipient addresses (config)":                                                                          task("to", params.List{}).Merge(server),
		"Invalid address 'nobody': missing '@' or angle-addr (config)":                                             task("to", "nobody").Merge(server),
		"Expected list of strings type for key 'cc' but got {} (object) (config)":                                  task("cc", params.Of()).Merge(server),
		"File not found: no.txt (config)":                                                                          task("_command", "no.txt").Merge(server),
		"File not found: no.csv (config)":                                                                          task("attach_files", params.List{params.Of("path", "no.csv")}).Merge(server),
		"File name must not be outside of project path: ../x (config)":                                             task("attach_files", params.List{params.Of("path", "../x")}).Merge(server),
		"Parameter 'path' is required but not set (config)":                                                        task("attach_files", params.List{params.Of()}).Merge(server),
		"Expected object type for each of 'attach_files' but got 3 (config)":                                       task("attach_files", params.List{int64(3)}).Merge(server),
		"Sending mail failed: connect to 127.0.0.1:1: dial tcp 127.0.0.1:1: connect: connection refused (runtime)": task().Merge(server),
	} {
		if _, err := run(t, mail.Settings{}, own); err == nil || err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
	}
}

func TestEveryDocumentedParamIsRead(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{})
	req, _ := operatortest.Request(t, task("cc", params.List{}, "bcc", params.List{}, "html", false, "attach_files", params.List{},
		"host", "127.0.0.1", "port", int64(server.Port), "username", "u", "password", "p", "tls", true, "ssl", false, "debug", false,
		"connect_timeout", "60s", "socket_timeout", "180s"))
	if _, err := mail.Operators(mail.Settings{})["mail"].Operator.Run(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if unused := req.Params.Unused(); len(unused) > 0 {
		t.Errorf("unused: %v", unused)
	}
}

func TestKilledTaskReportsTheCause(t *testing.T) {
	t.Parallel()
	ctx, kill := context.WithCancelCause(t.Context())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "220 hello\r\n")
		_, _ = conn.Read(make([]byte, 1))
		kill(operator.ErrKilled)
		_, _ = io.Copy(io.Discard, conn)
	}()
	req, _ := operatortest.Request(t, task("host", "127.0.0.1", "port", int64(l.Addr().(*net.TCPAddr).Port)))
	if _, err := mail.Operators(mail.Settings{})["mail"].Operator.Run(ctx, req); !errors.Is(err, operator.ErrKilled) {
		t.Errorf("error = %v", err)
	}
}
