package users

import (
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// What may become of a wrong type for active: it is refused, or read as what it stands for.
const (
	modelRefused    = "refused, and active as it was"
	modelUnderstood = "taken, and active is false"
)

// modelOdd are values of a wrong type, or no Booleans, with which clients mean false.
func modelOdd() []modelValue {
	return []modelValue{
		{"the text False", "False"}, {"the text false", "false"}, {"the text no", "no"}, {"the number 0", 0}, {"an empty object", map[string]any{}},
	}
}

// modelValue is a value and how it is called.
type modelValue struct {
	what  string
	value any
}

func registerModelBooleans() {
	// A provider that is told that all is well never looks again, and the leaver stays.
	It("refuses or understands a wrong type for active, and never lets somebody stay by it unsaid",
		spec.ID("users.model.wrong-boolean.leaving"), spec.Covers("RFC7643-2.3.2-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, odd := range modelOdd() {
				t.CheckThat("RFC7643-2.3.2-02", modelRefused+", or "+modelUnderstood+", for "+odd.what, modelLeaving(ctx, t, odd), Or(Equal(modelRefused), Equal(modelUnderstood)))
			}
		})

	It("makes nobody active by a value that is not true",
		spec.ID("users.model.wrong-boolean.staying-out"), spec.Covers("RFC7643-2.3.2-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			gone := mustInactive(ctx, t)
			mustCreateInactive(ctx, t)
			for _, odd := range modelOdd()[2:] {
				reply := personSets(ctx, t, gone, "set active to "+odd.what, "active", odd.value)
				t.CheckThat("RFC7643-2.3.2-02", "no failure of the service by "+odd.what+" for active", reply.Status, BeNumerically("<", 500))
				shown := personActive(personRead(ctx, t, gone.ID))
				if !t.CheckThat("RFC7643-2.3.2-02", "somebody inactive to stay so after "+odd.what+" for active", shown, Not(Equal("true"))) {
					t.Discard(inactiveKey)
					return
				}
			}
		})

	It("creates nobody active who is sent with the text False for active",
		spec.ID("users.model.wrong-boolean.created"), spec.Covers("RFC7643-2.3.2-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			mustCreateInactive(ctx, t)
			s := t.Subjects.Draft()
			made := t.PostUser(ctx, "create with the text False for active", s.UserName, scim.Request{Body: modelPlain(t, s, scim.Document{"active": "False"})})
			seen := fmt.Sprintf("refused with %d", made.Status)
			if made.ID != "" {
				seen = "active: " + personActive(personRead(ctx, t, made.ID))
			}
			t.CheckThat("RFC7643-2.3.2-02", "nobody, or somebody inactive", seen, Or(HavePrefix("refused with 4"), Equal("active: false")))
		})

	It("shows active and primary as JSON Booleans",
		spec.ID("users.model.booleans"), spec.Covers("RFC7643-2.3.2-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			for _, seen := range []struct {
				in    string
				reply *scim.Reply
			}{{"the answer to a creation", person.created}, {"a read", person.read}} {
				t.CheckThat("RFC7643-2.3.2-01", "no other type for active and primary in "+seen.in, modelNoBooleans(seen.reply.Doc), BeEmpty())
			}
		})
}

// modelCreatesInactive reports whether somebody who is sent with active false is inactive.
func modelCreatesInactive(ctx SpecContext, t *spec.T) bool {
	GinkgoHelper()
	return personActive(personRead(ctx, t, mustInactive(ctx, t).ID)) == "false"
}

// mustCreateInactive ends a check for which somebody has to be inactive from the beginning.
func mustCreateInactive(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	if !modelCreatesInactive(ctx, t) {
		t.NotTested("The service makes nobody inactive at once, which is the matter of the check users.active.created-inactive.")
	}
}

// modelLeaving sets active of somebody active to an odd value, says what came of it, and makes
// them active again.
func modelLeaving(ctx SpecContext, t *spec.T, odd modelValue) string {
	GinkgoHelper()
	victim := mustModelVictim(ctx, t)
	reply := personSets(ctx, t, victim, "set active to "+odd.what, "active", odd.value)
	if reply.Status >= 500 {
		return fmt.Sprintf("answered %d", reply.Status)
	}
	wanted := "true" // as it was
	if reply.OK() {
		wanted = "false"
	}
	read := personUntil(ctx, t, victim.ID, func(r *scim.Reply) bool { return personActive(r) == wanted })
	shown := personActive(read)
	if shown != "true" {
		modelReturn(ctx, t, victim)
	}
	switch {
	case shown != wanted && reply.OK():
		return fmt.Sprintf("answered %d, and active is %s", reply.Status, shown)
	case shown != wanted:
		return "refused, and active is " + shown + " all the same"
	case reply.OK():
		return modelUnderstood
	}
	return modelRefused
}

// modelReturn makes somebody active again. Who cannot be is of no more use.
func modelReturn(ctx SpecContext, t *spec.T, victim *subject.Subject) {
	GinkgoHelper()
	personSets(ctx, t, victim, "make active again", "active", true)
	if read := personUntil(ctx, t, victim.ID, func(r *scim.Reply) bool { return personActive(r) == "true" }); personActive(read) != "true" {
		t.Discard(modelVictimKey)
	}
}

// modelNoBooleans lists where active and primary are shown as something else.
func modelNoBooleans(d scim.Document) []string {
	var wrong []string
	note := func(name string, holder scim.Document, key string) {
		if v, shown := holder.Get(key); shown {
			if _, boolean := v.(bool); !boolean {
				wrong = append(wrong, name)
			}
		}
	}
	note("active", d, "active")
	for name := range d {
		for _, value := range d.Objects(name) {
			note(name+".primary", value, "primary")
		}
	}
	slices.Sort(wrong)
	return slices.Compact(wrong)
}
