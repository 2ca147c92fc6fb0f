package runner_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/defects"
	"github.com/scimproof/scimproof/reports"
)

// quick is a timing for an application in the same process.
var quick = order{RevokeWithin: 500 * time.Millisecond, GiveUpAfter: 1500 * time.Millisecond}

// atOnce bounds how many children run side by side; they mostly wait.
var atOnce = make(chan struct{}, 4)

func TestTheReferenceApplicationHasNoGap(t *testing.T) {
	g := NewWithT(t)
	r := runChild(t, quick)
	g.Expect(r.Gaps).To(BeEmpty())
	g.Expect(r.Verdict.Word).To(Equal(reports.VerdictPass), r.Verdict.Reason)
	for _, c := range r.Checks {
		g.Expect(c.Outcome).To(Equal(reports.OutcomeConformant), "%s: %s", c.ID, c.Because)
		g.Expect(c.Observations).NotTo(BeEmpty(), "%s is green without evidence", c.ID)
	}
	g.Expect(r.Matrix).To(HaveLen(5))
	for _, row := range r.Matrix {
		g.Expect(row.Cells).To(HaveLen(7))
		for _, cell := range row.Cells {
			g.Expect(cell.Outcome).To(Equal(reports.OutcomeConformant), "%s × %s: %s", row.Path, cell.Check, cell.Why)
		}
	}
	g.Expect(r.Cleanup.Left).To(BeEmpty())
	g.Expect(r.Cleanup.Removed).To(Equal(r.Cleanup.Created))
}

// gapsOf is what each defect must cost, as class, event and credential.
var gapsOf = map[string][]string{
	"patch-active-ignored":               {"ignored-silently deactivate"},
	"patch-pathless-ignored":             {"ignored-silently deactivate"},
	"patch-string-refused":               {"partial-support deactivate"},
	"put-active-ignored":                 {"ignored-silently deactivate"},
	"delete-ignored":                     {"ignored-silently delete"},
	"deleted-user-listed":                {"nonconformant delete"},
	"delete-answers-200":                 {"nonconformant delete"},
	"reactivate-ignored":                 {"ignored-silently reactivate"},
	"sessions-survive-deactivate":        {"survived-access deactivate web-session"},
	"tokens-survive-deactivate":          {"survived-access deactivate access-token", "survived-access deactivate personal-token"},
	"refresh-survives-deactivate":        {"survived-access deactivate refresh-token"},
	"password-login-survives-deactivate": {"survived-access deactivate local-password"},
	"sessions-survive-delete":            {"survived-access delete web-session"},
	"tokens-survive-delete":              {"survived-access delete access-token", "survived-access delete personal-token"},
	"refresh-survives-delete":            {"survived-access delete refresh-token"},
	"password-login-survives-delete":     {"survived-access delete local-password"},
	"revocation-delayed-3s":              crossed("delayed", []string{"deactivate", "delete"}, kinds),
	"old-session-revives-on-reactivate":  {"revived-access reactivate web-session"},
	"old-tokens-revive-on-reactivate":    crossed("revived-access", []string{"reactivate"}, tokens),
	"reactivate-locks-out":               {"nonconformant reactivate"},
	"recreate-inherits-tokens":           crossed("revived-access", []string{"recreate"}, tokens),
	"recreate-inherits-sessions":         {"revived-access recreate web-session"},
	"recreate-inherits-password":         {"revived-access recreate local-password"},
	"recreate-conflicts":                 {"refused-explicitly recreate"},
	"recreate-reuses-id":                 {"nonconformant recreate"},
	"create-without-location":            {"nonconformant"},
	"create-without-meta":                {"nonconformant"},
	"create-drops-family-name":           {"nonconformant"},
	"patch-displayname-ignored":          {"ignored-silently update"},
	"filter-username-ignored":            {"nonconformant"},
	"filter-username-finds-nothing":      {"nonconformant"},
}

var (
	tokens = []string{"access-token", "personal-token", "refresh-token"}
	kinds  = []string{"access-token", "local-password", "personal-token", "refresh-token", "web-session"}
)

