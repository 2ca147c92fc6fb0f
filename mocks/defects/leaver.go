package defects

import (
	"net/http"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// leaver are the defects of the events themselves: what SCIM shows of somebody who
// leaves and comes back.
func leaver() []Defect {
	return slices.Concat(deactivation(), furtherForms(), undone(), deletion(), returning(), shownAgain())
}

func deactivation() []Defect {
	return []Defect{
		{
			Name:     "patch-active-ignored",
			Summary:  "A PATCH of active is answered 200 and changes nothing, in whatever form.",
			Imitates: "NorthlandPositronics/Cogtrix #122",
			Checks:   []string{"lifecycle.deactivate.patch-*", "lifecycle.deactivate.bulk", "lifecycle.reactivate", "lifecycle.sync.*", "channel.recovers", "survival.deactivate.patch-*.*", "survival.deactivate.bulk.*", "survival.deactivate.group-member.*", "survival.deactivate.role-holder.*", "survival.deactivate.renamed.*", "survival.deactivate.second-time.*", "survival.deactivate.while-minting.*", "survival.deactivate.granted.*", "survival.reactivate.*", "survival.delete-inactive.*", "survival.sync.*.*", "survival.out-of-band.*.*", "bulk.effects", "story.okta-oin", "story.entra", "story.entra-flag", "story.sailpoint", "story.ipsie-al1", "story.interop-draft", "users.model.wrong-boolean.leaving"},
			Gaps:     []string{"ignored-silently deactivate", "declared-not-delivered bulk", "nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPatch) {
					keep(c, "active")
				}
			}),
		},
		{
			Name:     "patch-pathless-ignored",
			Summary:  "A PATCH of active without a path, as Okta sends it, is answered 200 and changes nothing.",
			Imitates: "different-ai/openwork #3809, where Okta's call was a 400 without effect",
			Checks:   append(slices.Concat(inForm("patch-pathless"), inForm("patch-pathless-string"), inForm("patch-echoed-id")), "story.okta-oin"),
			Gaps:     []string{"ignored-silently deactivate"},
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPatch) && !slices.ContainsFunc(c.Operations, hasPath) {
					keep(c, "active")
				}
			}),
		},
		{
			Name:     "patch-string-refused",
			Summary:  `The string "False" for active, as Microsoft Entra ID sends it, is refused with 400.`,
			Imitates: "OneUptime/oneuptime #3852, where it was accepted without effect",
			Checks:   append(slices.Concat(inForm("patch-string"), inForm("patch-last-of-several")), "story.entra"), // the rare forms may be refused
			Gaps:     []string{"partial-support deactivate"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Type == acme.TypeUser && slices.ContainsFunc(c.Operations, setsActiveToText) {
					c.Err = &acme.Error{Status: http.StatusBadRequest, ScimType: "invalidValue", Detail: "active must be a Boolean"}
				}
			}),
		},
		{
			Name:     "put-active-ignored",
			Summary:  "A PUT stores everything but active.",
			Imitates: "getsentry/sentry #45430",
			Checks:   []string{"lifecycle.deactivate.put", "survival.deactivate.put.*", "story.okta-aiw", "story.onelogin", "story.jumpcloud", "story.pingfederate"},
			Gaps:     []string{"ignored-silently deactivate"},
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPut) {
					keep(c, "active")
				}
			}),
		},
	}
}

