package html_test

import (
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/net/html"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
)

func TestWriteIsDeterministicAndChangesNothing(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	first := write(t, r)
	for range 5 {
		g.Expect(write(t, r)).To(Equal(first))
	}
	g.Expect(r).To(Equal(reporttest.Report()))
}

func TestLinksResolve(t *testing.T) {
	for name, r := range map[string]*reports.Report{"fixture": reporttest.Report(), "empty": {}, "hostile": hostile()} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			ids := map[string]int{}
			var links, labels []string
			for n := range parse(t, write(t, r)).Descendants() {
				if id := attr(n, "id"); id != "" {
					ids[id]++
				}
				if href, ok := find(n, "href"); ok {
					links = append(links, href)
				}
				if by := attr(n, "aria-labelledby"); by != "" {
					labels = append(labels, by)
				}
			}
			for id, n := range ids {
				g.Expect(n).To(Equal(1), "the id %q is there %d times", id, n)
			}
			g.Expect(links).NotTo(BeEmpty())
			for _, link := range links {
				fragment, ok := strings.CutPrefix(link, "#")
				g.Expect(ok).To(BeTrue(), "the link %q leaves the page", link)
				fragment, err := url.PathUnescape(fragment)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(ids).To(HaveKey(fragment))
			}
			for _, label := range labels {
				g.Expect(ids).To(HaveKey(label))
			}
		})
	}
}

func TestPageAsksNobodyAndRunsNothing(t *testing.T) {
	for name, r := range map[string]*reports.Report{"fixture": reporttest.Report(), "hostile": hostile()} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			page := write(t, r)
			policies := 0
			for n := range parse(t, page).Descendants() {
				if n.Type != html.ElementNode {
					continue
				}
				g.Expect([]string{"script", "link", "iframe", "object", "embed", "img", "image", "form", "base", "audio", "video"}).NotTo(ContainElement(n.Data))
				for _, a := range n.Attr {
					g.Expect(strings.HasPrefix(a.Key, "on")).To(BeFalse(), "the handler %s", a.Key)
					g.Expect([]string{"src", "style", "action", "srcdoc", "xlink:href"}).NotTo(ContainElement(a.Key))
				}
				if attr(n, "http-equiv") == "Content-Security-Policy" {
					policies++
					g.Expect(attr(n, "content")).To(Equal("default-src 'none'; style-src 'unsafe-inline'; img-src data:"))
				}
			}
			g.Expect(policies).To(Equal(1))
			g.Expect(page).NotTo(ContainSubstring("@import"))
			g.Expect(page).NotTo(ContainSubstring("ZgotmplZ"), "html/template refused a value")
		})
	}
}

// Structure that people who listen to the page rely on.
func TestPageHasLandmarksHeadingsAndHeaders(t *testing.T) {
	g := NewWithT(t)
	count := map[string]int{}
	level := 0
	for n := range parse(t, write(t, reporttest.Report())).Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		switch {
		case n.Data == "th":
			g.Expect([]string{"col", "row", "colgroup"}).To(ContainElement(attr(n, "scope")))
		case n.Data == "html":
			g.Expect(attr(n, "lang")).To(Equal("en"))
		case len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6':
			next := int(n.Data[1] - '0')
			g.Expect(next).To(BeNumerically("<=", level+1), "a heading %s after h%d", n.Data, level)
			level = next
		case strings.Contains(" "+attr(n, "class")+" ", " scroll "):
			g.Expect(attr(n, "tabindex")).To(Equal("0"))
			g.Expect(attr(n, "role")).To(Equal("region"))
			g.Expect(attr(n, "aria-label") + attr(n, "aria-labelledby")).NotTo(BeEmpty())
		case n.Data == "svg" && attr(n, "role") != "img":
			g.Expect(attr(n, "aria-hidden")).To(Equal("true"))
		}
	}
	for _, landmark := range []string{"main", "nav", "h1"} {
		g.Expect(count[landmark]).To(Equal(1), landmark)
	}
}

// What a reader has to find, whatever the page looks like.
func TestPageSaysWhatTheReportSays(t *testing.T) {
	r := reporttest.Report()
	words := visible(t, write(t, r))
	for _, want := range []string{
		"Northwind CRM", "version 4.2.1", "20261123-091204-7f3a", "Fail", r.Verdict.Reason, r.Summary,
		"Nobody is named", "Ada Okafor asserts: “" + r.Target.NotApplicable[0].Reason + "”",
		"no evidence", "≥ 10 min", "6 min – 8 min", r.Gaps[0].Statement, r.Gaps[1].Closes, r.Gaps[2].SeverityWhy[1], "NHI1:2025",
		"Every authenticator", "21 of 22 test objects were removed", r.Cleanup.Left[0], "47 secrets seen, leak scan clean",
		"limit 5 min", "Deactivated: last allowed at 10 min; its unused twin allowed at 10 min;", "Worst: Personal API token, still open 10 min later.", "200, and every read-back until 10 min shows active: true.",
	} {
		if !strings.Contains(words, squeeze(want)) && !strings.Contains(strings.ToLower(words), strings.ToLower(squeeze(want))) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestBanners(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	g.Expect(visible(t, write(t, r))).NotTo(ContainSubstring("cut short"))
	r.Run.Partial, r.Run.Why = true, "Somebody pressed Ctrl-C."
	r.Health.Outage = "Every request since 09:14 UTC answered 503."
	r.Verdict = reports.Verdict{Word: reports.VerdictInconclusive, Reason: "An outage is no finding."}
	words := visible(t, write(t, r))
	g.Expect(words).To(ContainSubstring("This run was cut short. Somebody pressed Ctrl-C."))
	g.Expect(words).To(ContainSubstring("The target was not well. Every request since 09:14 UTC answered 503."))
	g.Expect(words).To(ContainSubstring("Inconclusive"))

	r.Run.Why, r.Health.Outage = "the container ended", "the container ended in the middle of the run"
	r.Health.TargetEnded, r.Health.OutageLog = true, []string{"listening on :8080", "out of <memory>"}
	words = visible(t, write(t, r))
	g.Expect(words).To(ContainSubstring("The target ended, and this run with it. The container ended in the middle of the run. The last lines of its log listening on :8080 out of <memory>"))
	g.Expect(words).NotTo(ContainSubstring("cut short"))
}

func TestEvidenceIsCapped(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	for _, x := range r.Exchanges[:100] {
		r.Gaps[3].Evidence = append(r.Gaps[3].Evidence, x.ID)
	}
	cited := map[string]bool{}
	for _, gap := range r.Gaps {
		for _, id := range gap.Evidence {
			cited[id] = true
		}
	}
	page := write(t, r)
	g.Expect(strings.Count(page, `<details class="exchange"`)).To(Equal(40))
	g.Expect(visible(t, page)).To(ContainSubstring(strings.Join([]string{plainNumber(len(cited) - 40), "more cited exchanges"}, " ")))
}

func TestEmptyReport(t *testing.T) {
	g := NewWithT(t)
	words := visible(t, write(t, &reports.Report{}))
	g.Expect(words).To(ContainSubstring("No control gap was found."))
	g.Expect(words).To(ContainSubstring("No way in was tried."))
}
