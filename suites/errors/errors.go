// Package errors is about what is not as it should be: refusals, media types and the messages
// in which they come (RFC 7644 §3.1, §3.8, §3.12, §3.13, §7).
package errors

import (
	"net/http"
	"net/url"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string { return []string{"errors.form", "errors.status", "errors.media", "errors"} }

// Register adds the checks to the spec tree.
func Register() {
	registerForm()
	registerStatus()
	registerMedia()
	registerText()
}

// refusal is a request that has to be refused, with the answer.
type refusal struct {
	what string
	*scim.Reply
}

// nobody is an id of the form that many services give, which no resource has.
const nobody = "5c1a9e00-0000-4000-8000-00000000dead"

// provoked are requests of each kind that has to be refused, sent once for all checks of how
// refusals look.
func provoked(ctx SpecContext, t *spec.T) []refusal {
	GinkgoHelper()
	list := spec.Shared(t, "errors.provoked", func() []refusal {
		user := t.MustKeptUser(ctx, nil) // whom a careless service may overwrite
		twin := t.Subjects.Draft()
		twin.UserName = user.UserName
		malformed := t.PostUser(ctx, "send a body that is not JSON", t.Subjects.Draft().UserName, scim.Request{Raw: []byte(`{"userName":`)})
		list := []refusal{
			{"a body that is not JSON", malformed.Reply},
			{"an unknown user", t.Get(ctx, "read somebody unknown", scim.UserPath(nobody))},
			{"an unknown endpoint", t.Get(ctx, "read an unknown endpoint", "/scimproof-nowhere")},
			{"a userName that is taken", t.PostUser(ctx, "create somebody who is there", twin.UserName, scim.Request{Body: twin.Document(t.Target.SCIM.UserExtra)}).Reply},
			{"an unreadable filter", t.Get(ctx, "filter by what cannot be read", "/Users?"+url.Values{"filter": {`userName eq`}, "count": {"1"}}.Encode())},
		}
		stranger, err := t.SCIM.Anonymous()
		if err == nil {
			list = append(list, refusal{"a request without a credential", t.Send(ctx, "read without a credential", sending(stranger, "/Users?count=1"))})
		}
		if t.Features.Gate(t.Context(ctx, ""), "patch").Open {
			list = append(list, refusal{"a PATCH of an unreadable path", t.Patch(ctx, "change an unreadable path", scim.UserPath(user.ID), spec.Replace("emails[type eq", "x"))})
		}
		return list
	})
	for _, r := range list {
		t.Cite(r.Exchanges...)
	}
	return list
}

// victim is a user whom refused requests are about.
func victim(ctx SpecContext, t *spec.T) *subject.Subject {
	GinkgoHelper()
	return spec.Shared(t, "errors.victim", func() *subject.Subject { return t.MustKeptUser(ctx, nil) })
}

// refused reports an answer that is an error.
func (r refusal) refused() bool { return r.Status >= http.StatusBadRequest }
