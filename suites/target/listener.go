package target

import (
	"net"
	"net/url"
	"strconv"
)

// ListenerURL is the placeholder of an address at the run's own listener, which nobody
// can guess and which is another for each credential.
const ListenerURL = "listener.url"

// Listener is where the run takes what an application delivers by itself.
type Listener struct {
	Address string // host:port to listen on; port 0 for any that is free
	// PublicURL is where the application finds the listener, such as behind a tunnel; nil
	// for the address itself.
	PublicURL *url.URL
}

// listener checks where deliveries are taken. Whoever is told an address of another
// machine must be able to reach it, so one that stands for all of them is not enough.
func (b *builder) listener() *Listener {
	l, at := b.doc.Listener, path{"listener"}
	if l == nil {
		return nil
	}
	out := &Listener{Address: l.Address}
	host, port, err := net.SplitHostPort(l.Address)
	if number, wrong := strconv.ParseUint(port, 10, 16); err != nil || wrong != nil || strconv.FormatUint(number, 10) != port {
		b.faults.add(at.Child("address"), "not an address to listen on", "write one such as 127.0.0.1:0, where 0 is any free port")
	}
	if l.PublicURL != "" {
		out.PublicURL = b.publicURL(at.Child("publicURL"), l.PublicURL)
		return out
	}
	if b.doc.Container != nil && err == nil {
		out.Address = b.besideContainer(host, port)
		return out
	}
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		b.faults.add(at, "publicURL must be given, as the address stands for every one of this machine", "name the one under which the application reaches it")
	}
	return out
}

// besideContainer is where to listen for what a container delivers. From inside it the
// machine's loopback address cannot be reached, so the machine's address on the private
// network stands for that, and for all of its addresses.
func (b *builder) besideContainer(host, port string) string {
	if ip := net.ParseIP(host); host == "" || loopback(host) || ip != nil && ip.IsUnspecified() {
		host = b.resolver.container[ContainerHost]
	}
	return net.JoinHostPort(host, port)
}

// publicURL reads where the application delivers to. What travels there is a test text
// and no credential, so within a test network plain http will do.
func (b *builder) publicURL(at path, text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		b.faults.add(at, "not an absolute http or https address", "write one such as https://hooks.example.com")
		return nil
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		b.faults.add(at, "the address must hold no user name, query or fragment", "a path of its own is added for each credential")
		return nil
	}
	return u
}
