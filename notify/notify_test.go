package notify_test

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/heitan/heitan/config"
	"github.com/heitan/heitan/notify"
	"github.com/heitan/heitan/params"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func notification(t *testing.T) notify.Notification {
	t.Helper()
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	return notify.Notification{
		Timestamp: time.Date(2026, 4, 1, 12, 30, 0, 999, tokyo), Message: `it "failed"`,
		ProjectID: 1, Project: "sample", Workflow: "daily", Revision: "r1", RevisionID: 7, AttemptID: 3, SessionID: 2,
		SessionUUID: "5ca1ab1e-0000-4000-8000-000000000002", SessionTime: time.Date(2026, 3, 31, 15, 0, 0, 0, time.UTC),
		Timezone: tokyo, TaskFullName: "+daily+task",
	}
}

const payload = `{"timestamp":"2026-04-01T03:30:00Z","message":"it \"failed\"","site_id":0,"project_id":1,"project_name":"sample",` +
	`"workflow_name":"daily","revision":"r1","attempt_id":3,"session_id":2,"task_name":"+daily+task","timezone":"Asia/Tokyo",` +
	`"session_uuid":"5ca1ab1e-0000-4000-8000-000000000002","session_time":"2026-04-01T00:00:00+09:00","workflow_definition_id":7}`

func TestPayloadHasEveryKeyAndNullForWhatIsUnknown(t *testing.T) {
	t.Parallel()
	if got := string(notification(t).JSON()); got != payload {
		t.Errorf("got  %s\nwant %s", got, payload)
	}
	const unknown = `{"timestamp":"2026-04-01T00:00:00Z","message":"","site_id":0,"project_id":null,"project_name":null,` +
		`"workflow_name":null,"revision":null,"attempt_id":null,"session_id":null,"task_name":null,"timezone":null,` +
		`"session_uuid":null,"session_time":"2026-04-01T00:00:00+00:00","workflow_definition_id":null}`
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	if got := string(notify.Notification{Timestamp: at, SessionTime: at}.JSON()); got != unknown {
		t.Errorf("got  %s\nwant %s", got, unknown)
	}
}

// logBuffer keeps what was logged.
type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// newSender makes the sender of settings, with no pause between tries.
func newSender(t *testing.T, keysAndValues ...string) (notify.Sender, *logBuffer, error) {
	t.Helper()
	values := map[string]string{"notification.retries": "2", "notification.min_retry_wait": "0"}
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		values[keysAndValues[i]] = keysAndValues[i+1]
	}
	log := &logBuffer{}
	sender, err := notify.FromConfig(t.Context(), config.FromMap("test", values), notify.Dependencies{
		Render: render, Log: slog.New(slog.NewTextHandler(log, nil)), Environ: []string{"PATH=/bin:/usr/bin", "GREETING=hi"},
	})
	return sender, log, err
}

func mustSender(t *testing.T, keysAndValues ...string) (notify.Sender, *logBuffer) {
	t.Helper()
	sender, log, err := newSender(t, keysAndValues...)
	if err != nil {
		t.Fatal(err)
	}
	return sender, log
}

var variable = regexp.MustCompile(`\$\{([a-z_]+)\}`)

// render replaces ${name}, and fails if there is no such name.
func render(_ context.Context, name, template string, scope *params.Object) (string, error) {
	var failure error
	text := variable.ReplaceAllStringFunc(template, func(match string) string {
		v, ok := scope.Get(variable.FindStringSubmatch(match)[1])
		if !ok {
			failure = fmt.Errorf("%s in %s is not defined", match, name)
		}
		if v == nil {
			return ""
		}
		if s, ok := v.(string); ok {
			return s
		}
		return params.JSON(v)
	})
	return text, failure
}

func TestWithoutTypeNotificationsAreOnlyLogged(t *testing.T) {
	t.Parallel()
	for _, settings := range [][]string{nil, {"notification.type", "none"}, {"notification.type", ""}} {
		sender, log := mustSender(t, settings...)
		if err := sender.Send(t.Context(), notification(t)); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(log.String(), `msg=notification message="it \"failed\""`) {
			t.Errorf("log:\n%s", log.String())
		}
	}
}

func TestInvalidSettingsAreReportedAtTheStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		settings []string
		want     []string
	}{
		{[]string{"notification.type", "mial"}, []string{`setting notification.type = "mial" in test: expected http, mail, shell or none`}},
		{
			[]string{"notification.type", "http", "notification.retries", "-1", "notification.min_retry_wait", "x", "notification.max_retry_wait", "-1"},
			[]string{"notification.http.url", "notification.retries", "notification.min_retry_wait", "notification.max_retry_wait"},
		},
		{[]string{"notification.type", "http", "notification.http.url", "ftp://x"}, []string{"the URL of an HTTP server"}},
		{[]string{"notification.type", "http", "notification.http.url", "http://h", "notification.http.method", "A B"}, []string{"an HTTP method"}},
		{[]string{"notification.type", "shell"}, []string{"notification.shell.command"}},
		{
			[]string{"notification.type", "shell", "notification.shell.command", "x", "notification.shell.timeout", "0"},
			[]string{"notification.shell.timeout"},
		},
		{
			[]string{"notification.type", "mail", "notification.mail.html", "x", "notification.mail.body_template_file", "/no/such/file"},
			[]string{"notification.mail.host", "notification.mail.from", "notification.mail.to", "notification.mail.html", "no such file"},
		},
		{
			[]string{"notification.type", "mail", "notification.mail.host", "h", "notification.mail.port", "0", "notification.mail.from", "a@b", "notification.mail.to", "c@d"},
			[]string{"notification.mail.port"},
		},
		{
			[]string{"notification.type", "mail", "notification.mail.host", "h", "notification.mail.port", "25", "notification.mail.from", "a@b", "notification.mail.to", "nobody"},
			[]string{"settings notification.mail: Invalid address 'nobody'"},
		},
	} {
		sender, _, err := newSender(t, tt.settings...)
		if err == nil || sender != nil {
			t.Errorf("%v: no error", tt.settings)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v: %q is missing in: %v", tt.settings, want, err)
			}
		}
	}
}
