package defects

import (
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// discovery are the defects of what the service says of itself (RFC 7644 §4).
func discovery() []Defect {
	return []Defect{
		{
			Name:    "config-denies-patch",
			Summary: "ServiceProviderConfig says that PATCH is not supported, and it is.",
			Install: claims("patch", false),
		},
	}
}

// claims makes ServiceProviderConfig say of a feature that it is supported, or not.
func claims(feature string, supported bool) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		if part, ok := r.Body[feature].(map[string]any); ok && asksConfig(r.Request) {
			part["supported"] = supported
		}
	})
}

func asksConfig(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/ServiceProviderConfig") }
