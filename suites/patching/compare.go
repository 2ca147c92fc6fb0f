package patching

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// success matches the status of what was carried out: 200 or 204, which is the matter of one
// check and of no other.
func success() types.GomegaMatcher { return And(BeNumerically(">=", 200), BeNumerically("<", 300)) }

// attempt is an operation with what it is about.
type attempt struct {
	about     string
	operation map[string]any
}

// accepted checks that what was sent was taken.
func accepted(t *spec.T, requirement, about string, replies ...*scim.Reply) {
	for _, r := range replies {
		t.CheckStatus(requirement, "a success for "+about, r, success())
	}
}

// refused sends what must be refused with 400.
func (k *kept) refused(ctx context.Context, t *spec.T, requirement, about string, body any) *scim.Reply {
	GinkgoHelper()
	reply := k.send(ctx, t, about, body)
	t.CheckThat(requirement, "status 400 for "+about, reply.Status, Equal(http.StatusBadRequest))
	return reply
}

// send sends a PATCH with a body of any form.
func (k *kept) send(ctx context.Context, t *spec.T, about string, body any) *scim.Reply {
	GinkgoHelper()
	return t.Do(ctx, "send "+about, scim.Request{Method: http.MethodPatch, Path: k.path, Body: body})
}

// untouched checks that nothing has changed since the last read.
func (k *kept) untouched(ctx context.Context, t *spec.T, requirement, after string) {
	GinkgoHelper()
	before := k.now
	k.read(ctx, t, func(scim.Document) bool { return true })
	changed := differences(before, k.now)
	t.CheckThat(requirement, "no attribute changed after "+after, changed, BeEmpty())
	if len(changed) > 0 {
		t.Discard(k.key)
	}
}

// differences names the attributes in which two reads of a resource differ. That it was
// read, and when it was changed, is in meta, which is left out.
func differences(before, after scim.Document) []string {
	if after == nil {
		return []string{"the resource as a whole, which cannot be read"}
	}
	names := map[string]bool{}
	for _, d := range []scim.Document{before, after} {
		for name := range d {
			names[strings.ToLower(name)] = true
		}
	}
	delete(names, "meta")
	different := []string{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		old, _ := before.Get(name)
		fresh, _ := after.Get(name)
		if canonical(old) != canonical(fresh) {
			different = append(different, cmp.Or(spelled(after, name), spelled(before, name)))
		}
	}
	return different
}

func spelled(d scim.Document, name string) string {
	for key := range d {
		if strings.EqualFold(key, name) {
			return key
		}
	}
	return ""
}

// canonical writes a value so that what means the same is written the same: the values of a
// list have no order, and an empty list is nothing (RFC 7643 §2.4, §2.5).
func canonical(v any) string {
	list, ok := v.([]any)
	if !ok {
		raw, _ := json.Marshal(v)
		return string(raw)
	}
	if len(list) == 0 {
		return canonical(nil)
	}
	var values []string
	for _, item := range list {
		values = append(values, canonical(item))
	}
	slices.Sort(values)
	return strings.Join(values, ",")
}

// addresses lists the e-mail addresses.
func addresses(d scim.Document) []string {
	list := []string{}
	for _, e := range d.Objects("emails") {
		list = append(list, e.Text("value"))
	}
	slices.Sort(list)
	return list
}

// holding is the condition that these are the e-mail addresses, in any order.
func holding(wanted ...string) func(scim.Document) bool {
	wanted = slices.Sorted(slices.Values(wanted))
	return func(d scim.Document) bool { return slices.Equal(addresses(d), wanted) }
}

// mustKeepSeveral ends the spec where only one address of several is kept.
func (k *kept) mustKeepSeveral(t *spec.T) {
	GinkgoHelper()
	if len(addresses(k.now)) < 2 {
		t.NotTested("The service keeps one e-mail address of several, which is the matter of other checks.")
	}
}

// mustLack ends the spec where new users have a value that the check did not send.
func (k *kept) mustLack(t *spec.T, attribute string) {
	GinkgoHelper()
	if !lacks(attribute)(k.now) {
		t.NotTested("New users have a value for " + attribute + " here, and the check begins with somebody who has none.")
	}
}

// without is a list without one of its values.
func without(list []string, gone string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == gone })
}

// ofType returns the e-mail of a type, nil for none.
func ofType(d scim.Document, kind string) scim.Document {
	for _, e := range d.Objects("emails") {
		if strings.EqualFold(e.Text("type"), kind) {
			return e
		}
	}
	return nil
}

// part is a value of an attribute for a reader: nil for none.
func part(d scim.Document, path ...string) any {
	v, _ := d.Get(path...)
	return v
}
