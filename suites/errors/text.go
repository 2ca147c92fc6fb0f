package errors

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/text/unicode/norm"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// hostile are texts that a careless program takes for commands. None of them does harm.
var hostile = map[string]string{
	"displayName": `O'Brien"; --`, "nickName": `' or 1=1 --`, "title": `${jndi:none}`, "userType": `<script>0</script>`,
}

func registerText() {
	// RFC 7644 §3.8: JSON in UTF-8.
	It("keeps the letters of every language, as they are and as escapes",
		spec.ID("errors.text.letters"), spec.Covers("RFC7644-3.8-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			const name, escaped = "Zo\u00eb 日本語 😀 \u00e9", `Zo\u00eb \u65e5\u672c\u8a9e \ud83d\ude00 e\u0301`
			user := t.Subjects.Draft()
			made := t.PostUser(ctx, "create with letters of many languages", user.UserName, scim.Request{Body: user.Document(merged(t, "displayName", name))})
			if made.ID == "" {
				t.CheckThat("RFC7644-3.8-01", "status 201 for letters of many languages", made.Status, Equal(http.StatusCreated))
				return
			}
			path := scim.UserPath(made.ID)
			read, _ := t.ReadUntil(ctx, "read back", sending(t.SCIM, path), (*scim.Reply).OK)
			t.CheckThat("RFC7644-3.8-01", "the displayName "+name, normal(read), Equal(name))
			raw := fmt.Sprintf(`{"schemas":[%q],"Operations":[{"op":"replace","path":"displayName","value":"%s"}]}`, scim.PatchOpSchema, escaped)
			if t.Features.Gate(t.Context(ctx, ""), "patch").Open {
				t.Do(ctx, "send them as escapes", scim.Request{Method: http.MethodPatch, Path: path, Raw: []byte(raw)})
				again, _ := t.ReadUntil(ctx, "read back", sending(t.SCIM, path), func(r *scim.Reply) bool { return normal(r) == name })
				t.CheckThat("RFC7644-3.8-01", "the same displayName from escapes", normal(again), Equal(name))
			}
		})

	It("takes text for text, whatever it spells",
		spec.ID("errors.text.hostile"), spec.Covers("RFC7644-7.7-01"), spec.Needs("patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := victim(ctx, t)
			path := scim.UserPath(user.ID)
			var names []string
			var operations []map[string]any
			for _, name := range slices.Sorted(maps.Keys(hostile)) {
				if t.Features.Gate(t.Context(ctx, ""), "attribute:"+name).Open {
					names, operations = append(names, name), append(operations, spec.Replace(name, hostile[name]))
				}
			}
			if len(names) == 0 {
				t.NotTested("The User schema has none of the attributes that would hold such a text.")
			}
			reply := t.Patch(ctx, "store text that spells commands", path, operations...)
			t.CheckThat("RFC7644-7.7-01", "no error of the server for text that spells commands", reply.Status, BeNumerically("<", http.StatusInternalServerError))
			if reply.OK() { // to refuse such a text is as good
				read, _ := t.ReadUntil(ctx, "read back", sending(t.SCIM, path), func(r *scim.Reply) bool {
					return !slices.ContainsFunc(names, func(name string) bool { return r.Doc.Text(name) != hostile[name] })
				})
				for _, name := range names {
					t.CheckThat("RFC7644-7.7-01", "the text in "+name+" as it was sent", read.Doc.Text(name), Equal(hostile[name]))
				}
			}
			long := t.Patch(ctx, "store a text of 64 KB", path, spec.Replace("title", strings.Repeat("a", 64<<10)))
			t.CheckThat("RFC7644-7.7-01", "no error of the server for a text of 64 KB", long.Status, BeNumerically("<", http.StatusInternalServerError))
		})
}

// merged adds an attribute to those that the profile asks for.
func merged(t *spec.T, name string, value any) map[string]any {
	extra := maps.Clone(t.Target.SCIM.UserExtra)
	if extra == nil {
		extra = map[string]any{}
	}
	extra[name] = value
	return extra
}

// normal is the displayName with letters and their marks in one, as a service may store them.
func normal(r *scim.Reply) string { return norm.NFC.String(r.Doc.Text("displayName")) }
