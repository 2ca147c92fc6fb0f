package discovery

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/target"
)

func registerConfig() {
	It("says in ServiceProviderConfig what it can do",
		spec.ID("discovery.config"), spec.Covers("RFC7644-4-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := served(ctx, t, configPath)
			// RFC 7644 §4 says what the endpoints answer, and nowhere that they must be there.
			if !t.Prefer("RFC7644-4-01", "status 200", reply.Status, Equal(http.StatusOK)) {
				return
			}
			t.CheckThat("RFC7644-4-01", "the schema of a ServiceProviderConfig", reply.Doc.Texts("schemas"), ContainElement(urn(configSchema)))
			t.CheckThat("RFC7644-4-01", "one object instead of a list", len(reply.Doc.Resources()), BeZero())
		})

	It("leaves out of ServiceProviderConfig what has no value there",
		spec.ID("discovery.config.nulls"), spec.Covers("RFC7643-5-06"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			var null []string
			for name, value := range mustConfig(ctx, t) {
				if value == nil {
					null = append(null, name)
				}
			}
			slices.Sort(null)
			t.Prefer("RFC7643-5-06", "no attribute that is null", strings.Join(null, ", "), BeEmpty())
		})

	It("says of each feature whether it has it, and how far it goes",
		spec.ID("discovery.config.features"), spec.Covers("RFC7643-5-01", "RFC7643-5-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			config := mustConfig(ctx, t)
			for _, feature := range []string{"patch", "bulk", "filter", "changePassword", "sort", "etag"} {
				value, _ := config.Get(feature, "supported")
				t.CheckThat("RFC7643-5-01", feature+".supported as true or false", value, BeAssignableToTypeOf(true))
			}
			for _, limit := range [][]string{{"bulk", "maxOperations"}, {"bulk", "maxPayloadSize"}, {"filter", "maxResults"}} {
				value, _ := config.Get(limit...)
				t.CheckThat("RFC7643-5-02", strings.Join(limit, ".")+" as an integer that is not negative", value, integer(0))
			}
		})

	It("says how clients sign in, by a way that works",
		spec.ID("discovery.config.authentication"), spec.Covers("RFC7643-5-03", "RFC7643-5-05"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			schemes := mustConfig(ctx, t).Objects("authenticationSchemes")
			t.CheckThat("RFC7643-5-03", "a list of authenticationSchemes", fmt.Sprintf("a list of %d", len(schemes)), Not(Equal("a list of 0")))
			var incomplete misses
			for i, s := range schemes {
				for _, name := range []string{"type", "name", "description"} {
					if s.Text(name) == "" {
						incomplete.add("the scheme %d has no %s", i+1, name)
					}
				}
			}
			t.CheckThat("RFC7643-5-03", "type, name and description of each scheme", incomplete.String(), BeEmpty())
			fitting(t, schemes)
		})

	// RFC 7643 §5 has the list readable by whoever is about to sign in.
	It("says to whoever asks how clients sign in",
		spec.ID("discovery.config.anonymous"), spec.Covers("RFC7643-5-04"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			if len(mustConfig(ctx, t).Objects("authenticationSchemes")) == 0 {
				t.NotTested("ServiceProviderConfig lists no authenticationSchemes, which is the matter of the check discovery.config.authentication.")
			}
			anybody, err := t.SCIM.Anonymous()
			Expect(err).NotTo(HaveOccurred())
			reply := t.Send(ctx, "read without a credential", func(ctx context.Context) (*scim.Reply, error) {
				return anybody.ServiceProviderConfig(ctx)
			})
			seen := fmt.Sprintf("status %d with %d schemes", reply.Status, len(reply.Doc.Objects("authenticationSchemes")))
			t.CheckThat("RFC7643-5-04", "status 200 with the authenticationSchemes", seen, MatchRegexp("^status 200 with [1-9]"))
		})
}

// kinds are the types of RFC 7643 §5, with what of them a profile's scheme uses.
var kinds = map[string]string{
	"oauth2": "bearer token", "oauthbearertoken": "bearer token", "httpbasic": "name and password", "oauth": "", "httpdigest": "",
}

// fitting holds the listed schemes against the credential of this run, which works. A type of a
// service's own making may mean anything.
func fitting(t *spec.T, schemes []scim.Document) {
	GinkgoHelper()
	credential := "bearer token"
	if t.Target.SCIM.Auth.Scheme == target.AuthBasic {
		credential = "name and password"
	}
	var listed []string
	own := len(schemes) == 0
	for _, s := range schemes {
		kind := strings.ToLower(s.Text("type"))
		listed = append(listed, kind)
		if _, known := kinds[kind]; !known {
			own = true
		}
	}
	if own {
		t.Record("RFC7643-5-05", "how clients sign in", "lists the types "+listOf(listed))
		return
	}
	fits := slices.ContainsFunc(listed, func(kind string) bool { return kinds[kind] == credential })
	t.CheckThat("RFC7643-5-05", "a scheme for the credential that works, a "+credential, listOf(listed)+map[bool]string{true: ", which fits", false: ""}[fits], HaveSuffix(", which fits"))
}

func listOf(texts []string) string {
	if len(texts) == 0 {
		return "none"
	}
	return strings.Join(texts, ", ")
}

// integer matches a whole number that is at least so big.
func integer(least int64) types.GomegaMatcher {
	return gcustom.MakeMatcher(func(v any) (bool, error) {
		number, ok := v.(json.Number)
		n, err := number.Int64()
		return ok && err == nil && n >= least, nil
	}).WithMessage(fmt.Sprintf("be an integer of at least %d", least))
}
