package users

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerPersonPasswords() {
	// RFC 7643 §4.1.1: "the value MUST NOT be returned by a service provider in any form"
	It("shows no password to whoever reads, in whatever way they ask",
		spec.ID("users.password.never-shown"), spec.Covers("RFC7643-4.1.1-05"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			path := scim.UserPath(person.ID)
			personSecretIn(t, "the answer to a POST", person.created, person.Password)
			personSecretIn(t, "the answer to a GET", person.read, person.Password)
			personSecretIn(t, "the answer to a GET with attributes=password", t.Get(ctx, "ask for the password", path+"?attributes=password"), person.Password)
			personSecretIn(t, "the answer to a GET with excludedAttributes=displayName", t.Get(ctx, "ask for all but displayName", path+"?excludedAttributes=displayName"), person.Password)
			if personCan(ctx, t, "filter") {
				personSecretIn(t, "a list", personLookUp(ctx, t, "userName", person.UserName), person.Password)
			}
			if personCan(ctx, t, "search") {
				personSecretIn(t, "the answer to a search", t.Do(ctx, "search and ask for the password", scim.Request{
					Method: http.MethodPost, Path: "/Users/.search", Body: scim.Document{
						"schemas": []any{scim.SearchSchema}, "filter": scim.Equals("userName", person.UserName), "attributes": []any{"userName", "password"},
					},
				}), person.Password)
			}
		})

	It("shows no password to whoever writes one, nor in a refusal",
		spec.ID("users.password.never-shown-on-writes"), spec.Covers("RFC7643-4.1.1-05"),
		func(ctx SpecContext) { personWritesPasswords(ctx, spec.From(ctx)) })

	// RFC 7643 §4.1.1 lets a service compare a password for equality, and nothing else: what
	// finds by its beginning gives it away letter by letter.
	It("lets nobody guess a password by filters",
		spec.ID("users.password.not-guessed"), spec.Covers("RFC7643-4.1.1-06"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			const few = 6 // letters, so that most of it stays untold
			for _, guess := range []struct{ operator, letters string }{{"sw", person.Password[:few]}, {"co", person.Password[few : 2*few]}} {
				t.CheckThat("RFC7643-4.1.1-06", "a refusal of password "+guess.operator+", or the same result for a right and a wrong guess",
					personGuess(ctx, t, person.UserName, guess.operator, guess.letters), Or(HavePrefix("refused"), Equal("the same for both")))
			}
		})
}

// personWritesPasswords sends a new password in each kind of write, and once in a body that is
// wrong.
func personWritesPasswords(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	victim := mustVictim(ctx, t)
	path := scim.UserPath(victim.ID)
	t.Subjects.NewPassword(victim)
	body := victim.Document(t.Target.SCIM.UserExtra)
	personSecretIn(t, "the answer to a PUT", t.Put(ctx, "replace, with a password", path, body), victim.Password)
	if personCan(ctx, t, "patch") {
		t.Subjects.NewPassword(victim)
		personSecretIn(t, "the answer to a PATCH", t.Patch(ctx, "change the password", path, spec.Replace("password", victim.Password)), victim.Password)
	}
	if personCan(ctx, t, "bulk") {
		t.Subjects.NewPassword(victim)
		personSecretIn(t, "the answer to a Bulk", t.Send(ctx, "change the password in a Bulk", func(ctx context.Context) (*scim.Reply, error) {
			return t.SCIM.BulkOne(ctx, http.MethodPut, path, victim.Document(t.Target.SCIM.UserExtra))
		}), victim.Password)
	}
	t.Subjects.NewPassword(victim)
	wrong := victim.Document(t.Target.SCIM.UserExtra)
	wrong["emails"] = "no list"
	reply := t.Put(ctx, "replace by a body with a wrong value and a password", path, wrong)
	personSecretIn(t, "a refusal", reply, victim.Password)
	if reply.OK() {
		t.Discard(victimKey)
	}
}

// personSecretIn checks that an answer shows nothing of a password.
func personSecretIn(t *spec.T, what string, r *scim.Reply, password string) {
	const none = "no password"
	seen := none
	switch trace, placeholder := personTrace(r, password); {
	case placeholder:
		// It gives nothing away, and is what clients send back.
		t.Prefer("RFC7643-4.1.1-05", none+" in "+what, trace, Equal(none))
		return
	case trace != "":
		seen = trace
	}
	t.CheckThat("RFC7643-4.1.1-05", none+" in "+what, seen, Equal(none))
}

// personTrace says what of a password an answer shows, without repeating it; empty for
// nothing. A placeholder is something under its name that stands for any.
func personTrace(r *scim.Reply, password string) (trace string, placeholder bool) {
	if bytes.Contains(r.Body, []byte(password)) {
		return "the password itself", false
	}
	if !r.OK() {
		return "", false
	}
	for _, d := range append(r.Doc.Resources(), r.Doc) {
		for name, value := range d {
			if !strings.EqualFold(name, "password") {
				continue
			}
			text, isText := value.(string)
			if value == nil || isText && strings.Trim(text, "*•xX") == "" {
				return "a placeholder for it", true
			}
			return fmt.Sprintf("a value of %d characters under its name", len(text)), false
		}
	}
	return "", false
}

// personGuess compares what a right and a wrong guess find.
func personGuess(ctx SpecContext, t *spec.T, userName, operator, guess string) string {
	GinkgoHelper()
	ask := func(guess string) *scim.Reply {
		query := url.Values{"filter": {"password " + operator + ` "` + guess + `"`}}
		return t.Get(ctx, "guess a part of a password", "/Users?"+query.Encode())
	}
	right := ask(guess)
	if !right.OK() {
		return fmt.Sprintf("refused with %d", right.Status)
	}
	wrong := ask("~" + guess[1:])
	if wrong.OK() && personFound(right, userName) == personFound(wrong, userName) {
		return "the same for both"
	}
	return "the user for the right guess, and not for the wrong one"
}
