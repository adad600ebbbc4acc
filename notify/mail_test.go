package notify_test

import (
	"io"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/notify/smtp/smtptest"
)

func mailSettings(server *smtptest.Server, more ...string) []string {
	return append([]string{
		"notification.type", "mail", "notification.mail.host", "127.0.0.1", "notification.mail.port", strconv.Itoa(server.Port),
		"notification.mail.from", "heitan@example.com", "notification.mail.to", "a@example.com, b@example.com",
	}, more...)
}

// sendMail sends the notification and returns the one mail that arrived.
func sendMail(t *testing.T, server *smtptest.Server, more ...string) smtptest.Mail {
	t.Helper()
	sender, log := mustSender(t, mailSettings(server, more...)...)
	if err := sender.Send(t.Context(), notification(t)); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	mails := server.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	return mails[0]
}

func body(t *testing.T, mail smtptest.Mail) string {
	t.Helper()
	text, err := io.ReadAll(quotedprintable.NewReader(mail.Parse(t).Body))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
}

func TestNotificationIsSentAsMail(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{Username: "u", Password: "p"})
	mail := sendMail(t, server, "notification.mail.cc", "c@example.com", "notification.mail.bcc", "d@example.com",
		"notification.mail.username", "u", "notification.mail.password", "p")
	if diff := cmp.Diff([]string{"a@example.com", "b@example.com", "c@example.com", "d@example.com"}, mail.To); diff != "" {
		t.Error(diff)
	}
	header := mail.Parse(t).Header
	if header.Get("Subject") != "Digdag Notification" || header.Get("Content-Type") != "text/plain; charset=UTF-8" ||
		header.Get("Date") != "Wed, 01 Apr 2026 12:30:00 +0900" {
		t.Errorf("header %v", header)
	}
	want := "Digdag Notification\n\nMessage: it \"failed\"\nDate: 2026-04-01T03:30:00Z\n\nSite Id: 0\nProject Name: sample\nProject Id: 1\n" +
		"Workflow Name: daily\nRevision: r1\nAttempt Id: 3\nSession Id: 2\nTask Name: +daily+task\nTime Zone: Asia/Tokyo\n" +
		"Session Uuid: 5ca1ab1e-0000-4000-8000-000000000002\nSession Time: 2026-04-01T00:00:00+09:00"
	if diff := cmp.Diff(want, body(t, mail)); diff != "" {
		t.Error(diff)
	}
}

func TestMailBodyMayBeATemplateFile(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{})
	file := filepath.Join(t.TempDir(), "body.html")
	if err := os.WriteFile(file, []byte("<b>${message}</b>"), 0o600); err != nil {
		t.Fatal(err)
	}
	mail := sendMail(t, server, "notification.mail.body_template_file", file, "notification.mail.html", "true", "notification.mail.subject", "Oh no")
	header := mail.Parse(t).Header
	if got := body(t, mail); got != `<b>it "failed"</b>` || header.Get("Subject") != "Oh no" || header.Get("Content-Type") != "text/html; charset=UTF-8" {
		t.Errorf("body %q, header %v", got, header)
	}
}

func TestBrokenOrHugeTemplateIsFoundAtTheStart(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{})
	for text, want := range map[string]string{
		"${no_such}":               "make the body of the mail: ${no_such} in ",
		strings.Repeat("x", 1<<21): "is larger than 1024 KiB",
	} {
		file := filepath.Join(t.TempDir(), "body.txt")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := newSender(t, mailSettings(server, "notification.mail.body_template_file", file)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want %s", err, want)
		}
	}
}
