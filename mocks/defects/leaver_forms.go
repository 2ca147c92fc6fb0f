package defects

import (
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// inForm are the checks on one form of a deactivation.
func inForm(form string) []string {
	return []string{"lifecycle.deactivate." + form, "survival.deactivate." + form + ".*"}
}

// furtherForms are the forms of a deactivation beside the four that are in wide use,
// each without its effect.
func furtherForms() []Defect {
	return []Defect{
		{
			Name:     "text-false-read-as-true",
			Summary:  `Any text for active counts as true, also "False", as Microsoft Entra ID sends it.`,
			Imitates: "OneUptime/oneuptime #3852",
			Checks:   slices.Concat(inForm("patch-string"), inForm("patch-text"), inForm("patch-pathless-string"), inForm("patch-last-of-several"), []string{"users.model.wrong-boolean.leaving", "story.entra"}),
			Gaps:     []string{"ignored-silently deactivate", "nonconformant"},
			Install:  ignores(setsActiveToText),
		},
		{
			Name:    "lower-case-false-ignored",
			Summary: `The text "false" for active is ignored, and "False" is not.`,
			Checks:  append(inForm("patch-text"), "users.model.wrong-boolean.leaving"),
			Gaps:    []string{"ignored-silently deactivate", "nonconformant"},
			Install: ignores(func(o acme.Operation) bool { return setsActiveToText(o) && (o.Value == "false") }),
		},
		{
			Name:    "add-of-active-ignored",
			Summary: "An add of active false is answered 200 and changes nothing.",
			Checks:  inForm("patch-add"),
			Gaps:    []string{"ignored-silently deactivate"},
			Install: ignores(func(o acme.Operation) bool { return o.Op == "add" && strings.EqualFold(o.Path, "active") }),
		},
		{
			Name:    "list-for-active-ignored",
			Summary: "A list of values for active is answered 200 and changes nothing.",
			Checks:  inForm("patch-list"),
			Gaps:    []string{"ignored-silently deactivate"},
			Install: ignores(func(o acme.Operation) bool {
				_, isList := o.Value.([]any)
				return isList && strings.EqualFold(o.Path, "active")
			}),
		},
		{
			Name:    "removal-of-active-half-applied",
			Summary: "A remove of active is refused with 400, and the user is inactive all the same.",
			Checks:  []string{"lifecycle.deactivate.remove-active"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: removalHalfApplied,
		},
		{
			Name:    "path-active-in-capitals-ignored",
			Summary: "A path that spells Active with a capital is answered 200 and changes nothing.",
			Checks:  inForm("patch-capital-path"),
			Gaps:    []string{"ignored-silently deactivate"},
			Install: ignores(func(o acme.Operation) bool { return o.Path == "Active" }),
		},
		{
			Name:    "urn-path-of-active-ignored",
			Summary: "A path to active with the URN of its schema is answered 200 and changes nothing.",
			Checks:  inForm("patch-urn-path"),
			Gaps:    []string{"ignored-silently deactivate"},
			Install: ignores(func(o acme.Operation) bool {
				return strings.HasPrefix(o.Path, model.URNUser) && strings.HasSuffix(o.Path, "active")
			}),
		},
		{
			Name:    "active-among-others-ignored",
			Summary: "active is ignored where other operations come before it in the same PATCH.",
			Checks:  inForm("patch-last-of-several"),
			Gaps:    []string{"ignored-silently deactivate"},
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPatch) && c.After != nil && len(c.Operations) > 1 && strings.EqualFold(c.Operations[len(c.Operations)-1].Path, "active") {
					keep(c, "active")
				}
			}),
		},
		{
			Name:     "echoed-id-refused",
			Summary:  "A PATCH without a path that carries the stored id beside active, as Okta's does for groups, is refused.",
			Imitates: "ssoready/ssoready #206 and others that learnt to accept it",
			Checks:   []string{"users.active.echoed-id", "story.okta-oin", "patching.members.echoed-id"},
			Gaps:     []string{"declared-not-delivered patch", "refused-explicitly group-push"},
			Install: onPatch(func(c *acme.Change) {
				if slices.ContainsFunc(c.Operations, func(o acme.Operation) bool {
					object, ok := o.Value.(map[string]any)
					return ok && o.Path == "" && object["id"] != nil
				}) {
					c.Err = model.BadRequest("mutability", "id is read-only")
				}
			}),
		},
		{
			Name:    "deactivation-loses-the-rest",
			Summary: "What else a PATCH sets together with active false is lost.",
			Checks:  []string{"lifecycle.deactivate.patch-last-of-several"},
			Gaps:    []string{"nonconformant deactivate"},
			Install: onPatch(func(c *acme.Change) {
				if c.After != nil && c.Before.Active() && !c.After.Active() && len(c.Operations) > 1 {
					c.After = c.Before.Clone()
					c.After["active"] = false
				}
			}),
		},
	}
}