func deletion() []Defect {
	return []Defect{
		{
			Name:    "delete-ignored",
			Summary: "A DELETE is answered 204 and the user stays.",
			Checks:  []string{"lifecycle.delete", "lifecycle.delete.gone-from-lists", "lifecycle.recreate", "survival.delete.*", "survival.recreate.*", "groups.member-deleted", "bulk.effects", "story.entra", "story.entra-flag", "story.onelogin", "story.jumpcloud", "story.pingfederate", "story.ipsie-al1", "story.interop-draft"},
			Gaps:    []string{"ignored-silently delete", "nonconformant", "declared-not-delivered bulk"},
			Install: beforeChange(func(c *acme.Change) { c.Drop = c.Drop || changesUser(c, http.MethodDelete) }),
		},
		{
			Name:    "deleted-user-listed",
			Summary: "A deleted user answers 404 and is still found by a filter.",
			Checks:  []string{"lifecycle.delete.gone-from-lists", "users.deleted.not-found"},
			Gaps:    []string{"nonconformant delete", "declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				for _, user := range q.Deleted() {
					if q.Type == acme.TypeUser && asksFor(q.Filter, user) {
						q.Found = append(q.Found, user)
					}
				}
			}),
		},
		{
			Name:    "delete-answers-200",
			Summary: "A DELETE takes effect and is answered 200 with a body.",
			Checks:  []string{"lifecycle.delete"},
			Gaps:    []string{"nonconformant delete"},
			Install: writeReply(func(r *acme.Reply) {
				if r.Request.Method == http.MethodDelete && r.Status == http.StatusNoContent {
					r.Status, r.Body = http.StatusOK, map[string]any{"deleted": true}
				}
			}),
		},
		{
			Name:    "deleted-user-found-by-external-id",
			Summary: "A deleted user is still found by externalId.",
			Checks:  []string{"users.deleted.not-found"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				for _, user := range q.Deleted() {
					if id := user.Text("externalId"); q.Type == acme.TypeUser && q.Filter == `externalId eq "`+id+`"` {
						q.Found = append(q.Found, user)
					}
				}
			}),
		},
		{
			Name:    "deleted-user-changed-200",
			Summary: "A PATCH of a deleted user is answered 204 and does nothing.",
			Checks:  []string{"users.deleted.every-operation"},
			Gaps:    []string{"nonconformant"},
			Install: func(config *acme.Config) {
				var gone ids
				beforeChange(func(c *acme.Change) {
					if changesUser(c, http.MethodDelete) && c.Err == nil {
						gone.set(c.ID, true)
					}
				})(config)
				writeReply(func(r *acme.Reply) {
					if id, ok := idIn(r); ok && gone.has(id) && r.Request.Method == http.MethodPatch {
						r.Status, r.Body = http.StatusNoContent, nil
					}
				})(config)
			},
		},
	}
}

func returning() []Defect {
	return []Defect{
		{
			Name:    "reactivate-ignored",
			Summary: "active: true is answered 200 and the user stays inactive.",
			// Whoever stays inactive obtains nothing, so a second leaving cannot be tried.
			Checks: []string{"lifecycle.reactivate", "survival.reactivate.local-password", "survival.reactivate.sso-login", "survival.reactivate.reset-link", "survival.deactivate.second-time.*", "story.*"},
			Gaps:   append(gaps("no-evidence", plainKinds), "ignored-silently reactivate"),
			Install: beforeChange(func(c *acme.Change) {
				if c.Type == acme.TypeUser && c.Before != nil && c.After != nil && !c.Before.Active() {
					keep(c, "active")
				}
			}),
		},
		{
			Name:    "reactivate-locks-out",
			Summary: "A reactivated user is shown as active and cannot sign in with the password.",
			Checks:  []string{"survival.reactivate.local-password", "survival.deactivate.second-time.*"},
			Gaps:    append(gaps("no-evidence", plainKinds), "nonconformant reactivate"),
			Install: judge(func(c *acme.Credential) {
				if c.Kind == acme.Password && c.Owner.State == acme.Active && len(c.Owner.Departures()) > 0 {
					c.Allowed = false
				}
			}),
		},
		{
			Name:     "recreate-conflicts",
			Summary:  "The userName of a deleted user stays taken: a POST is answered 409.",
			Imitates: "gitlab-org/gitlab #433194, which answers 412",
			Checks:   []string{"lifecycle.recreate", "survival.recreate.*"},
			Gaps:     []string{"refused-explicitly recreate"},
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPost) && len(c.Namesakes) > 0 {
					c.Err = &acme.Error{Status: http.StatusConflict, ScimType: "uniqueness", Detail: "another user has this userName"}
				}
			}),
		},
		{
			Name:    "recreate-reuses-id",
			Summary: "A user who is created under the userName of a deleted one gets the old id.",
			Checks:  []string{"lifecycle.recreate"},
			Gaps:    []string{"nonconformant recreate"},
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPost) && len(c.Namesakes) > 0 {
					c.ID = c.Namesakes[0].Text("id")
				}
			}),
		},
	}
}

func hasPath(o acme.Operation) bool { return o.Path != "" }

// setsActiveToText reports an operation on active, with a path or without one,
// whose value is a string.
func setsActiveToText(o acme.Operation) bool {
	value := o.Value
	if object, ok := value.(map[string]any); ok && o.Path == "" {
		value = object["active"]
	} else if !strings.EqualFold(o.Path, "active") {
		return false
	}
	_, isText := value.(string)
	return isText
}

// asksFor reports whether a filter could be meant for the user.
func asksFor(filter string, user acme.Resource) bool {
	return filter == "" || strings.Contains(strings.ToLower(filter), strings.ToLower(user.Text("userName")))
}
