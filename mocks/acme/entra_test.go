package acme_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// Microsoft Entra ID matches by address with a comparison behind a value filter, which
// the grammar of RFC 7644 does not have.
func TestComparisonBehindAValueFilter(t *testing.T) {
	c, g := start(t)
	for name, emails := range map[string]List{
		"ada": {Object{"value": "a@x", "type": "work"}, Object{"value": "b@x", "type": "home"}},
		"bob": {Object{"value": "b@x", "type": "work"}},
	} {
		c.SCIM(http.MethodPost, "/Users", Object{"schemas": List{User}, "userName": name, "displayName": `a "[b].c`, "emails": emails})
	}
	for filter, want := range map[string][]string{
		`emails[type eq "work"].value eq "a@x"`:                          {"ada"},
		`emails[type eq "work"].value eq "b@x"`:                          {"bob"},
		`emails[type eq "work"].value eq "b@x" and userName eq "ada"`:    {},
		`userName eq "ada" or emails[type eq "work"].value sw "b"`:       {"ada", "bob"},
		`emails[type eq "home" or type eq "x"].value pr`:                 {"ada"},
		`displayName eq "a \"[b].c" and emails[type eq "home"].value pr`: {"ada"},
	} {
		reply := c.Find("/Users", filter)
		g.Expect(reply.Status).To(Equal(http.StatusOK), filter)
		g.Expect(names(reply)).To(ConsistOf(want), filter)
	}
	for _, wrong := range []string{`emails[type eq "work"].value`, `emails[type eq "work"]value eq "x"`, `emails[type eq "work"].shoe eq "x"`, strings.Repeat(`userName eq "a" and `, 500) + `userName eq "a"`} {
		reply := c.Find("/Users", wrong)
		g.Expect(reply.Get("scimType")).To(Equal("invalidFilter"), wrong)
	}
}

func TestManagerWithoutItsURN(t *testing.T) {
	c, g := start(t)
	boss, path := c.NewUser("boss", password), "/Users/"+c.NewUser(ada, password)
	reply := c.Patch(path, Object{"op": "Add", "path": "manager", "value": List{Object{"$ref": "x", "value": boss}}})
	g.Expect(reply.Status).To(Equal(http.StatusOK), reply.Text)
	g.Expect(reply.Get(Enterprise, "manager", "value")).To(Equal(boss))
	g.Expect(names(c.Find("/Users", Enterprise+`:manager eq "`+boss+`"`))).To(Equal([]string{ada}), "a complex attribute stands for its value")
}

// RFC 7644 §3.4.2.1: what a type lacks has no value there.
func TestARootQueryTakesWhatATypeLacksForNothing(t *testing.T) {
	c, g := start(t)
	c.SCIM(http.MethodPost, "/Users", Object{"schemas": List{User}, "userName": ada, "title": "Countess", "displayName": "Ada"})
	c.NewGroup("staff")
	count := func(filter string) any {
		return c.Ask(http.MethodGet, "/scim/v2?filter="+url.QueryEscape(filter), nil).Get("totalResults")
	}
	g.Expect(count(`title pr`)).To(Equal(1.0))
	g.Expect(count(`not (title pr)`)).To(Equal(1.0), "the group")
	g.Expect(count(`title pr or members pr or displayName pr`)).To(Equal(2.0))
	g.Expect(count(`title pr and not (members[value pr])`)).To(Equal(1.0))
	g.Expect(c.Ask(http.MethodGet, "/scim/v2?filter=shoeSize+pr", nil).Get("scimType")).To(Equal("invalidFilter"), "nobody has it")
}

func TestAttributesAndExcludedAttributesExcludeEachOther(t *testing.T) {
	c, g := start(t)
	id := c.NewUser(ada, password)
	for _, path := range []string{"/Users", "/Users/" + id} {
		g.Expect(c.SCIM(http.MethodGet, path+"?attributes=userName&excludedAttributes=name", nil).Status).To(Equal(http.StatusBadRequest), path)
	}
}

// A file is read in one sitting.
func TestNoFileIsLong(t *testing.T) {
	g := NewWithT(t)
	for _, pattern := range []string{"*.go", "model/*.go", "acmetest/*.go", "../defects/*.go", "../serve/*.go"} {
		files, err := filepath.Glob(pattern)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(files).NotTo(BeEmpty(), pattern)
		for _, path := range files {
			text, err := os.ReadFile(path)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(strings.Count(string(text), "\n")).To(BeNumerically("<", 400), path)
		}
	}
}
