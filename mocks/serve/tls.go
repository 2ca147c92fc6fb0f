package serve

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// certificateLife is how long a certificate of a run is good.
const certificateLife = 24 * time.Hour

// secured puts TLS on a listener, with a certificate made for it. The PEM is what a client
// has to trust.
func secured(listener net.Listener, o acme.TLS) (net.Listener, []byte, error) {
	certificate, err := selfSigned()
	if err != nil {
		return nil, nil, err
	}
	config := &tls.Config{
		Certificates: []tls.Certificate{certificate}, NextProtos: []string{"http/1.1"},
		MinVersion: max(o.MinVersion, tls.VersionTLS12),
	}
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
	if o.PlainToo {
		return &eitherListener{listener, config}, authority, nil
	}
	return tls.NewListener(listener, config), authority, nil
}

// selfSigned makes a certificate for this machine.
func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	template := x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), NotBefore: now.Add(-time.Minute), NotAfter: now.Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

// eitherListener speaks TLS to whoever begins with it, and plain HTTP to everybody else. To the
// application all of them look plain, as they do behind a proxy that ends TLS.
type eitherListener struct {
	net.Listener
	config *tls.Config
}

// Accept implements net.Listener.
func (l *eitherListener) Accept() (net.Conn, error) {
	plain, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &eitherConn{Conn: plain, config: l.config}, nil
}

// eitherConn finds out at the first read what the client speaks.
type eitherConn struct {
	net.Conn
	config *tls.Config
	spoken net.Conn // nil until the first read
}

// handshake is the first byte of a TLS connection.
const handshake = 0x16

// Read implements net.Conn.
func (c *eitherConn) Read(b []byte) (int, error) {
	if c.spoken == nil {
		buffered := &peeked{c.Conn, bufio.NewReader(c.Conn)}
		first, err := buffered.reader.Peek(1)
		if err != nil {
			return 0, err
		}
		c.spoken = buffered
		if first[0] == handshake {
			c.spoken = tls.Server(buffered, c.config)
		}
	}
	return c.spoken.Read(b)
}

// Write implements net.Conn.
func (c *eitherConn) Write(b []byte) (int, error) {
	if c.spoken == nil {
		return c.Conn.Write(b)
	}
	return c.spoken.Write(b)
}

// peeked is a connection whose beginning was looked at.
type peeked struct {
	net.Conn
	reader *bufio.Reader
}

// Read implements net.Conn.
func (p *peeked) Read(b []byte) (int, error) { return p.reader.Read(b) }
