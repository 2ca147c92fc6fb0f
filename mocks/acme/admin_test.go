package acme_test

import (
	"net/http"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

const root = "root@example.com"

// startAdmin starts an application with an administrator and an ordinary person.
func startAdmin(t *testing.T) (c *Client, g *WithT, admin, adaID string, held *Credentials) {
	t.Helper()
	c, g = New(t, acme.Config{Admins: []string{root}, OutboxToken: OutboxToken}), NewWithT(t)
	c.NewPerson(root, password, root)
	adaID = c.NewPerson(ada, password, ada)
	return c, g, c.Arm(root, password).Access, adaID, c.Arm(ada, password)
}

func TestTheConsoleIsForAdministrators(t *testing.T) {
	c, g, admin, adaID, held := startAdmin(t)
	for path, method := range map[string]string{
		"/api/admin/users": "POST", "/api/admin/users/" + adaID + "/roles/admin": "PUT", "/api/audit": "GET",
		"/api/inventory/people": "GET", "/api/admin/provisioning": "GET", "/api/admin/impersonate": "POST",
	} {
		g.Expect(c.API(method, path, held.Access, Object{}).Status).To(Equal(http.StatusForbidden), path)
		g.Expect(c.API(method, path, "", Object{}).Status).To(Equal(http.StatusUnauthorized), path)
	}
	role := "/api/admin/users/" + adaID + "/roles/admin"
	g.Expect(c.API("PUT", role, admin, nil).Status).To(Equal(http.StatusNoContent))
	g.Expect(c.SCIM("GET", "/Users/"+adaID, nil).Get("roles")).To(Equal(List{Object{"value": "admin"}}), "SCIM shows it")
	g.Expect(c.API("GET", "/api/audit", held.Access, nil).Status).To(Equal(http.StatusOK))
	g.Expect(c.API("DELETE", role, admin, nil).Status).To(Equal(http.StatusNoContent))
	g.Expect(c.API("GET", "/api/audit", held.Access, nil).Status).To(Equal(http.StatusForbidden), "a right ends with its role")
}

func TestTheIdentitySourceHasTheLastWord(t *testing.T) {
	c, g, admin, adaID, held := startAdmin(t)
	act := func(what string) int { return c.API("POST", "/api/admin/users/"+adaID+"/"+what, admin, nil).Status }
	active := func() any { return c.SCIM("GET", "/Users/"+adaID, nil).Get("active") }

	g.Expect(act("disable")).To(Equal(http.StatusNoContent))
	g.Expect(active()).To(BeFalse())
	g.Expect(held.Open()).To(BeEmpty())
	g.Expect(act("enable")).To(Equal(http.StatusNoContent), "what the console did it can take back")
	g.Expect(active()).To(BeTrue())

	c.SetActive(adaID, false)
	g.Expect(act("enable")).To(Equal(http.StatusConflict))
	g.Expect(active()).To(BeFalse())
	c.SetActive(adaID, true)
	g.Expect(act("disable")).To(Equal(http.StatusNoContent))
	g.Expect(act("enable")).To(Equal(http.StatusNoContent))
}

func TestRestoreBringsBackNobodyActive(t *testing.T) {
	c, g, admin, adaID, held := startAdmin(t)
	restore := func() int { return c.API("POST", "/api/admin/users/"+adaID+"/restore", admin, nil).Status }
	g.Expect(restore()).To(Equal(http.StatusNotFound), "she is not deleted")
	c.SCIM("DELETE", "/Users/"+adaID, nil)
	twin := c.NewPerson(ada, fresh, ada)
	g.Expect(restore()).To(Equal(http.StatusConflict))
	c.SCIM("DELETE", "/Users/"+twin, nil)
	g.Expect(restore()).To(Equal(http.StatusNoContent))
	g.Expect(c.SCIM("GET", "/Users/"+adaID, nil).Get("active")).To(BeFalse())
	g.Expect(c.API("POST", "/api/admin/users/"+adaID+"/enable", admin, nil).Status).To(Equal(http.StatusConflict))
	c.SetActive(adaID, true)
	g.Expect(held.Open()).To(Equal([]acme.CredentialKind{acme.Password}), "nothing she held works again")
	c.SCIM("DELETE", "/Users/"+adaID, nil)
	c.Clock.Advance(31 * 24 * time.Hour)
	admin = c.PasswordGrant(root, password).Get("access_token").(string)
	g.Expect(restore()).To(Equal(http.StatusNotFound))
}

func TestABlockOutlastsAReactivation(t *testing.T) {
	c, g, admin, adaID, _ := startAdmin(t)
	session := c.SignIn(ada, password).Cookie("acme_session")
	var id string
	for _, line := range c.API("GET", "/api/inventory/credentials", admin, nil).Items() {
		if line["owner"] == ada && line["kind"] == "session" {
			id = line["id"].(string)
		}
	}
	g.Expect(c.API("PUT", "/api/admin/credentials/"+id+"/block", admin, nil).Status).To(Equal(http.StatusNoContent))
	g.Expect(c.API("PUT", "/api/admin/credentials/"+id+"/block", admin, nil).Status).To(Equal(http.StatusNotFound))
	c.SetActive(adaID, false)
	c.SetActive(adaID, true)
	g.Expect(c.Page("/api/me", session).Status).To(Equal(http.StatusUnauthorized))
}

func TestImpersonationEndsWithEither(t *testing.T) {
	for _, leaver := range []string{root, ada} {
		c, g, admin, _, _ := startAdmin(t)
		session, _ := c.API("POST", "/api/admin/impersonate", admin, Object{"userName": ada}).Get("session").(string)
		me := func() *Reply { return c.API("GET", "/api/me", session, nil) }
		g.Expect(me().Get("userName")).To(Equal(ada))
		found := c.Find("/Users", `userName eq "`+leaver+`"`).Get("Resources").(List)[0].(Object)
		c.SetActive(found["id"].(string), false)
		g.Expect(me().Status).To(Equal(http.StatusUnauthorized), leaver)
		c.SetActive(found["id"].(string), true)
		g.Expect(me().Status).To(Equal(http.StatusUnauthorized), leaver)
	}
}

func TestWhatIsGuarded(t *testing.T) {
	c, g, admin, adaID, held := startAdmin(t)
	ask := func(path string) int { return c.API("GET", path, held.Access, nil).Status }
	staff := c.NewGroup("Finance", adaID)
	all := c.NewGroup("Everybody", staff)
	for _, id := range []string{staff, all} {
		g.Expect(ask("/api/groups/"+id+"/page")).To(Equal(http.StatusOK), "direct and nested")
	}
	g.Expect(c.API("GET", "/api/groups/"+staff+"/page", held.Access, nil).Get("reader")).To(Equal("Display of " + ada))
	g.Expect(c.API("GET", "/api/groups/"+staff+"/page", admin, nil).Status).To(Equal(http.StatusForbidden), "it is the members'")
	c.Patch("/Groups/"+staff, op("remove", `members[value eq "`+adaID+`"]`, nil))
	g.Expect(ask("/api/groups/" + staff + "/page")).To(Equal(http.StatusForbidden))
	g.Expect(ask("/api/groups/" + all + "/page")).To(Equal(http.StatusForbidden))

	c.Patch("/Groups/"+staff, op("add", "members", Members(adaID)))
	c.SCIM("DELETE", "/Groups/"+staff, nil)
	c.NewGroup("Finance", adaID)
	g.Expect(ask("/api/groups/"+staff+"/page")).To(Equal(http.StatusForbidden), "a group of the same name is another")

	c.Patch("/Users/"+adaID, op("add", "roles", List{Object{"value": "Auditor"}}))
	g.Expect(ask("/api/roles/auditor/page")).To(Equal(http.StatusOK))
	c.Patch("/Users/"+adaID, op("remove", "roles", nil))
	g.Expect(ask("/api/roles/auditor/page")).To(Equal(http.StatusForbidden))

	grant := "/api/admin/users/" + adaID + "/documents/plan"
	g.Expect(ask("/api/documents/plan")).To(Equal(http.StatusForbidden))
	c.API("PUT", grant, admin, nil)
	g.Expect(ask("/api/documents/plan")).To(Equal(http.StatusOK))
	c.SetActive(adaID, false)
	g.Expect(ask("/api/documents/plan")).To(Equal(http.StatusUnauthorized), "inactive beats every grant")
	c.SetActive(adaID, true)
	held = c.Arm(ada, password)
	g.Expect(ask("/api/documents/plan")).To(Equal(http.StatusOK))
	c.API("DELETE", grant, admin, nil)
	g.Expect(ask("/api/documents/plan")).To(Equal(http.StatusForbidden))
}

func TestGrantsAreJudgedWithWhatWasLost(t *testing.T) {
	var last acme.Grant
	c, g := New(t, acme.Config{Hooks: acme.Hooks{JudgeGrant: []func(*acme.Grant){func(g *acme.Grant) { last = *g }}}}), NewWithT(t)
	id := c.NewUser(ada, password)
	held := c.Arm(ada, password)
	group := c.NewGroup("staff", id)
	c.API("GET", "/api/groups/"+group+"/page", held.Access, nil)
	g.Expect(last.Through).To(Equal("group " + group))
	g.Expect(last.Lost).To(BeEmpty())
	c.Clock.Advance(time.Minute)
	c.Patch("/Groups/"+group, op("remove", "members", nil))
	c.API("GET", "/api/groups/"+group+"/page", held.Access, nil)
	g.Expect(last.Allowed).To(BeFalse())
	g.Expect(last.Lost).To(Equal([]acme.Loss{{Through: "group " + group, At: c.Clock.Now()}}))
}

func TestTheAuditLogTellsWhoDidWhat(t *testing.T) {
	c, g, admin, adaID, _ := startAdmin(t)
	c.SetActive(adaID, false)
	c.SignIn(ada, password)
	c.Patch("/Users/"+adaID, op("replace", "password", "another-long-password"))
	c.SCIM("DELETE", "/Users/"+adaID, nil)
	lines := func(query string) (out []string) {
		reply := c.API("GET", "/api/audit?"+query, admin, nil)
		g.Expect(reply.Text).NotTo(ContainSubstring("another-long-password"))
		for _, e := range reply.Items() {
			out = append(out, e["actor"].(string)+" "+e["action"].(string)+" "+e["outcome"].(string))
		}
		return out
	}
	g.Expect(lines("subject=" + ada)).To(Equal([]string{
		"identity-provider user.create success", "identity-provider user.deactivate success",
		"identity-provider user.update success", "identity-provider user.delete success",
	}))
	g.Expect(lines("action=login")).To(ContainElement(ada + " login denied"))
	all := c.API("GET", "/api/audit", admin, nil).Items()
	after := c.API("GET", "/api/audit?count=1&since=2", admin, nil).Items()
	g.Expect(after).To(HaveLen(1))
	g.Expect(after[0]["seq"]).To(Equal(all[2]["seq"]))
}

func TestADyingChannelCanBeNoticed(t *testing.T) {
	c, g, admin, _, _ := startAdmin(t)
	for range 3 {
		c.Ask("GET", "/scim/v2/Users", nil, "Authorization", "Bearer wrong")
	}
	health := map[string]Object{}
	for _, line := range c.API("GET", "/api/admin/provisioning", admin, nil).Items() {
		health[line["client"].(string)] = line
	}
	g.Expect(health["unknown"]["failuresSinceSuccess"]).To(Equal(3.0))
	g.Expect(health["identity-provider"]["failuresSinceSuccess"]).To(Equal(0.0))
	g.Expect(c.API("GET", "/healthz", "", nil).Status).To(Equal(http.StatusOK))
}

func TestTheInventoryShowsOrphansAndNoSecrets(t *testing.T) {
	c, g, admin, adaID, held := startAdmin(t)
	bot := c.API("POST", "/api/bots", held.Access, Object{"label": "deploy"})
	c.SetActive(adaID, false)
	reply := c.API("GET", "/api/inventory/orphans", admin, nil)
	kinds := map[any]bool{}
	for _, line := range reply.Items() {
		g.Expect(line["owner"]).To(Equal(ada))
		g.Expect(line["works"]).To(BeFalse())
		kinds[line["kind"]] = true
	}
	g.Expect(kinds).To(And(HaveKey("service account token"), HaveKey("session"), HaveKey("refresh token"), HaveKey("personal token")))
	for _, secret := range []string{held.Session, held.Access, held.Refresh, held.Personal, bot.Get("token").(string)} {
		g.Expect(reply.Text).NotTo(ContainSubstring(secret))
	}
	for _, p := range c.API("GET", "/api/inventory/people", admin, nil).Items() {
		if p["userName"] == ada {
			g.Expect(p).To(And(HaveKeyWithValue("state", "inactive"), HaveKeyWithValue("source", "identity-provider"), HaveKey("lastLogin")))
		}
	}
}
