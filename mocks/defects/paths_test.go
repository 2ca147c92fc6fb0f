package defects_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// way arms somebody with a credential and returns what tries it: true if it opens what
// it is for.
type way func(c *Client, held *Credentials) func() bool

// ways are those into the product that no profile arms by itself.
var ways = map[acme.CredentialKind]way{
	acme.RememberMe: func(c *Client, _ *Credentials) func() bool {
		cookie := c.SignIn(ada, password, "remember", "1").Cookie("acme_remember")
		return func() bool { return c.Browse("/home", "acme_remember="+cookie).Status == http.StatusOK }
	},
	acme.AppPassword: func(c *Client, held *Credentials) func() bool {
		secret := c.AppPassword(held.Access)
		return func() bool { return c.Dav(ada, secret).Status == http.StatusOK }
	},
	acme.SSHKey: func(c *Client, held *Credentials) func() bool {
		c.SSHKey(held.Access)
		return func() bool { return c.AuthorizedKeys(ada) != "" }
	},
	acme.ResetLink: func(c *Client, _ *Credentials) func() bool {
		c.Form("/password/forgot", "", "email", ada)
		token := c.LinkToken(ada)
		return func() bool {
			return c.Form("/password/reset", "", "token", token, "password", another).Status == http.StatusSeeOther
		}
	},
	acme.WelcomeLink: func(c *Client, _ *Credentials) func() bool {
		token := c.Mails(ada)[0].Token
		return func() bool {
			return c.Form("/welcome", "", "token", token, "password", another).Status == http.StatusSeeOther
		}
	},
	acme.MagicLink: func(c *Client, _ *Credentials) func() bool {
		c.Form("/login/magic", "", "email", ada)
		link := c.Link(ada)
		return func() bool { return c.Page(link, "").Status == http.StatusSeeOther }
	},
	acme.InvitationLink: func(c *Client, held *Credentials) func() bool {
		c.API(http.MethodPost, "/api/invitations", held.Access, Object{"email": "grace@example.com"})
		token := c.LinkToken("grace@example.com")
		return func() bool {
			return c.Form("/invitation", "", "token", token, "userName", "grace", "password", another).Status == http.StatusSeeOther
		}
	},
	acme.SSOAssertion: func(c *Client, _ *Credentials) func() bool {
		return func() bool {
			c.Clock.Advance(time.Minute) // what was said before somebody left is another matter
			page := c.Form("/sso", "", "assertion", c.Assertion(ada, ada, nil))
			return page.Status == http.StatusSeeOther
		}
	},
	acme.ServiceToken: func(c *Client, held *Credentials) func() bool {
		token, _ := c.API(http.MethodPost, "/api/bots", held.Access, Object{"label": "deploy"}).Get("token").(string)
		return func() bool { return c.API(http.MethodGet, "/api/me", token, nil).Status == http.StatusOK }
	},
	acme.AuthorizationCode: func(c *Client, held *Credentials) func() bool {
		code := c.Code(held.Session, "a-verifier")
		return func() bool { return c.RedeemCode(code, "a-verifier").Status == http.StatusOK }
	},
	acme.ShareLink: func(c *Client, held *Credentials) func() bool { return opensAddress(c, held, "/api/shares") },
	acme.FeedURL:   func(c *Client, held *Credentials) func() bool { return opensAddress(c, held, "/api/feeds") },
	acme.Job: func(c *Client, held *Credentials) func() bool {
		id := c.API(http.MethodPost, "/api/jobs", held.Access, Object{"every": "1m", "text": "backup"}).ID()
		return func() bool {
			c.Clock.Advance(time.Minute)
			c.App.(*acme.App).RunJobs()
			c.NewUser("grace", password)
			return len(c.API(http.MethodGet, "/api/jobs/"+id+"/runs", c.Arm("grace", password).Access, nil).Items()) > 0
		}
	},
	acme.Webhook: func(c *Client, held *Credentials) func() bool {
		var received atomic.Int64
		receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { received.Add(1) }))
		c.API(http.MethodPost, "/api/webhooks", held.Access, Object{"url": receiver.URL})
		return func() bool {
			defer receiver.Close()
			c.NewUser("grace", password)
			c.API(http.MethodPost, "/api/messages", c.Arm("grace", password).Access, Object{"text": "hello"})
			c.App.(*acme.App).Close() // which waits for what is under way
			return received.Load() > 0
		}
	},
	acme.Stream: func(c *Client, held *Credentials) func() bool {
		server := httptest.NewServer(c.App)
		lines := streamOf(server.URL, held.Access)
		return func() bool {
			defer server.Close()
			defer c.App.(*acme.App).Close()
			c.NewUser("grace", password)
			c.API(http.MethodPost, "/api/messages", c.Arm("grace", password).Access, Object{"text": "hello"})
			for line := range lines {
				if strings.Contains(line, "hello") {
					return true
				}
			}
			return false
		}
	},
	acme.Impersonation: func(c *Client, _ *Credentials) func() bool {
		c.NewPerson(boss, password, boss)
		session, _ := c.API(http.MethodPost, "/api/admin/impersonate", c.Arm(boss, password).Access, Object{"userName": ada}).Get("session").(string)
		return func() bool { return c.API(http.MethodGet, "/api/me", session, nil).Status == http.StatusOK }
	},
}