func crossed(class string, events, credentials []string) []string {
	var out []string
	for _, e := range events {
		for _, c := range credentials {
			out = append(out, class+" "+e+" "+c)
		}
	}
	return out
}

// Each defect turns exactly its own checks red and costs exactly its own gaps; a
// false alarm fails here as surely as a miss.
func TestEachDefectIsNoticedAndNothingElse(t *testing.T) {
	var ids []string
	for _, s := range list(t, "") {
		ids = append(ids, s.ID)
	}
	for _, d := range defects.All() {
		if d.Operational {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			atOnce <- struct{}{}
			defer func() { <-atOnce }()
			g := NewWithT(t)
			o := quick
			o.Defects = []string{d.Name}
			if strings.Contains(d.Name, "delayed") {
				// The limit lies far before the three seconds, so that a machine that is
				// busy otherwise still gets a try in between.
				o.GiveUpAfter = 8 * time.Second
			}
			r := runChild(t, o)
			var red, gaps []string
			for _, c := range r.Checks {
				if c.Gap != "" {
					red = append(red, c.ID)
				}
			}
			for _, gap := range r.Gaps {
				gaps = append(gaps, strings.TrimSpace(string(gap.Class)+" "+string(gap.Event)+" "+gap.Credential))
			}
			slices.Sort(gaps)
			g.Expect(red).To(ConsistOf(d.Expected(ids)))
			g.Expect(gaps).To(Equal(gapsOf[d.Name]))
		})
	}
}

func TestEveryCheckIsNoticedByADefect(t *testing.T) {
	var ids []string
	for _, s := range list(t, "") {
		ids = append(ids, s.ID)
	}
	caught := map[string]bool{}
	for _, d := range defects.All() {
		for _, id := range d.Expected(ids) {
			caught[id] = true
		}
	}
	for _, id := range ids {
		NewWithT(t).Expect(caught[id]).To(BeTrue(), "no defect turns %s red", id)
	}
}

// A kind of credential that nobody armed is a gap, unless somebody vouches for it.
func TestAKindWithoutAnAccessPath(t *testing.T) {
	only := quick
	only.Only, only.Without = "event:delete && survival", "personal-token"
	t.Run("nobody says anything", func(t *testing.T) {
		g := NewWithT(t)
		r := runChild(t, only)
		g.Expect(r.Verdict.Word).To(Equal(reports.VerdictFail))
		g.Expect(r.Gaps).To(HaveLen(1))
		g.Expect(r.Gaps[0].Class).To(Equal(reports.OutcomeNoEvidence))
		g.Expect(r.Gaps[0].Credential).To(Equal("personal-token"))
		g.Expect(r.Gaps[0].Checks).To(Equal([]string{"survival.delete.personal-token"}))
	})
	t.Run("somebody vouches", func(t *testing.T) {
		g := NewWithT(t)
		asserted := only
		asserted.Asserted = true
		r := runChild(t, asserted)
		g.Expect(r.Verdict.Word).To(Equal(reports.VerdictPass), "%s", r.Verdict.Reason)
		g.Expect(r.Gaps).To(BeEmpty())
		g.Expect(r.Counts.Checks[reports.OutcomeNotApplicable]).To(Equal(1))
		for _, c := range r.Checks {
			if c.Outcome == reports.OutcomeNotApplicable {
				g.Expect(c.Because).To(ContainSubstring("Ada Okafor"))
			}
		}
	})
}

// Passing trouble may leave a run undecided; it never costs a gap.
func TestOperationalTroubleIsNoGap(t *testing.T) {
	for _, d := range defects.All() {
		if !d.Operational {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			atOnce <- struct{}{}
			defer func() { <-atOnce }()
			g := NewWithT(t)
			o := quick
			o.Defects = []string{d.Name}
			r := runChild(t, o)
			g.Expect(r.Gaps).To(BeEmpty())
			g.Expect(r.Verdict.Word).NotTo(Equal(reports.VerdictFail))
			g.Expect(r.Cleanup.Left).To(BeEmpty())
		})
	}
}
