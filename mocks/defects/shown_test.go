package defects_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
	"github.com/scimproof/scimproof/mocks/defects"
)

// shown is what somebody can see of a defect: something that comes out one way on
// the reference application, and another way with the defect.
type shown struct {
	look         func(*Client) any
	right, wrong any
}

// demonstrations are by the name of the defect.
var demonstrations = map[string]shown{}

// show adds demonstrations; each file of tests has its own.
func show(some map[string]shown) bool {
	maps.Copy(demonstrations, some)
	return true
}

// inOwnTests are the defects that have tests of another form.
var inOwnTests = strings.Fields(`
	patch-active-ignored patch-pathless-ignored patch-string-refused put-active-ignored
	delete-ignored deleted-user-listed delete-answers-200 reactivate-ignored
	reactivate-locks-out recreate-conflicts recreate-reuses-id revocation-delayed-3s
	old-session-revives-on-reactivate old-tokens-revive-on-reactivate recreate-inherits-tokens recreate-inherits-sessions
	recreate-inherits-password create-without-location create-without-meta create-drops-family-name
	patch-displayname-ignored filter-username-ignored filter-username-finds-nothing every-tenth-503
	served-over-tls newest-tls-only plain-http-beside-tls
	throttled-429 dropped-connections slow-replies read-lag-500ms
	sessions-survive-deactivate tokens-survive-deactivate refresh-survives-deactivate password-login-survives-deactivate
	sessions-survive-delete tokens-survive-delete refresh-survives-delete password-login-survives-delete`)

// A defect that nobody can see is none, and what shows on the reference application,
// too, is none of the defect's.
func TestEachDefectShows(t *testing.T) {
	unused := maps.Clone(demonstrations)
	for _, d := range defects.All() {
		s, ok := unused[d.Name]
		delete(unused, d.Name)
		if slices.Contains(inOwnTests, d.Name) {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			if !ok {
				t.Fatal("nothing shows this defect")
			}
			reference, g := with(t)
			g.Expect(s.look(reference)).To(Equal(s.right), "on the reference application")
			defective, _ := with(t, d.Name)
			g.Expect(s.look(defective)).To(Equal(s.wrong), "with the defect")
		})
	}
	NewWithT(t).Expect(unused).To(BeEmpty(), "these are no defects")
}

// none stands for nil, which cannot be compared.
const none = "nothing"

// orNone says nothing in words.
func orNone(value any) any {
	if value == nil {
		return none
	}
	return value
}

// told says nothing in words of what is looked at.
func told(look func(*Client) any) func(*Client) any {
	return func(c *Client) any { return orNone(look(c)) }
}
