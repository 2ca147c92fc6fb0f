package acme_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// crowd creates users u00, u01 and so on, with titles that repeat.
func crowd(c *Client, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = c.NewUser(fmt.Sprintf("u%02d", i), "")
		c.Patch("/Users/"+ids[i], op("replace", "title", fmt.Sprint(i%3)))
	}
	return ids
}

// turn asks for a page of users.
func turn(c *Client, query, cursor string) *Reply {
	return c.SCIM(http.MethodGet, "/Users?"+query+"&cursor="+cursor, nil)
}

func cursors(reply *Reply) (previous, next string) {
	previous, _ = reply.Get("previousCursor").(string)
	next, _ = reply.Get("nextCursor").(string)
	return previous, next
}

// given matches text that is there or not.
func given(there bool) OmegaMatcher {
	if there {
		return Not(BeEmpty())
	}
	return BeEmpty()
}

func TestCursorsLeadThereAndBack(t *testing.T) {
	c, g := start(t)
	crowd(c, 11)
	for _, query := range []string{"count=3", "count=3&sortBy=title", "count=3&sortBy=title&sortOrder=descending", "count=3&filter=userName+pr", "count=3&sortBy=userName&attributes=userName"} {
		g.Expect(names(turn(c, strings.Replace(query, "count=3", "count=20", 1), ""))).To(HaveLen(11))
		all := names(c.SCIM(http.MethodGet, "/Users?"+strings.Replace(query, "count=3", "count=20", 1), nil))
		cursor := ""
		var back []string
		for page := range 4 {
			reply := turn(c, query, cursor)
			g.Expect(reply.Status).To(Equal(http.StatusOK), reply.Text)
			g.Expect(names(reply)).To(Equal(all[3*page:min(11, 3*page+3)]), query)
			g.Expect(reply.Get("totalResults")).To(Equal(11.0))
			g.Expect(reply.Get("itemsPerPage")).To(Equal(float64(len(names(reply)))))
			g.Expect(reply.Doc).NotTo(HaveKey("startIndex"))
			previous, next := cursors(reply)
			g.Expect(previous).To(given(page > 0), "previousCursor is on all pages but the first")
			g.Expect(next).To(given(page < 3), "nextCursor is on all pages but the last")
			g.Expect(previous + next).To(MatchRegexp(`^[A-Za-z0-9._~-]+$`))
			back, cursor = append(back, previous), next
		}
		for page := 3; page > 0; page-- {
			g.Expect(names(turn(c, query, back[page]))).To(Equal(all[3*page-3:3*page]), query)
		}
	}
	g.Expect(c.SCIM(http.MethodGet, "/Users?cursor&count=2", nil).Doc).To(HaveKey("nextCursor"), "a bare cursor is an empty one")
	g.Expect(c.SCIM(http.MethodGet, "/Users?count=2", nil).Doc).NotTo(HaveKey("nextCursor"), "index paging is the default")
}

// What was seen is not seen again, and what was there all the time is not missed, when
// others come and go.
func TestCursorsStandStillWhenOthersComeAndGo(t *testing.T) {
	for _, query := range []string{"count=4", "count=4&sortBy=title", "count=4&sortBy=title&sortOrder=descending", "count=4&filter=id+pr"} {
		c, g := start(t)
		ids := crowd(c, 20)
		gone := map[string]bool{}
		seen := map[string]int{}
		for cursor, page := "", 0; ; page++ {
			reply := turn(c, query, cursor)
			g.Expect(reply.Status).To(Equal(http.StatusOK), reply.Text)
			list := reply.Get("Resources").(List)
			for _, r := range list {
				seen[r.(Object)["id"].(string)]++
			}
			if _, cursor = cursors(reply); cursor == "" {
				break
			}
			// The last and the first one that were just seen go, and others come.
			for _, r := range []any{list[len(list)-1], list[0]} {
				id := r.(Object)["id"].(string)
				gone[id] = true
				c.SCIM(http.MethodDelete, "/Users/"+id, nil)
			}
			if page < 5 {
				c.Patch("/Users/"+c.NewUser(fmt.Sprintf("new%d", page), ""), op("replace", "title", fmt.Sprint(page%3)))
			}
		}
		for id, times := range seen {
			g.Expect(times).To(Equal(1), query+" "+id)
		}
		for _, id := range ids {
			g.Expect(seen).To(HaveKey(id), query)
		}
	}
}

// A hook may put anything into a result, in any order: cursors still come to an end.
func TestCursorsPageThroughWhatHooksMakeOfAResult(t *testing.T) {
	for name, hook := range map[string]func(*acme.Query){
		"the deleted at the end": func(q *acme.Query) { q.Found = append(q.Found, q.Deleted()...) },
		"backwards":              func(q *acme.Query) { slices.Reverse(q.Found) },
		"the first once more":    func(q *acme.Query) { q.Found = append(q.Found, q.Found[0]) },
	} {
		c, g := New(t, acme.Config{Hooks: acme.Hooks{OnQuery: []func(*acme.Query){hook}}}), NewWithT(t)
		ids := crowd(c, 7)
		c.SCIM(http.MethodDelete, "/Users/"+ids[2], nil)
		for _, query := range []string{"count=2", "count=2&sortBy=userName"} {
			cursor, seen := "", []string{}
			for range 5 {
				reply := turn(c, query, cursor)
				g.Expect(reply.Status).To(Equal(http.StatusOK), reply.Text)
				seen = append(seen, names(reply)...)
				if _, cursor = cursors(reply); cursor == "" {
					break
				}
			}
			g.Expect(cursor).To(BeEmpty(), name)
			g.Expect(len(seen)).To(BeNumerically(">=", 6), name+" "+query)
		}
	}
}

