package subject

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// Whoever is kept for a long watch outlives the run, and the sweeps of other runs.
func TestWhoIsKeptForALongWatch(t *testing.T) {
	for name, c := range map[string]struct {
		until   time.Duration
		all     bool // as scimproof clean does
		removed bool
	}{
		"the next run leaves them":       {until: time.Hour},
		"nobody waits any longer":        {until: -time.Hour, removed: true},
		"scimproof clean removes anyway": {until: time.Hour, all: true, removed: true},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			s, f, client, ledger := started(t)
			kept, _, err := f.Make(t.Context())
			g.Expect(err).NotTo(HaveOccurred())
			_, _, err = f.Make(t.Context())
			g.Expect(err).NotTo(HaveOccurred(), "somebody whom the run could not remove")
			g.Expect(f.Keep(kept, "/tmp/watch.age", time.Now().Add(c.until))).To(Succeed())
			g.Expect(ledger.Close()).To(Succeed())

			sweep := Sweep
			if c.all {
				sweep = SweepAll
			}
			swept, err := sweep(t.Context(), client, f.target)
			g.Expect(err).NotTo(HaveOccurred())
			if c.removed {
				g.Expect(swept.Removed).To(ContainElement(kept.UserName))
				g.Expect(swept.Ended).To(HaveLen(1))
				g.Expect(swept.Ended[0]).To(And(HaveField("File", "/tmp/watch.age"), HaveField("Users", 1)))
				g.Expect(s.users).To(HaveLen(1), "only the real one is left")
				g.Expect(ledger.path).NotTo(BeAnExistingFile())
				return
			}
			g.Expect(swept.Removed).To(HaveLen(1), "the other one")
			g.Expect(swept.Kept).To(HaveLen(1))
			g.Expect(s.users).To(ContainElement(kept.UserName))
			g.Expect(ledger.path).To(BeAnExistingFile())
		})
	}
}

// The process that resumes goes on with the ledger, and forgets it with the last user.
func TestALedgerGoesOn(t *testing.T) {
	g := NewWithT(t)
	s, f, client, ledger := started(t)
	kept, _, err := f.Make(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(f.Keep(kept, "/tmp/watch.age", time.Now().Add(time.Hour))).To(Succeed())
	g.Expect(ledger.Close()).To(Succeed())
	file, err := os.OpenFile(ledger.path, os.O_APPEND|os.O_WRONLY, 0)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = file.WriteString(`{"userName":"cut o`)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(file.Close()).To(Succeed())

	again, err := OpenLedger("t", "run1")
	g.Expect(err).NotTo(HaveOccurred())
	_, err = OpenLedger("t", "run1")
	var busy *BusyError
	g.Expect(err).To(BeAssignableToTypeOf(busy), "one process at a time")
	g.Expect(err).To(MatchError(ContainSubstring("another run holds it")))

	factory := NewFactory(f.target, client, f.vault, again, "run1")
	factory.Remove(t.Context(), &Subject{ID: kept.ID, UserName: kept.UserName})
	g.Expect(again.Close()).To(Succeed())
	g.Expect(s.users).To(HaveLen(1), "only the real one is left")
	g.Expect(filepath.Glob(filepath.Join(Dir("t"), "*"))).To(BeEmpty())
}
