package access

import (
	"bytes"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"go.uber.org/goleak"

	"github.com/scimproof/scimproof/suites/target"
)

// deliver posts a body and returns the status.
func deliver(t *testing.T, address string, body []byte) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func TestEachCredentialHasItsOwnAddress(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	g := NewWithT(t)
	var l listener
	defer l.close()
	at := &target.Listener{Address: "127.0.0.1:0"}
	one, key, first, err := l.open(t.Context(), at)
	g.Expect(err).NotTo(HaveOccurred())
	other, _, second, err := l.open(t.Context(), at)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(one).To(HavePrefix("http://127.0.0.1:"))
	g.Expect(one).NotTo(Equal(other))
	g.Expect(len(key)).To(BeNumerically(">=", 26), "128 bits in base32")

	heard, quiet := first.hear(), second.hear()
	g.Expect(deliver(t, one, []byte("mark"))).To(Equal(http.StatusOK))
	g.Expect(string(heard.await(t.Context(), "mark"))).To(Equal("mark"))
	count, _ := quiet.sum()
	g.Expect(count).To(BeZero())

	base := strings.TrimSuffix(one, "/"+key)
	for _, nowhere := range []string{"/", "/" + key + "x", "/" + key[1:], "/" + key + "/x"} {
		g.Expect(deliver(t, base+nowhere, []byte("mark"))).To(Equal(http.StatusNotFound), nowhere)
	}
	// What stands between may put a path before it.
	g.Expect(deliver(t, base+"/in/"+key, []byte("mark"))).To(Equal(http.StatusOK))

	l.forget(key)
	l.forget(key)
	g.Expect(deliver(t, one, nil)).To(Equal(http.StatusNotFound))
	g.Expect(first.closed()).To(MatchError(errClosedByUs))
	g.Expect(second.closed()).To(Succeed())
}

func TestADeliveryIsBounded(t *testing.T) {
	for name, c := range map[string]struct {
		size int
		lost bool
	}{"just fits": {maxMessage, false}, "one byte more": {maxMessage + 1, true}} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var l listener
			defer l.close()
			address, _, box, err := l.open(t.Context(), &target.Listener{Address: "127.0.0.1:0"})
			g.Expect(err).NotTo(HaveOccurred())
			h := box.hear()
			g.Expect(deliver(t, address, bytes.Repeat([]byte("x"), c.size))).To(Equal(http.StatusOK))
			count, lost := h.sum()
			g.Expect(count).To(Equal(1))
			g.Expect(lost).To(Equal(c.lost))
		})
	}
}

// Whoever opens a connection and says nothing must not keep the run from its end.
func TestTheListenerEnds(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	g := NewWithT(t)
	var l listener
	l.close() // before it has begun
	_, _, _, err := l.open(t.Context(), &target.Listener{Address: "127.0.0.1:0"})
	g.Expect(err).To(MatchError("the run is over"))

	l = listener{}
	address, _, box, err := l.open(t.Context(), &target.Listener{Address: "127.0.0.1:0"})
	g.Expect(err).NotTo(HaveOccurred())
	to, err := url.Parse(address)
	g.Expect(err).NotTo(HaveOccurred())
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", to.Host)
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = conn.Close() }()
	_, err = conn.Write([]byte("POST " + to.Path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe"))
	g.Expect(err).NotTo(HaveOccurred())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.close()
		l.close()
	}()
	g.Eventually(ended).WithTimeout(deliveryTime / 2).Should(BeClosed())
	g.Expect(box.closed()).To(MatchError(errClosedByUs))
}

func TestWhereTheListenerIs(t *testing.T) {
	g := NewWithT(t)
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = taken.Close() }()
	public := &url.URL{Scheme: "https", Host: "hooks.example.com", Path: "/in"}
	for name, c := range map[string]struct {
		at            *target.Listener
		begins, wrong string
	}{
		"an address of its own": {&target.Listener{Address: "127.0.0.1:0"}, "http://127.0.0.1:", ""},
		"a public one":          {&target.Listener{Address: "127.0.0.1:0", PublicURL: public}, "https://hooks.example.com/in/", ""},
		"one that is taken":     {&target.Listener{Address: taken.Addr().String()}, "", "set listener.address to one that is free"},
		"none":                  {nil, "", "the profile names no listener"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			d, _ := newDriver(t)
			d.Listener = c.at
			defer d.Close()
			path := target.AccessPath{Name: "hook", Listens: true}
			credential, err := d.Arm(t.Context(), path, "polled", nil)
			if c.wrong != "" {
				g.Expect(err).To(MatchError(SatisfyAll(ContainSubstring(`"hook", arm step 1`), ContainSubstring(c.wrong))))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(credential.values[target.ListenerURL]).To(SatisfyAll(HavePrefix(c.begins), HaveSuffix("/"+credential.address)))
		})
	}
}
