package defects_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// nth sends a number of reads and looks at the answer to the last.
func nth(n int, look func(*Reply) any) func(*Client) any {
	return func(c *Client) any {
		for range n - 1 {
			c.SCIM("GET", "/Users", nil)
		}
		return look(c.SCIM("GET", "/Users", nil))
	}
}

// overTheWire sends a number of requests, the last over a connection: it creates a
// group. Told is how far its answer came, and how many groups there are then.
func overTheWire(n int) func(*Client) any {
	return func(c *Client) any {
		server := httptest.NewServer(c.App)
		defer server.Close()
		for range n - 1 {
			c.SCIM("GET", "/Users", nil)
		}
		arrived := post(server.URL + "/scim/v2/Groups")
		return List{arrived, c.SCIM("GET", "/Groups", nil).Get("totalResults")}
	}
}

// post creates a group and tells what arrived of the answer.
func post(address string) string {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, address, strings.NewReader(`{"schemas": ["`+Group+`"], "displayName": "staff"}`))
	if err != nil {
		return err.Error()
	}
	r.Header.Set("Authorization", "Bearer "+Token)
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return "nothing"
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.ReadAll(resp.Body); err != nil {
		return "headers"
	}
	return "everything"
}

var _ = show(map[string]shown{
	"every-twelfth-502": {nth(12, status), 200, 502},
	"every-twelfth-503-until": {nth(12, func(r *Reply) any {
		_, err := http.ParseTime(r.Header.Get("Retry-After"))
		return err == nil
	}), false, true},
	"throttled-at-first": {nth(1, status), 200, 429},
	"replies-cut-short":  {overTheWire(15), List{"everything", 1.0}, List{"headers", 0.0}},
	"replies-lost":       {overTheWire(15), List{"everything", 1.0}, List{"nothing", 1.0}},
	"read-lag-new-800ms": {func(c *Client) any {
		return c.SCIM("GET", "/Users/"+c.NewUser(ada, password), nil).Status
	}, 200, 404},
	"list-lag-800ms": {func(c *Client) any {
		id := person(c, ada, nil)
		return List{c.SCIM("GET", "/Users/"+id, nil).Status, names(c.SCIM("GET", "/Users", nil))}
	}, List{200, "ada"}, List{200, ""}},
})
