package defects_test

import (
	"net/http"
	"net/http/httptest"
	"strings"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

var _ = show(map[string]shown{
	"anybody-may-read":                 {asClient("GET", ""), 401, 200},
	"any-token-may-provision":          {asClient("GET", "Bearer nonsense"), 401, 200},
	"expired-token-accepted":           {asClient("GET", "Bearer "+expiredToken), 401, 200},
	"read-only-token-writes":           {asClient("POST", "Bearer "+readerToken), 403, 201},
	"read-only-token-deletes":          {asClient("DELETE", "Bearer "+readerToken), 403, 204},
	"personal-access-token-provisions": {withOwnToken("DELETE"), 403, 204},
	"people-may-list-people":           {withOwnToken("GET"), 403, 200},
	"sister-token-accepted":            {asClient("GET", "Bearer "+sisterToken), 401, 200},
	"ids-cross-organisations":          {readAcross, 404, 200},
	"lists-cross-organisations":        {listAcross, 1.0, 2.0},
	"token-in-the-query":               {tokenInQuery, 401, 200},
	"basic-taken-for-bearer":           {asClient("GET", "Basic YWRhOnNjaW0tc2VjcmV0LWZvci10ZXN0cw=="), 401, 200},
	"channel-dies-silently":            {writeAfterWrongToken, false, true},
	"anybody-may-write":                {asClient("DELETE", ""), 401, 204},
	"external-ids-unique-everywhere":   {sameExternalIDElsewhere, 201, 409},
	"cursors-cross-organisations":      {cursorAcross, 400, 200},
})

// request sends a SCIM request with an Authorization header and returns the status.
func request(c *Client, method, path, authorization string) *Reply {
	body := `{"schemas": ["` + User + `"], "userName": "grace@example.com"}`
	r := httptest.NewRequest(method, "http://acme.test"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/scim+json")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return c.Send(r)
}

// asClient asks for users, makes one, or deletes one.
func asClient(method, authorization string) func(*Client) any {
	return func(c *Client) any {
		path := "/scim/v2/Users"
		if method == http.MethodDelete {
			path += "/" + c.NewUser(ada, password)
		}
		return request(c, method, path, authorization).Status
	}
}

// withOwnToken acts on somebody with the access token of an ordinary person.
func withOwnToken(method string) func(*Client) any {
	return func(c *Client) any {
		id := c.NewUser(ada, password)
		c.NewUser("bob@example.com", password)
		bob := c.Arm("bob@example.com", password)
		return request(c, method, "/scim/v2/Users/"+id, "Bearer "+bob.Access).Status
	}
}

func readAcross(c *Client) any {
	reply := request(c, "POST", "/globex/scim/v2/Users", "Bearer "+sisterToken)
	return c.SCIM("GET", "/Users/"+reply.ID(), nil).Status
}

func listAcross(c *Client) any {
	request(c, "POST", "/globex/scim/v2/Users", "Bearer "+sisterToken)
	c.NewUser(ada, password)
	return c.SCIM("GET", "/Users", nil).Get("totalResults")
}

// sameExternalIDElsewhere makes somebody elsewhere with the externalId of somebody here.
func sameExternalIDElsewhere(c *Client) any {
	body := Object{"schemas": List{User}, "userName": ada, "externalId": "e-1"}
	c.SCIM("POST", "/Users", body)
	return c.Ask("POST", "/globex/scim/v2/Users", body, "Authorization", "Bearer "+sisterToken).Status
}

// cursorAcross goes on elsewhere with a cursor that was given out here.
func cursorAcross(c *Client) any {
	c.NewUser(ada, password)
	c.NewUser("bob@example.com", password)
	cursor, _ := c.SCIM("GET", "/Users?count=1&cursor=", nil).Get("nextCursor").(string)
	return request(c, "GET", "/globex/scim/v2/Users?count=1&cursor="+cursor, "Bearer "+sisterToken).Status
}

func tokenInQuery(c *Client) any {
	return request(c, "GET", "/scim/v2/Users?access_token="+Token, "").Status
}

// writeAfterWrongToken reports whether a user is still active after a deactivation
// that was answered with success.
func writeAfterWrongToken(c *Client) any {
	id := c.NewUser(ada, password)
	request(c, "GET", "/scim/v2/Users", "Bearer nonsense")
	c.SetActive(id, false)
	return c.SCIM("GET", "/Users/"+id, nil).Get("active")
}
