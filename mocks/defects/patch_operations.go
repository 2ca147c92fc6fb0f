package defects

import (
	"net/http"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// also adds what else notices a defect, by checks of other chapters, and the gaps that come of it.
func (d Defect) also(checks []string, gaps ...string) Defect {
	d.Checks, d.Gaps = append(d.Checks, checks...), append(d.Gaps, gaps...)
	return d
}

// patched makes a defect of PATCH with the checks that notice it.
func patched(name, summary string, install func(*acme.Config), checks ...string) Defect {
	d := Defect{Name: name, Summary: summary, Gaps: []string{"declared-not-delivered patch"}, Install: install}
	for _, c := range checks {
		d.Checks = append(d.Checks, "patching."+c)
	}
	return d
}

// patchAnswers are wrong answers, and successes that should be refusals.
func patchAnswers() []Defect {
	return []Defect{
		patched("patch-200-without-the-resource", "A PATCH is answered 200 without the resource.", writeReply(func(r *acme.Reply) {
			if r.Request.Method == http.MethodPatch && r.Status == http.StatusOK && !r.Request.URL.Query().Has("attributes") {
				r.Body = nil
			}
		}), "message.success"),
		patched("patch-without-schemas-ignored", "A PATCH whose message has no schemas is answered 200 and does nothing.",
			forgivesMessage(func(body map[string]any) bool { return body["schemas"] == nil }), "message.schemas"),
		patched("patch-without-operations-200", "A PATCH without a list of operations is answered 200.",
			forgivesMessage(func(body map[string]any) bool { return body["schemas"] != nil && len(list(body["Operations"])) == 0 }), "message.operations"),
		patched("patch-unknown-op-200", "A PATCH with an op that does not exist is answered 200 and does nothing.",
			forgivesMessage(func(body map[string]any) bool { return len(list(body["Operations"])) > 0 && body["schemas"] != nil }), "message.op", "atomic.leaver"),
		patched("patch-lower-case-operations-ignored", "A PATCH with operations in lower case is answered 200 and does nothing.", onPatch(func(c *acme.Change) {
			c.Drop = c.Drop || c.Body["operations"] != nil
		}), "message.name-case"),
		patched("patch-error-without-schemas", "An error in answer to a PATCH does not say that it is one.", writeReply(func(r *acme.Reply) {
			if r.Request.Method == http.MethodPatch && r.Status >= http.StatusBadRequest {
				delete(r.Body, "schemas")
			}
		}), "message.unknown-id").also([]string{"errors.form.message"}, "nonconformant"),
		patched("patch-unknown-id-400", "A PATCH of somebody who does not exist is answered 400.", onStatus(http.StatusNotFound, func(r *acme.Reply) {
			if r.Request.Method == http.MethodPatch {
				setStatus(r, http.StatusBadRequest)
			}
		}), "message.unknown-id").also([]string{"users.deleted.every-operation"}, "nonconformant"),
	}
}

// forgivesMessage makes a success without an effect of a message that cannot be read.
func forgivesMessage(such func(body map[string]any) bool) func(*acme.Config) {
	return onPatch(func(c *acme.Change) {
		if c.Err != nil && c.Err.ScimType == "invalidSyntax" && such(c.Body) {
			c.Err, c.Drop = nil, true
		}
	})
}

// onOne alters what the only operation of a user's PATCH did.
func onOne(hook func(*acme.Change, acme.Operation)) func(*acme.Config) {
	return onPatch(func(c *acme.Change) {
		if c.Type == acme.TypeUser && c.After != nil && len(c.Operations) == 1 {
			hook(c, c.Operations[0])
		}
	})
}

// skips drops the only operation of a user's PATCH, and answers as if all was well.
func skips(such func(*acme.Change, acme.Operation) bool) func(*acme.Config) {
	return onOne(func(c *acme.Change, o acme.Operation) { c.Drop = c.Drop || c.Err == nil && such(c, o) })
}

// isPlain reports the path of a whole attribute.
func isPlain(path string) bool { return path != "" && !strings.ContainsAny(path, ".[:") }

// patchAdds are those of add (RFC 7644 §3.5.2.1).
func patchAdds() []Defect {
	return []Defect{
		patched("patch-pathless-add-ignored", "An add without a path is answered 200 and does nothing.",
			skips(func(_ *acme.Change, o acme.Operation) bool { return o.Op == "add" && o.Path == "" }), "add.pathless"),
		patched("patch-add-drops-parts", "An add of a part of the name takes the other parts away.", onOne(func(c *acme.Change, o acme.Operation) {
			if part, ok := o.Value.(map[string]any); ok && o.Op == "add" && o.Path == "name" {
				c.After["name"] = model.Resource(part).Clone()
			}
		}), "add.complex"),
		patched("patch-add-keeps-the-old-value", "An add of a title is ignored where there is one.",
			skips(func(c *acme.Change, o acme.Operation) bool {
				return o.Op == "add" && o.Path == "title" && c.Before.Text("title") != ""
			}), "add.single"),
		patched("patch-add-of-absent-ignored", "An add of text that is not set is answered 200 and does nothing.",
			skips(func(c *acme.Change, o acme.Operation) bool {
				_, text := o.Value.(string)
				return o.Op == "add" && text && isPlain(o.Path) && c.Before[o.Path] == nil
			}), "add.absent"),
		patched("patch-add-again-is-a-change", "An add of what is there moves the time of the last change on.", addAgainIsAChange, "add.again", "members.again"),
		patched("patch-add-no-match-ignored", "An add at a filter that matches nothing is answered 200 and does nothing.",
			skips(func(c *acme.Change, o acme.Operation) bool {
				name, _, filtered := strings.Cut(o.Path, "[")
				return o.Op == "add" && filtered && len(list(c.After[name])) > len(list(c.Before[name]))
			}), "add.no-match"),
	}
}

// addAgainIsAChange shows another time of the last change for what was added to in vain.
func addAgainIsAChange(config *acme.Config) {
	var again ids
	onPatch(func(c *acme.Change) {
		if len(c.Operations) == 1 && c.Operations[0].Op == "add" && c.Err == nil && model.Same(c.Before, c.After) {
			again.set(c.ID, true)
		}
	})(config)
	onResources(func(resource map[string]any) {
		id, _ := resource["id"].(string)
		if meta, ok := resource["meta"].(map[string]any); ok && again.has(id) {
			meta["lastModified"] = "2099-01-01T00:00:00Z"
		}
	})(config)
}

// patchRemovals are those of remove (RFC 7644 §3.5.2.2).
func patchRemovals() []Defect {
	return []Defect{
		patched("patch-remove-all-refused", "A remove of all values of a list is refused.", onOne(func(c *acme.Change, o acme.Operation) {
			if _, several := c.Before[o.Path].([]any); several && o.Op == "remove" && isPlain(o.Path) {
				c.Err = model.BadRequest("invalidValue", "a filter is needed")
			}
		}), "remove.all-values"),
		patched("patch-filtered-removal-takes-all", "A remove of the e-mail address that a filter chooses takes all of them.", onOne(func(c *acme.Change, o acme.Operation) {
			if o.Op == "remove" && strings.HasPrefix(o.Path, "emails[") && strings.HasSuffix(o.Path, "]") {
				delete(c.After, "emails")
			}
		}), "remove.chosen"),
		patched("patch-remove-absent-500", "A remove of an attribute that is not set is answered 500.", onOne(func(c *acme.Change, o acme.Operation) {
			if o.Op == "remove" && isPlain(o.Path) && c.Before[o.Path] == nil {
				c.Err = &acme.Error{Status: http.StatusInternalServerError, Detail: "something went wrong"}
			}
		}), "remove.absent"),
	}
}

// patchReplacements are those of replace (RFC 7644 §3.5.2.3).
func patchReplacements() []Defect {
	return []Defect{
		patched("patch-pathless-replace-drops-the-rest", "A replace of the title without a path takes the displayName away.", onOne(func(c *acme.Change, o acme.Operation) {
			if part, ok := o.Value.(map[string]any); ok && o.Op == "replace" && o.Path == "" && part["title"] != nil && part["displayName"] == nil {
				delete(c.After, "displayName")
			}
		}), "replace.pathless"),
		patched("patch-replace-appends", "A replace of all e-mail addresses adds to them.", onOne(func(c *acme.Change, o acme.Operation) {
			if o.Op == "replace" && o.Path == "emails" && c.After["emails"] != nil {
				c.After["emails"] = slices.Concat(list(c.Before["emails"]), list(c.After["emails"]))
			}
		}), "replace.values"),
		patched("patch-replace-of-absent-refused", "A replace of a preferredLanguage that is not set is refused.", onOne(func(c *acme.Change, o acme.Operation) {
			if o.Op == "replace" && o.Path == "preferredLanguage" && c.Before[o.Path] == nil {
				c.Err = model.BadRequest("noTarget", "there is none to replace")
			}
		}), "replace.absent"),
		patched("patch-chosen-part-ignored", "A replace of a part of a chosen e-mail address is answered 200 and does nothing.",
			skips(func(_ *acme.Change, o acme.Operation) bool {
				return o.Op == "replace" && strings.HasPrefix(o.Path, "emails[") && strings.Contains(o.Path, "].")
			}), "replace.chosen-part", "primary.chosen"),
		patched("patch-dotted-keys-ignored", "A dotted name in the value of a replace is answered 200 and does nothing.",
			skips(func(_ *acme.Change, o acme.Operation) bool {
				part, _ := o.Value.(map[string]any)
				return o.Path == "" && part["name.givenName"] != nil
			}), "replace.dotted-keys"),
	}
}

// patchMembers are those of the members of a group.
func patchMembers() []Defect {
	return []Defect{
		patched("patch-last-member-kept", "The last member of a group cannot be taken out by a filter.", onMembership(func(c *acme.Change, o acme.Operation) {
			if o.Op == "remove" && strings.Contains(o.Path, "[") && len(list(c.Before["members"])) == 1 && c.After["members"] == nil {
				c.Err = model.BadRequest("invalidValue", "a group needs a member")
			}
		}), "members.last"),
		patched("patch-stranger-empties-the-group", "A remove of somebody who is not in the group, by a filter in the path, empties it.", onMembership(func(c *acme.Change, o acme.Operation) {
			if o.Op == "remove" && strings.Contains(o.Path, "[") && model.Same(c.Before["members"], c.After["members"]) {
				delete(c.After, "members")
			}
		}), "members.stranger"),
		patched("patch-operations-by-kind", "Of several operations on a group all that add are carried out first.",
			withOperations(acme.TypeGroup, func(operations []acme.Operation) []acme.Operation {
				slices.SortStableFunc(operations, func(a, b acme.Operation) int { return strings.Compare(a.Op, b.Op) })
				return operations
			}), "members.order", "members.many-operations"),
		patched("patch-many-operations-cut", "Of more than twenty operations on a group the rest is dropped without a word.",
			withOperations(acme.TypeGroup, func(operations []acme.Operation) []acme.Operation { return operations[:min(20, len(operations))] }), "members.many-operations"),
		patched("patch-echoed-group-id-refused", "The id of a group that is sent along with its name is refused.", onPatch(func(c *acme.Change) {
			for _, o := range c.Operations {
				if part, _ := o.Value.(map[string]any); c.Type == acme.TypeGroup && o.Path == "" && part["id"] != nil {
					c.Err = model.BadRequest("mutability", "id is read-only")
				}
			}
		}), "members.echoed-id").also([]string{"story.okta-oin"}, "refused-explicitly group-push"),
	}
}
