package defects

import (
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// moreConfigClaims are further defects of ServiceProviderConfig.
func moreConfigClaims() []Defect {
	return []Defect{
		{
			Name:    "config-of-another-schema",
			Summary: "ServiceProviderConfig has the schema of SCIM 1.0.",
			Checks:  []string{"discovery.config"},
			Gaps:    []string{"nonconformant"},
			Install: onConfig(func(config map[string]any) { config["schemas"] = []any{"urn:scim:schemas:core:1.0"} }),
		},
		{
			Name:     "config-with-nulls",
			Summary:  "ServiceProviderConfig has an id and an externalId that are null.",
			Imitates: "servers that SailPoint has met",
			Checks:   []string{"discovery.config.nulls"},
			Gaps:     []string{"nonconformant"},
			Install:  onConfig(func(config map[string]any) { config["id"], config["externalId"] = nil, nil }),
		},
		{
			Name:    "config-scheme-without-type",
			Summary: "ServiceProviderConfig lists a way to sign in without its type.",
			Checks:  []string{"discovery.config.authentication"},
			Gaps:    []string{"nonconformant"},
			Install: onConfig(func(config map[string]any) {
				for _, scheme := range model.Objects(config["authenticationSchemes"]) {
					delete(scheme, "type")
				}
			}),
		},
		{
			Name:    "config-for-clients-alone",
			Summary: "ServiceProviderConfig, which says how to sign in, is shown to those alone who have signed in.",
			Checks:  []string{"discovery.config.anonymous"},
			Gaps:    []string{"nonconformant"},
			Install: judgeClient(func(c *acme.Client) {
				if !c.Sent && asksConfig(c.Request) {
					c.Refuse = &acme.Error{Status: http.StatusUnauthorized, Detail: "a valid bearer token is required"}
				}
			}),
		},
		{
			Name:    "pagination-cursor-as-text",
			Summary: `In ServiceProviderConfig pagination.cursor is the text "true", and cursorTimeout has its unit.`,
			Checks:  []string{"discovery.config.pagination"},
			Gaps:    []string{"nonconformant"},
			Install: both(claims("pagination", "cursor", "true"), claims("pagination", "cursorTimeout", "3600s")),
		},
		{
			Name:    "security-events-unreadable",
			Summary: "ServiceProviderConfig says yes to asynchronous requests instead of how, and lists events in one text.",
			Checks:  []string{"discovery.config.events"},
			Gaps:    []string{"nonconformant"},
			Install: tellsOfEvents("yes", "urn:ietf:params:scim:event:prov:deactivate"),
		},
		{
			Name:    "asynchronous-without-transaction",
			Summary: "A request that will be carried out later is answered 202 with the resource, and nothing to hear of it by.",
			Checks:  []string{"discovery.async"},
			Gaps:    []string{"nonconformant"},
			Install: both(tellsOfEvents("long", []any{}), answersLater(func(*acme.Reply) {})),
		},
	}
}

// tellsOfEvents adds to ServiceProviderConfig what RFC 9967 §4 has.
func tellsOfEvents(async, uris any) func(*acme.Config) {
	return onConfig(func(config map[string]any) {
		config["securityEvents"] = map[string]any{"asyncRequest": async, "eventUris": uris}
	})
}

// answersLater answers 202 to whoever prefers it (RFC 7240 §4.1).
func answersLater(hook func(*acme.Reply)) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		if strings.Contains(r.Request.Header.Get("Prefer"), "respond-async") && r.Status == http.StatusOK {
			r.Status = http.StatusAccepted
			hook(r)
		}
	})
}

// moreDiscoveryAnswers are further defects of how definitions are asked for.
func moreDiscoveryAnswers() []Defect {
	return []Defect{
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

// notByID answers 404 to a request for one definition, where its path is such.
func notByID(path string, such func(path string) bool) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		if strings.Contains(r.Request.URL.Path, path) && r.Status == http.StatusOK && such(r.Request.URL.EscapedPath()) {
			refuse(r, &acme.Error{Status: http.StatusNotFound, Detail: "no such endpoint"})
			delete(r.Body, "scimType")
		}
	})
}
