package smtp_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/heitan/heitan/notify/smtp"
	"github.com/heitan/heitan/notify/smtp/smtptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var discard = slog.New(slog.DiscardHandler)

func message() *smtp.Message {
	return &smtp.Message{
		From: "Heitan <heitan@example.com>", To: []string{"a@example.com"},
		Subject: "hello", Body: "line 1\nline 2\n",
		Date: time.Date(2026, 4, 1, 12, 30, 0, 0, time.UTC), ID: "token-1",
	}
}

func settings(s *smtptest.Server) *smtp.Server {
	return &smtp.Server{Host: "127.0.0.1", Port: s.Port, RootCAs: s.RootCAs, StartTLS: true}
}

// only is the one mail that arrived.
func only(t *testing.T, s *smtptest.Server) smtptest.Mail {
	t.Helper()
	mails := s.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails arrived", len(mails))
	}
	return mails[0]
}

func TestMailArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{})
	m := message()
	m.To = []string{"Änne <a@example.com>, b@example.com", "c@example.com", " "}
	m.Cc = []string{"d@example.com"}
	m.Bcc = []string{"e@example.com"}
	m.Subject = "兵站:\r\n done\n"
	m.Body = "ä\n.\n\n..dots\n" + strings.Repeat("long ", 300)
	if err := settings(server).Send(t.Context(), m, discard); err != nil {
		t.Fatal(err)
	}
	got := only(t, server)
	if diff := cmp.Diff([]string{"a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com"}, got.To); diff != "" {
		t.Error(diff)
	}
	parsed := got.Parse(t)
	decoder := new(mime.WordDecoder)
	header := make(map[string]string)
	for _, name := range []string{"From", "To", "Cc", "Bcc", "Subject", "Date", "Message-Id", "Content-Type", "User-Agent"} {
		text, err := decoder.DecodeHeader(parsed.Header.Get(name))
		if err != nil {
			t.Error(err)
		}
		header[name] = text
	}
	want := map[string]string{
		"From": `"Heitan" <heitan@example.com>`, "To": `Änne <a@example.com>, <b@example.com>, <c@example.com>`,
		"Cc": "<d@example.com>", "Bcc": "", "Subject": "兵站: done", "Date": "Wed, 01 Apr 2026 12:30:00 +0000",
		"Message-Id": "<token-1@example.com>", "Content-Type": "text/plain; charset=UTF-8", "User-Agent": "",
	}
	if diff := cmp.Diff(want, header); diff != "" {
		t.Error(diff)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(parsed.Body))
	if text := strings.ReplaceAll(string(body), "\r\n", "\n"); err != nil || text != m.Body+"\n" {
		t.Errorf("body = %q, %v", text, err)
	}
}

func TestMailMayBeHTMLWithAttachments(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{})
	dir := t.TempDir()
	big := strings.Repeat("0123456789", 100_000)
	for name, text := range map[string]string{"a.csv": "1,2\n", "b.bin": big} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := message()
	m.HTML, m.Body = true, "<p>hi</p>"
	m.Attachments = []smtp.Attachment{
		{Path: filepath.Join(dir, "a.csv"), Name: "兵\"站\r\n.csv", ContentType: "text/csv; charset=utf-8"},
		{Path: filepath.Join(dir, "b.bin"), Name: "b.bin", ContentType: "application/octet-stream"},
	}
	if err := settings(server).Send(t.Context(), m, discard); err != nil {
		t.Fatal(err)
	}
	mail := only(t, server)
	parsed := mail.Parse(t)
	_, parameters, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	type part struct{ contentType, name, body string }
	var got []part
	r := multipart.NewReader(parsed.Body, parameters["boundary"])
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		mediaType, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		name, _ := new(mime.WordDecoder).DecodeHeader(p.FileName())
		got = append(got, part{mediaType, name, decodeBase64(t, p.Header.Get("Content-Transfer-Encoding"), string(body))})
	}
	want := []part{{"text/html", "", "<p>hi</p>"}, {"text/csv", "兵_站__.csv", "1,2\n"}, {"application/octet-stream", "b.bin", big}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(part{})); diff != "" {
		t.Error(diff)
	}
}

