package access

import (
	"bytes"
	"errors"
	"html"
	"io"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mail in other character sets than UTF-8
	"github.com/emersion/go-message/mail"
)

const (
	maxParts = 100 // of a mail that are read
	maxDepth = 10  // of parts within parts
)

// isWanted reports whether a mail's header names the address and the subject. The
// addresses are those of To and Cc (RFC 5322 §3.6.3) and those that delivery adds:
// a mail may be addressed to a list.
func (w wanted) isWanted(raw []byte) bool {
	entity, err := message.Read(bytes.NewReader(raw))
	if entity == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return false
	}
	header := mail.Header{Header: entity.Header}
	subject, err := header.Subject()
	if err != nil {
		subject = header.Get("Subject")
	}
	return w.subject.MatchString(subject) && w.isFor(header)
}

func (w wanted) isFor(header mail.Header) bool {
	for _, key := range []string{"To", "Cc"} {
		list, err := header.AddressList(key)
		if err != nil {
			continue
		}
		for _, address := range list {
			if strings.EqualFold(address.Address, w.to) {
				return true
			}
		}
	}
	for _, key := range []string{"Delivered-To", "X-Original-To", "Envelope-To"} {
		for fields := header.FieldsByKey(key); fields.Next(); {
			if strings.EqualFold(strings.Trim(fields.Value(), " <>"), w.to) {
				return true
			}
		}
	}
	return false
}

// mailText returns the text of a mail, transfer encodings and character sets
// decoded: that of the plain parts, then that of the HTML parts with entities
// resolved, so that an address in a link reads as a browser reads it. Attachments
// are left out. The error never quotes the mail.
func mailText(raw []byte) (string, error) {
	entity, err := message.Read(bytes.NewReader(raw))
	if entity == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return "", errors.New("the mail cannot be read")
	}
	var t texts
	t.add(entity, 0)
	text := t.plain.String() + html.UnescapeString(t.html.String())
	if strings.TrimSpace(text) == "" {
		return "", errors.New("the mail has no text")
	}
	return text, nil
}

// texts collects the text of a mail's parts. What cannot be read is left out: the
// capture then says that nothing matches.
type texts struct {
	plain, html strings.Builder
	parts       int
}

func (t *texts) add(e *message.Entity, depth int) {
	if t.parts++; t.parts > maxParts || depth > maxDepth {
		return
	}
	if inner := e.MultipartReader(); inner != nil {
		for t.parts <= maxParts {
			part, err := inner.NextPart()
			if part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
				return
			}
			t.add(part, depth+1)
		}
		return
	}
	if disposition, _, err := e.Header.ContentDisposition(); err == nil && disposition == "attachment" {
		return
	}
	kind, _, err := e.Header.ContentType()
	if err != nil {
		kind = "text/plain" // RFC 2045 §5.2
	}
	into := map[string]*strings.Builder{"text/plain": &t.plain, "text/html": &t.html}[strings.ToLower(kind)]
	if into == nil {
		return
	}
	_, _ = io.Copy(into, io.LimitReader(e.Body, maxMail))
	into.WriteString("\n")
}