// boss is an administrator.
const boss = "boss@example.com"

// opensAddress makes an address that opens something to whoever knows it.
func opensAddress(c *Client, held *Credentials, path string) func() bool {
	url, _ := c.API(http.MethodPost, path, held.Access, Object{"label": "plan"}).Get("url").(string)
	return func() bool { return c.Page(url, "").Status == http.StatusOK }
}

// streamOf opens a stream of events and returns its lines; the channel is closed with
// the stream.
func streamOf(url, token string) <-chan string {
	lines := make(chan string, 100)
	r, _ := http.NewRequest(http.MethodGet, url+"/api/events", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+token)
	reply, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		close(lines)
		return lines
	}
	go func() {
		defer close(lines)
		defer func() { _ = reply.Body.Close() }()
		for scan := bufio.NewScanner(reply.Body); scan.Scan(); {
			lines <- scan.Text()
		}
	}()
	return lines
}

var _ = show(survivingWays())

// survivingWays are the demonstrations of every way × event.
func survivingWays() map[string]shown {
	all := map[string]shown{}
	for kind, arm := range ways {
		slug := strings.ReplaceAll(strings.ToLower(string(kind)), " ", "-")
		all[slug+"-survives-deactivate"] = shown{opensAfter(arm, deactivate), false, true}
		if kind != acme.ResetLink && kind != acme.WelcomeLink { // there is nobody left to set a password for
			all[slug+"-survives-delete"] = shown{opensAfter(arm, remove), false, true}
		}
	}
	for _, kind := range []acme.CredentialKind{
		acme.RememberMe, acme.AppPassword, acme.SSHKey, acme.ServiceToken, acme.Webhook, acme.Job, acme.ShareLink, acme.FeedURL, acme.WelcomeLink,
	} {
		slug := strings.ReplaceAll(strings.ToLower(string(kind)), " ", "-")
		all[slug+"-revives-on-reactivate"] = shown{opensAfter(ways[kind], deactivateAndReactivate), false, true}
	}
	return all
}

func deactivateAndReactivate(c *Client, id string) {
	c.SetActive(id, false)
	c.SetActive(id, true)
}

// opensAfter arms somebody in a way, lets something happen, and tries it.
func opensAfter(arm way, happens func(*Client, string)) func(*Client) any {
	return func(c *Client) any {
		id := c.NewPerson(ada, password, ada)
		opens := arm(c, c.Arm(ada, password))
		happens(c, id)
		return opens()
	}
}
