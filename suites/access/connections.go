package access

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// maxConnections bounds one mark, however many addresses a host has.
const maxConnections = 16

// addresses remembers what hosts resolve to, for a run: it is the replicas that were
// there at the beginning whose answers are compared.
type addresses struct {
	mu    sync.Mutex
	known map[string][]string
	// resolve is exchange.Addresses, but for tests.
	resolve func(ctx context.Context, host string) []string
}

func (a *addresses) of(ctx context.Context, host string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if list, ok := a.known[host]; ok {
		return list
	}
	resolve := a.resolve
	if resolve == nil {
		resolve = exchange.Addresses
	}
	list := resolve(ctx, host)
	if a.known == nil {
		a.known = map[string][]string{}
	}
	if ctx.Err() == nil {
		a.known[host] = list
	}
	return list
}

// TryEverywhere uses the credential once over each of several new connections, and at
// least once over every address that the host resolves to, side by side. Access over any
// of them is access, and a denial counts where all of them deny. What could change by
// being used, or costs a try, is used once.
func (d *Driver) TryEverywhere(ctx context.Context, c *Credential) Attempt {
	host, n := "", d.Connections
	var known []string
	if u, err := url.Parse(addressOf(c.Path.Try.Step)); err == nil {
		host = u.Hostname()
	}
	if n > 1 && repeatable(c.Path) {
		known = d.addresses.of(ctx, host)
		n = min(max(n, len(known)), maxConnections)
	}
	if n <= 1 || !repeatable(c.Path) {
		return d.Try(ctx, c)
	}
	attempts := make([]Attempt, n)
	var wg sync.WaitGroup
	for i := range attempts {
		ctx := ctx
		if len(known) > 1 {
			attempts[i].Address = known[i%len(known)]
			ctx = exchange.WithAddress(ctx, host, attempts[i].Address)
		}
		wg.Go(func() {
			address := attempts[i].Address
			attempts[i] = d.Try(ctx, c)
			attempts[i].Address = address
		})
	}
	wg.Wait()
	return d.together(attempts)
}

// addressOf is the address that a step asks, or another one of the same host.
func addressOf(step target.Step) string {
	if step.OAuth != nil {
		return step.OAuth.At()
	}
	return step.URL
}

// repeatable tells the tries that read, as whoever holds the credential, and once. To ask
// about a token is to read, though it is a POST (RFC 7662 section 2.1).
func repeatable(p target.AccessPath) bool {
	method := p.Try.Step.Method
	asks := p.Try.Step.OAuth != nil && p.Try.Step.OAuth.Endpoint == target.IntrospectionEndpoint
	return (method == http.MethodGet || method == http.MethodHead || asks) && !p.OneShot && !p.Fresh && p.MaxTries == 0 && p.Try.Within == 0 && !p.Try.AsControl
}

// together makes one attempt of several: the one that says the most. Of those that it
// repeats only the outline stays in evidence.
func (d *Driver) together(attempts []Attempt) Attempt {
	allowed := 0
	for _, a := range attempts {
		if a.Result == reports.TryAllowed {
			allowed++
		}
	}
	chosen := 0
	for _, result := range []reports.Result{reports.TryAllowed, reports.TryInconclusive} {
		if i := slices.IndexFunc(attempts, func(a Attempt) bool { return a.Result == result }); i >= 0 {
			chosen = i
			break
		}
	}
	for i, a := range attempts {
		if i != chosen && a.Result == attempts[chosen].Result {
			d.Transport.Recorder.Shorten(a.Exchange)
		}
	}
	out := attempts[chosen]
	out.Connections, out.ConnectionsAllowed = len(attempts), allowed
	return out
}
