package users

import (
	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// modelVictimKey is that of somebody whom the checks on the data model write to.
const modelVictimKey = "users.model.victim"

// registerModel adds the checks on the form in which people are stored, read and compared.
func registerModel() {
	registerModelBooleans()
	registerModelIDs()
	registerModelExternalIDs()
	registerModelMeta()
	registerModelTimes()
	registerModelSchemas()
	registerModelNames()
	registerModelValues()
	registerModelNulls()
	registerModelReferences()
	registerModelRead()
	registerModelStrings()
}

// mustModelVictim is somebody active for writes that should be refused, or that no other check
// minds. A check that finds more changed than that discards them.
func mustModelVictim(ctx SpecContext, t *spec.T) *subject.Subject {
	GinkgoHelper()
	return spec.Shared(t, modelVictimKey, func() *subject.Subject { return t.MustKeptUser(ctx, nil) })
}

// modelPlain is a new user of whom little is said, with some attributes of the check's own.
func modelPlain(t *spec.T, s *subject.Subject, more scim.Document) scim.Document {
	body := personBody(t, s)
	for name, value := range more {
		body[name] = value
	}
	return body
}
