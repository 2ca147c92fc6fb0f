package defects

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// errorReplies are the defects of statuses and error messages (RFC 7644 §3.12).
func errorReplies() []Defect {
	return slices.Concat(errorForms(), wrongStatuses(), refusals(), negotiation(), alias())
}

// errorForms are the defects in the form of an error message.
func errorForms() []Defect {
	return []Defect{
		{
			Name:    "error-as-plain-text",
			Summary: "Errors are plain text instead of a SCIM error message.",
			Checks:  []string{"errors.form.message", "users.create.duplicate", "replacing.immutable", "patching.message.unknown-id", "patching.remove.required", "patching.replace.no-match", "patching.members.name"},
			Gaps:    []string{"nonconformant", "declared-not-delivered patch"},
			Install: onError(func(r *acme.Reply) {
				r.Header.Set("Content-Type", "text/plain; charset=utf-8")
				r.Raw = []byte(model.Resource(r.Body).Text("detail") + "\n")
			}),
		},
		{
			Name:    "error-of-the-framework",
			Summary: "Errors have the web framework's own form, with code and message, and no schemas.",
			Checks:  []string{"errors.form.message", "errors.form.status", "users.create.duplicate", "replacing.immutable", "bulk.failed", "patching.message.unknown-id", "patching.remove.required", "patching.replace.no-match", "patching.members.name"},
			Gaps:    []string{"nonconformant", "declared-not-delivered bulk", "declared-not-delivered patch"},
			Install: onError(func(r *acme.Reply) {
				r.Body = map[string]any{"code": r.Status, "message": r.Body["detail"], "path": r.Request.URL.Path}
			}),
		},
		{
			Name:     "error-status-as-number",
			Summary:  "status in an error message is a number instead of a string.",
			Imitates: "the errors in Okta's own documentation",
			Checks:   []string{"errors.form.status"},
			Gaps:     []string{"nonconformant"},
			Install:  onError(func(r *acme.Reply) { r.Body["status"] = r.Status }),
		},
		{
			Name:     "error-without-status",
			Summary:  "An error message carries no status.",
			Imitates: "FortiAuthenticator",
			Checks:   []string{"errors.form.status"},
			Gaps:     []string{"nonconformant"},
			Install:  onError(func(r *acme.Reply) { delete(r.Body, "status") }),
		},
		{
			Name:     "error-conflict-without-scim-type",
			Summary:  "The 409 for a userName that is taken carries no scimType.",
			Imitates: "getsentry/sentry #117860",
			Checks:   []string{"users.create.duplicate"},
			Gaps:     []string{"nonconformant"},
			Install:  onStatus(http.StatusConflict, func(r *acme.Reply) { delete(r.Body, "scimType") }),
		},
		{
			Name:    "error-scim-type-unknown",
			Summary: "The 409 for a userName that is taken has a scimType that RFC 7644 does not know.",
			Checks:  []string{"errors.form.keyword", "users.create.duplicate", "replacing.taken-name", "bulk.failed"},
			Gaps:    []string{"nonconformant", "declared-not-delivered bulk"},
			Install: onStatus(http.StatusConflict, func(r *acme.Reply) { r.Body["scimType"] = "duplicateUser" }),
		},
		{
			Name:    "error-shows-database",
			Summary: "The detail of a 409 is the database's own message, with the names of table and index.",
			Checks:  []string{"errors.form.internals"},
			Gaps:    []string{"nonconformant"},
			Install: onStatus(http.StatusConflict, func(r *acme.Reply) {
				r.Body["detail"] = `pq: duplicate key value violates unique constraint "users_username_lower_idx" (SQLSTATE 23505)`
			}),
		},
	}
}

