package defects

import (
	"net/http"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"github.com/scimproof/scimproof/mocks/acme"
)

// readWrongly are the defects of reads, and of how names are compared (RFC 7644 §3.4, §5).
func readWrongly() []Defect {
	return []Defect{
		{
			Name:    "group-read-answers-206",
			Summary: "A read of a group is answered 206.",
			Checks:  []string{"users.read.known", "groups.empty", "groups.cycle"},
			Gaps:    []string{"nonconformant", "declared-not-delivered patch"},
			Install: writeReply(func(r *acme.Reply) {
				if isGroupRead(r) && r.Status == http.StatusOK {
					r.Status = http.StatusPartialContent
				}
			}),
		},
		{
			Name:    "read-by-username",
			Summary: "A user is read by userName as well as by id.",
			Checks:  []string{"users.read.by-name"},
			Gaps:    []string{"nonconformant"},
			Install: readByUserName,
		},
		{
			Name:    "request-never-shows",
			Summary: "An attribute that is returned on request is never returned.",
			Checks:  []string{"users.read.on-request", "discovery.schema.returned"},
			Gaps:    []string{"nonconformant"},
			Install: onResources(withoutHint),
		},
		{
			Name:    "put-answered-from-before",
			Summary: "A PUT is answered with the displayName from before.",
			Checks:  []string{"users.read.same-as-answered", "replacing.answer"},
			Gaps:    []string{"nonconformant"},
			Install: func(config *acme.Config) {
				var before sync.Map // displayNames by id
				onPut(func(c *acme.Change) {
					if c.Type == acme.TypeUser && c.Before != nil {
						before.Store(c.ID, c.Before.Text("displayName"))
					}
				})(config)
				writeReply(func(r *acme.Reply) {
					if r.Request.Method != http.MethodPut || r.Status != http.StatusOK {
						return
					}
					if name, ok := before.LoadAndDelete(r.Body["id"]); ok && name != "" {
						r.Body["displayName"] = name
					}
				})(config)
			},
		},
		{
			Name:    "accents-told-apart",
			Summary: "A userName is taken for another one when its accents or letters are spelled by other code points.",
			Checks:  []string{"users.strings.unique"},
			Gaps:    []string{"nonconformant"},
			Install: onRefusedCreate(func(c *acme.Change) {
				if name := c.After.Text("userName"); c.Err.ScimType == "uniqueness" && name != norm.NFKC.String(name) {
					c.Err = nil
				}
			}),
		},
		{
			Name:    "filter-tells-accents-apart",
			Summary: "A filter on userName does not find a name whose accents it spells by other code points.",
			Checks:  []string{"users.strings.filter"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if strings.HasPrefix(q.Filter, "userName eq ") && q.Filter != norm.NFKC.String(q.Filter) {
					q.Found = nil
				}
			}),
		},
	}
}

// isGroupRead reports the answer to a read of one group.
func isGroupRead(r *acme.Reply) bool {
	_, one := idIn(r)
	return one && r.Request.Method == http.MethodGet && strings.Contains(r.Request.URL.Path, "/Groups/")
}

// readByUserName puts a user's id in the place of the userName.
func readByUserName(config *acme.Config) {
	var known sync.Map // ids by userName
	onUser(func(c *acme.Change) { known.Store(c.After.Text("userName"), c.ID) })(config)
	onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
		if path, name, ok := strings.Cut(r.URL.Path, "/scim/v2/Users/"); ok && path == "" && r.Method == http.MethodGet {
			if id, ok := known.Load(name); ok {
				r.URL.Path = "/scim/v2/Users/" + id.(string)
			}
		}
		return false
	})(config)
}
