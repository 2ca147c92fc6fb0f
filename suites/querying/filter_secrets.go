package querying

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/spec"
)

// beginning is how much of a password is guessed, in bytes: enough to be nobody else's.
const beginning = len("Sp-") + 8

// registerFilterSecrets adds the checks of what filters may tell and do to whoever asks.
func registerFilterSecrets() {
	// RFC 7644 §7.5.2: what stands in an address ends in logs; such a query has to come by POST.
	It("refuses a GET whose filter holds a password",
		spec.ID("querying.filter.password"), spec.Covers("RFC7644-7.5.2-01"), spec.Needs("filter", "attribute:password"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustSample(ctx, t)
			came := filterFinds(ctx, t, s, `password eq `+filterText(s.find(clerk).Password))
			t.CheckThat("RFC7644-7.5.2-01", "status 403 or 400 for a password in an address", came, Or(HavePrefix("status 403"), HavePrefix("status 400")))
		})

	It("tells nobody by a filter how a password begins or what it contains",
		spec.ID("querying.filter.password-guess"), spec.Covers("RFC7643-4.1.1-06"), spec.Needs("filter", "attribute:password"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustSample(ctx, t)
			right := s.find(clerk).Password[:beginning]
			wrong := right[:3] + strings.Repeat("z", beginning-3) // passwords have hexadecimal digits there
			for _, operator := range []string{"sw", "co"} {
				came := filterFinds(ctx, t, s, "password "+operator+" "+filterText(right))
				if filterRefused(came) {
					t.CheckThat("RFC7643-4.1.1-06", "a refusal of a filter on password by "+operator, came, Satisfy(filterRefused))
					continue
				}
				other := filterFinds(ctx, t, s, "password "+operator+" "+filterText(wrong))
				t.CheckThat("RFC7643-4.1.1-06", "by "+operator+" and a part of somebody's password the same as by one of nobody's: "+other, came, Equal(other))
			}
		})

	// The payloads can do no harm: they would show everybody, or fail.
	It("takes text that means something to databases and shells for the text that it is",
		spec.ID("querying.filter.injection"), spec.Covers("RFC7644-7.7-01"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, payload := range []struct{ what, value string }{
				{"single quotes", `x' or '1'='1' -- `},
				{"double quotes", `x" or userName pr or userName eq "`},
				{"a look-up of Java's and markup", `${jndi:dns://scimproof.invalid/x}<script>x</script>`},
				{"an asterisk and brackets, as in LDAP", `*)(userName=*`},
				{"a zero byte and line breaks", "x\x00y\r\nX-Scimproof: 1"},
				{"16384 characters", strings.Repeat("x", 16<<10)},
			} {
				came := filterAnswer(filterAsks(ctx, t, "/Users", `userName eq `+filterText(payload.value)))
				t.CheckThat("RFC7644-7.7-01", "nobody by a userName of "+payload.what+", or a refusal", came, Or(Equal(filterCount(0)), Satisfy(filterRefused)))
			}
		})
}