func TestConnectionIsEncryptedAsTheSettingsSay(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		offers        smtptest.Options
		startTLS, tls bool
		encrypted     bool
		wantErr       string
	}{
		"STARTTLS offered and wanted":     {smtptest.Options{StartTLS: true}, true, false, true, ""},
		"STARTTLS offered, not wanted":    {smtptest.Options{StartTLS: true}, false, false, false, ""},
		"STARTTLS wanted, not offered":    {smtptest.Options{}, true, false, false, ""},
		"TLS from the beginning":          {smtptest.Options{TLS: true}, true, true, true, ""},
		"TLS to a server that speaks not": {smtptest.Options{}, true, true, false, "start TLS: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := smtptest.Start(t, tt.offers)
			s := settings(server)
			s.StartTLS, s.TLS = tt.startTLS, tt.tls
			err := s.Send(t.Context(), message(), discard)
			if tt.wantErr != "" {
				if err == nil || !strings.HasPrefix(err.Error(), tt.wantErr) {
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

func TestCertificateIsVerified(t *testing.T) {
	t.Parallel()
	for _, offers := range []smtptest.Options{{StartTLS: true}, {TLS: true}} {
		server := smtptest.Start(t, offers)
		s := settings(server)
		s.TLS, s.RootCAs = offers.TLS, nil
		err := s.Send(t.Context(), message(), discard)
		if err == nil || !strings.Contains(err.Error(), "failed to verify certificate") || len(server.Mails()) > 0 {
			t.Errorf("error = %v", err)
		}
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		offers   smtptest.Options
		password string
		wantErr  string
	}{
		"PLAIN":              {smtptest.Options{StartTLS: true}, "s3cret", ""},
		"LOGIN":              {smtptest.Options{StartTLS: true, Mechanisms: []string{"LOGIN"}}, "s3cret", ""},
		"best of several":    {smtptest.Options{StartTLS: true, Mechanisms: []string{"X", "PLAIN", "LOGIN"}}, "s3cret", ""},
		"clear, but local":   {smtptest.Options{}, "s3cret", ""},
		"wrong password":     {smtptest.Options{StartTLS: true}, "wr0ng", "5.7.8 Authentication failed"},
		"unknown mechanisms": {smtptest.Options{StartTLS: true, Mechanisms: []string{"X", "Y"}}, "s3cret", "none of the server's mechanisms is known: X Y"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.offers.Username, tt.offers.Password = "anne", "s3cret"
			server := smtptest.Start(t, tt.offers)
			s := settings(server)
			s.Username, s.Password, s.Debug = "anne", tt.password, true
			var log strings.Builder
			err := s.Send(t.Context(), message(), slog.New(slog.NewTextHandler(&log, nil)))
			if tt.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantErr) {
					t.Errorf("error = %v, want %s", err, tt.wantErr)
				}
			} else if err != nil || only(t, server).User != "anne" {
				t.Errorf("error = %v, mails %+v", err, server.Mails())
			}
			for _, hidden := range []string{tt.password, "czNjcmV0", "AGFubmUAczNjcmV0"} {
				if strings.Contains(log.String(), hidden) || err != nil && strings.Contains(err.Error(), hidden) {
					t.Errorf("the password is shown:\n%s\n%v", log.String(), err)
				}
			}
		})
	}
}

func TestServerWithoutLoginGetsTheMailAnyway(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{StartTLS: true})
	s := settings(server)
	s.Username = "anne"
	var log strings.Builder
	if err := s.Send(t.Context(), message(), slog.New(slog.NewTextHandler(&log, nil))); err != nil {
		t.Fatal(err)
	}
	if only(t, server).User != "" || !strings.Contains(log.String(), "offers no login") {
		t.Errorf("log:\n%s", log.String())
	}
}

func TestDebugShowsTheConversation(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{})
	s := settings(server)
	s.Debug = true
	var log strings.Builder
	if err := s.Send(t.Context(), message(), slog.New(slog.NewTextHandler(&log, nil))); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`from=client line="MAIL FROM:<heitan@example.com>`, `from=server line="250 `, `from=client line=QUIT`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%s is missing in:\n%s", want, log.String())
		}
	}
}

