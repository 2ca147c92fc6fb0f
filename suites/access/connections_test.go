package access

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/target"
)

// replicas serves one application on two addresses of this machine and returns the port.
// Each decides by itself.
func replicas(t *testing.T, lets func(address string) bool) string {
	t.Helper()
	first, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(first.Addr().String())
	second, err := net.Listen("tcp", "127.0.0.2:"+port)
	if err != nil {
		_ = first.Close()
		t.Skip("this machine has no second loopback address: " + err.Error())
	}
	for _, listener := range []net.Listener{first, second} {
		host, _, _ := net.SplitHostPort(listener.Addr().String())
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.Host, "app.test:") || !lets(host) {
				http.Error(w, "no", http.StatusUnauthorized)
				return
			}
			_, _ = io.WriteString(w, "mark-of-ada")
		}))
		_ = server.Listener.Close()
		server.Listener = listener
		server.Start()
		t.Cleanup(server.Close)
	}
	return port
}

func TestEachAddressIsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		lets    string // the address that still does; empty for neither
		result  reports.Result
		allowed int // of four connections, two to each address
	}{
		"one replica has not heard of it": {"127.0.0.2", reports.TryAllowed, 2},
		"all deny":                        {"", reports.TryDenied, 0},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			port := replicas(t, func(address string) bool { return address == c.lets })
			d, recorder := newDriver(t)
			d.Connections = 4
			d.addresses.resolve = func(context.Context, string) []string { return []string{"127.0.0.1", "127.0.0.2"} }
			path := target.AccessPath{Name: "page", Try: target.Try{
				Step: target.Step{Method: "GET", URL: "http://app.test:" + port + "/"}, Allowed: target.Allowed{Marker: "mark-of-ada"},
			}}
			credential, err := d.Arm(t.Context(), path, "polled", nil)
			g.Expect(err).NotTo(HaveOccurred())
			got := d.TryEverywhere(t.Context(), credential)
			g.Expect(got.Result).To(Equal(c.result), got.Reason)
			g.Expect(got.Connections).To(Equal(4))
			g.Expect(got.ConnectionsAllowed).To(Equal(c.allowed))
			if c.lets != "" {
				g.Expect(got.Address).To(Equal(c.lets))
			}
			g.Expect(recorder.Exchanges()).To(HaveLen(4), "each connection is in evidence")
		})
	}
}

func TestWhatATrySpendsIsTriedOnce(t *testing.T) {
	for name, change := range map[string]func(*target.AccessPath){
		"a POST may change something": func(p *target.AccessPath) { p.Try.Step.Method = "POST" },
		"one shot":                    func(p *target.AccessPath) { p.OneShot = true },
		"tries are counted":           func(p *target.AccessPath) { p.MaxTries = 3 },
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
			t.Cleanup(server.Close)
			d, _ := newDriver(t)
			d.Connections = 4
			path := target.AccessPath{Name: "page", Try: target.Try{Step: target.Step{Method: "GET", URL: server.URL}, Allowed: target.Allowed{Marker: "m"}}}
			change(&path)
			credential, err := d.Arm(t.Context(), path, "polled", nil)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(d.TryEverywhere(t.Context(), credential).Connections).To(BeZero())
			g.Expect(asked).To(Equal(1))
		})
	}
}
