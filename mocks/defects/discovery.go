package defects

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// discovery are the defects of what the service says of itself (RFC 7644 §4).
func discovery() []Defect {
	return slices.Concat(configClaims(), resourceTypeClaims(), schemaClaims(), discoveryAnswers(), brokenPromises())
}

// resourceTypeClaims are the defects of /ResourceTypes (RFC 7643 §6).
func resourceTypeClaims() []Defect {
	return []Defect{
		{
			Name:    "resource-types-without-group",
			Summary: "ResourceTypes does not list Group, which is served.",
			Checks:  []string{"discovery.types"},
			Gaps:    []string{"nonconformant"},
			Install: atDiscovery("/ResourceTypes", func(r *acme.Reply) { leaveOut(r, acme.TypeGroup) }),
		},
		{
			Name:    "resource-types-wrong-endpoint",
			Summary: "ResourceTypes says that users are at /People, where nothing is.",
			Checks:  []string{"errors.status.endpoints", "discovery.types", "discovery.types.endpoints"},
			Gaps:    []string{"nonconformant"},
			Install: onResourceType(acme.TypeUser, func(t map[string]any) { t["endpoint"] = "/People" }),
		},
		{
			Name:    "resource-types-unserved-schema",
			Summary: "ResourceTypes names a schema for groups that /Schemas does not have.",
			Checks:  []string{"discovery.types.schemas", "users.model.schemas.shown"},
			Gaps:    []string{"nonconformant"},
			Install: onResourceType(acme.TypeGroup, func(t map[string]any) { t["schema"] = "urn:ietf:params:scim:schemas:core:1.0:Group" }),
		},
		{
			Name:    "resource-types-extension-required",
			Summary: "ResourceTypes says that the enterprise extension is required, and users without it are accepted.",
			Checks:  []string{"discovery.types.required-extension"},
			Gaps:    []string{"nonconformant"},
			Install: onResourceType(acme.TypeUser, func(t map[string]any) {
				for _, extension := range model.Objects(t["schemaExtensions"]) {
					extension["required"] = true
				}
			}),
		},
		{
			Name:    "resource-types-extension-undecided",
			Summary: "ResourceTypes does not say whether an extension is required.",
			Checks:  []string{"discovery.types.extensions"},
			Gaps:    []string{"nonconformant"},
			Install: onResourceType(acme.TypeUser, func(t map[string]any) {
				for _, extension := range model.Objects(t["schemaExtensions"]) {
					delete(extension, "required")
				}
			}),
		},
	}
}

