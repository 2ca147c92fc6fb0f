package replacing

import (
	"errors"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

func registerPassword() {
	// SCIM 1.1 kept the password where a PUT had none; RFC 7644 does not say.
	It("lets nobody in with an empty password after a PUT that has none",
		spec.ID("replacing.password"), spec.Covers("RFC7644-3.5.1-09"), spec.Needs("login"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			path := t.Target.Access[slices.IndexFunc(t.Target.Access, func(p target.AccessPath) bool { return p.Kind == target.LocalPassword })]
			if word := signIn(ctx, t, path, user, user.Password); word != "let in" {
				t.NotTested("The password of a new user does not work, so that nothing can be said of it after a PUT.")
			}
			if !put(ctx, t, "replace without a password", user, body(t, user, nil)).OK() {
				t.NotTested("A PUT without a password is refused, so that nothing can be said of what it does.")
			}
			t.CheckThat("RFC7644-3.5.1-09", "a refusal of an empty password after the PUT", signIn(ctx, t, path, user, ""), Equal("refused"))
			// Whoever is locked out by a routine write asks for a new password, which is safe.
			t.Prefer("RFC7644-3.5.1-09", "the password as before after the PUT", signIn(ctx, t, path, user, user.Password), Equal("let in"))
		})
}

// signIn tries a password as the profile says, and puts the answer into words. Without a
// clear one the spec ends.
func signIn(ctx SpecContext, t *spec.T, path target.AccessPath, user *subject.Subject, password string) string {
	GinkgoHelper()
	values := user.Values()
	values["user.password"] = password
	credential, err := t.Access.Arm(t.Context(ctx, "obtain "+path.Name), path, "replacing", values)
	var arm *access.ArmError
	switch {
	case errors.As(err, &arm) && !arm.Passing && !arm.Unclear:
		return "refused"
	case err != nil:
		t.NotTested("The password could not be tried: " + strings.TrimSuffix(err.Error(), ".") + ".")
	}
	defer t.Access.Disarm(t.Context(ctx, "give "+path.Name+" back"), credential)
	attempt := t.Access.Try(t.Context(ctx, "try "+path.Name), credential)
	t.Cite(attempt.Exchange)
	switch attempt.Result {
	case reports.TryAllowed:
		return "let in"
	case reports.TryDenied:
		return "refused"
	}
	t.NotTested("The password could not be tried: " + attempt.Reason + ".")
	return ""
}
