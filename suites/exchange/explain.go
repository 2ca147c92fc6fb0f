package exchange

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
)

// Explain says in plain words why a request had no usable answer.
func Explain(err error) string {
	var (
		unknownCA x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		dns       *net.DNSError
		timeout   net.Error
	)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &unknownCA):
		return "the certificate is signed by an unknown authority (set scim.tls.caFile to its PEM)"
	case errors.As(err, &hostname):
		return "the certificate is for another host name: " + hostname.Error()
	case errors.As(err, &invalid):
		return "the certificate is not valid: " + invalid.Error()
	case errors.As(err, &record), isSchemeMismatch(err):
		return "the answer is not TLS (is the address https where the server speaks http?)"
	case errors.Is(err, ErrBodyTooLarge):
		return ErrBodyTooLarge.Error()
	case errors.As(err, &dns):
		return "the host name " + dns.Name + " cannot be resolved"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused (nothing listens there)"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed before the answer was complete"
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no complete answer in time (limits.requestTimeout)"
	default:
		return innermost(err)
	}
}

// IsTLS reports whether the trouble lies in the certificate or the handshake: a
// matter of configuration, which no retry mends.
func IsTLS(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		alert        tls.AlertError
	)
	return errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &alert) || isSchemeMismatch(err)
}

// isSchemeMismatch tells net/http's own error for a server without TLS.
func isSchemeMismatch(err error) bool { return errors.Is(err, http.ErrSchemeMismatch) }

// innermost drops the layers that repeat method and address.
func innermost(err error) string {
	text := err.Error()
	if i := strings.LastIndex(text, ": "); i >= 0 && len(text)-i > 8 {
		return text[i+2:]
	}
	return text
}
