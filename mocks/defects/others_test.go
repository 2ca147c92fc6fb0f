package defects_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

func TestCreateDefects(t *testing.T) {
	body := Object{"schemas": List{User}, "userName": ada, "name": Object{"givenName": "Ada", "familyName": "Lovelace"}}
	for name, want := range map[string]struct{ location, meta, familyName bool }{
		"create-without-location":  {false, true, true},
		"create-without-meta":      {true, false, true},
		"create-drops-family-name": {true, true, false},
	} {
		c, g := with(t, name)
		reply := c.SCIM("POST", "/Users", body)
		g.Expect(reply.Status).To(Equal(201), name)
		_, located := reply.Header["Location"]
		g.Expect(located).To(Equal(want.location), name)
		g.Expect(reply.Get("meta") != nil).To(Equal(want.meta), name)
		read := c.SCIM("GET", "/Users/"+reply.ID(), nil)
		g.Expect(read.Get("meta")).NotTo(BeNil(), name)
		g.Expect(read.Get("name", "givenName")).To(Equal("Ada"), name)
		g.Expect(read.Get("name", "familyName") != nil).To(Equal(want.familyName), name)
	}
}

func TestPatchDisplayNameIgnored(t *testing.T) {
	c, g := with(t, "patch-displayname-ignored")
	path := "/Users/" + c.NewUser(ada, password)
	reply := c.Patch(path, op("replace", "displayName", "x"), op("replace", "name.familyName", "y"))
	g.Expect(reply.Status).To(Equal(200))
	read := c.SCIM("GET", path, nil)
	g.Expect(read.Get("displayName")).To(Equal("Display of " + ada))
	g.Expect(read.Get("name", "familyName")).To(Equal("y"))
	put := c.SCIM("PUT", path, Object{"schemas": List{User}, "userName": ada, "displayName": "x"})
	g.Expect(put.Get("displayName")).To(Equal("x"))
}

func TestFilterDefects(t *testing.T) {
	for name, want := range map[string]struct{ known, unknown float64 }{
		"filter-username-ignored":       {2, 2},
		"filter-username-finds-nothing": {0, 0},
	} {
		c, g := with(t, name)
		c.NewUser(ada, password)
		id := c.NewUser("bob", password)
		g.Expect(c.Find("/Users", `userName eq "bob"`).Get("totalResults")).To(Equal(want.known), name)
		g.Expect(c.Find("/Users", `userName eq "nobody"`).Get("totalResults")).To(Equal(want.unknown), name)
		g.Expect(c.Find("/Users", `id eq "`+id+`"`).Get("totalResults")).To(Equal(1.0), name)
		g.Expect(c.SCIM("GET", "/Users", nil).Get("totalResults")).To(Equal(2.0), name)
	}
}

func TestPassingStatuses(t *testing.T) {
	for name, want := range map[string]struct {
		every, status int
		retryAfter    string
	}{
		"every-tenth-503": {10, 503, "0"},
		"throttled-429":   {15, 429, "1"},
	} {
		c, g := with(t, name)
		for n := 1; n <= 2*want.every; n++ {
			g.Expect(c.Page("/login", "").Status).To(Equal(200), "the product is not concerned")
			reply := c.SCIM("GET", "/Users", nil)
			if n%want.every != 0 {
				g.Expect(reply.Status).To(Equal(200), "%s: request %d", name, n)
				continue
			}
			g.Expect(reply.Status).To(Equal(want.status), "%s: request %d", name, n)
			g.Expect(reply.Header.Get("Retry-After")).To(Equal(want.retryAfter))
		}
	}
}

func TestDroppedConnectionsChangeNothing(t *testing.T) {
	c, g := with(t, "dropped-connections")
	id := c.NewUser(ada, password)
	server := httptest.NewServer(c.App)
	defer server.Close()
	for n := 2; n < 15; n++ {
		g.Expect(c.SCIM("GET", "/Users", nil).Status).To(Equal(200))
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, server.URL+"/scim/v2/Users/"+id, http.NoBody)
	g.Expect(err).NotTo(HaveOccurred())
	r.Header.Set("Authorization", "Bearer "+Token)
	_, err = http.DefaultTransport.RoundTrip(r)
	g.Expect(err).To(HaveOccurred())
	g.Expect(c.SCIM("GET", "/Users/"+id, nil).Status).To(Equal(200))
}

func TestSlowReplies(t *testing.T) {
	c, g := with(t, "slow-replies")
	begin := time.Now()
	c.SCIM("GET", "/Users", nil)
	g.Expect(time.Since(begin)).To(BeNumerically(">=", 50*time.Millisecond))
	begin = time.Now()
	c.Page("/login", "")
	g.Expect(time.Since(begin)).To(BeNumerically("<", 50*time.Millisecond))
}

func TestReadLag(t *testing.T) {
	c, g := with(t, "read-lag-500ms")
	id := c.NewUser(ada, password)
	held := c.Arm(ada, password)
	g.Expect(c.SCIM("GET", "/Users/"+id, nil).Status).To(Equal(200), "what is new is seen at once")

	g.Expect(c.SetActive(id, false).Get("active")).To(BeFalse(), "the answer to the write is right")
	g.Expect(c.SCIM("GET", "/Users/"+id, nil).Get("active")).To(BeTrue())
	g.Expect(c.Find("/Users", "active eq true").Get("totalResults")).To(Equal(1.0))
	g.Expect(held.Open()).To(BeEmpty(), "access does not lag")
	c.Clock.Advance(500 * time.Millisecond)
	g.Expect(c.SCIM("GET", "/Users/"+id, nil).Get("active")).To(BeFalse())

	c.SCIM("DELETE", "/Users/"+id, nil)
	g.Expect(c.SCIM("GET", "/Users/"+id, nil).Status).To(Equal(200))
	c.Clock.Advance(500 * time.Millisecond)
	g.Expect(c.SCIM("GET", "/Users/"+id, nil).Status).To(Equal(404))
}
