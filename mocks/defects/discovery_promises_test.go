package defects_test

import (
	"strings"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// preferringLater replaces somebody and would rather hear of it later.
func preferringLater(c *Client) any {
	path := "/scim/v2/Users/" + person(c, ada, nil)
	return c.Ask("PUT", path, Object{"schemas": List{User}, "userName": ada}, "Prefer", "respond-async").Status
}

// definition counts what is at a key of a definition.
func definition(path, key string) func(*Client) any {
	return func(c *Client) any { return len(c.SCIM("GET", path, nil).List(key)) }
}

// ofWorkplace returns a characteristic of an attribute of Acme's own extension.
func ofWorkplace(name, characteristic string) func(*Client) any {
	return func(c *Client) any {
		for _, a := range c.SCIM("GET", "/Schemas/"+Workplace, nil).List("attributes") {
			if a["name"] == name {
				return a[characteristic]
			}
		}
		return nil
	}
}

// stored creates Ada with attributes, reads her with a query, and returns what is at a path.
func stored(body Object, query string, keys ...string) func(*Client) any {
	return func(c *Client) any { return c.SCIM("GET", "/Users/"+person(c, ada, body)+query, nil).Get(keys...) }
}

// placed are attributes of Acme's own extension.
func placed(workplace Object) Object {
	return Object{"schemas": List{User, Workplace}, Workplace: workplace}
}

// second is the status of another user with Ada's costCode.
func second(c *Client) any {
	person(c, ada, placed(Object{"costCode": "A1"}))
	body := placed(Object{"costCode": "A1"})
	body["userName"] = "bob"
	return c.SCIM("POST", "/Users", body).Status
}

// anotherBadge changes Ada's badge by a PUT and reads it.
func anotherBadge(c *Client) any {
	path := "/Users/" + person(c, ada, placed(Object{"badgeNumber": 7}))
	body := placed(Object{"badgeNumber": 8})
	body["userName"] = ada
	c.SCIM("PUT", path, body)
	return c.SCIM("GET", path, nil).Get(Workplace, "badgeNumber")
}

var _ = show(map[string]shown{
	"config-of-another-schema": {config("schemas"), List{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"}, List{"urn:scim:schemas:core:1.0"}},
	"config-with-nulls": {func(c *Client) any {
		return strings.Contains(c.SCIM("GET", "/ServiceProviderConfig", nil).Text, `"id":null`)
	}, false, true},
	"config-scheme-without-type": {func(c *Client) any {
		return strings.Contains(c.SCIM("GET", "/ServiceProviderConfig", nil).Text, "oauthbearertoken")
	}, true, false},
	"config-for-clients-alone":         {withoutToken("/ServiceProviderConfig"), 200, 401},
	"pagination-cursor-as-text":        {config("pagination", "cursor"), true, "true"},
	"security-events-unreadable":       {told(config("securityEvents", "asyncRequest")), none, "yes"},
	"asynchronous-without-transaction": {preferringLater, 200, 202},

	"resource-types-not-by-name":         {statusOf("GET", "/ResourceTypes/User", nil), 200, 404},
	"resource-types-any-name":            {statusOf("GET", "/ResourceTypes/Robot", nil), 404, 200},
	"resource-types-extension-undecided": {told(extensionRequired), false, none},
	"schemas-not-by-encoded-id":          {statusOf("GET", "/Schemas/"+strings.ReplaceAll(User, ":", "%3A"), nil), 200, 404},
	"schemas-shortened-by-id":            {definition("/Schemas/"+Group, "attributes"), 2, 1},
	"discovery-can-be-replaced":          {statusOf("PUT", "/ServiceProviderConfig", Object{}), 405, 200},

	"schema-without-plurality":        {told(attribute("title", "multiValued")), false, none},
	"schema-complex-within-complex":   {func(c *Client) any { return len(attribute("name", "subAttributes")(c).(List)) }, 6, 7},
	"resources-of-an-unserved-schema": {func(c *Client) any { return len(stored(nil, "", "schemas")(c).(List)) }, 1, 2},
	"schema-title-always":             {attribute("title", "returned"), "default", "always"},
	"schema-cost-code-required":       {ofWorkplace("costCode", "required"), false, true},
	"schema-cost-code-not-exact":      {ofWorkplace("costCode", "caseExact"), true, false},

	"numbers-as-text": {stored(placed(Object{"payGrade": 7.5}), "", Workplace, "payGrade"), 7.5, "7.5"},
	"one-tag-kept":    {stored(placed(Object{"tags": List{"a", "b"}}), "", Workplace, "tags"), List{"a", "b"}, List{"a"}},
	"phone-types-reduced": {
		stored(Object{"phoneNumbers": List{Object{"value": "1", "type": "fax"}}}, "", "phoneNumbers"),
		List{Object{"value": "1", "type": "fax"}}, List{Object{"value": "1", "type": "other"}},
	},
	"pin-shown":             {told(stored(placed(Object{"payGrade": 1}), "", Workplace, "deskPin")), none, "1234"},
	"hint-withheld":         {told(stored(placed(Object{"recoveryHint": "dog"}), "?attributes="+Workplace+":recoveryHint", Workplace, "recoveryHint")), "dog", none},
	"cost-code-taken-twice": {second, 409, 201},
	"attributes-published-and-dropped": {
		stored(Object{"name": Object{"givenName": "Ada", "middleName": "King"}}, "", "name"),
		Object{"givenName": "Ada", "middleName": "King"}, Object{"givenName": "Ada"},
	},
	"locker-moved-by-clients": {told(stored(placed(Object{"locker": Object{"number": 1, "building": "B"}}), "", Workplace, "locker", "building")), none, "B"},
	"badge-number-changes":    {anotherBadge, 7.0, 8.0},
	"badge-number-cleared":    {told(anotherBadge), 7.0, none},
	"bare-users-refused":      {statusOf("POST", "/Users", Object{"schemas": List{User}, "userName": ada}), 201, 400},
})