// undone are deactivations that do not stay, or are more than that.
func undone() []Defect {
	return []Defect{
		{
			Name:     "put-without-active-reactivates",
			Summary:  "A PUT that says nothing of active lets an inactive user in again.",
			Imitates: "vouch-sh/vouch #1415, by design",
			Checks:   []string{"lifecycle.sync.put-without-active", "survival.sync.put-without-active.local-password", "replacing.inactive"},
			Gaps:     []string{"revived-access sync", "revived-access sync local-password", "nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if _, _, sent := model.Lookup(c.Body, "active"); changesUser(c, http.MethodPut) && c.After != nil && !sent {
					c.After["active"] = true
				}
			}),
		},
		{
			Name:    "renaming-reactivates",
			Summary: "A PATCH of an inactive user's displayName makes them active.",
			Checks:  []string{"lifecycle.sync.patch-displayname", "survival.sync.patch-displayname.local-password"},
			Gaps:    []string{"revived-access sync", "revived-access sync local-password"},
			Install: onPatch(func(c *acme.Change) {
				if c.Type == acme.TypeUser && c.After != nil && c.Before.Text("displayName") != c.After.Text("displayName") {
					c.After["active"] = true
				}
			}),
		},
		{
			Name:     "inactive-users-hidden-from-filters",
			Summary:  "A filter does not find inactive users, so that whoever returns is created anew.",
			Imitates: "growthbook #1680",
			Checks:   []string{"users.active.inactive-found", "querying.filter.inactive", "story.*"},
			Gaps:     []string{"declared-not-delivered filter", "ignored-silently look-up"},
			Install: onQuery(func(q *acme.Query) {
				if q.Type == acme.TypeUser && q.Filter != "" {
					q.Found = slices.DeleteFunc(q.Found, func(r acme.Resource) bool { return !r.Active() })
				}
			}),
		},
		{
			Name:    "second-delete-204",
			Summary: "A DELETE of somebody who was never there is answered 204.",
			Checks:  []string{"users.deleted.twice"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Method == http.MethodDelete && c.Err != nil && c.Err.Status == http.StatusNotFound {
					c.Err = nil
				}
			}),
		},
		{
			Name:     "deactivation-refused-for-administrators",
			Summary:  "The deactivation of somebody with the role admin is refused.",
			Imitates: "growthbook #1680, itsaplan #250",
			Checks:   []string{"survival.deactivate.role-holder.*"},
			Gaps:     []string{"partial-support deactivate"},
			Install: onPatch(func(c *acme.Change) {
				if c.Type == acme.TypeUser && c.After != nil && hasRole(c.Before, "admin") && c.Before.Active() && !c.After.Active() {
					c.Err = &acme.Error{Status: http.StatusConflict, Detail: "an administrator cannot be removed"}
				}
			}),
		},
	}
}

// ignores keeps active as it was where an operation is of some form.
func ignores(form func(acme.Operation) bool) func(*acme.Config) {
	return beforeChange(func(c *acme.Change) {
		if changesUser(c, http.MethodPatch) && c.After != nil && slices.ContainsFunc(c.Operations, form) {
			keep(c, "active")
		}
	})
}

// removalHalfApplied refuses what it has done.
func removalHalfApplied(config *acme.Config) {
	var done sync.Map // by the user's id
	onPatch(func(c *acme.Change) {
		if len(c.Operations) == 1 && c.Operations[0].Op == "remove" && strings.EqualFold(c.Operations[0].Path, "active") && c.After != nil {
			c.After["active"] = false
			done.Store(c.ID, true)
		}
	})(config)
	writeReply(func(r *acme.Reply) {
		if _, half := done.LoadAndDelete(path.Base(r.Request.URL.Path)); half {
			refuse(r, model.BadRequest("invalidPath", "active cannot be removed"))
		}
	})(config)
}
