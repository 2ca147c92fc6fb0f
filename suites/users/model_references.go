package users

import (
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerModelReferences() {
	// RFC 7643 §2.3.7: a GET of a reference gives the resource that it names.
	It("shows references that lead to what they name",
		spec.ID("users.model.references"), spec.Covers("RFC7643-2.3.7-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			refs := modelRefs(ctx, t)
			if len(refs) == 0 {
				t.NotTested("The service shows no references in groups, members and managers.")
			}
			for _, ref := range refs {
				path, where := modelBelow(t, ref.Text("$ref"))
				switch where {
				case modelElsewhere:
					// A proxy in between may know the service by another name; nothing is sent there.
					t.Prefer("RFC7643-2.3.7-01", "a reference to "+t.SCIM.Base().Host, ref.Text("$ref"), ContainSubstring(t.SCIM.Base().Host))
				case modelNowhere:
					t.CheckThat("RFC7643-2.3.7-01", "a reference that leads to "+ref.Text("value")+" below "+t.SCIM.Base().String(), ref.Text("$ref"), BeEmpty())
				default:
					read, _ := t.ReadUntil(ctx, "follow a reference", personReading(t, path), (*scim.Reply).OK)
					t.CheckThat("RFC7643-2.3.7-01", "the resource "+ref.Text("value")+" at "+ref.Text("$ref"), read.Doc.Text("id"), Equal(ref.Text("value")))
				}
			}
		})
}

// modelRefs are one reference of each kind that the service shows: to a member, a group and a
// manager.
func modelRefs(ctx SpecContext, t *spec.T) []scim.Document {
	GinkgoHelper()
	var refs []scim.Document
	take := func(d scim.Document, attribute ...string) {
		var one scim.Document
		if list := d.Objects(attribute...); len(list) > 0 {
			one = list[0]
		} else if object, ok := d.Get(attribute...); ok {
			part, _ := object.(map[string]any)
			one = part
		}
		if one.Text("$ref") != "" {
			refs = append(refs, one)
		}
	}
	if personCan(ctx, t, "groups") {
		member := mustMember(ctx, t)
		take(member.read.Doc, "members")
		take(personRead(ctx, t, member.ID).Doc, "groups")
	}
	if personCan(ctx, t, "enterprise") {
		take(mustEmployee(ctx, t).read.Doc, scim.EnterpriseSchema, "manager")
	}
	return refs
}

// Where an address leads.
const (
	modelHere      = "here"
	modelElsewhere = "to another host"
	modelNowhere   = "to no resource"
)

// modelBelow is the path below the SCIM base of an address that a service shows. A relative one is
// relative to the base (RFC 7643 §2.3.7).
func modelBelow(t *spec.T, address string) (path, where string) {
	base := t.SCIM.Base()
	at, err := base.JoinPath("x").Parse(address)
	switch {
	case err != nil || address == "":
		return "", modelNowhere
	case !modelSameHost(at, base):
		return "", modelElsewhere
	}
	path, below := strings.CutPrefix(at.EscapedPath(), base.EscapedPath()+"/")
	if !below {
		return "", modelNowhere
	}
	return "/" + path, modelHere
}

func modelSameHost(one, other *url.URL) bool {
	return strings.EqualFold(one.Host, other.Host) && one.Scheme == other.Scheme
}
