package acme_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

func TestEveryAnswerHasTheVersion(t *testing.T) {
	c, g := start(t)
	created := c.SCIM(http.MethodPost, "/Users", Object{"schemas": List{User}, "userName": "ada"})
	path := "/Users/" + created.ID()
	replaced := c.SCIM(http.MethodPut, path, Object{"schemas": List{User}, "userName": "ada", "title": "x"})
	patched := c.Patch(path, op("replace", "title", "y"))
	same := c.Patch(path, op("replace", "title", "y"))
	read := c.SCIM(http.MethodGet, path, nil)
	for _, reply := range []*Reply{created, replaced, patched, same, read} {
		g.Expect(reply.Header.Get("ETag")).To(MatchRegexp(`^(W/)?"[^"]+"$`))
		g.Expect(reply.Header.Get("ETag")).To(Equal(reply.Get("meta", "version")))
	}
	g.Expect(replaced.Header.Get("ETag")).NotTo(Equal(created.Header.Get("ETag")))
	g.Expect(patched.Header.Get("ETag")).NotTo(Equal(replaced.Header.Get("ETag")))
	g.Expect(same.Header.Get("ETag")).To(Equal(patched.Header.Get("ETag")), "what changes nothing makes no version")
	g.Expect(read.Header.Get("ETag")).To(Equal(patched.Header.Get("ETag")))
	g.Expect(c.SCIM(http.MethodGet, path+"?attributes=userName", nil).Header.Get("ETag")).To(Equal(read.Header.Get("ETag")))
}

func TestReadsOnlyWhatIsNew(t *testing.T) {
	c, g := start(t)
	path := "/scim/v2/Users/" + c.NewUser("ada", "a-long-password")
	tag := c.Ask(http.MethodGet, path, nil).Header.Get("ETag")
	for _, sent := range []string{tag, "*", `"other", ` + tag, tag[len("W/"):]} {
		reply := c.Ask(http.MethodGet, path, nil, "If-None-Match", sent)
		g.Expect(reply.Status).To(Equal(http.StatusNotModified), sent)
		g.Expect(reply.Text).To(BeEmpty())
		g.Expect(reply.Header.Get("ETag")).To(Equal(tag))
	}
	g.Expect(c.Ask(http.MethodGet, path, nil, "If-None-Match", `W/"other"`).Status).To(Equal(http.StatusOK))
	c.Patch(path[len("/scim/v2"):], op("replace", "title", "x"))
	g.Expect(c.Ask(http.MethodGet, path, nil, "If-None-Match", tag).Status).To(Equal(http.StatusOK))
	g.Expect(c.Ask(http.MethodGet, "/scim/v2/Users/0", nil, "If-None-Match", "*")).To(beError(404, ""))
}

func TestWritesOnlyWhatWasRead(t *testing.T) {
	c, g := start(t)
	path := "/scim/v2/Users/" + c.NewUser("ada", "a-long-password")
	old := c.Ask(http.MethodGet, path, nil).Header.Get("ETag")
	tag := c.Patch(path[len("/scim/v2"):], op("replace", "title", "x")).Header.Get("ETag")
	bodies := map[string]any{
		http.MethodPut:    Object{"schemas": List{User}, "userName": "ada", "title": "y"},
		http.MethodPatch:  Object{"schemas": List{PatchOp}, "Operations": List{op("replace", "title", "z")}},
		http.MethodDelete: nil,
	}
	for method, body := range bodies {
		for _, stale := range []string{old, `"nonsense"`, "nonsense"} {
			g.Expect(c.Ask(method, path, body, "If-Match", stale)).To(beError(412, ""), method)
		}
	}
	g.Expect(c.Ask(http.MethodGet, path, nil).Header.Get("ETag")).To(Equal(tag), "nothing has changed")
	reply := c.Ask(http.MethodPut, path, bodies[http.MethodPut], "If-Match", tag)
	g.Expect(reply.Status).To(Equal(http.StatusOK))
	g.Expect(c.Ask(http.MethodPatch, path, bodies[http.MethodPatch], "If-Match", `"other", `+reply.Header.Get("ETag")).Status).To(Equal(http.StatusOK))
	g.Expect(c.Ask(http.MethodDelete, path, nil, "If-Match", "*").Status).To(Equal(http.StatusNoContent))
}

// A copy of a user must not go on showing a membership that ended.
func TestTheVersionOfAUserMovesWithTheGroups(t *testing.T) {
	c, g := start(t)
	ada := c.NewUser("ada", "a-long-password")
	path := "/scim/v2/Users/" + ada
	alone := c.Ask(http.MethodGet, path, nil)
	group := c.NewGroup("staff", ada)
	within := c.Ask(http.MethodGet, path, nil, "If-None-Match", alone.Header.Get("ETag"))
	g.Expect(within.Status).To(Equal(http.StatusOK))
	g.Expect(within.Get("groups")).To(HaveLen(1))
	g.Expect(within.Get("meta", "version")).To(Equal(within.Header.Get("ETag")))
	g.Expect(within.Get("meta", "lastModified")).To(Equal(alone.Get("meta", "lastModified")))
	g.Expect(c.Ask(http.MethodGet, path, nil, "If-None-Match", within.Header.Get("ETag")).Status).To(Equal(http.StatusNotModified))

	c.Patch("/Groups/"+group, op("replace", "displayName", "crew"))
	renamed := c.Ask(http.MethodGet, path, nil, "If-None-Match", within.Header.Get("ETag"))
	g.Expect(renamed.Status).To(Equal(http.StatusOK), "the group's name is shown, too")
	c.SCIM(http.MethodDelete, "/Groups/"+group, nil)
	g.Expect(c.Ask(http.MethodGet, path, nil, "If-None-Match", renamed.Header.Get("ETag")).Doc).NotTo(HaveKey("groups"))
}
