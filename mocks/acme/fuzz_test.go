package acme_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// Whatever is sent, the answer is JSON and no failure of the service.
func mustAnswer(t *testing.T, reply *Reply) {
	t.Helper()
	if reply.Status >= 500 || reply.Doc == nil {
		t.Fatalf("answered %d: %s", reply.Status, reply.Text)
	}
}

func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		`userName eq "ada"`, `emails[type eq "work" and not (value co "@")]`, `meta.created gt "2026-03-01T09:00:00Z"`,
		Enterprise + `:manager.value pr or active ne true`, `name eq null`, `x.y.z pr`, `emails eq 1.5e3`, `not not (a pr)`, `"\u00`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, filter string) {
		c := New(t, acme.Config{})
		c.NewUser("ada", "a-long-password")
		mustAnswer(t, c.Find("/Users", filter))
		mustAnswer(t, c.Find("/Groups", filter))
	})
}

func FuzzPatchPath(f *testing.F) {
	for _, seed := range []string{
		"active", "name.familyName", `emails[type eq "work"].value`, User + ":active", Enterprise + ":manager", "members",
		`emails[type eq 5].primary`, `schemas[value eq "x"]`, `emails[emails pr]`, "meta.created", "groups", "id", "urn:x:", "[", `roles[primary eq true]`,
	} {
		for _, name := range []string{"add", "remove", "replace"} {
			f.Add(name, seed, `"x"`)
		}
		f.Add("replace", seed, `[{"value":"x","primary":true},{}]`)
		f.Add("add", seed, `{"value":{"value":null}}`)
	}
	f.Fuzz(func(t *testing.T, name, path, raw string) {
		var value any
		if json.Unmarshal([]byte(raw), &value) != nil {
			value = raw
		}
		c := New(t, acme.Config{})
		id := c.NewUser("ada", "a-long-password")
		for _, path := range []string{path, ""} {
			mustAnswer(t, c.Patch("/Users/"+id, Object{"op": name, "path": path, "value": value}))
			mustAnswer(t, c.Patch("/Users/"+id, Object{"op": name, "value": Object{path: value}}))
		}
		mustAnswer(t, c.SCIM(http.MethodGet, "/Users/"+id, nil))
	})
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"schemas":["` + User + `"],"userName":"ada","emails":[{"value":"x","primary":"True"}],"` + Enterprise + `":{"manager":{"value":"1"}}}`,
		`{"schemas":["` + Group + `"],"displayName":"g","members":[{"value":null},7]}`,
		`{"schemas":["` + PatchOp + `"],"Operations":[{"op":"add","value":{"password":""}}]}`,
		`{"schemas":5}`, `[]`, `null`, `{"username":[],"password":{}}`, "\xff", `{"schemas":["` + User + `"],"userName":"\u0000","name":null}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		c := New(t, acme.Config{})
		id, group := c.NewUser("ada", "a-long-password"), c.NewGroup("staff")
		for _, path := range []string{"/Users", "/Groups"} {
			mustAnswer(t, c.SCIM(http.MethodPost, path, body))
		}
		for _, method := range []string{http.MethodPut, http.MethodPatch} {
			mustAnswer(t, c.SCIM(method, "/Users/"+id, body))
			mustAnswer(t, c.SCIM(method, "/Groups/"+group, body))
		}
		mustAnswer(t, c.API(http.MethodPost, "/api/login", "", body))
		mustAnswer(t, c.SCIM(http.MethodGet, "/Users", nil))
	})
}
