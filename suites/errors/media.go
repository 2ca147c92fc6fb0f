package errors

import (
	"fmt"
	"mime"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

const plainJSON = "application/json"

func registerMedia() {
	It("answers in SCIM's media type to whoever asks for it",
		spec.ID("errors.media.scim"), spec.Covers("RFC7644-3.8-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := accepting(ctx, t, scim.MediaType)
			t.CheckThat("RFC7644-3.8-02", "status 200 with Accept: "+scim.MediaType, reply.Status, Equal(http.StatusOK))
			t.CheckThat("RFC7644-3.8-02", "Content-Type "+scim.MediaType, mediaType(reply), Equal(scim.MediaType))
		})

	It("answers in JSON to whoever asks for that",
		spec.ID("errors.media.json"), spec.Covers("RFC7644-3.8-03"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := accepting(ctx, t, plainJSON)
			t.CheckThat("RFC7644-3.8-03", "status 200 with Accept: "+plainJSON, reply.Status, Equal(http.StatusOK))
			t.CheckThat("RFC7644-3.8-03", "Content-Type of JSON", mediaType(reply), BeElementOf(scim.MediaType, plainJSON))
		})

	It("answers in SCIM's media type to whoever asks for nothing or anything",
		spec.ID("errors.media.default"), spec.Covers("RFC7644-3.8-04"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, accept := range []string{"", "*/*"} {
				reply := accepting(ctx, t, accept)
				what := "Content-Type " + scim.MediaType + " without Accept"
				if accept != "" {
					what = "Content-Type " + scim.MediaType + " with Accept: " + accept
				}
				if mediaType(reply) == plainJSON {
					t.Prefer("RFC7644-3.8-04", what, plainJSON, Equal(scim.MediaType))
					continue
				}
				t.CheckThat("RFC7644-3.8-04", what, mediaType(reply), Equal(scim.MediaType))
			}
		})

	It("takes bodies in SCIM's media type and in plain JSON",
		spec.ID("errors.media.request"), spec.Covers("RFC7644-3.8-05", "RFC7644-3.8-06"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.Subjects.Draft()
			made := t.PostUser(ctx, "create with plain JSON", user.UserName, scim.Request{
				Body: user.Document(t.Target.SCIM.UserExtra), Header: http.Header{"Content-Type": {plainJSON + "; charset=utf-8"}},
			})
			t.CheckFor(dialects.ClientIDs(), "RFC7644-3.8-05", "status 201 for a body of "+plainJSON, made.Status, Equal(http.StatusCreated))
			suffixed := t.Get(ctx, "read with the suffix of the format", scim.UserPath(victim(ctx, t).ID)+".scim")
			t.Record("RFC7644-3.8-06", "an address that ends in .scim", fmt.Sprintf("answered %d", suffixed.Status))
		})

	It("refuses a body that it cannot read",
		spec.ID("errors.media.unreadable"), spec.Covers("RFC7644-3.8-07"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			name := t.Subjects.Draft().UserName
			broken := t.PostUser(ctx, "send a body that ends early", name, scim.Request{Raw: []byte(`{"schemas":["` + scim.UserSchema + `"],"userName":"` + name)})
			t.CheckThat("RFC7644-3.8-07", "status 400 for a body that is not JSON", broken.Status, Equal(http.StatusBadRequest))
			if broken.Doc.Text("scimType") != "" {
				t.Prefer("RFC7644-3.8-07", "scimType invalidSyntax", broken.Doc.Text("scimType"), Equal("invalidSyntax"))
			}
			text := t.PostUser(ctx, "send plain text", name, scim.Request{Raw: []byte("userName=" + name), Header: http.Header{"Content-Type": {"text/plain"}}})
			t.CheckThat("RFC7644-3.8-07", "status 415 or 400 for plain text", text.Status, BeElementOf(http.StatusUnsupportedMediaType, http.StatusBadRequest))
		})

	// Whoever reads the first of two values and stores the second hides a deactivation.
	It("reads a body with a doubled attribute in one way alone, or refuses it",
		spec.ID("errors.media.doubled"), spec.Covers("RFC7644-3.8-08"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			raw := fmt.Sprintf(`{"schemas":[%q],"Operations":[{"op":"replace","value":{"active":true,"active":false}}]}`, scim.PatchOpSchema)
			reply := t.Do(ctx, "change active twice in one object", scim.Request{Method: http.MethodPatch, Path: scim.UserPath(user.ID), Raw: []byte(raw)})
			read, _ := t.ReadUntil(ctx, "read back", sending(t.SCIM, scim.UserPath(user.ID)), func(r *scim.Reply) bool {
				return r.OK() && (reply.Doc == nil || !reply.OK() || active(r) == active(reply))
			})
			stored := active(read)
			switch {
			case reply.Status >= http.StatusBadRequest:
				t.CheckThat("RFC7644-3.8-08", "the user as before after a refusal", stored, Equal("active: true"))
			case reply.Doc != nil:
				t.CheckThat("RFC7644-3.8-08", "what the answer shows", stored, Equal(active(reply)))
			default:
				t.CheckThat("RFC7644-3.8-08", "one of the two values", stored, BeElementOf("active: true", "active: false"))
			}
			t.Record("RFC7644-3.8-08", "active with two values in one object", fmt.Sprintf("answered %d, and read as %s", reply.Status, stored))
		})
}

// accepting reads a user with an Accept header, or with none.
func accepting(ctx SpecContext, t *spec.T, accept string) *scim.Reply {
	GinkgoHelper()
	header := http.Header{"Accept": nil}
	if accept != "" {
		header.Set("Accept", accept)
	}
	return t.Do(ctx, "read with Accept: "+accept, scim.Request{Method: http.MethodGet, Path: scim.UserPath(victim(ctx, t).ID), Header: header})
}

// mediaType is a reply's, without its parameters.
func mediaType(r *scim.Reply) string {
	header := r.Header.Get("Content-Type")
	kind, _, err := mime.ParseMediaType(header)
	if err != nil {
		return header
	}
	return kind
}

func active(r *scim.Reply) string {
	is, known := r.Doc.Active()
	if !known {
		return "no Boolean active"
	}
	return fmt.Sprintf("active: %t", is)
}
