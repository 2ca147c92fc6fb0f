package serve_test

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/serve"
	"github.com/scimproof/scimproof/suites/target"
)

func TestServesUntilItIsClosed(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	profile := filepath.Join(dir, "acme.yaml")
	s, err := serve.Start(serve.Options{Listen: "127.0.0.1:0", Profile: profile})
	g.Expect(err).NotTo(HaveOccurred())
	reply, err := http.Get(s.URL + "/healthz")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(reply.Body.Close()).To(Succeed())
	g.Expect(reply.StatusCode).To(Equal(http.StatusOK))

	files := []string{filepath.Join(dir, "acme.token")}
	for _, name := range serve.Secrets {
		files = append(files, filepath.Join(dir, "acme."+name+".token"))
	}
	for _, path := range files {
		info, err := os.Stat(path)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o600)), path)
	}
	_, err = target.Load(profile)
	g.Expect(err).NotTo(HaveOccurred())

	g.Expect(s.Close()).To(Succeed())
	g.Expect(s.Close()).To(Succeed(), "a second time")
	_, err = http.Get(s.URL + "/healthz")
	g.Expect(err).To(HaveOccurred())
}

func TestTimesOfTheProfile(t *testing.T) {
	for _, tt := range []struct{ revoke, giveUp, wantRevoke, wantGiveUp time.Duration }{
		{0, 0, 2 * time.Second, 6 * time.Second},
		{time.Second, 0, time.Second, 6 * time.Second},
		{0, 10 * time.Second, 2 * time.Second, 10 * time.Second},
		{time.Minute, 0, time.Minute, time.Minute},
	} {
		g := NewWithT(t)
		profile := filepath.Join(t.TempDir(), "acme.yaml")
		s, err := serve.Start(serve.Options{Listen: "127.0.0.1:0", Profile: profile, RevokeWithin: tt.revoke, GiveUpAfter: tt.giveUp})
		g.Expect(err).NotTo(HaveOccurred())
		loaded, err := target.Load(profile)
		g.Expect(s.Close()).To(Succeed())
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(loaded.RevokeWithin).To(Equal(tt.wantRevoke))
		g.Expect(loaded.GiveUpAfter).To(Equal(tt.wantGiveUp))
	}
}

func TestWhatCannotBeServed(t *testing.T) {
	g := NewWithT(t)
	profile := filepath.Join(t.TempDir(), "acme.yaml")
	_, err := serve.Start(serve.Options{Listen: "127.0.0.1:0", Profile: profile, Defects: []string{"no-such-defect"}})
	g.Expect(err).To(MatchError(ContainSubstring("no-such-defect")))
	g.Expect(profile).NotTo(BeAnExistingFile())

	taken, err := net.Listen("tcp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = taken.Close() }()
	_, err = serve.Start(serve.Options{Listen: taken.Addr().String(), Profile: profile})
	g.Expect(err).To(MatchError(ContainSubstring(taken.Addr().String())))
	g.Expect(profile).NotTo(BeAnExistingFile())

	_, err = serve.Start(serve.Options{Listen: "127.0.0.1:0", Profile: filepath.Join(t.TempDir(), "missing", "acme.yaml")})
	g.Expect(err).To(MatchError(ContainSubstring("missing")))
}
