package errors

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func sending(c *scim.Client, path string) func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return c.Do(ctx, http.MethodGet, path, nil) }
}

// messages is how the URNs of messages begin (RFC 7644 §3.1).
const messages = "urn:ietf:params:scim:api:"

// keywords are the values that scimType may have (RFC 7644 §3.12, RFC 9865 §2.1).
var keywords = strings.Fields(`invalidFilter tooMany uniqueness mutability invalidSyntax invalidPath noTarget invalidValue
	invalidVers sensitive invalidCursor expiredCursor invalidCount`)

// internals are texts that only a program's inside has.
var internals = regexp.MustCompile(`(?i)SQLSTATE|syntax error at or near|duplicate key value|ORA-\d{5}|at [\w.$]+\([\w]+\.java:\d+\)|` +
	`Traceback \(most recent|goroutine \d+ \[|\.go:\d+|/(usr|home|var|opt)/[\w/]+|node_modules|System\.[A-Z]\w+Exception`)

func registerForm() {
	// RFC 7644 §3.12: error responses are JSON with the schema of an Error message.
	It("says in a SCIM error message what it refuses",
		spec.ID("errors.form.message"), spec.Covers("RFC7644-3.12-01", "RFC7644-3.1-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, r := range provoked(ctx, t) {
				if !r.refused() {
					continue
				}
				t.CheckReply("RFC7644-3.12-01", "JSON with the schema of an Error message in the answer to "+r.what, r.Reply, shown(r), Equal(scim.ErrorSchema))
				if r.Doc != nil {
					t.CheckReply("RFC7644-3.1-01", "the schema of a message in the answer to "+r.what, r.Reply, shown(r), HavePrefix(messages))
				}
			}
		})

	It("repeats the status of a refusal in its message, as text",
		spec.ID("errors.form.status"), spec.Covers("RFC7644-3.12-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			looked := false
			for _, r := range provoked(ctx, t) {
				if !r.refused() || r.Doc == nil {
					continue
				}
				looked = true
				status, _ := r.Doc.Get("status")
				t.CheckReply("RFC7644-3.12-02", fmt.Sprintf("status %q in the answer to %s", strconv.Itoa(r.Status), r.what), r.Reply, typed(status), Equal(strconv.Quote(strconv.Itoa(r.Status))))
			}
			if !looked {
				t.NotTested("No refusal comes in JSON, which is the matter of the check errors.form.message.")
			}
		})

	It("gives a refusal no scimType but those that the RFCs know",
		spec.ID("errors.form.keyword"), spec.Covers("RFC7644-3.12-03"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, r := range provoked(ctx, t) {
				// Clients that do not know one see the status alone.
				t.Prefer("RFC7644-3.12-03", "a known scimType, or none, in the answer to "+r.what, r.Doc.Text("scimType"), Or(BeEmpty(), BeElementOf(keywords)))
			}
		})

	It("tells nothing of its inside in a refusal",
		spec.ID("errors.form.internals"), spec.Covers("RFC7644-3.12-04"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, r := range provoked(ctx, t) {
				t.CheckReply("RFC7644-3.12-04", "no stack, statement or file of the program in the answer to "+r.what, r.Reply, internals.FindString(string(r.Body)), BeEmpty())
			}
		})

	It("does not name its software and version in each answer",
		spec.ID("errors.form.software"), spec.Covers("RFC7644-3.12-04"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			versioned := regexp.MustCompile(`/\d+(\.\d+)+`)
			answer := provoked(ctx, t)[0]
			for _, header := range []string{"Server", "X-Powered-By"} {
				t.Prefer("RFC7644-3.12-04", "no version in the header "+header, versioned.FindString(answer.Header.Get(header)), BeEmpty())
			}
		})

	// Whoever reads the status alone takes a 200 for success.
	It("answers what it refuses with an error status",
		spec.ID("errors.form.no-success"), spec.Covers("RFC7644-3.2-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, r := range provoked(ctx, t) {
				t.CheckReply("RFC7644-3.2-01", "no success around an error message in the answer to "+r.what, r.Reply, wrapped(r), Equal("no"))
			}
		})

	It("lists no message among the schemas of resources",
		spec.ID("errors.form.messages-not-schemas"), spec.Covers("RFC7644-3.1-02"), spec.Needs("schemas"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := t.Features.Discovery(t.Context(ctx, "")).Schemas
			t.Cite(reply.Exchanges...)
			var listed []string
			for _, r := range reply.Doc.Resources() {
				if id := r.Text("id"); strings.HasPrefix(strings.ToLower(id), messages) {
					listed = append(listed, id)
				}
			}
			t.CheckThat("RFC7644-3.1-02", "no message in /Schemas", strings.Join(listed, ", "), BeEmpty())
		})
}

// shown says which schema an error message has.
func shown(r refusal) string {
	schemas := r.Doc.Texts("schemas")
	switch {
	case r.Doc == nil && len(r.Body) == 0:
		return "an empty body"
	case r.Doc == nil:
		return "a body that is no JSON object"
	case slices.Contains(schemas, scim.ErrorSchema):
		return scim.ErrorSchema
	case len(schemas) == 0:
		return "no schemas"
	}
	return strings.Join(schemas, ", ")
}

// typed prints a JSON value so that text and number are told apart.
func typed(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case string:
		return strconv.Quote(v)
	case json.Number:
		return "the number " + v.String()
	}
	return "something that is no text"
}

// wrapped reports an error message in an answer that says success.
func wrapped(r refusal) string {
	if !r.refused() && slices.Contains(r.Doc.Texts("schemas"), scim.ErrorSchema) {
		return fmt.Sprintf("an error message in a %d", r.Status)
	}
	return "no"
}
