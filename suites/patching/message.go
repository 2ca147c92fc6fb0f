package patching

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerMessage() {
	// RFC 7644 §3.5.2: a success is 200 with the resource, or 204.
	It("answers a PATCH with the resource, or with 204 and no body",
		spec.ID("patching.message.success"), spec.Covers("RFC7644-3.5.2-01", "RFC7644-3.5.2-14"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			replies := d.change(ctx, t, has("Answered", "title"), spec.Replace("title", "Answered"))
			t.CheckThat("RFC7644-3.5.2-14", "200 with the user, or 204 without a body", d.answered(replies[0]),
				Or(Equal("200 with the user"), Equal("204 without a body")))
			t.CheckThat("RFC7644-3.5.2-01", "the title that was sent", d.now.Text("title"), Equal("Answered"))
		})

	It("answers a PATCH that asks for attributes with 200 and these",
		spec.ID("patching.message.attributes"), spec.Covers("RFC7644-3.5.2-15"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			reply := t.Do(ctx, "change the title and ask for it", scim.Request{
				Method: http.MethodPatch, Path: d.path + "?attributes=title", Body: scim.PatchOp(spec.Replace("title", "Asked for")),
			})
			t.CheckThat("RFC7644-3.5.2-15", "status 200 for a PATCH with the parameter attributes", reply.Status, Equal(http.StatusOK))
			t.CheckThat("RFC7644-3.5.2-15", "the new title in the answer", reply.Doc.Text("title"), Equal("Asked for"))
			d.settle(ctx, t, has("Asked for", "title"))
		})

	// Microsoft Entra ID writes Add, Remove and Replace unless it is told otherwise.
	It("understands op in any letter case",
		spec.ID("patching.message.op-case"), spec.Covers("RFC7644-3.5.2-05"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			cased := beside(d.user, "cased")
			several := len(addresses(d.now)) > 1
			suffixed := d.now.Text("name", "honorificSuffix") != ""
			d.change(ctx, t, all(has("Capital", "title"), lacks("name", "honorificSuffix")),
				map[string]any{"op": "Replace", "path": "title", "value": "Capital"},
				map[string]any{"op": "ADD", "path": "emails", "value": []any{map[string]any{"value": cased}}},
				map[string]any{"op": "Remove", "path": "name.honorificSuffix"})
			leaning := []string{dialects.Entra, dialects.JumpCloud}
			t.CheckFor(leaning, "RFC7644-3.5.2-05", "the title that was sent with Replace", d.now.Text("title"), Equal("Capital"))
			if several {
				t.CheckFor(leaning, "RFC7644-3.5.2-05", "the address that was sent with ADD", addresses(d.now), ContainElement(cased))
			}
			if suffixed {
				t.CheckFor(leaning, "RFC7644-3.5.2-05", "no name.honorificSuffix after Remove", part(d.now, "name", "honorificSuffix"), BeNil())
			}
		})

	// RFC 7643 §2.1: attribute names are case-insensitive, and those of messages are no others.
	It("understands operations in lower case, or refuses the message",
		spec.ID("patching.message.name-case"), spec.Covers("RFC7644-3.5.2-03"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			d := desk(ctx, t)
			done := has("Lower case", "title")
			reply := d.send(ctx, t, "operations in lower case", scim.Document{
				"schemas": []any{scim.PatchOpSchema}, "operations": []any{spec.Replace("title", "Lower case")},
			})
			t.Prefer("RFC7644-3.5.2-03", "a success for operations in lower case", reply.Status, success())
			d.settle(ctx, t, func(doc scim.Document) bool { return done(doc) == reply.OK() })
			t.CheckThat("RFC7644-3.5.2-03", "the change, or a refusal", outcome(reply, done(d.now)), Or(Equal(carriedOut), HavePrefix(refusedWith)))
		})

	It("answers a PATCH of nobody with 404 and says why as SCIM does",
		spec.ID("patching.message.unknown-id"), spec.Covers("RFC7644-3.5.2-16", "RFC7644-3.5.2-17"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			v := victim(ctx, t)
			nobody := t.Patch(ctx, "change somebody who does not exist", scim.UserPath(unlike(v.id)), spec.Replace("active", true))
			t.CheckThat("RFC7644-3.5.2-17", "status 404 for an id that nobody has", nobody.Status, Equal(http.StatusNotFound))
			failed := t.Patch(ctx, "send an operation that does not exist", v.path, map[string]any{"op": "increment", "path": "active", "value": true})
			if nobody.OK() && failed.OK() {
				t.Record("RFC7644-3.5.2-16", "the error messages of PATCH", "none came, as nothing was refused")
			}
			for _, r := range []*scim.Reply{nobody, failed} {
				if !r.OK() {
					t.CheckThat("RFC7644-3.5.2-16", fmt.Sprintf("the schema of error messages in a %d", r.Status), part(r.Doc, "schemas"), ContainElement(scim.ErrorSchema))
				}
			}
		})

	It("answers a PATCH that it does not claim with 501, or carries it out",
		spec.ID("patching.message.unclaimed"), spec.Covers("RFC7644-3.5.2-01"), spec.Needs("no-patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			somebody := t.MustUser(ctx)
			reply := t.Patch(ctx, "change", scim.UserPath(somebody.ID), spec.Replace("displayName", "Unclaimed"))
			if reply.OK() {
				done := func(r *scim.Reply) bool { return r.Doc.Text("displayName") == "Unclaimed" }
				read, _ := t.ReadUntil(ctx, "read back", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.GetUser(ctx, somebody.ID) }, done)
				t.CheckThat("RFC7644-3.5.2-01", "the change, where a PATCH that ServiceProviderConfig denies is answered by a success", outcome(reply, done(read)), Equal(carriedOut))
				return
			}
			t.Prefer("RFC7644-3.5.2-01", "status 501 for what ServiceProviderConfig says is not supported", reply.Status, Equal(http.StatusNotImplemented))
		})
}

// answered puts the answer to a change into words.
func (k *kept) answered(r *scim.Reply) string {
	switch {
	case r.Status == http.StatusNoContent && len(r.Body) == 0:
		return "204 without a body"
	case len(r.Body) == 0:
		return fmt.Sprintf("%d without a body", r.Status)
	case r.Doc.Text("id") == k.id:
		return fmt.Sprintf("%d with the user", r.Status)
	}
	return fmt.Sprintf("%d with something else", r.Status)
}

// farID is a number that no service which counts its resources has come to.
const farID = "2147483629"

// unlike makes an id of the same form that nobody has: its last digits and letters are
// moved on by one. One more than a plain number may well be somebody of the application's own.
func unlike(id string) string {
	if strings.Trim(id, "0123456789") == "" {
		return farID
	}
	b := []byte(id)
	for i := max(0, len(b)-8); i < len(b); i++ {
		switch c := b[i]; {
		case c >= '0' && c < '9', c >= 'a' && c < 'f', c >= 'A' && c < 'F':
			b[i]++
		case c == '9':
			b[i] = '0'
		case c >= 'f' && c <= 'z':
			b[i] = 'a'
		case c >= 'F' && c <= 'Z':
			b[i] = 'A'
		}
	}
	return string(b)
}
