package defects_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
	"github.com/scimproof/scimproof/mocks/defects"
)

const (
	ada      = "ada@example.com"
	password = "a-long-password"
	another  = "another-password"

	// Tokens of SCIM clients beside the identity provider.
	readerToken  = "reader-token-for-tests"
	expiredToken = "expired-token-for-tests"
	sisterToken  = "sister-token-for-tests"
)

// with starts an application with defects.
func with(t *testing.T, names ...string) (*Client, *WithT) {
	t.Helper()
	config := acme.Config{
		Clients: []acme.SCIMClient{
			{Name: "auditor", Token: readerToken, Scope: acme.ReadOnly},
			{Name: "old", Token: expiredToken, Scope: acme.ReadWrite, Expires: time.Unix(0, 0)},
		},
		Sister:           &acme.Config{SCIMToken: sisterToken},
		Admins:           []string{boss},
		OutboxToken:      OutboxToken,
		StreamCheck:      10 * time.Millisecond,
		SSOKey:           SSOKey,
		SelfRegistration: true,
		WelcomeMails:     true,
	}
	g := NewWithT(t)
	g.Expect(defects.Install(&config, names...)).To(Succeed())
	return New(t, config), g
}

func op(name, path string, value any) Object {
	o := Object{"op": name, "value": value}
	if path != "" {
		o["path"] = path
	}
	return o
}

// checkIDs are the ids of every check there is, from the list that is reviewed.
func checkIDs(t *testing.T) []string {
	t.Helper()
	list, err := os.ReadFile("../../suites/runner/testdata/checks.golden")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(list))
}

func TestTheListIsSoundAndSorted(t *testing.T) {
	g := NewWithT(t)
	all := defects.All()
	ids, names := checkIDs(t), []string{}
	for i, d := range all {
		g.Expect(d.Name).To(MatchRegexp(`^[a-z0-9]+(-[a-z0-9]+)*$`))
		names = append(names, d.Name)
		g.Expect(regexp.MustCompile(`^[A-Za-z].*[A-Za-z0-9)]\.$`).MatchString(d.Summary)).To(BeTrue(), "%s: the summary is a sentence", d.Name)
		g.Expect(d.Install).NotTo(BeNil())
		if d.Harmless() {
			g.Expect(d.Checks).To(BeEmpty(), d.Name)
		}
		if (len(d.Gaps) > 0) != (len(d.Checks) > 0) {
			t.Errorf("%s: checks that turn red cost gaps, and nothing else does", d.Name)
		}
		if i > 0 {
			g.Expect(all[i-1].Family <= d.Family).To(BeTrue(), d.Name)
			g.Expect(all[i-1].Family < d.Family || all[i-1].Name < d.Name).To(BeTrue(), d.Name)
		}
		for _, pattern := range d.Checks {
			g.Expect(defects.Defect{Checks: []string{pattern}}.Expected(ids)).NotTo(BeEmpty(), "%s: %s is no check", d.Name, pattern)
		}
	}
	slices.Sort(names)
	g.Expect(slices.Compact(slices.Clone(names))).To(Equal(names), "each name is there once")
}

// A check that no defect turns red has never been seen to work.
func TestEveryCheckHasADefect(t *testing.T) {
	g := NewWithT(t)
	covered := map[string]bool{}
	for _, d := range defects.All() {
		for _, id := range d.Expected(checkIDs(t)) {
			covered[id] = true
		}
	}
	for _, id := range checkIDs(t) {
		g.Expect(covered[id]).To(BeTrue(), id)
	}
}

func TestExpectedTakesAStarForOnePart(t *testing.T) {
	g := NewWithT(t)
	d := defects.Defect{Checks: []string{"a.*", "b.*.x"}}
	g.Expect(d.Expected([]string{"a.1", "a", "a.1.2", "b.1.x", "b.1.y", "b.x"})).To(Equal([]string{"a.1", "b.1.x"}))
}

func TestInstall(t *testing.T) {
	g := NewWithT(t)
	var config acme.Config
	err := defects.Install(&config, "delete-ignored", "session-survive-deactivate")
	g.Expect(err).To(MatchError(And(ContainSubstring(`"session-survive-deactivate"`), ContainSubstring("the nearest are sessions-survive-deactivate,"))))
	g.Expect(config).To(Equal(acme.Config{}), "all or none")
	g.Expect(defects.Install(&config)).To(Succeed())

	d, ok := defects.Get("put-active-ignored")
	g.Expect(ok).To(BeTrue())
	g.Expect(d.Family).To(Equal(defects.Leaver))
	_, ok = defects.Get("")
	g.Expect(ok).To(BeFalse())
}

func TestDefectsCompose(t *testing.T) {
	c, g := with(t, "put-active-ignored", "sessions-survive-deactivate", "delete-answers-200")
	id := c.NewUser(ada, password)
	held := c.Arm(ada, password)
	c.SCIM("PUT", "/Users/"+id, Object{"schemas": List{User}, "userName": ada, "displayName": "Ada", "active": false})
	g.Expect(held.Open()).To(Equal(Kinds()))
	c.SetActive(id, false)
	g.Expect(held.Open()).To(Equal([]acme.CredentialKind{acme.Session}))
	g.Expect(c.SCIM("DELETE", "/Users/"+id, nil).Status).To(Equal(200))
	g.Expect(held.Open()).To(BeEmpty())
}

// Whoever has no leaver to deal with sees no difference.
func TestDefectsLeaveOrdinaryUseAlone(t *testing.T) {
	for _, d := range defects.All() {
		if d.Harmless() && d.Name != "read-lag-500ms" || d.Name == "throttled-without-retry-after" {
			continue
		}
		c, g := with(t, d.Name)
		id := c.NewUser(ada, password)
		held := c.Arm(ada, password)
		g.Expect(held.Open()).To(Equal(Kinds()), d.Name)
		g.Expect(c.SCIM("GET", "/Users/"+id, nil).Get("active")).To(BeTrue(), d.Name)
		g.Expect(c.Patch("/Users/"+id, op("replace", "title", "Countess")).Status).To(Equal(200), d.Name)
		g.Expect(slices.Contains([]int{200, 204}, c.SCIM("DELETE", "/Groups/"+c.NewGroup("staff", id), nil).Status)).To(BeTrue(), d.Name)
	}
}

// What is refused has nothing to alter: no defect may break on it.
func TestDefectsBreakOnNoRefusedWrite(t *testing.T) {
	for _, d := range defects.All() {
		if d.Family == defects.Operational {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			c, g := with(t, d.Name)
			id := c.NewUser(ada, password)
			for _, kind := range []string{"/Users", "/Groups"} {
				c.SCIM("POST", kind, Object{})
				for _, at := range []string{"/" + id, "/nobody"} {
					c.SCIM("PUT", kind+at, Object{})
					c.SCIM("PATCH", kind+at, Object{"schemas": List{PatchOp}, "Operations": List{op("replace", "emails[", "x")}})
					c.SCIM("PATCH", kind+at, Object{})
				}
				c.SCIM("DELETE", kind+"/nobody", nil)
			}
			g.Expect(c.SCIM("GET", "/Users", nil).Status).To(Equal(200))
		})
	}
}