// discoveryAnswers are the defects of how definitions are asked for.
func discoveryAnswers() []Defect {
	return []Defect{
		{
			Name:    "schemas-as-bare-array",
			Summary: "Schemas answers with an array instead of a ListResponse.",
			Checks:  []string{"discovery.schemas"},
			Gaps:    []string{"nonconformant"},
			Install: atDiscovery("/Schemas", func(r *acme.Reply) {
				if raw, err := json.Marshal(r.Body["Resources"]); err == nil && r.Status == http.StatusOK {
					r.Raw = raw
				}
			}),
		},
		{
			Name:    "schemas-not-by-id",
			Summary: "A schema in /Schemas cannot be read by its URN: it is answered 404.",
			Checks:  []string{"discovery.schemas.by-urn"},
			Gaps:    []string{"nonconformant"},
			Install: notByID("/Schemas/", func(string) bool { return true }),
		},
		{
			Name:    "schemas-paged",
			Summary: "Schemas heeds count, so that a client with small pages sees a part.",
			Checks:  []string{"discovery.paging"},
			Gaps:    []string{"nonconformant"},
			Install: atDiscovery("/Schemas", func(r *acme.Reply) {
				if list, ok := r.Body["Resources"].([]any); ok && r.Request.URL.Query().Get("count") == "1" {
					r.Body["Resources"], r.Body["itemsPerPage"] = list[:1], 1
				}
			}),
		},
		{
			Name:    "discovery-filter-ignored",
			Summary: "A filter on /ResourceTypes is ignored instead of being refused with 403.",
			Checks:  []string{"discovery.filter"},
			Gaps:    []string{"nonconformant"},
			Install: ignoring("/ResourceTypes", "filter"),
		},
		{
			Name:    "discovery-refused",
			Summary: "ServiceProviderConfig is answered 403 to the client that may provision.",
			Checks:  []string{"discovery.config"},
			Gaps:    []string{"nonconformant"},
			Install: judgeClient(func(c *acme.Client) {
				if asksConfig(c.Request) && c.Refuse == nil {
					c.Refuse = &acme.Error{Status: http.StatusForbidden, Detail: "administrators only"}
				}
			}),
		},
		{
			Name:    "resource-types-not-by-name",
			Summary: "A type in /ResourceTypes cannot be read by its name: it is answered 404.",
			Checks:  []string{"discovery.types.by-name"},
			Gaps:    []string{"nonconformant"},
			Install: notByID("/ResourceTypes/", func(string) bool { return true }),
		},
		{
			Name:    "resource-types-any-name",
			Summary: "A resource type that there is not is answered as if it was User.",
			Checks:  []string{"discovery.types.by-name"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if strings.Contains(r.Request.URL.Path, "/ResourceTypes/") && r.Status == http.StatusNotFound {
					r.Status, r.Body = http.StatusOK, map[string]any{"name": acme.TypeUser, "endpoint": "/Users", "schema": model.URNUser}
				}
			}),
		},
		{
			Name:    "schemas-not-by-encoded-id",
			Summary: "A schema cannot be read by its URN when the colons are encoded.",
			Checks:  []string{"discovery.schemas.by-urn"},
			Gaps:    []string{"nonconformant"},
			Install: notByID("/Schemas/", func(path string) bool { return strings.Contains(strings.ToUpper(path), "%3A") }),
		},
		{
			Name:    "schemas-shortened-by-id",
			Summary: "A schema that is read by its URN has fewer attributes than in the list.",
			Checks:  []string{"discovery.schemas.by-urn"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if list := model.Objects(r.Body["attributes"]); len(list) > 1 && strings.Contains(r.Request.URL.Path, "/Schemas/") {
					r.Body["attributes"] = list[1:]
				}
			}),
		},
		{
			Name:    "discovery-can-be-replaced",
			Summary: "A PUT of ServiceProviderConfig is answered with success.",
			Checks:  []string{"discovery.unchangeable"},
			Gaps:    []string{"nonconformant"},
			Install: onStatus(http.StatusMethodNotAllowed, func(r *acme.Reply) {
				if r.Request.Method == http.MethodPut && asksConfig(r.Request) {
					setStatus(r, http.StatusOK)
				}
			}),
		},
	}
}

// asksDefinitions reports a request for schemas or resource types, all of them or one.
func asksDefinitions(r *http.Request) bool {
	return strings.Contains(r.URL.Path, "/Schemas") || strings.Contains(r.URL.Path, "/ResourceTypes")
}

// atDiscovery alters the list of definitions at a path.
func atDiscovery(path string, hook func(*acme.Reply)) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		if strings.HasSuffix(r.Request.URL.Path, "/scim/v2"+path) && r.Status == http.StatusOK {
			hook(r)
		}
	})
}

// leaveOut takes a definition out of a list.
func leaveOut(r *acme.Reply, id string) {
	list, _ := r.Body["Resources"].([]any)
	list = slices.DeleteFunc(list, func(d any) bool { return d.(map[string]any)["id"] == id })
	r.Body["Resources"], r.Body["totalResults"], r.Body["itemsPerPage"] = list, len(list), len(list)
}

// onDefinition alters a definition, in the list and on its own.
func onDefinition(path, id string, hook func(map[string]any)) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		if !strings.Contains(r.Request.URL.Path, path) {
			return
		}
		for _, d := range append(model.Objects(r.Body["Resources"]), r.Body) {
			if d["id"] == id {
				hook(d)
			}
		}
	})
}

func onResourceType(id string, hook func(map[string]any)) func(*acme.Config) {
	return onDefinition("/ResourceTypes", id, hook)
}

// ignoring makes an endpoint blind to a parameter.
func ignoring(path, parameter string) func(*acme.Config) {
	return onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
		if isSCIM(r) && strings.HasSuffix(r.URL.Path, path) {
			parameters := r.URL.Query()
			parameters.Del(parameter)
			r.URL.RawQuery = parameters.Encode()
		}
		return false
	})
}

// notByID answers 404 to a request for one definition, where its path is such.
func notByID(path string, such func(path string) bool) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		if strings.Contains(r.Request.URL.Path, path) && r.Status == http.StatusOK && such(r.Request.URL.EscapedPath()) {
			refuse(r, &acme.Error{Status: http.StatusNotFound, Detail: "no such endpoint"})
			delete(r.Body, "scimType")
		}
	})
}
