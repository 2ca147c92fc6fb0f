package defects_test

import (
	"net/http"
	"net/http/httptest"
	"strings"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// statusOf sends a request and returns the status.
func statusOf(method, path string, body any) func(*Client) any {
	return func(c *Client) any { return c.SCIM(method, path, body).Status }
}

// conflict creates Ada twice and looks at the second answer.
func conflict(look func(*Reply) any) func(*Client) any {
	return func(c *Client) any {
		person(c, ada, nil)
		return look(c.SCIM("POST", "/Users", Object{"schemas": List{User}, "userName": ada}))
	}
}

func status(r *Reply) any { return r.Status }

// unknown looks at the answer for a user who does not exist.
func unknown(look func(*Reply) any) func(*Client) any {
	return func(c *Client) any { return look(c.SCIM("GET", "/Users/5f0c7b1e-53a5-4c1e-8a2f-0d8f6a3c9b11", nil)) }
}

// outside looks at the answer to a client whose token nobody has.
func outside(look func(*Reply) any) func(*Client) any {
	return func(c *Client) any {
		r := httptest.NewRequest(http.MethodGet, "http://acme.test/scim/v2/Users", nil)
		r.Header.Set("Authorization", "Bearer no-token-of-anybody")
		return look(c.Send(r))
	}
}

var _ = show(map[string]shown{
	"error-as-plain-text":              {unknown(func(r *Reply) any { return r.Doc != nil }), true, false},
	"error-of-the-framework":           {unknown(func(r *Reply) any { return r.Get("schemas") != nil }), true, false},
	"error-status-as-number":           {unknown(func(r *Reply) any { return r.Get("status") }), "404", 404.0},
	"error-without-status":             {unknown(func(r *Reply) any { return r.Get("status") != nil }), true, false},
	"error-conflict-without-scim-type": {conflict(func(r *Reply) any { return r.Get("scimType") == "uniqueness" }), true, false},
	"error-scim-type-unknown":          {conflict(func(r *Reply) any { return r.Get("scimType") }), "uniqueness", "duplicateUser"},
	"error-shows-database":             {conflict(func(r *Reply) any { return strings.Contains(r.Text, "SQLSTATE") }), false, true},

	"error-malformed-id-400":     {statusOf("GET", "/Users/no-such-id", nil), 404, 400},
	"error-unknown-group-200":    {statusOf("GET", "/Groups/no-such-id", nil), 404, 200},
	"error-in-a-200":             {statusOf("POST", "/Users", Object{"schemas": List{User}}), 400, 200},
	"error-malformed-body-500":   {statusOf("POST", "/Users", `{"userName": `), 400, 500},
	"error-malformed-body-204":   {statusOf("POST", "/Users", `{"userName": `), 400, 204},
	"error-conflict-as-400":      {conflict(status), 409, 400},
	"error-conflict-as-500":      {conflict(status), 409, 500},
	"error-unknown-endpoint-200": {statusOf("GET", "/Robots", nil), 404, 200},

	"error-401-as-redirect":       {outside(status), 401, 302},
	"error-401-as-403":            {outside(status), 401, 403},
	"error-401-without-challenge": {outside(func(r *Reply) any { return r.Header.Get("WWW-Authenticate") != "" }), true, false},
})
