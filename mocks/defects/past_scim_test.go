package defects_test

import (
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"self-registration-revives-leaver": {comesBack(signUpAs), false, true},
	"invitation-revives-leaver":        {comesBack(acceptAs), false, true},
	"sso-revives-leaver":               {comesBack(provisionAgain), false, true},
	"re-enabled-by-hand-unseen":        {comesBack(enable), false, true},
	"re-enabled-by-hand-shown":         {comesBack(enable), false, true},
	"impersonation-outlives-its-actor": {actsOn, 401, 200},
	"sign-out-keeps-sessions":          {openAfter(signOut, 0), kinds{acme.AccessToken, acme.RefreshToken, acme.PersonalToken, acme.Password}, Kinds()},
	"everybody-cut-off":                {stillIn, kinds{acme.Session, acme.AccessToken, acme.RefreshToken, acme.PersonalToken, acme.Password}, kinds{}},
	"jobs-handed-over":                 {jobOfLeaver, "nothing runs", "runs as " + boss},
	"reset-link-mailed-to-leaver":      {mailsOfLeaver, 0, 1},
	"grant-keeps-leaver-in":            {openAfter(grantAndDeactivate, 0), kinds{}, Kinds()},
})

// comesBack says whether somebody inactive can sign in with the password once somebody
// has done something past SCIM.
func comesBack(does func(c *Client, id string)) func(*Client) any {
	return func(c *Client) any {
		id := c.NewPerson(ada, password, ada)
		c.SetActive(id, false)
		does(c, id)
		return c.SignIn(ada, password).Cookie("acme_session") != ""
	}
}

func signUpAs(c *Client, _ string) {
	c.Form("/register", "", "email", ada, "userName", ada, "password", password)
	followMail(c)
}

// followMail opens the link of the last mail to Ada, if there is one.
func followMail(c *Client) {
	if mails := c.Mails(ada); len(mails) > 0 {
		c.Page(mails[len(mails)-1].Link, "")
	}
}

func acceptAs(c *Client, _ string) {
	c.NewUser(boss, password)
	c.API("POST", "/api/invitations", c.Arm(boss, password).Access, Object{"email": ada})
	if len(c.Mails(ada)) > 0 {
		c.Join(c.LinkToken(ada), ada, password)
	}
}

func enable(c *Client, id string) {
	c.NewUser(boss, password)
	c.API("POST", "/api/admin/users/"+id+"/enable", c.Arm(boss, password).Access, nil)
}

func grantAndDeactivate(c *Client, id string) {
	c.NewUser(boss, password)
	c.API("PUT", "/api/admin/users/"+id+"/documents/plan", c.Arm(boss, password).Access, nil)
	deactivate(c, id)
}

// jobOfLeaver says as whom the job of somebody runs who was deactivated.
func jobOfLeaver(c *Client) any {
	c.NewUser(boss, password)
	id := c.NewUser(ada, password)
	job := c.API("POST", "/api/jobs", c.Arm(ada, password).Access, Object{"every": "1m", "text": "backup"}).ID()
	c.SetActive(id, false)
	c.Clock.Advance(time.Minute)
	c.App.(*acme.App).RunJobs()
	admin := c.Arm(boss, password).Access
	if len(c.API("GET", "/api/jobs/"+job+"/runs", admin, nil).Items()) == 0 {
		return "nothing runs"
	}
	owner, _ := c.API("GET", "/api/inventory/credentials/"+job, admin, nil).Get("owner").(string)
	return "runs as " + owner
}

// actsOn tries a session in which an administrator acts as Ada, once they have left.
func actsOn(c *Client) any {
	id := c.NewUser(boss, password)
	c.NewUser(ada, password)
	session, _ := c.API("POST", "/api/admin/impersonate", c.Arm(boss, password).Access, Object{"userName": ada}).Get("session").(string)
	c.SetActive(id, false)
	return c.API("GET", "/api/me", session, nil).Status
}

// mailsOfLeaver counts the mails to somebody inactive who asks for a reset link.
func mailsOfLeaver(c *Client) any {
	id := c.NewPerson(ada, password, ada)
	c.SetActive(id, false)
	before := len(c.Mails(ada))
	c.Form("/password/forgot", "", "email", ada)
	return len(c.Mails(ada)) - before
}

func provisionAgain(c *Client, _ string) {
	c.Clock.Advance(time.Minute)
	c.SSO(c.Assertion(ada, ada, Object{"groups": "staff"}))
}

func signOut(c *Client, _ string) {
	c.Form("/sso/logout", "", "assertion", c.Assertion(ada, ada, Object{"purpose": "logout"}))
}

// stillIn lists what opens the product to somebody who stays when another leaves.
func stillIn(c *Client) any {
	c.NewUser("grace", password)
	held := c.Arm("grace", password)
	c.SetActive(c.NewUser(ada, password), false)
	return held.Open()
}
