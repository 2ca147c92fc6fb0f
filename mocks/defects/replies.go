package defects

import (
	"fmt"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// The functions below tell replies apart and alter what is common to them.

// isList reports a list of users or groups.
func isList(r *acme.Reply) bool {
	_, listed := r.Body["Resources"]
	return listed && (strings.HasSuffix(r.Request.URL.Path, "/Users") || strings.HasSuffix(r.Request.URL.Path, "/Groups"))
}

// onList alters lists of users and groups.
func onList(hook func(*acme.Reply)) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		if isList(r) {
			hook(r)
		}
	})
}

// resources are the users and groups that a reply shows: one, or those of a list.
func resources(r *acme.Reply) []map[string]any {
	if isList(r) {
		return model.Objects(r.Body["Resources"])
	}
	path := r.Request.URL.Path
	if r.Body != nil && r.Status < 300 && (strings.Contains(path, "/Users") || strings.Contains(path, "/Groups")) {
		return []map[string]any{r.Body}
	}
	return nil
}

// onResources alters each user and group that a reply shows.
func onResources(hook func(map[string]any)) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		for _, resource := range resources(r) {
			hook(resource)
		}
	})
}

// inLists alters each user and group in lists, and leaves those that stand alone.
func inLists(hook func(map[string]any)) func(*acme.Config) {
	return onList(func(r *acme.Reply) {
		for _, resource := range model.Objects(r.Body["Resources"]) {
			hook(resource)
		}
	})
}

// refuse turns a reply into a SCIM error (RFC 7644 §3.12).
func refuse(r *acme.Reply, e *acme.Error) {
	r.Status = e.Status
	r.Body = map[string]any{
		"schemas": []any{"urn:ietf:params:scim:api:messages:2.0:Error"},
		"status":  fmt.Sprint(e.Status), "detail": e.Detail, "scimType": e.ScimType,
	}
}
