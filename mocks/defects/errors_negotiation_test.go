package defects_test

import (
	"net/http"
	"net/http/httptest"
	"strings"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"schemas-list-messages":             {messagesAmongSchemas, 0, 1},
	"accept-json-406":                   {asked("GET", "/Users", "", "Accept", "application/json"), 200, 406},
	"json-bodies-refused":               {asked("POST", "/Users", graceAsText, "Content-Type", "application/json"), 201, 415},
	"doubled-attribute-shown-otherwise": {doubledActive, 400, 200},
	"method-refused-without-allow":      {allowed, true, false},
	"denied-bulk-405":                   {asked("POST", "/Bulk", `{}`, "Accept", "*/*"), 400, 405},
	"denied-patch-405":                  {asked("PATCH", "/Users/dead", `{}`, "Accept", "*/*"), 404, 405},
	"redirect-loses-the-method":         {asked("PATCH", "/Users/nobody/", `{}`, "Accept", "*/*"), 404, 301},
	"any-version-answered":              {askedAt("/scim/v99/Users"), 404, 200},
	"throttled-without-retry-after":     {thirdRequest, 200, 429},
	"quotes-in-text-500":                {apostrophe, 200, 500},
})

const graceAsText = `{"schemas": ["` + User + `"], "userName": "grace@example.com"}`

func asked(method, path, body, header, value string) func(*Client) any {
	return func(c *Client) any {
		r := httptest.NewRequest(method, "http://acme.test/scim/v2"+path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+Token)
		r.Header.Set("Content-Type", "application/scim+json")
		r.Header.Set(header, value)
		return c.Send(r).Status
	}
}

func askedAt(path string) func(*Client) any {
	return func(c *Client) any { return request(c, "GET", path, "Bearer "+Token).Status }
}

func messagesAmongSchemas(c *Client) any {
	n := 0
	list, _ := c.SCIM("GET", "/Schemas", nil).Get("Resources").([]any)
	for _, s := range list {
		if id, _ := s.(map[string]any)["id"].(string); strings.Contains(id, ":messages:") {
			n++
		}
	}
	return n
}

func doubledActive(c *Client) any {
	body := `{"schemas": ["` + PatchOp + `"], "Operations": [{"op": "replace", "value": {"active":true,"active":false}}]}`
	return asked("PATCH", "/Users/"+c.NewUser(ada, password), body, "Accept", "*/*")(c)
}

func allowed(c *Client) any {
	reply := c.SCIM(http.MethodDelete, "/ServiceProviderConfig", nil)
	return reply.Status == http.StatusMethodNotAllowed && reply.Header.Get("Allow") != ""
}

func thirdRequest(c *Client) any {
	status := 0
	for range 3 {
		status = c.SCIM("GET", "/Users", nil).Status
	}
	return status
}

func apostrophe(c *Client) any {
	return c.Patch("/Users/"+c.NewUser(ada, password), op("replace", "title", "O'Brien")).Status
}
