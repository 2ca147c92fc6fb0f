package reports

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestEachKindOfCredentialHasItsOwnRemedy(t *testing.T) {
	g := NewWithT(t)
	said := map[string]string{}
	for kind, remedy := range remedies {
		g.Expect(CredentialTitle(kind)).NotTo(Equal(kind), "no such kind of credential")
		g.Expect(said).NotTo(HaveKey(remedy))
		g.Expect(remedy).To(HaveSuffix("."))
		said[remedy] = kind
		k := key{class: OutcomeSurvived, event: EventDeactivate, credential: kind, path: "some path"}
		g.Expect(closes(k)).To(Equal(remedy))
	}
}

func TestWhatClosesAGap(t *testing.T) {
	for name, c := range map[string]struct {
		key  key
		want string
	}{
		"a kind without a remedy": {key{class: OutcomeSurvived, event: EventDelete, credential: "passkey"}, "Revoke the passkey"},
		"somebody who stays":      {key{class: OutcomeSurvived, event: EventRemoveMember, credential: "group-access", path: "wiki"}, "End the wiki, or decide anew"},
		"a password that changed": {key{class: OutcomeSurvived, event: EventChangePassword, credential: "web-session"}, "End the web session, or decide anew"},
		"too late":                {key{class: OutcomeDelayed, event: EventDeactivate, credential: "web-session"}, "Shorten the cache"},
		"the next of that name":   {key{class: OutcomeRevived, event: EventRecreate, credential: "personal-token"}, "Bind credentials to the immutable id"},
	} {
		if got := closes(c.key); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q does not begin with %q", name, got, c.want)
		}
	}
}
