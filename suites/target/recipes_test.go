package target

import (
	"testing"

	. "github.com/onsi/gomega"
)

const usesJSON = minimal + `access:
  - uses: session-json
    with: {loginURL: "https://app.example.com/login", profileURL: "https://app.example.com/me", userField: login}
`

func TestARecipeStandsForItsSteps(t *testing.T) {
	g := NewWithT(t)
	byRecipe, err := parse(usesJSON + "    name: mine\n    maxTries: 4\n    try: {allowed: {marker: Hello}}\n")
	g.Expect(err).NotTo(HaveOccurred())
	written, err := parse(minimal + `access:
  - name: mine
    kind: web-session
    maxTries: 4
    arm:
      - post: https://app.example.com/login
        json: {login: "{{user.userName}}", password: "{{user.password}}"}
        expect: [200]
    try:
      get: https://app.example.com/me
      allowed: {marker: Hello}
`)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(byRecipe.Access[0].Recipe).To(Equal("session-json"))
	byRecipe.Access[0].Recipe = ""
	g.Expect(byRecipe.Access).To(Equal(written.Access))
}

func TestFaultsOfARecipe(t *testing.T) {
	for name, c := range map[string]struct{ entry, fault string }{
		"unknown recipe":       {"uses: session-jsn", "t.yaml:14:5: access[0].uses: no recipe has this name (did you mean session-json?)"},
		"not text":             {"uses: 7", "access[0].uses: this is number, but must be string"},
		"unknown parameter":    {"uses: oauth-refresh\n    with: {tokenURL: 'https://a.example/t', clientId: c, clientID: c}", "access[0].with.clientId: the recipe has no such parameter (did you mean clientID?)"},
		"missing parameter":    {"uses: oauth-refresh\n    with: {tokenURL: 'https://a.example/t'}", "access[0].with: the recipe needs the parameter clientID (A public client)"},
		"parameter no text":    {"uses: oauth-refresh\n    with: {tokenURL: [], clientID: c}", "access[0].with.tokenURL: this is array, but must be string"},
		"with without map":     {"uses: oauth-refresh\n    with: x", "access[0].with: this is string, but must be object"},
		"neither uses nor arm": {"name: a\n    kind: web-session", "the key arm is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(minimal + "access:\n  - " + c.entry + "\n")
			NewWithT(t).Expect(err).To(MatchError(ContainSubstring(c.fault)))
		})
	}
}

// secretsOfRecipes are those that recipes name by default.
const secretsOfRecipes = `secrets:
  client: {value: "${TOKEN}"}
  inspector: {value: "${TOKEN}"}
  mailbox: {value: "${TOKEN}"}
`

// ofForm are values of parameters that are no addresses.
var ofForm = map[string]string{"match": "token=(.+)", "mailServer": "imaps://imap.example.com"}

func TestEveryRecipeExpandsWithoutFaults(t *testing.T) {
	for name, recipe := range Recipes() {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(recipe.Meaning).NotTo(BeEmpty())
			text := minimal + secretsOfRecipes + "access:\n  - uses: " + name + "\n    with:\n"
			for key, p := range recipe.Parameters {
				g.Expect(p.Meaning).NotTo(BeEmpty())
				if p.Default == nil {
					text += "      " + key + ": " + orDefault(ofForm[key], "https://app.example.com/"+key) + "\n"
				}
			}
			target, err := parse(text)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(target.Access).To(HaveLen(1))
		})
	}
}
