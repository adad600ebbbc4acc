package smtp

import (
	"cmp"
	"errors"
	"fmt"
	"mime"
	"net/mail"
	"os"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// MaxAttachments bounds the attachments of a mail in bytes, as they are held in
// memory and few servers take more.
const MaxAttachments = 50 << 20

// Message is a mail.
type Message struct {
	From        string
	To, Cc, Bcc []string // each may hold several addresses, separated by commas
	Subject     string
	Body        string
	HTML        bool // Body is HTML, not plain text
	Attachments []Attachment
	Date        time.Time
	// ID names the mail, so that receivers can tell a repeated one. It consists of
	// letters, digits, '-', '_' and '.'; "" is a random one.
	ID string
}

// Attachment is a file that is sent along.
type Attachment struct {
	Path        string // absolute
	Label       string // what messages call the file; "" is Path
	Name        string // as the receiver sees it
	ContentType string
}

// MessageError says what is wrong with a mail.
type MessageError struct{ Err error }

func (e *MessageError) Error() string { return e.Err.Error() }

// Unwrap is the cause.
func (e *MessageError) Unwrap() error { return e.Err }

// Check reports what is wrong with the mail, as a [*MessageError].
func (m *Message) Check() error {
	_, err := m.compose()
	return err
}

// compose makes the MIME message.
func (m *Message) compose() (*gomail.Msg, error) {
	from, err := parseAddress(m.From)
	if err != nil {
		return nil, &MessageError{err}
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(from)
	count := 0
	for _, list := range []struct {
		texts []string
		set   func(...*mail.Address)
	}{{m.To, msg.ToMailAddress}, {m.Cc, msg.CcMailAddress}, {m.Bcc, msg.BccMailAddress}} {
		addresses, err := parseAddresses(list.texts)
		if err != nil {
			return nil, &MessageError{err}
		}
		if count += len(addresses); len(addresses) > 0 {
			list.set(addresses...)
		}
	}
	if count == 0 {
		return nil, &MessageError{errors.New("No recipient addresses")} // the text of JavaMail
	}
	msg.Subject(strings.Join(strings.Fields(m.Subject), " ")) // a line break would end the header
	msg.SetDateWithValue(m.Date)
	m.setID(msg, from)
	contentType := gomail.TypeTextPlain
	if m.HTML {
		contentType = gomail.TypeTextHTML
	}
	msg.SetBodyString(contentType, m.Body)
	if err := m.attach(msg); err != nil {
		return nil, &MessageError{err}
	}
	return msg, nil
}

func (m *Message) setID(msg *gomail.Msg, from *mail.Address) {
	if m.ID == "" {
		msg.SetMessageID()
		return
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	msg.SetMessageIDWithValue(m.ID + "@" + domain)
}

// attach adds the files. They are checked before anything is sent.
func (m *Message) attach(msg *gomail.Msg) error {
	total := int64(0)
	for _, a := range m.Attachments {
		label := cmp.Or(a.Label, a.Path)
		mediaType, parameters, err := mime.ParseMediaType(a.ContentType)
		if err != nil {
			return fmt.Errorf("attach %s: invalid content type %q: %w", label, a.ContentType, err)
		}
		info, err := os.Stat(a.Path)
		switch {
		case errors.Is(err, os.ErrNotExist):
			return fmt.Errorf("File not found: %s", label) // the text of Digdag
		case err != nil:
			return fmt.Errorf("attach %s: %w", label, err)
		case !info.Mode().IsRegular():
			return fmt.Errorf("attach %s: it is not a file", label)
		}
		if total += info.Size(); total > MaxAttachments {
			return fmt.Errorf("the attachments are larger than %d MiB", MaxAttachments>>20)
		}
		msg.AttachFile(a.Path, gomail.WithFileName(a.Name),
			gomail.WithFileContentType(gomail.ContentType(mime.FormatMediaType(mediaType, parameters))))
	}
	return nil
}

func parseAddress(text string) (*mail.Address, error) {
	address, err := mail.ParseAddress(text)
	if err != nil {
		return nil, invalidAddress(text, err)
	}
	return address, nil
}

func parseAddresses(texts []string) ([]*mail.Address, error) {
	var all []*mail.Address
	for _, text := range texts {
		if strings.TrimSpace(text) == "" {
			continue
		}
		addresses, err := mail.ParseAddressList(text)
		if err != nil {
			return nil, invalidAddress(text, err)
		}
		all = append(all, addresses...)
	}
	return all, nil
}

func invalidAddress(text string, err error) error {
	return fmt.Errorf("Invalid address '%s': %s", text, strings.TrimPrefix(err.Error(), "mail: ")) // the text of Digdag
}
