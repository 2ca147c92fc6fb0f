package acme_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// waitingDevice starts an application with ada, who is signed in, and a device that waits.
func waitingDevice(t *testing.T) (c *Client, g *WithT, id, session, code, userCode string) {
	t.Helper()
	c, g = startOAuth(t)
	id = c.NewUser(ada, password)
	begun := c.StartDevice()
	g.Expect(begun.Status).To(Equal(http.StatusOK))
	return c, g, id, c.SignIn(ada, password).Cookie("acme_session"), begun.Get("device_code").(string), begun.Get("user_code").(string)
}

func TestADeviceIsLetIn(t *testing.T) {
	c, g, _, session, code, userCode := waitingDevice(t)
	g.Expect(userCode).To(MatchRegexp("^[B-Z]{4}-[B-Z]{4}$"))
	g.Expect(c.PollDevice(code).Get("error")).To(Equal("authorization_pending"))
	g.Expect(c.Page("/device?user_code="+userCode, session).Text).To(ContainSubstring("act for Display of " + ada))
	g.Expect(c.DecideDevice(session, userCode, "approve").Status).To(Equal(http.StatusOK))
	c.Clock.Advance(5 * time.Second)
	tokens := c.PollDevice(code)
	g.Expect(tokens.Status).To(Equal(http.StatusOK))
	g.Expect(opens(c, tokens.Get("access_token"))).To(Equal(ada))
	g.Expect(c.Redeem(tokens.Get("refresh_token").(string)).Status).To(Equal(http.StatusOK))
	c.Clock.Advance(5 * time.Second)
	g.Expect(c.PollDevice(code).Get("error")).To(Equal("invalid_grant"), "it works once")
	g.Expect(opens(c, tokens.Get("access_token"))).To(BeEmpty(), "what came of a code that comes twice ends")
}

// RFC 8628 §3.5: five seconds apart, and five more for each time that is too soon.
func TestADeviceThatPollsTooSoonHasToSlowDown(t *testing.T) {
	c, g, _, _, code, _ := waitingDevice(t)
	for _, tt := range []struct {
		after time.Duration
		want  string
	}{
		{0, "authorization_pending"},
		{5 * time.Second, "authorization_pending"},
		{4 * time.Second, "slow_down"},
		{9 * time.Second, "slow_down"},
		{15 * time.Second, "authorization_pending"},
		{10 * time.Minute, "expired_token"},
		{10 * time.Minute, "expired_token"},
	} {
		c.Clock.Advance(tt.after)
		g.Expect(c.PollDevice(code).Get("error")).To(Equal(tt.want), "after %s", tt.after)
	}
	c.StartDevice() // which forgets what is long over
	c.Clock.Advance(time.Minute)
	g.Expect(c.PollDevice(code).Get("error")).To(Equal("invalid_grant"))
}

func TestWhoMayDecideAboutADevice(t *testing.T) {
	c, g, _, session, code, userCode := waitingDevice(t)
	g.Expect(c.Page("/device?user_code="+userCode, "").Status).To(Equal(http.StatusSeeOther), "sign in first")
	g.Expect(c.Form("/device", "acme_session="+session, "user_code", userCode, "approve", "1").Status).To(Equal(http.StatusForbidden), "without the form's token")
	g.Expect(c.Page("/device?user_code=BCDF-GHJK", session).Text).To(ContainSubstring("No device waits"))
	g.Expect(c.DecideDevice(session, "BCDF-GHJK", "approve").Status).To(Equal(http.StatusForbidden), "there is no form for it")
	g.Expect(c.DecideDevice(session, userCode, "neither").Status).To(Equal(http.StatusBadRequest))
	g.Expect(c.DecideDevice(session, userCode, "deny").Status).To(Equal(http.StatusOK))
	g.Expect(c.PollDevice(code).Get("error")).To(Equal("access_denied"))
	g.Expect(c.DecideDevice(session, userCode, "approve").Status).To(Equal(http.StatusForbidden), "it was decided")
}

