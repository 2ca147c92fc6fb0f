package main

import (
	"os"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/target"
)

// recipesOfAcme uses every recipe against the built-in application.
const recipesOfAcme = `access:
  - uses: session-form
    with: {loginURL: HOST/login, profileURL: HOST/home}
  - uses: session-json
    with: {loginURL: HOST/api/login, profileURL: HOST/api/me}
  - uses: local-password-json
    with: {loginURL: HOST/api/login}
  - uses: oauth-password
    with: {tokenURL: HOST/oauth/token, profileURL: HOST/api/me, clientID: cli}
  - uses: oauth-refresh
    with: {tokenURL: HOST/oauth/token, clientID: cli}
  - uses: github-like-pat
    with: {loginURL: HOST/api/login, createURL: HOST/api/tokens, useURL: HOST/api/me, scheme: Bearer}
  - uses: api-key-header
    with: {loginURL: HOST/api/login, createURL: HOST/api/tokens, useURL: HOST/api/me, secretPath: token, header: Authorization, prefix: "Bearer "}
  - uses: basic-app-password
    with: {loginURL: HOST/api/login, createURL: HOST/api/app-passwords, useURL: HOST/dav/}
  - uses: oauth-code-pkce
    with: {loginURL: HOST/api/login, authorizeURL: HOST/oauth/authorize, tokenURL: HOST/oauth/token, clientID: cli, redirectURI: "http://127.0.0.1/callback"}
notApplicable:
  - kinds: [remember-me, service-account, share-link, reset-link, magic-link, invitation, impersonation, acting-as, sso-login, ssh-key, event-stream, webhook, scheduled-job]
    assertedBy: Ada Okafor
    reason: no recipe obtains one
  - acts: [re-enable, direct-grant, self-registration, invitation]
    assertedBy: Ada Okafor
    reason: no recipe does any
`

// withRecipes is a profile of the application whose access paths are all recipes.
func withRecipes(t *testing.T, url string) string {
	t.Helper()
	g := NewWithT(t)
	profile := profileFor(t, url)
	text, err := os.ReadFile(profile)
	g.Expect(err).NotTo(HaveOccurred())
	head, _, found := strings.Cut(string(text), "\naccess:\n")
	g.Expect(found).To(BeTrue())
	text = []byte(head + "\n" + strings.ReplaceAll(recipesOfAcme, "HOST", url))
	g.Expect(os.WriteFile(profile, text, 0o600)).To(Succeed())
	return profile
}

func TestEachRecipeLetsALiveUserIn(t *testing.T) {
	g := NewWithT(t)
	url, secrets := application(t)
	code, stdout, stderr := scimproof(t, "try-access", "--target", withRecipes(t, url))
	g.Expect(code).To(Equal(exitPass), stdout+stderr)
	for name := range target.Recipes() {
		g.Expect(stdout).To(MatchRegexp(`(?m)^` + name + ` \([a-z-]+, by the recipe ` + name + `\): works$`))
	}
	g.Expect(secrets.Leaks([]byte(stdout))).To(BeEmpty())
	g.Expect(users(t, url)).To(BeZero(), "users that are left behind")
}

// After the account is deactivated no credential of a recipe may work any more.
func TestEachRecipeIsDeniedAfterDeactivation(t *testing.T) {
	g := NewWithT(t)
	url, _ := application(t)
	code, stdout, stderr := scimproof(t, "run", "--target", withRecipes(t, url), "--out", t.TempDir(), "--only", "event:deactivate && survival")
	g.Expect(code).To(Equal(exitPass), stdout+stderr)
	g.Expect(stdout + stderr).To(ContainSubstring("none of the 9 ways in that were tried"))
}

func TestRecipesCommand(t *testing.T) {
	g := NewWithT(t)
	code, stdout, _ := scimproof(t, "recipes")
	g.Expect(code).To(Equal(exitPass))
	for name, recipe := range target.Recipes() {
		g.Expect(stdout).To(ContainSubstring(name))
		code, shown, _ := scimproof(t, "recipes", name)
		g.Expect(code).To(Equal(exitPass))
		g.Expect(shown).To(ContainSubstring("uses: " + name))
		for key := range recipe.Parameters {
			g.Expect(shown).To(ContainSubstring("      " + key + ": "))
		}
	}
	code, _, stderr := scimproof(t, "recipes", "nothing")
	g.Expect(code).To(Equal(exitUsage))
	g.Expect(stderr).To(ContainSubstring(`no recipe is named "nothing"`))
}
