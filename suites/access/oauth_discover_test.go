package access

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/target"
)

// RFC 8414 section 3.1 and OpenID Connect Discovery section 4.
func TestWhereAnIssuerDescribesItself(t *testing.T) {
	for issuer, want := range map[string][]string{
		"https://a.example":          {"https://a.example/.well-known/oauth-authorization-server", "https://a.example/.well-known/openid-configuration"},
		"https://a.example/":         {"https://a.example/.well-known/oauth-authorization-server", "https://a.example/.well-known/openid-configuration"},
		"https://a.example:8443/x/y": {"https://a.example:8443/.well-known/oauth-authorization-server/x/y", "https://a.example:8443/x/y/.well-known/openid-configuration"},
		"https://a.example/x%2Fy/":   {"https://a.example/.well-known/oauth-authorization-server/x%2Fy", "https://a.example/x%2Fy/.well-known/openid-configuration"},
	} {
		NewWithT(t).Expect(wellKnown(issuer)).To(Equal(want), issuer)
	}
}

const (
	byRFC8414 = "/.well-known/oauth-authorization-server/tenant"
	byOpenID  = "/tenant/.well-known/openid-configuration"
)

// Each row is what the two addresses answer, HOST being the server's own, and what comes
// of it: an endpoint, or a problem.
func TestAnEndpointIsDiscovered(t *testing.T) {
	for name, c := range map[string]struct {
		answers map[string]string
		status  int
		want    string
		passing bool
	}{
		"by RFC 8414":            {map[string]string{byRFC8414: `{"issuer":"HOST/tenant","token_endpoint":"HOST/t"}`}, 404, "HOST/t", false},
		"by OpenID":              {map[string]string{byOpenID: `{"issuer":"HOST/tenant","token_endpoint":"HOST/t"}`}, 404, "HOST/t", false},
		"a page, and by OpenID":  {map[string]string{byRFC8414: `<h1>hi</h1>`, byOpenID: `{"issuer":"HOST/tenant","token_endpoint":"HOST/t"}`}, 404, "HOST/t", false},
		"both":                   {map[string]string{byRFC8414: `{"issuer":"HOST/tenant","token_endpoint":"HOST/a"}`, byOpenID: `{"issuer":"HOST/tenant","token_endpoint":"HOST/b"}`}, 404, "HOST/a", false},
		"neither":                {nil, 404, "GET HOST" + byRFC8414 + " answered 404 and GET HOST" + byOpenID + " answered 404, and neither describes an authorization server", false},
		"trouble":                {map[string]string{byOpenID: `{"issuer":"HOST/tenant","token_endpoint":"HOST/t"}`}, 503, "GET HOST" + byRFC8414 + " answered 503", true},
		"another issuer":         {map[string]string{byRFC8414: `{"issuer":"HOST","token_endpoint":"HOST/t"}`}, 404, `names the issuer "HOST" instead of HOST/tenant (RFC 8414 section 3.3)`, false},
		"an issuer with a slash": {map[string]string{byRFC8414: `{"issuer":"HOST/tenant/","token_endpoint":"HOST/t"}`}, 404, `names the issuer "HOST/tenant/"`, false},
		"no such endpoint":       {map[string]string{byRFC8414: `{"issuer":"HOST/tenant"}`}, 404, "names no token_endpoint; give endpoint instead", false},
		"another host":           {map[string]string{byRFC8414: `{"issuer":"HOST/tenant","token_endpoint":"http://evil.example/t"}`}, 404, `names "http://evil.example/t" as its token_endpoint, which is on another origin`, false},
		"a user in the address":  {map[string]string{byRFC8414: `{"issuer":"HOST/tenant","token_endpoint":"http://u@127.0.0.1/t"}`}, 404, "which is on another origin", false},
		"no address":             {map[string]string{byRFC8414: `{"issuer":"HOST/tenant","token_endpoint":"/t"}`}, 404, "which is on another origin", false},
		"no text":                {map[string]string{byRFC8414: `{"issuer":"HOST/tenant","token_endpoint":7}`}, 404, "names no token_endpoint", false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			asked, host := atomic.Int32{}, ""
			host = serving(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				answer := c.answers[r.URL.Path]
				if answer == "" {
					w.WriteHeader(c.status)
				}
				_, _ = io.WriteString(w, strings.ReplaceAll(answer, "HOST", "http://"+r.Host))
			})
			d, _ := newDriver(t)
			want := strings.ReplaceAll(c.want, "HOST", host)
			found, err := d.discover(t.Context(), host+"/tenant", target.TokenEndpoint)
			if !strings.HasPrefix(c.want, "HOST") {
				g.Expect(err).To(MatchError(ContainSubstring(want)))
				g.Expect(unclear(err).passing).To(Equal(c.passing))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(found).To(Equal(want))
			before := asked.Load()
			_, _ = d.discover(t.Context(), host+"/tenant", target.TokenEndpoint)
			g.Expect(asked.Load()).To(Equal(before), "it is remembered")
		})
	}
}

// What is not found out decides nothing, also where it is looked for anew.
func TestAnEndpointThatIsNotFoundIsNoDenial(t *testing.T) {
	g := NewWithT(t)
	host := serving(t, http.NotFound)
	d, _ := newDriver(t)
	step := target.Step{OAuth: &target.OAuth{Name: "grant password", Endpoint: target.TokenEndpoint, Issuer: host, Parameters: map[string]string{"grant_type": "password"}}}
	_, err := d.Arm(t.Context(), target.AccessPath{Name: "token", Arm: []target.Step{step}}, "polled", nil)
	g.Expect(err).To(MatchError(ContainSubstring("give endpoint instead of issuer")))
	g.Expect(err).To(And(HaveField("Passing", false), HaveField("Unclear", true)))
	path := trying(step)
	g.Expect(d.Try(t.Context(), &Credential{Path: path, jar: newJar()}).Result).To(BeEquivalentTo("inconclusive"))
	path.Arm, path.Fresh = []target.Step{step}, true
	g.Expect(d.Try(t.Context(), &Credential{Path: path, jar: newJar()}).Result).To(BeEquivalentTo("inconclusive"))
}

func FuzzReadMetadata(f *testing.F) {
	for _, body := range []string{`{"issuer":"https://a.example"}`, `{"issuer":"https://b.example"}`, `{"issuer":["https://a.example"]}`, `null`, "\xff", `{"issuer":"\u0000"}`} {
		f.Add(200, body)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		metadata, err := readMetadata("https://a.example", status, []byte(body))
		if metadata != nil && (err != nil || metadata["issuer"] != "https://a.example") {
			t.Fatalf("%d %q is taken for the issuer's", status, body)
		}
	})
}

func FuzzWellKnown(f *testing.F) {
	for _, issuer := range []string{"https://a.example", "https://a.example/x/", "https://a.example//", "http://[::1]:80/%2e%2e/x"} {
		f.Add(issuer)
	}
	f.Fuzz(func(t *testing.T, issuer string) {
		for _, address := range wellKnown(issuer) {
			if strings.HasPrefix(issuer, "https://") && !sameOrigin(issuer, address) && sameOrigin(issuer, issuer) {
				t.Fatalf("%q describes itself at %q", issuer, address)
			}
		}
	})
}
