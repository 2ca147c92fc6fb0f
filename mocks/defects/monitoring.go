package defects

import (
	"net/http"
	"strings"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// monitoring are the defects of the audit log and the inventory.
func monitoring() []Defect {
	return []Defect{
		{
			Name:    "audit-forgets-deactivations",
			Summary: "The audit log holds everything but deactivations.",
			Install: onAudit(func(e *acme.Entry) { e.Drop = e.Drop || e.Action == "user.deactivate" }),
		},
		{
			Name:    "audit-forgets-scim",
			Summary: "What comes over SCIM is not in the audit log; what people do in the console is.",
			Install: onAudit(func(e *acme.Entry) { e.Drop = e.Drop || e.Actor == "identity-provider" }),
		},
		{
			Name:    "audit-names-nobody",
			Summary: "The audit log says of every change that the system did it.",
			Install: onAudit(func(e *acme.Entry) { e.Actor = "system" }),
		},
		{
			Name:    "audit-without-refusals",
			Summary: "A sign-in that was refused is not in the audit log.",
			Install: onAudit(func(e *acme.Entry) { e.Drop = e.Drop || e.Action == "login" && e.Outcome == "denied" }),
		},
		{
			Name:    "audit-without-console",
			Summary: "What administrators do is not in the audit log.",
			Install: onAudit(func(e *acme.Entry) { e.Drop = e.Drop || strings.HasPrefix(e.Actor, "admin ") }),
		},
		{
			Name:    "audit-calls-refusals-successes",
			Summary: "The audit log says of everything that it succeeded.",
			Install: onAudit(func(e *acme.Entry) { e.Outcome = "success" }),
		},
		{
			Name:    "audit-without-times",
			Summary: "The entries of the audit log have no times.",
			Install: onAudit(func(e *acme.Entry) { e.At = time.Time{} }),
		},
		{
			Name:    "failing-channel-not-shown",
			Summary: "The state of the provisioning channel cannot be asked for.",
			Install: hidden("/api/admin/provisioning"),
		},
		{
			Name:    "no-inventory-of-credentials",
			Summary: "Nobody can list the tokens and bots of the product with their owners.",
			Install: hidden("/api/inventory/"),
		},
	}
}

func onAudit(hook func(*acme.Entry)) func(*acme.Config) {
	return func(c *acme.Config) { c.Hooks.OnAudit = append(c.Hooks.OnAudit, hook) }
}

// hidden answers 404 for what is below a path.
func hidden(path string) func(*acme.Config) {
	return onRequest(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, path) {
			http.NotFound(w, r)
			return true
		}
		return false
	})
}