// wrongStatuses are the defects of statuses for what is unknown or wrong.
func wrongStatuses() []Defect {
	return []Defect{
		{
			Name:     "error-malformed-id-400",
			Summary:  "An id of a form that the service never gives is answered 400 instead of 404.",
			Imitates: "Microsoft Entra ID's own SCIM server",
			Checks:   []string{"errors.status.strange-ids", "story.pingfederate"},
			Gaps:     []string{"nonconformant", "refused-explicitly look-up"},
			Install: onStatus(http.StatusNotFound, func(r *acme.Reply) {
				if id, ok := idIn(r); ok && uuid.Validate(id) != nil {
					refuse(r, model.BadRequest("invalidValue", "the id is malformed"))
				}
			}),
		},
		{
			Name:    "error-unknown-group-200",
			Summary: "An unknown id of a group is answered 200 with an empty object.",
			Checks:  []string{"errors.status.unknown", "story.okta-oin", "story.okta-aiw", "story.onelogin", "groups.deleted"},
			Gaps:    []string{"nonconformant", "ignored-silently delete-group"},
			Install: onStatus(http.StatusNotFound, func(r *acme.Reply) {
				if _, ok := idIn(r); ok && strings.Contains(r.Request.URL.Path, "/Groups/") && r.Request.Method == http.MethodGet {
					r.Status, r.Body = http.StatusOK, map[string]any{}
				}
			}),
		},
		{
			Name:    "error-in-a-200",
			Summary: "What is refused with 400 is answered 200, and only the message says 400.",
			Checks:  []string{"errors.form.no-success", "errors.media.unreadable", "errors.media.doubled", "querying.cursor.unusable", "querying.cursor.count-changed", "querying.search.schemas", "users.create.required-username", "users.create.other-type", "users.create.wrong-type", "users.enterprise.manager-name.patch", "users.groups.patch-refused", "groups.display-name", "groups.members.immutable", "replacing.immutable", "replacing.required", "querying.filter.whole-complex", "querying.filter.literals", "querying.filter.not", "querying.filter.unordered", "querying.filter.unreadable", "querying.filter.nested", "querying.filter.password", "users.model.wrong-boolean.leaving", "users.model.schemas.missing", "users.model.schemas.base", "users.model.primary.one", "users.model.binary", "patching.message.schemas", "patching.message.operations", "patching.message.op", "patching.path.malformed", "patching.path.unknown", "patching.refused.immutable", "patching.refused.read-only", "patching.refused.value", "patching.atomic.leaver", "patching.add.without-value", "patching.remove.pathless", "patching.remove.required", "patching.replace.required-null", "patching.replace.no-match", "patching.members.name"},
			Gaps:    []string{"nonconformant", "declared-not-delivered cursor", "declared-not-delivered patch", "declared-not-delivered filter"},
			Install: onStatus(http.StatusBadRequest, func(r *acme.Reply) { r.Status = http.StatusOK }),
		},
		{
			Name:    "error-malformed-body-500",
			Summary: "A body that is not JSON is answered 500.",
			Checks:  []string{"errors.media.unreadable"},
			Gaps:    []string{"nonconformant"},
			Install: onMalformedBody(func(r *acme.Reply) {
				refuse(r, &acme.Error{Status: http.StatusInternalServerError, Detail: "internal error"})
				delete(r.Body, "scimType")
			}),
		},
		{
			Name:    "error-malformed-body-204",
			Summary: "A body that is not JSON is answered 204 and changes nothing.",
			Checks:  []string{"errors.media.unreadable"},
			Gaps:    []string{"nonconformant"},
			Install: onMalformedBody(func(r *acme.Reply) { r.Status, r.Body = http.StatusNoContent, nil }),
		},
		{
			Name:     "error-conflict-as-400",
			Summary:  "A userName that is taken is answered 400 instead of 409.",
			Imitates: "FusionAuth #1776",
			Checks:   []string{"lifecycle.create.duplicate", "lifecycle.create.case-twin", "errors.status.conflict", "users.create.duplicate", "users.username.unique.post"},
			Gaps:     []string{"nonconformant"},
			Install:  onStatus(http.StatusConflict, func(r *acme.Reply) { setStatus(r, http.StatusBadRequest) }),
		},
		{
			Name:    "error-conflict-as-500",
			Summary: "A userName that is taken is answered 500.",
			Checks:  []string{"lifecycle.create.duplicate", "lifecycle.create.case-twin", "errors.status.conflict", "users.create.duplicate", "users.create.race", "users.username.unique.*", "replacing.taken-name", "bulk.failed", "users.strings.unique", "patching.refused.taken-name"},
			Gaps:    []string{"nonconformant", "declared-not-delivered patch", "declared-not-delivered bulk"},
			Install: onStatus(http.StatusConflict, func(r *acme.Reply) {
				setStatus(r, http.StatusInternalServerError)
				delete(r.Body, "scimType")
			}),
		},
		{
			Name:    "error-unknown-endpoint-200",
			Summary: "An endpoint that does not exist is answered 200 with the product's page.",
			Checks:  []string{"errors.status.unknown", "errors.status.strange-ids", "errors.status.redirect", "errors.status.version"},
			Gaps:    []string{"nonconformant", "declared-not-delivered patch"},
			Install: onStatus(http.StatusNotFound, func(r *acme.Reply) {
				if isUnknownEndpoint(r) {
					r.Status, r.Raw = http.StatusOK, []byte("<!doctype html><title>Acme</title><div id=app></div>\n")
					r.Header.Set("Content-Type", "text/html; charset=utf-8")
				}
			}),
		},
	}
}

