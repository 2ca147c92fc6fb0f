package defects

import (
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// configClaims are the defects of ServiceProviderConfig (RFC 7643 §5).
func configClaims() []Defect {
	return []Defect{
		{
			Name:    "config-supported-as-text",
			Summary: `In ServiceProviderConfig supported is the text "true" for the filter.`,
			Checks:  []string{"discovery.config.features"},
			Gaps:    []string{"nonconformant"},
			Install: claims("filter", "supported", "true"),
		},
		{
			Name:    "config-max-results-untrue",
			Summary: "ServiceProviderConfig says that a page has up to 10000 resources, and it never has as many.",
			Checks:  []string{"discovery.config.claims"},
			Gaps:    []string{"nonconformant"},
			Install: claims("filter", "maxResults", 10000),
		},
		{
			Name:    "config-without-max-results",
			Summary: "ServiceProviderConfig has no maxResults for the filter.",
			Checks:  []string{"discovery.config.features"},
			Gaps:    []string{"nonconformant"},
			Install: onConfig(func(config map[string]any) {
				if filter, ok := config["filter"].(map[string]any); ok {
					delete(filter, "maxResults")
				}
			}),
		},
		{
			Name:    "config-without-authentication",
			Summary: "ServiceProviderConfig lists no authenticationSchemes.",
			Checks:  []string{"discovery.config.authentication"},
			Gaps:    []string{"nonconformant"},
			Install: onConfig(func(config map[string]any) { delete(config, "authenticationSchemes") }),
		},
		{
			Name:    "config-claims-basic",
			Summary: "ServiceProviderConfig lists HTTP Basic, which is refused, as the way to sign in.",
			Checks:  []string{"discovery.config.authentication"},
			Gaps:    []string{"nonconformant"},
			Install: onConfig(func(config map[string]any) {
				config["authenticationSchemes"] = []any{map[string]any{
					"type": "httpbasic", "name": "HTTP Basic", "description": "Name and password of an administrator.", "primary": true,
				}}
			}),
		},
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

// claims makes ServiceProviderConfig say something of a feature.
func claims(feature, name string, value any) func(*acme.Config) {
	return onConfig(func(config map[string]any) {
		if part, ok := config[feature].(map[string]any); ok {
			part[name] = value
		}
	})
}

func onConfig(hook func(map[string]any)) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		if asksConfig(r.Request) && r.Status == http.StatusOK {
			hook(r.Body)
		}
	})
}

func asksConfig(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/ServiceProviderConfig") }

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
