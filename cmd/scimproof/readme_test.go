package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target/containers/containerstest"
)

// commandsIn lists the commands of a section of the README: its indented lines.
func commandsIn(t *testing.T, section string) (lines []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "\n### "+section+"\n")
	if !found {
		t.Fatalf("README.md has no section %q", section)
	}
	within, _, _ := strings.Cut(after, "\n##")
	for line := range strings.Lines(within) {
		if command, ok := strings.CutPrefix(line, "    "); ok {
			lines = append(lines, strings.TrimSpace(command))
		}
	}
	return lines
}

// exampleAt writes a profile like that of the README for an application that runs: that of
// the image, without the container.
func exampleAt(t *testing.T, file, url string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "mocks", "acme", "image", "target.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(text), "\ncontainer:\n")
	_, after, found := strings.Cut(rest, "\nscim:\n")
	if !found {
		t.Fatal("the image's profile has no longer container before scim")
	}
	t.Setenv("SCIM_TOKEN", "scim-token-for-tests-1")
	profile := strings.NewReplacer("${container.url}", url, "${seed.scimToken}", "${SCIM_TOKEN}", "@acme.example", "@example.com",
		"revokeWithin: 2s", "revokeWithin: 300ms", "giveUpAfter: 4s", "giveUpAfter: 1s").Replace(before + "\nscim:\n" + after)
	if err := os.WriteFile(file, []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The commands of the section are carried out as they stand, one after the other, in a fresh
// clone in which somebody has built the program and has tested the version of today.
func TestTheSectionAfterAnUpgrade(t *testing.T) {
	containerstest.Engine(t)
	containerstest.MaySweep(t)
	g := NewWithT(t)
	t.Setenv(subject.StateDirVariable, t.TempDir())
	dir := checkout(t)
	code, printed := in(t, dir, "make build")
	g.Expect(code).To(BeZero(), printed)
	old, _ := application(t, "sessions-survive-deactivate")
	mended, _ := application(t)
	exampleAt(t, filepath.Join(dir, "old.yaml"), old)
	for _, name := range []string{"new.yaml", "target.yaml"} {
		exampleAt(t, filepath.Join(dir, name), mended)
	}
	code, printed = in(t, dir, "bin/scimproof run --target old.yaml --out out")
	g.Expect(code).To(Equal(exitFail), printed)

	says := []struct {
		begins string
		code   int
		says   []string
	}{
		{"make image", 0, []string{today, tomorrow}},
		{"bin/scimproof upgrade-check --target", exitFail, []string{"New (1)", "Fixed (1)", "Regression: Local password still works after deactivation."}},
		{"bin/scimproof upgrade-check --from", exitPass, []string{"Fixed (1)", "No regression."}},
		{"bin/scimproof run", exitPass, []string{"Verdict: pass"}},
		{"bin/scimproof diff", exitPass, []string{"Fixed (1)"}},
		{"bin/scimproof certify", exitPass, []string{"Written: "}},
	}
	lines := commandsIn(t, "After an upgrade")
	g.Expect(lines).To(HaveLen(len(says)), "%q", lines)
	for i, line := range lines {
		g.Expect(line).To(HavePrefix(says[i].begins))
		code, printed := in(t, dir, line)
		g.Expect(code).To(Equal(says[i].code), "%s: %s", line, printed)
		for _, text := range says[i].says {
			g.Expect(printed).To(ContainSubstring(text), line)
		}
	}
	g.Expect(filepath.Join(dir, "upgrade", "changes.html")).To(BeARegularFile())
	g.Expect(report(t, filepath.Join(dir, "new")).Closures).To(HaveLen(1), "certified")
	g.Expect(report(t, filepath.Join(dir, "upgrade", "to")).Verdict.Word).To(Equal(reports.VerdictPass))
}