func TestWhichDeviceMayAsk(t *testing.T) {
	c, g, _, session, code, userCode := waitingDevice(t)
	g.Expect(c.Form("/oauth/device_authorization", "", "client_id", "other").Get("error")).To(Equal("invalid_client"))
	g.Expect(c.Form("/oauth/device_authorization", "", "client_id", "gateway").Get("error")).To(Equal("invalid_client"), "without its secret")
	c.DecideDevice(session, userCode, "approve")
	asGateway := c.TokenAs("gateway", "gateway-secret", "grant_type", "urn:ietf:params:oauth:grant-type:device_code", "device_code", code)
	g.Expect(asGateway.Get("error")).To(Equal("invalid_grant"), "another client's")
	g.Expect(c.PollDevice(code).Status).To(Equal(http.StatusOK))
}

// Whatever the device has by then, or has not, it ends with its person for good.
func TestADeviceEndsWithItsPerson(t *testing.T) {
	for name, leave := range map[string]func(c *Client, id string){
		"deactivated": func(c *Client, id string) { c.SetActive(id, false) },
		"and back": func(c *Client, id string) {
			c.SetActive(id, false)
			c.SetActive(id, true)
		},
		"deleted": func(c *Client, id string) { c.SCIM(http.MethodDelete, "/Users/"+id, nil) },
	} {
		c, g, id, session, code, userCode := waitingDevice(t)
		c.DecideDevice(session, userCode, "approve")
		begun := c.StartDevice()
		c.DecideDevice(session, begun.Get("user_code").(string), "approve")
		tokens := c.PollDevice(begun.Get("device_code").(string))
		late := c.StartDevice()
		leave(c, id)
		g.Expect(c.PollDevice(code).Get("error")).To(Equal("invalid_grant"), "%s: what was allowed and not fetched", name)
		g.Expect(opens(c, tokens.Get("access_token"))).To(BeEmpty(), name)
		g.Expect(c.Redeem(tokens.Get("refresh_token").(string)).Get("error")).To(Equal("invalid_grant"), name)
		g.Expect(c.DecideDevice(session, late.Get("user_code").(string), "approve").Status).To(Equal(http.StatusForbidden), name)
		g.Expect(c.PollDevice(late.Get("device_code").(string)).Get("error")).To(Equal("authorization_pending"), name)
	}
}

func TestNoDeviceSlipsThroughADeactivation(t *testing.T) {
	for range 10 {
		c, g, id, session, code, userCode := waitingDevice(t)
		page := c.Page("/device?user_code="+userCode, session)
		token := page.Cookie("acme_csrf")
		var wg sync.WaitGroup
		wg.Go(func() {
			c.Form("/device", "acme_session="+session+"; acme_csrf="+token, "csrf", token, "user_code", userCode, "approve", "1")
		})
		wg.Go(func() { c.SetActive(id, false) })
		wg.Wait()
		c.SetActive(id, true)
		g.Expect(c.PollDevice(code).Status).To(Equal(http.StatusBadRequest))
	}
}

// The two are judged where everything is, so that a hook sees them.
func TestHooksJudgeDevicesAndClients(t *testing.T) {
	for kind, want := range map[acme.CredentialKind][2]int{
		acme.DeviceCode: {http.StatusOK, http.StatusUnauthorized}, acme.RegisteredClient: {http.StatusBadRequest, http.StatusOK},
	} {
		letIn := func(judged *acme.Credential) {
			if judged.Kind == kind {
				judged.Allowed, judged.As = true, judged.Owner
			}
		}
		c := New(t, acme.Config{Hooks: acme.Hooks{JudgeCredential: []func(*acme.Credential){letIn}}})
		g := NewWithT(t)
		id := c.NewUser(ada, password)
		held := c.Arm(ada, password)
		mine, begun := register(c, held.Access), c.StartDevice()
		c.DecideDevice(held.Session, begun.Get("user_code").(string), "approve")
		c.SetActive(id, false)
		g.Expect(c.PollDevice(begun.Get("device_code").(string)).Status).To(Equal(want[0]), string(kind))
		g.Expect(mine.token().Status).To(Equal(want[1]), string(kind))
	}
}
