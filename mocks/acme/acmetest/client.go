// Package acmetest drives the reference application in tests: as an identity
// provider over SCIM, and as a person who signs in and holds credentials.
package acmetest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// Token is the bearer token of the provisioning channel in tests.
const Token = "scim-secret-for-tests"

// URNs that bodies need.
const (
	User       = "urn:ietf:params:scim:schemas:core:2.0:User"
	Group      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	Workplace  = "urn:acme:params:scim:schemas:extension:workplace:2.0:User"
	PatchOp    = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
)

// Object is a JSON object.
type Object = map[string]any

// List is a JSON array.
type List = []any

// Client talks to an application in the same process.
type Client struct {
	App   http.Handler
	Clock *Clock
	t     testing.TB
}

// New starts an application. The configuration's token and clock are set here.
func New(t testing.TB, config acme.Config) *Client {
	clock := &Clock{now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	config.SCIMToken, config.Now = Token, clock.Now
	return &Client{App: acme.New(config), Clock: clock, t: t}
}

// Clock is a clock that stands still until it is moved on.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns the time on the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Reply is an answer of the application.
type Reply struct {
	Status int
	Header http.Header
	Text   string
	// Doc is the body as a JSON object, nil when it is none.
	Doc Object
}

// Get returns what is at a path of keys in the body, nil for nothing.
func (r *Reply) Get(keys ...string) any {
	var here any = r.Doc
	for _, key := range keys {
		object, _ := here.(Object)
		here = object[key]
	}
	return here
}

// Items lists the objects of a body that is a JSON array.
func (r *Reply) Items() []Object {
	var items []Object
	_ = json.Unmarshal([]byte(r.Text), &items) // what is no list has no items
	return items
}

// List returns the objects of a multi-valued attribute of the body.
func (r *Reply) List(name string) []Object {
	var items []Object
	values, _ := r.Get(name).(List)
	for _, v := range values {
		if object, ok := v.(Object); ok {
			items = append(items, object)
		}
	}
	return items
}

// First returns the first resource of a list response, nil if there is none.
func (r *Reply) First() Object {
	if all := r.List("Resources"); len(all) > 0 {
		return all[0]
	}
	return nil
}

// ID returns the id of the resource in the body.
func (r *Reply) ID() string {
	id, _ := r.Get("id").(string)
	return id
}

// Cookie returns the value of a cookie that the reply sets, or "".
func (r *Reply) Cookie(name string) string {
	for _, c := range (&http.Response{Header: r.Header}).Cookies() {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// Send sends a request as it is.
func (c *Client) Send(r *http.Request) *Reply {
	w := httptest.NewRecorder()
	c.App.ServeHTTP(w, r)
	raw, err := io.ReadAll(w.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	reply := &Reply{Status: w.Code, Header: w.Header(), Text: string(raw)}
	if json.Unmarshal(raw, &reply.Doc) != nil {
		reply.Doc = nil
	}
	return reply
}

// SCIM sends a request below the SCIM base: path is such as /Users. A string is
// sent as it is, nil as no body, all else as JSON.
func (c *Client) SCIM(method, path string, body any) *Reply {
	r := httptest.NewRequestWithContext(c.t.Context(), method, "http://acme.test/scim/v2"+path, c.encode(body))
	r.Header.Set("Authorization", "Bearer "+Token)
	r.Header.Set("Content-Type", "application/scim+json")
	return c.Send(r)
}

// Ask sends a request of the provisioning channel with other headers than usual: path
// is such as /scim/v2/Users, and headers are names and values in turn, an empty value
// leaving the header out.
func (c *Client) Ask(method, path string, body any, headers ...string) *Reply {
	r := httptest.NewRequestWithContext(c.t.Context(), method, "http://acme.test"+path, c.encode(body))
	r.Header.Set("Authorization", "Bearer "+Token)
	if body != nil {
		r.Header.Set("Content-Type", "application/scim+json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Del(headers[i])
		if headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	return c.Send(r)
}

// Find asks for the users or groups that match a filter: path is /Users or /Groups.
func (c *Client) Find(path, filter string) *Reply {
	return c.SCIM(http.MethodGet, path+"?filter="+url.QueryEscape(filter), nil)
}

// Patch sends operations, each as JSON would have it.
func (c *Client) Patch(path string, operations ...Object) *Reply {
	list := List{}
	for _, o := range operations {
		list = append(list, o)
	}
	return c.SCIM(http.MethodPatch, path, Object{"schemas": List{PatchOp}, "Operations": list})
}

// SetActive sets active by a PATCH with a path.
func (c *Client) SetActive(id string, active bool) *Reply {
	return c.Patch("/Users/"+id, Object{"op": "replace", "path": "active", "value": active})
}

// NewUser creates a user with that password and returns the id.
func (c *Client) NewUser(userName, password string) string {
	c.t.Helper()
	reply := c.SCIM(http.MethodPost, "/Users", Object{
		"schemas": List{User}, "userName": userName, "password": password, "displayName": "Display of " + userName,
		"name": Object{"familyName": "Lovelace"}, "active": true,
	})
	if reply.Status >= 300 || reply.ID() == "" {
		c.t.Fatalf("POST /Users answered %d: %s", reply.Status, reply.Text)
	}
	return reply.ID()
}

// NewGroup creates a group and returns the id.
func (c *Client) NewGroup(name string, members ...string) string {
	c.t.Helper()
	reply := c.SCIM(http.MethodPost, "/Groups", Object{"schemas": List{Group}, "displayName": name, "members": Members(members...)})
	if reply.Status >= 300 || reply.ID() == "" {
		c.t.Fatalf("POST /Groups answered %d: %s", reply.Status, reply.Text)
	}
	return reply.ID()
}

// Members is a value of the attribute members.
func Members(ids ...string) List {
	list := List{}
	for _, id := range ids {
		list = append(list, Object{"value": id})
	}
	return list
}

func (c *Client) encode(body any) io.Reader {
	switch body := body.(type) {
	case nil:
		return http.NoBody
	case string:
		return strings.NewReader(body)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	return bytes.NewReader(raw)
}
