package acme_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
)

func TestWriteTargetProfile(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	path := filepath.Join(dir, `it's "acme".yaml`)
	p := acme.Profile{
		BaseURL: "http://127.0.0.1:8080/", SCIMToken: "the-secret", RevokeWithin: 2 * time.Second, GiveUpAfter: time.Minute,
		Secrets: map[string]string{"outbox": "the-secret-of-the-outbox", "admin": "the-secret-of-root"}, AdminName: "root",
	}
	for range 2 { // it may be written anew
		g.Expect(acme.WriteTargetProfile(path, p)).To(Succeed())
	}

	raw, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(raw)).NotTo(ContainSubstring("the-secret"))
	var profile struct {
		Version int
		Owners  map[string]struct{ Name, Contact string }
		SCIM    struct {
			BaseURL string `yaml:"baseURL"`
			Auth    struct {
				Bearer struct {
					TokenFile string `yaml:"tokenFile"`
				}
			}
		}
		RevokeWithin string `yaml:"revokeWithin"`
		GiveUpAfter  string `yaml:"giveUpAfter"`
		Access       []struct {
			Kind    string
			OneShot bool `yaml:"oneShot"`
			Try     map[string]any
		}
	}
	g.Expect(yaml.Unmarshal(raw, &profile)).To(Succeed())
	g.Expect(profile.Version).To(Equal(1))
	g.Expect(profile.Owners).To(HaveLen(5))
	g.Expect(profile.SCIM.BaseURL).To(Equal("http://127.0.0.1:8080/scim/v2"))
	g.Expect(time.ParseDuration(profile.RevokeWithin)).To(Equal(2 * time.Second))
	g.Expect(time.ParseDuration(profile.GiveUpAfter)).To(Equal(time.Minute))
	spent := []string{"remember-me", "refresh-token", "authorization-code", "magic-link"}
	var kinds []string
	for _, a := range profile.Access {
		kinds = append(kinds, a.Kind)
		g.Expect(a.OneShot).To(Equal(slices.Contains(spent, a.Kind)), a.Kind)
		g.Expect(a.Try).To(Or(HaveKey("allowed"), HaveKey("oauth")), a.Kind)
	}
	g.Expect(kinds).To(Equal(strings.Fields(`web-session remember-me access-token refresh-token
		authorization-code personal-token app-password local-password service-account share-link share-link event-stream event-stream
		webhook scheduled-job group-access role-access ssh-key reset-link reset-link magic-link
		invitation invitation direct-grant impersonation acting-as`)))

	token := filepath.Join(dir, profile.SCIM.Auth.Bearer.TokenFile)
	g.Expect(token).To(Equal(filepath.Join(dir, `it's "acme".token`)))
	g.Expect(os.ReadFile(token)).To(Equal([]byte("the-secret\n")))
	info, err := os.Stat(token)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(info.Mode().Perm()).To(Equal(fs.FileMode(0o600)))
	g.Expect(os.ReadFile(filepath.Join(dir, `it's "acme".outbox.token`))).To(Equal([]byte("the-secret-of-the-outbox\n")))
	g.Expect(os.ReadFile(filepath.Join(dir, `it's "acme".admin.token`))).To(Equal([]byte("the-secret-of-root\n")))
	g.Expect(os.ReadDir(dir)).To(HaveLen(4), "nothing temporary is left")
}

func TestWriteTargetProfileErrors(t *testing.T) {
	g := NewWithT(t)
	good := acme.Profile{BaseURL: "http://127.0.0.1:8080", SCIMToken: "the-secret"}
	nowhere := filepath.Join(t.TempDir(), "missing", "acme.yaml")
	for path, p := range map[string]acme.Profile{
		nowhere: good, filepath.Join(t.TempDir(), "acme.yaml"): {BaseURL: "127.0.0.1:8080", SCIMToken: "the-secret"},
	} {
		err := acme.WriteTargetProfile(path, p)
		g.Expect(err).To(MatchError(ContainSubstring(filepath.Dir(path))))
		g.Expect(err.Error()).NotTo(ContainSubstring("the-secret"))
	}
}
