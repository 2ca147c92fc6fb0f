package runner_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/later"
	"github.com/scimproof/scimproof/suites/runner"
	"github.com/scimproof/scimproof/suites/subject"
)

// plainLeaving are three checks with two events, whose credentials last.
const plainLeaving = "check: containsAny {survival.deactivate.patch-path.personal-token, survival.deactivate.patch-path.web-session, survival.delete.personal-token}"

func outcomeOf(g Gomega, r *reports.Report, id string) reports.Check {
	for _, c := range r.Checks {
		if c.ID == id {
			return c
		}
	}
	g.Expect(id).To(BeEmpty(), "no such check")
	return reports.Check{}
}

const (
	tokenCheck   = "survival.deactivate.patch-path.personal-token"
	sessionCheck = "survival.deactivate.patch-path.web-session"
)

// inactive tells credentials of a kind whose owner was deactivated.
func inactive(c *acme.Credential, kind acme.CredentialKind) bool {
	return c.Kind == kind && c.Owner.State == acme.Inactive
}

func TestAccessThatComesBackADayLater(t *testing.T) {
	g := NewWithT(t)
	w := newLongWatch(t, time.Hour, 24*time.Hour)
	r := w.run(t.Context(), plainLeaving)
	g.Expect(r.Verdict.Word).To(Equal(reports.VerdictPass), r.Verdict.Reason)
	g.Expect(r.Verdict.Reason).To(ContainSubstring("Later marks pending: 60 min"))
	g.Expect(r.Cleanup).To(And(HaveField("Kept", 4), HaveField("Left", BeEmpty())))
	g.Expect(r.LongWatch.Kept).To(Equal(3))
	g.Expect(w.notes.String()).To(ContainSubstring("3 credentials kept for later marks"))
	g.Expect(w.users()).To(Equal(4))

	done, report, err := w.resume(t.Context(), nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(report).To(BeNil(), "nothing is due, so nothing is written")
	g.Expect(done.Next.AfterMs).To(Equal(time.Hour.Milliseconds()))

	w.pass(time.Hour)
	no := errors.New("the earlier report is of another run")
	_, report, err = w.resume(t.Context(), func(o *runner.ResumeOptions) { o.Check = func(reports.Run) error { return no } })
	g.Expect(err).To(MatchError(no))
	g.Expect(report).To(BeNil(), "and the mark is still to be taken")
	done, report, err = w.resume(t.Context(), nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(done.Taken.AfterMs).To(Equal(time.Hour.Milliseconds()))
	g.Expect(done.Next.AfterMs).To(Equal(24 * time.Hour.Milliseconds()))
	check := outcomeOf(g, report, tokenCheck)
	g.Expect(check.Outcome).To(Equal(reports.OutcomeConformant))
	g.Expect(check.Because).To(ContainSubstring("Refused at 60 min, too."))
	g.Expect(report.Verdict.Word).To(Equal(reports.VerdictPass))
	g.Expect(w.users()).To(Equal(4))

	w.decide(func(c *acme.Credential) {
		if inactive(c, acme.PersonalToken) {
			c.Allowed, c.As = true, c.Owner
		}
	})
	w.pass(23 * time.Hour)
	done, report, err = w.resume(t.Context(), nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(done.Next).To(BeNil())
	g.Expect(outcomeOf(g, report, tokenCheck).Outcome).To(Equal(reports.OutcomeRevived))
	g.Expect(outcomeOf(g, report, sessionCheck).Outcome).To(Equal(reports.OutcomeConformant), "others are as before")
	g.Expect(report.Gaps).To(HaveLen(1))
	g.Expect(report.Gaps[0]).To(And(HaveField("Outcome", reports.OutcomeRevived), HaveField("Event", reports.EventDeactivate)))
	g.Expect(report.Gaps[0].Reproduce).To(ContainSubstring(" --marks 1h0m0s,24h0m0s --state STATE"))
	g.Expect(report.LongWatch.Marks).To(HaveEach(HaveField("State", reports.MarkTaken)))
	g.Expect(report.Cleanup).To(And(HaveField("Kept", 0), HaveField("Left", BeEmpty())))
	g.Expect(report.Cleanup.Removed).To(Equal(report.Cleanup.Created))
	ids := map[string]bool{}
	for _, x := range report.Exchanges {
		g.Expect(ids[x.ID]).To(BeFalse(), "%s is there twice", x.ID)
		ids[x.ID] = true
	}
	g.Expect(w.options.File).NotTo(BeAnExistingFile())
	g.Expect(w.users()).To(BeZero())

	_, _, err = w.resume(t.Context(), nil)
	var file *later.FileError
	g.Expect(errors.As(err, &file)).To(BeTrue(), "it is over")
}

func TestAccessThatSurvivesTheWatchAndEndsLater(t *testing.T) {
	g := NewWithT(t)
	w := newLongWatch(t, time.Hour, 6*time.Hour, 24*time.Hour)
	alive := func(c *acme.Credential) {
		if inactive(c, acme.Session) || inactive(c, acme.PersonalToken) {
			c.Allowed, c.As = true, c.Owner
		}
	}
	w.decide(alive)
	r := w.run(t.Context(), plainLeaving)
	g.Expect(outcomeOf(g, r, sessionCheck).Outcome).To(Equal(reports.OutcomeSurvived))

	w.pass(7 * time.Hour) // the first mark was slept through
	_, r, err := w.resume(t.Context(), nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.LongWatch.Marks).To(HaveExactElements(HaveField("State", reports.MarkMissed), HaveField("State", reports.MarkTaken), HaveField("State", reports.MarkPending)))
	check := outcomeOf(g, r, sessionCheck)
	g.Expect(check.Outcome).To(Equal(reports.OutcomeSurvived))
	g.Expect(check.Because).To(ContainSubstring("Access still worked 7 h after"), "the real time")

	// The sessions end; everybody's tokens do, as those that grow old.
	w.decide(func(c *acme.Credential) {
		if c.Kind == acme.PersonalToken {
			c.Allowed = false
		}
	})
	w.pass(18 * time.Hour)
	_, r, err = w.resume(t.Context(), nil)
	g.Expect(err).NotTo(HaveOccurred())
	check = outcomeOf(g, r, sessionCheck)
	g.Expect(check.Outcome).To(Equal(reports.OutcomeDelayed))
	g.Expect(check.Because).To(ContainSubstring("still worked 7 h after the event and was refused from 25 h on"))
	check = outcomeOf(g, r, tokenCheck)
	g.Expect(check.Outcome).To(Equal(reports.OutcomeSurvived), "not ended, by all that is known")
	g.Expect(check.Because).To(ContainSubstring("At 25 h nothing can be said: the control user was refused as well"))
}

func TestAnInterruptedMarkCountsForNothing(t *testing.T) {
	g := NewWithT(t)
	w := newLongWatch(t, time.Hour)
	w.run(t.Context(), plainLeaving)
	w.pass(time.Hour)
	before, err := os.ReadFile(w.options.File)
	g.Expect(err).NotTo(HaveOccurred())

	ctx, interrupt := context.WithCancel(t.Context())
	w.notes.watching = interrupt
	_, report, err := w.resume(ctx, nil)
	g.Expect(err).To(MatchError(context.Canceled))
	g.Expect(err).To(MatchError(HavePrefix("interrupted: nothing was lost")))
	g.Expect(report).To(BeNil())
	g.Expect(os.ReadFile(w.options.File)).To(Equal(before))
	g.Expect(w.users()).To(Equal(4))

	w.notes.watching = nil
	done, report, err := w.resume(t.Context(), nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(done.Taken).NotTo(BeNil())
	g.Expect(report.Verdict.Word).To(Equal(reports.VerdictPass))
}

func TestALongWatchThatIsAbandoned(t *testing.T) {
	g := NewWithT(t)
	w := newLongWatch(t, time.Hour)
	w.run(t.Context(), plainLeaving)
	done, report, err := w.resume(t.Context(), func(o *runner.ResumeOptions) { o.Abandon = true })
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(done).To(And(HaveField("Next", BeNil()), HaveField("Taken", BeNil()), HaveField("Left", BeEmpty())))
	g.Expect(report.LongWatch.Marks).To(HaveExactElements(HaveField("State", reports.MarkAbandoned)))
	g.Expect(report.Cleanup.Removed).To(Equal(report.Cleanup.Created))
	g.Expect(w.options.File).NotTo(BeAnExistingFile())
	g.Expect(w.users()).To(BeZero())
}

func TestOtherRunsLeaveALongWatchAloneAndCleanEndsIt(t *testing.T) {
	g := NewWithT(t)
	w := newLongWatch(t, time.Hour)
	w.run(t.Context(), plainLeaving)
	other := &notes{Progress: runner.Silent}
	_, _, err := runner.Run(t.Context(), runner.Options{Target: w.target, Only: "check:lifecycle.create", Tool: tool, Progress: other})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(other.String()).To(And(ContainSubstring("4 test users of a long watch left alone"), ContainSubstring(w.options.File)))
	g.Expect(w.users()).To(Equal(4))

	swept, err := runner.Clean(t.Context(), w.target, tool)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(swept.Removed).To(HaveLen(4))
	g.Expect(swept.Ended).To(HaveExactElements(HaveField("File", w.options.File)))
	g.Expect(w.users()).To(BeZero())

	w.pass(time.Hour)
	_, _, err = w.resume(t.Context(), nil)
	var config *runner.ConfigError
	g.Expect(errors.As(err, &config)).To(BeTrue())
	g.Expect(err).To(MatchError(ContainSubstring("end it with --abandon")))
	_, report, err := w.resume(t.Context(), func(o *runner.ResumeOptions) { o.Abandon = true })
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(report.Cleanup.Left).To(BeEmpty())
	g.Expect(w.options.File).NotTo(BeAnExistingFile())
}

func TestWaitingForAMark(t *testing.T) {
	g := NewWithT(t)
	w := newLongWatch(t, 3*time.Second)
	w.run(t.Context(), plainLeaving)
	done, report, err := w.resume(t.Context(), func(o *runner.ResumeOptions) { o.Wait = true })
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(done.Taken).NotTo(BeNil())
	for _, o := range report.Observations {
		for _, try := range o.Access.Tries {
			if try.MarkMs > 0 {
				g.Expect(try.AtMs).To(BeNumerically(">=", 3000))
			}
		}
	}
	w.notes.mu.Lock()
	defer w.notes.mu.Unlock()
	g.Expect(w.notes.text).To(ContainElement(ContainSubstring("Waiting for the mark of 3s")))
}

func TestATargetThatIsOutOfReachAtTheMark(t *testing.T) {
	g := NewWithT(t)
	w := newLongWatch(t, time.Hour)
	w.run(t.Context(), plainLeaving)
	w.pass(time.Hour)
	w.server.Close()
	_, report, err := w.resume(t.Context(), nil)
	var outage *runner.OutageError
	g.Expect(errors.As(err, &outage)).To(BeTrue())
	g.Expect(report).To(BeNil())
	g.Expect(w.options.File).To(BeAnExistingFile(), "the next call takes it")

	done, report, err := w.resume(t.Context(), func(o *runner.ResumeOptions) { o.Abandon = true })
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(done.Left).To(HaveLen(4))
	g.Expect(report.Cleanup.Left).To(HaveLen(4))
	g.Expect(w.users()).To(Equal(4), "the ledger still has them")
	for _, l := range leftovers(g, w) {
		g.Expect(l.Watch).To(BeEmpty(), "and any sweep may remove them")
	}
}

func leftovers(g Gomega, w *longWatch) []subject.Leftover {
	list, err := subject.Leftovers(w.target.ID)
	g.Expect(err).NotTo(HaveOccurred())
	return list
}

func TestNothingIsKept(t *testing.T) {
	for name, c := range map[string]struct {
		only string
		why  string
		with func(*longWatch, context.CancelFunc)
	}{
		"where nothing lasts":         {"check:survival.deactivate.patch-path.refresh-token", "no credential of this run can be tried again later", func(*longWatch, context.CancelFunc) {}},
		"where no leaving is watched": {"check:survival.rename.local-password", "no credential of this run", func(*longWatch, context.CancelFunc) {}},
		"where the state file cannot be made": {plainLeaving, "it cannot be written", func(w *longWatch, _ context.CancelFunc) {
			w.options.File = filepath.Join(w.t.TempDir(), "gone", "watch.age")
		}},
		"after an interrupt": {plainLeaving, "the run was interrupted", func(w *longWatch, interrupt context.CancelFunc) { w.notes.watching = interrupt }},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			w := newLongWatch(t, time.Hour)
			ctx, interrupt := context.WithCancel(t.Context())
			defer interrupt()
			c.with(w, interrupt)
			r := w.run(ctx, c.only)
			g.Expect(r.LongWatch.Kept).To(BeZero())
			g.Expect(r.LongWatch.Marks).To(HaveExactElements(And(HaveField("State", reports.MarkAbandoned), HaveField("Why", ContainSubstring(c.why)))))
			g.Expect(r.Cleanup.Removed).To(Equal(r.Cleanup.Created))
			g.Expect(r.Cleanup.Kept).To(BeZero())
			g.Expect(w.notes.String()).To(ContainSubstring("No later marks: "))
			g.Expect(w.options.File).NotTo(BeAnExistingFile())
			g.Expect(w.users()).To(BeZero())
		})
	}
}