func TestCursorsThatAreRefused(t *testing.T) {
	c, g := New(t, acme.Config{
		Clients: []acme.SCIMClient{{Name: "reader", Token: "reader-token", Scope: acme.ReadOnly}},
		Sister:  &acme.Config{SCIMToken: "sister-token"},
	}), NewWithT(t)
	crowd(c, 5)
	_, cursor := cursors(turn(c, "count=2", ""))
	flipped := cursor[:10] + string(cursor[10]^1) + cursor[11:]
	for name, reply := range map[string]*Reply{
		"made up":             turn(c, "count=2", "garbage"),
		"no base64":           turn(c, "count=2", "%2B%2F%3D"),
		"cut off":             turn(c, "count=2", cursor[:len(cursor)-4]),
		"one character other": turn(c, "count=2", flipped),
		"another filter":      turn(c, "count=2&filter=id+pr", cursor),
		"another order":       turn(c, "count=2&sortBy=id", cursor),
		"another type":        c.SCIM(http.MethodGet, "/Groups?count=2&cursor="+cursor, nil),
		"the root":            c.SCIM(http.MethodGet, "?count=2&cursor="+cursor, nil),
		"another client":      c.Ask(http.MethodGet, "/scim/v2/Users?count=2&cursor="+cursor, nil, "Authorization", "Bearer reader-token"),
		"another service":     c.Ask(http.MethodGet, "/globex/scim/v2/Users?count=2&cursor="+cursor, nil, "Authorization", "Bearer sister-token"),
	} {
		g.Expect(reply).To(beError(400, "invalidCursor"), name)
		g.Expect(reply.Get("detail")).To(Equal("the cursor is not one of this query"), "%s: nothing is told apart", name)
	}
	g.Expect(c.Ask(http.MethodGet, "/scim/v2/Users?count=2&cursor="+cursor, nil, "Authorization", "")).To(beError(401, ""), "a cursor is no credential")

	g.Expect(turn(c, "count=3", cursor)).To(beError(400, "invalidCount"))
	g.Expect(turn(c, "count=x", "")).To(beError(400, "invalidCount"))
	g.Expect(turn(c, "", cursor).Get("itemsPerPage")).To(Equal(2.0), "count may be left out")
	g.Expect(turn(c, "count=2&startIndex=4", cursor).Get("itemsPerPage")).To(Equal(2.0), "startIndex has no meaning")

	timeout := time.Duration(c.SCIM(http.MethodGet, "/ServiceProviderConfig", nil).Get("pagination", "cursorTimeout").(float64)) * time.Second
	c.Clock.Advance(timeout)
	g.Expect(turn(c, "count=2", cursor).Status).To(Equal(http.StatusOK), "the declared time is a promise")
	c.Clock.Advance(time.Second)
	g.Expect(turn(c, "count=2", cursor)).To(beError(400, "expiredCursor"))
}

func TestCountsWithCursors(t *testing.T) {
	c, g := start(t)
	crowd(c, 3)
	for _, count := range []string{"0", "-1"} {
		reply := turn(c, "count="+count, "")
		g.Expect(reply.Get("totalResults")).To(Equal(3.0))
		g.Expect(reply.Get("Resources")).To(BeEmpty())
		g.Expect(reply.Doc).NotTo(HaveKey("nextCursor"))
	}
	g.Expect(names(turn(c, "count=100000", ""))).To(HaveLen(3))
	g.Expect(c.Find("/Users", `userName eq "nobody"`).Get("totalResults")).To(Equal(0.0))
	g.Expect(turn(c, "filter="+url.QueryEscape(`userName eq "nobody"`), "").Doc).NotTo(HaveKey("nextCursor"))
}

func TestCursorsInSearchByPost(t *testing.T) {
	c, g := start(t)
	crowd(c, 5)
	c.NewGroup("staff")
	for path, total := range map[string]int{"/Users/.search": 5, "/.search": 6} {
		cursor, seen := "", 0
		for range 3 {
			reply := c.SCIM(http.MethodPost, path, searchRequest(Object{"cursor": cursor, "count": 2}))
			g.Expect(reply.Status).To(Equal(http.StatusOK), reply.Text)
			seen += len(reply.Get("Resources").(List))
			_, cursor = cursors(reply)
		}
		g.Expect(seen).To(Equal(total))
		g.Expect(cursor).To(BeEmpty())
		g.Expect(c.SCIM(http.MethodPost, path, searchRequest(Object{"cursor": "x"}))).To(beError(400, "invalidCursor"))
	}
	_, cursor := cursors(c.SCIM(http.MethodPost, "/Users/.search", searchRequest(Object{"cursor": "", "count": 2})))
	g.Expect(turn(c, "count=2", cursor).Status).To(Equal(http.StatusOK), "the same query by GET")
}

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "GOOD", "xGOOD", "AAAA", "%", "é", "a b"} { // GOOD stands for a good one
		f.Add(seed, "2", "userName")
		f.Add(seed, "2", "")
	}
	f.Fuzz(func(t *testing.T, cursor, count, sortBy string) {
		c := New(t, acme.Config{})
		crowd(c, 3)
		_, good := cursors(turn(c, "count=2&sortBy=userName", ""))
		cursor = strings.ReplaceAll(cursor, "GOOD", good)
		query := url.Values{"cursor": {cursor}, "count": {count}, "sortBy": {sortBy}}.Encode()
		mustAnswer(t, c.SCIM(http.MethodGet, "/Users?"+query, nil))
		mustAnswer(t, c.SCIM(http.MethodPost, "/.search", searchRequest(Object{"cursor": cursor, "count": count, "sortBy": sortBy})))
		mustAnswer(t, c.SCIM(http.MethodPost, "/.search", searchRequest(Object{"cursor": cursor, "sortBy": sortBy})))
	})
}
