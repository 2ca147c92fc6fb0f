package exchange

import (
	"context"
	"net"
	"time"
)

// aim is one of the addresses of a host.
type aim struct{ host, address string }

type aimKey struct{}

// WithAddress lets requests to a host under the context go to one of its addresses.
// The name in the request and in the certificate stays the host's.
func WithAddress(ctx context.Context, host, address string) context.Context {
	return context.WithValue(ctx, aimKey{}, aim{host, address})
}

// dial connects to the address that the context names, or wherever the name leads.
func dial(ctx context.Context, network, hostAndPort string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: 10 * time.Second}
	// A proxy is another host, and finds its own way.
	if to, ok := ctx.Value(aimKey{}).(aim); ok {
		if host, port, err := net.SplitHostPort(hostAndPort); err == nil && host == to.host {
			hostAndPort = net.JoinHostPort(to.address, port)
		}
	}
	return dialer.DialContext(ctx, network, hostAndPort)
}

// Addresses lists what a host resolves to; itself where it is an address, and nothing
// where it cannot be resolved.
func Addresses(ctx context.Context, host string) []string {
	if net.ParseIP(host) != nil {
		return []string{host}
	}
	list, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		return nil
	}
	return list
}
