package dialects_test

import (
	"encoding/json"
	"regexp"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/target"
)

// The form of a profile lists the ids, as it cannot ask this package.
func TestAProfileKnowsTheClients(t *testing.T) {
	g := NewWithT(t)
	var form struct {
		Properties struct {
			Clients struct {
				Items struct {
					Enum []string `json:"enum"`
				} `json:"items"`
			} `json:"clients"`
		} `json:"properties"`
	}
	g.Expect(json.Unmarshal(target.Schema(), &form)).To(Succeed())
	g.Expect(form.Properties.Clients.Items.Enum).To(Equal(dialects.ClientIDs()))
}

func TestUnknownClientsAreNamed(t *testing.T) {
	g := NewWithT(t)
	g.Expect(dialects.CheckClients([]string{"entra", "okta-oin"})).To(Succeed())
	g.Expect(dialects.CheckClients([]string{"okta"})).To(MatchError(ContainSubstring(`"okta"`)))
	g.Expect(dialects.Chosen([]string{"entra", "okta-oin"})).To(HaveLen(2))
}

// What is sent is JSON, and no placeholder is left in it.
func TestSamplesAreFilledIn(t *testing.T) {
	values := map[string]string{}
	for _, name := range []string{"userName", "mail", "mail2", "mailNickname", "password", "password2", "rand", "guid", "id", "gid", "idA", "idB", "idC", "idM", "group", "base", "location"} {
		values[name] = `a "quoted" & b`
	}
	left := regexp.MustCompile(`\{\{`)
	for _, s := range dialects.Samples() {
		t.Run(s.ID, func(t *testing.T) {
			g := NewWithT(t)
			r := s.Request(values, "application/json")
			g.Expect(r.Path).NotTo(MatchRegexp(left.String()))
			g.Expect(r.Path).NotTo(ContainSubstring(" "))
			if r.Raw != nil {
				g.Expect(json.Valid(r.Raw)).To(BeTrue(), "%s", r.Raw)
				g.Expect(string(r.Raw)).NotTo(MatchRegexp(left.String()))
				g.Expect(r.Header.Get("Content-Type")).To(Equal("application/json"))
			}
			g.Expect([]string{"D", "T", "M"}).To(ContainElement(s.Provenance))
		})
	}
}
