package acme_test

import (
	"net/http"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

func TestBeforeChangeSeesTheChange(t *testing.T) {
	var seen []acme.Change
	c, g := New(t, acme.Config{Hooks: acme.Hooks{BeforeChange: []func(*acme.Change){func(c *acme.Change) { seen = append(seen, *c) }}}}), NewWithT(t)
	id := c.NewUser(ada, password)
	c.Patch("/Users/"+id, op("Replace", "active", "False"))
	c.SCIM(http.MethodDelete, "/Users/"+id, nil)
	c.NewUser("ADA@example.com", password)
	c.Patch("/Users/0", op("replace", "active", false))

	g.Expect(seen).To(HaveLen(5))
	g.Expect(seen[0].Method).To(Equal("POST"))
	g.Expect(seen[0].ID).To(Equal(id))
	g.Expect(seen[0].Before).To(BeNil())
	g.Expect(seen[1].Operations).To(Equal([]acme.Operation{{Op: "replace", Spelled: "Replace", Path: "active", Value: "False"}}))
	g.Expect(seen[1].Before.Active()).To(BeTrue())
	g.Expect(seen[1].After.Active()).To(BeFalse())
	g.Expect(seen[2].Before.Active()).To(BeFalse())
	g.Expect(seen[2].After).To(BeNil())
	g.Expect(seen[4].Err.Status).To(Equal(404), "what is refused is seen, too")
	g.Expect(seen[3].Namesakes).To(ConsistOf(HaveKeyWithValue("id", id)))
}

func TestBeforeChangeAltersDropsAndRefuses(t *testing.T) {
	hook := func(c *acme.Change) {
		if c.After == nil {
			return
		}
		switch c.After.Text("title") {
		case "alter":
			c.After["title"] = "altered"
		case "drop":
			c.Drop = true
		case "refuse":
			c.Err = &acme.Error{Status: 409, ScimType: "uniqueness", Detail: "no"}
		}
	}
	c, g := New(t, acme.Config{Hooks: acme.Hooks{BeforeChange: []func(*acme.Change){hook}}}), NewWithT(t)
	path := "/Users/" + c.NewUser(ada, password)
	for _, tt := range []struct {
		title  string
		status int
		stored string
	}{{"alter", 200, "altered"}, {"drop", 200, "altered"}, {"refuse", 409, "altered"}, {"plain", 200, "plain"}} {
		g.Expect(c.Patch(path, op("replace", "title", tt.title)).Status).To(Equal(tt.status), tt.title)
		g.Expect(c.SCIM(http.MethodGet, path, nil).Get("title")).To(Equal(tt.stored), tt.title)
	}
}

func TestJudgeCredentialSeesWhatHappened(t *testing.T) {
	var last acme.Credential
	c, g := New(t, acme.Config{Hooks: acme.Hooks{JudgeCredential: []func(*acme.Credential){func(c *acme.Credential) { last = *c }}}}), NewWithT(t)
	id := c.NewUser(ada, password)
	start := c.Clock.Now()
	held := c.Arm(ada, password)

	held.Use(acme.PersonalToken)
	g.Expect(last.Kind).To(Equal(acme.PersonalToken))
	g.Expect(last.Owner.State).To(Equal(acme.Active))
	g.Expect(last.IssuedAt).To(Equal(start))
	g.Expect(last.Ended).To(BeNil())
	g.Expect(last.Allowed).To(BeTrue())

	c.Clock.Advance(time.Minute)
	c.SetActive(id, false)
	left := acme.Ending{At: start.Add(time.Minute), Why: acme.Deactivation}
	held.Use(acme.PersonalToken)
	g.Expect(last.Owner.State).To(Equal(acme.Inactive))
	g.Expect(last.Ended).To(Equal(&left))
	g.Expect(last.Allowed).To(BeFalse())
	held.Use(acme.Password)
	g.Expect(last.Ended).To(BeNil(), "a password is barred, not ended")

	c.SetActive(id, true)
	held.Use(acme.Session)
	g.Expect(last.Owner.State).To(Equal(acme.Active))
	g.Expect(last.Ended).To(Equal(&left))

	c.Clock.Advance(time.Minute)
	c.SCIM(http.MethodDelete, "/Users/"+id, nil)
	held.Use(acme.Session)
	g.Expect(last.Owner.State).To(Equal(acme.Deleted))
	g.Expect(last.Owner.User.Text("userName")).To(Equal(ada))
	g.Expect(last.Owner.LastDeparture()).To(Equal(start.Add(2 * time.Minute)))
	g.Expect(last.Ended).To(Equal(&left), "the event that ended it, not a later one")
	g.Expect(last.Namesake).To(BeNil())

	again := c.NewUser(ada, "another-password")
	held.Use(acme.Session)
	g.Expect(last.Namesake.User.Text("id")).To(Equal(again))
	held.Use(acme.Password)
	g.Expect(last.Ended.Why).To(Equal(acme.Deletion))
}

func TestTheOtherHooks(t *testing.T) {
	hooks := acme.Hooks{
		OnRequest: []func(http.ResponseWriter, *http.Request) bool{func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/teapot" {
				w.WriteHeader(http.StatusTeapot)
			}
			return r.URL.Path == "/teapot"
		}},
		OnRead: []func(*acme.Read){func(r *acme.Read) {
			if r.Previous != nil && r.Now.Sub(r.ChangedAt) < time.Second {
				r.Current = r.Previous
			}
		}},
		OnQuery:    []func(*acme.Query){func(q *acme.Query) { q.Found = append(q.Found, q.Deleted()...) }},
		WriteReply: []func(*acme.Reply){func(r *acme.Reply) { r.Header.Set("X-Hook", r.Request.Method) }},
	}
	c, g := New(t, acme.Config{Hooks: hooks}), NewWithT(t)
	g.Expect(c.Page("/teapot", "").Status).To(Equal(http.StatusTeapot))

	id := c.NewUser(ada, password)
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+id, nil).Header.Get("X-Hook")).To(Equal("GET"))
	c.SetActive(id, false)
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+id, nil).Get("active")).To(BeTrue())
	c.Clock.Advance(time.Second)
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+id, nil).Get("active")).To(BeFalse())
	c.SCIM(http.MethodDelete, "/Users/"+id, nil)
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+id, nil).Status).To(Equal(http.StatusOK), "a read may show what is deleted")
	c.Clock.Advance(time.Second)
	g.Expect(c.SCIM(http.MethodGet, "/Users/"+id, nil).Status).To(Equal(http.StatusNotFound))
	g.Expect(names(c.Find("/Users", `userName eq "nobody"`))).To(Equal([]string{ada}))
}
