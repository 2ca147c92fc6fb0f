package acme

import (
	"strings"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// sameAddress compares e-mail addresses. Nearly every mail server ignores letter case,
// which RFC 5321 §2.4 leaves it free to do before the @.
func sameAddress(a, b string) bool { return strings.EqualFold(a, b) }

// addresses lists the e-mail addresses of a user as they are listed, the primary one
// first.
func addresses(user Resource) []string {
	var out []string
	for _, e := range model.Objects(user["emails"]) {
		address, _ := e["value"].(string)
		switch {
		case address == "":
		case e["primary"] == true:
			out = append([]string{address}, out...)
		default:
			out = append(out, address)
		}
	}
	return out
}

// listed returns an address as the user lists it, or "". Mail goes to that one: letters
// that only count as equal may make another mailbox of what a visitor typed.
func listed(user Resource, address string) string {
	for _, own := range addresses(user) {
		if sameAddress(own, address) {
			return own
		}
	}
	return ""
}

// reachable lists the active users who list an address. There may be several: SCIM
// does not make addresses unique.
func (a *App) reachable(address string) []*Account {
	var out []*Account
	a.store.view(func(v view) {
		for _, r := range v.list(TypeUser) {
			if r.doc.Active() && listed(r.doc, address) != "" {
				out = append(out, r.account(v))
			}
		}
	})
	return out
}

// unreachable lists the users of an address, inactive or deleted, to whom a hook has a link mailed all
// the same.
func (a *App) unreachable(address string, kind CredentialKind) []*Account {
	if len(a.config.Hooks.JudgeMail) == 0 {
		return nil
	}
	var out []*Account
	a.store.view(func(v view) {
		for _, r := range v.ever(TypeUser) {
			if r.doc.Active() && !r.deleted || listed(r.doc, address) == "" {
				continue
			}
			asked := &MailAsked{Kind: kind, To: r.account(v)}
			for _, hook := range a.config.Hooks.JudgeMail {
				hook(asked)
			}
			if asked.Send {
				out = append(out, asked.To)
			}
		}
	})
	return out
}