func TestRefusedRecipientMeansThatNobodyGetsTheMail(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{Refuse: []string{"b@example.com"}})
	m := message()
	m.To = []string{"a@example.com", "b@example.com"}
	err := settings(server).Send(t.Context(), m, discard)
	if err == nil || !strings.Contains(err.Error(), "5.1.1 no such user") || !strings.Contains(err.Error(), "b@example.com") {
		t.Errorf("error = %v", err)
	}
	if len(server.Mails()) > 0 {
		t.Error("a mail arrived")
	}
}

func TestWhatIsWrongWithAMailIsFoundBeforeConnecting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	huge := filepath.Join(dir, "huge")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, smtp.MaxAttachments+1); err != nil {
		t.Fatal(err)
	}
	attach := func(path, contentType string) func(*smtp.Message) {
		return func(m *smtp.Message) {
			m.Attachments = []smtp.Attachment{{Path: path, Label: "label", Name: "n", ContentType: contentType}}
		}
	}
	for want, change := range map[string]func(*smtp.Message){
		"Invalid address 'a b': ":                   func(m *smtp.Message) { m.From = "a b" },
		"Invalid address 'root': ":                  func(m *smtp.Message) { m.Cc = []string{"root"} },
		"Invalid address 'a@b\r\nBcc: c@d': ":       func(m *smtp.Message) { m.To = []string{"a@b\r\nBcc: c@d"} },
		"No recipient addresses":                    func(m *smtp.Message) { m.To = nil },
		"File not found: label":                     attach(filepath.Join(dir, "none"), "a/b"),
		"attach label: it is not a file":            attach(dir, "a/b"),
		"attach label: invalid content type":        attach(huge, "a/b\r\nX: y"),
		"the attachments are larger than 50 MiB":    attach(huge, "a/b"),
		`attach label: invalid content type "": mi`: attach(huge, ""),
	} {
		m := message()
		change(m)
		err := (&smtp.Server{Host: "localhost", Port: 1}).Send(t.Context(), m, discard)
		if _, ok := errors.AsType[*smtp.MessageError](err); !ok || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error = %v, want %s", err, want)
		}
	}
}

// silent accepts a connection, says what it is told to, and then nothing. heard
// is called once it has heard something.
func silent(t *testing.T, says string, heard func()) *smtp.Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, says)
		if n, _ := conn.Read(make([]byte, 1)); n > 0 {
			heard()
		}
		_, _ = io.Copy(io.Discard, conn)
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return &smtp.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port}
}

func TestServerThatFallsSilentEndsInATimeout(t *testing.T) {
	t.Parallel()
	for _, says := range []string{"", "220 hello\r\n", "220 hello\r\n250 ok\r\n"} {
		s := silent(t, says, func() {})
		s.SocketTimeout = 20 * time.Millisecond
		err := s.Send(t.Context(), message(), discard)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after %q: %v", says, err)
		}
	}
}

func TestCancelledContextEndsTheConversationWithItsCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("the attempt was killed")
	for greeting, useTLS := range map[string]bool{"220 hello\r\n": false, "": true} {
		ctx, cancel := context.WithCancelCause(t.Context())
		s := silent(t, greeting, func() { cancel(cause) })
		s.TLS = useTLS
		if err := s.Send(ctx, message(), discard); !errors.Is(err, cause) {
			t.Errorf("error = %v", err)
		}
	}
}

func TestMailThatWasTakenIsNotAFailureIfTheFarewellIs(t *testing.T) {
	t.Parallel()
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
		// Answers to EHLO, MAIL, RCPT, DATA and the mail come before they are asked for.
		_, _ = io.WriteString(conn, "220 hi\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n")
		buffer := make([]byte, 1<<16)
		for seen := ""; !strings.Contains(seen, "\r\n.\r\n"); {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			seen += string(buffer[:n])
		}
	}()
	s := &smtp.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port}
	if err := s.Send(t.Context(), message(), discard); err != nil {
		t.Errorf("error = %v", err)
	}
}

func TestUnreachableServerIsAnError(t *testing.T) {
	t.Parallel()
	err := (&smtp.Server{Host: "127.0.0.1", Port: 1}).Send(t.Context(), message(), discard)
	if err == nil || !strings.HasPrefix(err.Error(), "connect to 127.0.0.1:1: ") {
		t.Errorf("error = %v", err)
	}
}