// outsiders are the checks of those whom the channel has to refuse.
var outsiders = []string{"channel.no-credential", "channel.made-up-credential", "channel.ended-credential", "channel.another-scheme"}

// refusals are the defects of the answer to a client without a valid token.
func refusals() []Defect {
	return []Defect{
		{
			Name:    "error-401-as-redirect",
			Summary: "A request without a valid token is sent to the sign-in page instead of being answered 401.",
			Checks:  append([]string{"channel.anonymous-writes"}, outsiders...),
			Gaps:    []string{"nonconformant"},
			Install: onStatus(http.StatusUnauthorized, func(r *acme.Reply) {
				r.Status, r.Body = http.StatusFound, nil
				r.Header.Set("Location", "/login")
			}),
		},
		{
			Name:    "error-401-as-403",
			Summary: "A request without a valid token is answered 403.",
			Checks:  outsiders,
			Gaps:    []string{"nonconformant"},
			Install: onStatus(http.StatusUnauthorized, func(r *acme.Reply) {
				setStatus(r, http.StatusForbidden)
				r.Header.Del("WWW-Authenticate")
			}),
		},
		{
			Name:    "error-401-without-challenge",
			Summary: "A 401 carries no WWW-Authenticate.",
			Checks:  []string{"channel.no-credential", "channel.made-up-credential"},
			Gaps:    []string{"nonconformant"},
			Install: onStatus(http.StatusUnauthorized, func(r *acme.Reply) { r.Header.Del("WWW-Authenticate") }),
		},
	}
}

// onError alters error messages of any status.
func onError(hook func(*acme.Reply)) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		if r.Status >= http.StatusBadRequest && r.Body != nil {
			hook(r)
		}
	})
}

// onStatus alters error messages of one status.
func onStatus(status int, hook func(*acme.Reply)) func(*acme.Config) {
	return onError(func(r *acme.Reply) {
		if r.Status == status {
			hook(r)
		}
	})
}

// onMalformedBody alters the refusal of a body that is not JSON. The body itself was
// read by then; nothing else is refused with this message.
func onMalformedBody(hook func(*acme.Reply)) func(*acme.Config) {
	return onStatus(http.StatusBadRequest, func(r *acme.Reply) {
		if strings.Contains(model.Resource(r.Body).Text("detail"), "body is not") {
			hook(r)
		}
	})
}

// setStatus changes the status of an error, in the message, too.
func setStatus(r *acme.Reply, status int) {
	r.Status = status
	r.Body["status"] = strconv.Itoa(status)
}

// idIn returns the id of a user or group that a request names.
func idIn(r *acme.Reply) (string, bool) {
	_, path, _ := strings.Cut(r.Request.URL.Path, "/scim/v2/")
	kind, id, ok := strings.Cut(path, "/")
	return id, ok && (kind == "Users" || kind == "Groups") && !strings.Contains(id, "/")
}

// isUnknownEndpoint reports a path that is no endpoint at all.
func isUnknownEndpoint(r *acme.Reply) bool {
	return strings.HasPrefix(model.Resource(r.Body).Text("detail"), "no such endpoint")
}
