package html_test

import (
	"context"
	"encoding/json"
	"fmt"
	stdhtml "html"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

// axe is what axe-core 4.14.1 found on a page; it is in testdata under its own licence, MPL-2.0.
type axe struct {
	Width      int
	Dark       bool
	Passes     int
	Overflow   int // in pixels, by which the page is wider than its window
	Violations []struct {
		ID, Impact, Help string
		Nodes            []struct {
			HTML           string
			FailureSummary string
		}
	}
}

// probe opens what is folded, so that it is looked at too (of the exchanges, all alike, one), and leaves what was found in the page
// around it.
const probe = `
document.querySelectorAll('details:not(.exchange ~ .exchange)').forEach(d => { d.open = true });
axe.run(document, {resultTypes: ['violations']}).then(r => {
  const out = document.createElement('script');
  out.type = 'application/json'; out.id = 'found';
  out.textContent = JSON.stringify({
    width: innerWidth, dark: matchMedia('(prefers-color-scheme: dark)').matches, passes: r.passes.length,
    overflow: document.documentElement.scrollWidth - innerWidth,
    violations: r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help,
      nodes: v.nodes.slice(0, 5).map(n => ({html: n.html.slice(0, 300), failureSummary: n.failureSummary}))})),
  }).replaceAll('<', '\\u003c');
  parent.document.body.append(out);
}, e => { parent.document.body.append('axe: ' + e) });`

func TestAccessibility(t *testing.T) {
	browser := chromium(t)
	tool, err := os.ReadFile("testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	full := scripted(t, write(t, everyState()), string(tool)+probe)
	for _, c := range []struct {
		name, page string
		width      int
		dark       bool
	}{
		{"on a phone", full, 390, false},
		{"on a phone in the dark", full, 390, true},
		{"on a desk", full, 1280, false},
		{"on a desk in the dark", full, 1280, true},
		{"of nothing", scripted(t, write(t, &reports.Report{}), string(tool)+probe), 1280, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			found := look(t, browser, c.page, c.width, c.dark)
			g.Expect(found.Width).To(Equal(c.width))
			g.Expect(found.Dark).To(Equal(c.dark))
			g.Expect(found.Passes).To(BeNumerically(">", 15), "axe looked at hardly anything")
			g.Expect(found.Overflow).To(BeNumerically("<=", 0), "the page scrolls sideways")
			for _, v := range found.Violations {
				for _, n := range v.Nodes {
					t.Errorf("%s (%s): %s\n%s\n%s", v.ID, v.Impact, v.Help, n.HTML, n.FailureSummary)
				}
			}
		})
	}
}

// chromium is the path of a browser.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium in PATH: the page was not looked at by axe")
	return ""
}

// scripted lets a page run a script, which its own policy forbids.
func scripted(t *testing.T, page, script string) string {
	t.Helper()
	const policy = `<meta http-equiv="Content-Security-Policy"`
	before, after, found := strings.Cut(page, policy)
	if !found {
		t.Fatal("the page has no Content-Security-Policy")
	}
	return strings.Replace(before+`<meta name="was-policy"`+after, "</body>", "<script>"+script+"</script></body>", 1)
}

// look shows the page in a frame of the width, as a window has a least one, and reads what the
// script left there.
func look(t *testing.T, browser, page string, width int, dark bool) axe {
	t.Helper()
	scheme := 1
	if dark {
		scheme = 0
	}
	out := dump(t, browser, fmt.Sprintf(`<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><body style="margin:0"><iframe width="%d" height="900" style="border:0" srcdoc="%s"></iframe>`,
		width, stdhtml.EscapeString(page)), fmt.Sprintf("--blink-settings=preferredColorScheme=%d", scheme))
	const mark = `<script type="application/json" id="found">`
	_, rest, ok := strings.Cut(out, mark)
	if !ok {
		t.Fatalf("axe left nothing in the page of %d bytes", len(out))
	}
	rest, _, _ = strings.Cut(rest, "</script>")
	var found axe
	if err := json.Unmarshal([]byte(rest), &found); err != nil {
		t.Fatal(err)
	}
	return found
}

// dump opens a page in a browser and returns the document as it is when all has run.
func dump(t *testing.T, browser, page string, flags ...string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, browser, append(flags, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
		"--disable-background-networking", "--disable-sync", "--disable-component-update", "--user-data-dir="+filepath.Join(dir, "browser"),
		"--window-size=1400,900", "--virtual-time-budget=60000", "--dump-dom", "file://"+file)...)
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v", browser, err)
	}
	return string(out)
}
