package controls_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports/controls"
)

const mine = `name: House rules
title: The rules of the house
version: "3"
licence: Our own.
pattern: 'H-\d'
controls:
  - {id: H-1, words: Leavers are out.}
  - {id: H-2, words: So are their robots.}
`

const mapping = `version: "7"
frameworks: [House rules]
groups:
  robots: [webhook]
classes:
  - class: delayed
    credentials: robots
    controls:
      House rules: [H-2]
  - class: delayed
    controls:
      House rules: [H-1]
`

// folder writes a mapping to disk; an empty text leaves its file out.
func folder(t *testing.T, framework, mapping string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "frameworks"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"frameworks/mine.yaml": framework, "mapping.yaml": mapping} {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLoadReplacesTheMapping(t *testing.T) {
	g := NewWithT(t)
	m, err := controls.Load(folder(t, mine, mapping))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(m.Version()).To(Equal("7"))
	g.Expect(names(m.For(controls.Subject{Class: "delayed", Credential: "webhook"}))).To(Equal([]string{"House rules H-2"}))
	g.Expect(names(m.For(controls.Subject{Class: "delayed", Credential: "web-session"}))).To(Equal([]string{"House rules H-1"}))
	g.Expect(m.For(controls.Subject{Class: "governance"})).To(BeEmpty())
	g.Expect(m.Words("House rules", "H-1")).To(Equal("Leavers are out."))
}

func TestLoadReadsWhatTheProgramHolds(t *testing.T) {
	g := NewWithT(t)
	m, err := controls.Load(".")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(m.Frameworks()).To(Equal(controls.Embedded().Frameworks()))
}

func TestLoadSaysWhatIsWrongAndWhere(t *testing.T) {
	for name, c := range map[string]struct {
		framework, mapping string // replaces old=>new in the files above
		file               string
		says               string
	}{
		"an unknown key":            {"", "credentials: robots=>credential: robots", "mapping.yaml", `:7:5: unknown field "credential"`},
		"an unknown key of a frame": {"licence:=>license:", "", "frameworks/mine.yaml", `:4:1: unknown field "license"`},
		"an unknown class":          {"", "- class: delayed\n    credentials=>- class: late\n    credentials", "mapping.yaml", `:6:12: there is no class "late"`},
		"an unknown group":          {"", "credentials: robots=>credentials: people", "mapping.yaml", `:7:18: there is no group of credentials "people"`},
		"an unknown framework":      {"", "      House rules: [H-1]=>      House rule: [H-1]", "mapping.yaml", `:12:7: there is no framework "House rule"`},
		"an unknown control":        {"", "[H-1]=>[H-3]", "mapping.yaml", `:12:21: "House rules" has no control "H-3"`},
		"a control twice in a row":  {"", "[H-1]=>[H-1, H-1]", "mapping.yaml", `:12:26: the control "H-1" is there twice`},
		"a framework twice in one":  {"", "House rules: [H-1]=>House rules: [H-1]\n      House rules: [H-2]", "mapping.yaml", `:13:7: `},
		"two rows for the same":     {"", "    credentials: robots\n=>", "mapping.yaml", `:9:12: there are two rows for "delayed"`},
		"a list of frameworks":      {"", "[House rules]=>[House rules, Other]", "mapping.yaml", `:2:27: there is no framework "Other"`},
		"a framework not listed":    {"", "[House rules]=>[]", "frameworks/mine.yaml", `:1:7: the framework "House rules" is not listed`},
		"no version":                {"", "version: \"7\"\n=>", "mapping.yaml", `: version is missing`},
		"an id of another form":     {"H-2=>h2", "", "frameworks/mine.yaml", `:8:10: the id "h2" does not fit the pattern H-\d`},
		"a control twice":           {"H-2=>H-1", "", "frameworks/mine.yaml", `:8:10: the control "H-1" is there twice`},
		"no words":                  {", words: Leavers are out.=>", "", "frameworks/mine.yaml", `:7:10: the control "H-1" has no words`},
		"a pattern that is none":    {`H-\d=>H-(`, "", "frameworks/mine.yaml", `:5:10: pattern cannot be read`},
		"a text instead of a list":  {"", "[H-1]=>H-1", "mapping.yaml", `:12:20: here a list of identifiers is wanted`},
		"a list instead of a text":  {"H-1,=>[H-1],", "", "frameworks/mine.yaml", `:7:10: here a text is wanted`},
		"no YAML":                   {"", "groups:=>groups: [", "mapping.yaml", `:`},
		"an empty file":             {"*=>\n", "", "frameworks/mine.yaml", `:1:1: it is empty`},
		"no UTF-8":                  {"Leavers=>\xff", "", "frameworks/mine.yaml", `: it is not UTF-8`},
		"no mapping":                {"", "*=>", "mapping.yaml", `: there is no such file`},
		"no framework":              {"*=>", "", "frameworks", `: there is no framework`},
		"a heir that is none": {"words: Leavers are out.=>words: Leavers are out., successors: {framework: House rules, ids: [H-9]}", "",
			"frameworks/mine.yaml", `:7:83: there is no control "H-9"`},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			dir := folder(t, changed(t, mine, c.framework), changed(t, mapping, c.mapping))
			_, err := controls.Load(dir)
			g.Expect(err).To(MatchError(ContainSubstring(filepath.Join(dir, c.file) + c.says)))
			var fault *controls.Fault
			g.Expect(errors.As(err, &fault)).To(BeTrue())
		})
	}
}

func changed(t *testing.T, text, change string) string {
	t.Helper()
	old, now, any := strings.Cut(change, "=>")
	switch {
	case !any:
		return text
	case old == "*":
		return now
	case !strings.Contains(text, old):
		t.Fatalf("there is no %q to change", old)
	}
	return strings.Replace(text, old, now, 1)
}

func TestLoadWantsAFolder(t *testing.T) {
	g := NewWithT(t)
	_, err := controls.Load(filepath.Join(t.TempDir(), "nowhere"))
	g.Expect(err).To(MatchError(os.ErrNotExist))
	_, err = controls.Load("controls.go")
	g.Expect(err).To(MatchError(ContainSubstring("is no folder")))
}
