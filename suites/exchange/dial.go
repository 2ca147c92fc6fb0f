package exchange

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/scimproof/scimproof/suites/target"
)

// NewBase returns the plain transport under a Transport: TLS 1.2 or newer with
// the profile's options, proxies from the environment, and, if fresh is set, a
// new connection for each request.
func NewBase(options target.TLS, fresh bool) (*http.Transport, error) {
	config, err := tlsConfig(options)
	if err != nil {
		return nil, err
	}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dial,
		TLSClientConfig:        config,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        30 * time.Second,
		DisableKeepAlives:      fresh,
		ForceAttemptHTTP2:      true,
	}, nil
}

func tlsConfig(o target.TLS) (*tls.Config, error) {
	config := &tls.Config{
		MinVersion: tls.VersionTLS12,
		MaxVersion: o.MaxVersion,
		ServerName: o.ServerName,
		// The profile may ask for this for a test system; the report then says so.
		InsecureSkipVerify: o.InsecureSkipVerify, //nolint:gosec // stated in the report
	}
	if o.CAFile != "" {
		pem, err := os.ReadFile(o.CAFile)
		if err != nil {
			return nil, fmt.Errorf("scim.tls.caFile: %w", err)
		}
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool()
		}
		if !roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("scim.tls.caFile: %s holds no PEM certificate", o.CAFile)
		}
		config.RootCAs = roots
	}
	if o.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(o.CertFile, o.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("scim.tls.certFile and keyFile: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}
