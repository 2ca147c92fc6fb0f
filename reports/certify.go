package reports

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/semver"
)

// Proof is what a closure is certified on, beside the report of the run that ran again.
type Proof struct {
	// Previous is an earlier report that has the gap; nil where the report's own comparison
	// names it as fixed.
	Previous *Report
	// FixedIn is the version of the application that is said to have the fix; empty for none.
	FixedIn string
	// RemediatedBy and RequestedBy are the contacts or names of those who made the fix and of
	// those who asked for the closure.
	RemediatedBy, RequestedBy []string
	// Evidence is the SHA-256 of the report's file in hex, as it is before the closure is
	// written into it.
	Evidence string
}

// RefusedError says why a gap was not certified as closed, or not marked as claimed.
type RefusedError struct {
	Gap string
	Why string // a clause, with what to do about it
}

// Error names the gap and the reason.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s stays as it is: %s", e.Gap, strings.TrimSuffix(e.Why, "."))
}

// Certify closes a gap on the run that the report r is of: a ticket or a vendor's word never
// does. The closure holds only where every check of the gap conforms in that run, in all repeats,
// nothing stood in the way, the application has the fix, and the profile's remediation certifier
// says so, who neither made the fix nor asked for the closure. Neither report is changed; the
// caller adds the closure to r. Every refusal is a *RefusedError.
func Certify(r *Report, gap string, by Party, now time.Time, proof Proof) (Closure, error) {
	closure, err := certify(r, gap, by, now, proof)
	if err != nil {
		return Closure{}, &RefusedError{Gap: gap, Why: err.Error()}
	}
	return closure, nil
}

func certify(r *Report, gap string, by Party, now time.Time, proof Proof) (Closure, error) {
	if r == nil {
		return Closure{}, errors.New("there is no report of a run that ran again")
	}
	change, err := r.fixed(gap, proof.Previous)
	if err != nil {
		return Closure{}, err
	}
	for _, look := range []error{
		r.clean(), r.allConform(change), r.asOften(change), hasFix(r.Target.Version, proof.FixedIn), r.mayCertify(change, by, proof), r.onTime(gap, now), isDigest(proof.Evidence),
	} {
		if look != nil {
			return Closure{}, look
		}
	}
	return Closure{
		Gap: gap, Title: change.Title, Certifier: as(RoleRemediationCertifier, r.Target.Owners.RemediationCertifier), On: now.UTC(),
		Run: r.Run.ID, Version: r.Target.Version, Evidence: proof.Evidence, Severity: change.Before,
	}, nil
}

// fixed finds the gap among those that the run shows to be fixed.
func (r *Report) fixed(gap string, previous *Report) (GapChange, error) {
	if g := r.gap(gap); g != nil {
		return GapChange{}, fmt.Errorf("run %q still shows it (%s, %s): mend it and run again", r.Run.ID, g.Severity, g.State)
	}
	comparison := r.Comparison
	if previous != nil {
		c, err := Compare(previous, r)
		if err != nil {
			return GapChange{}, err
		}
		comparison = c
	}
	if comparison == nil {
		return GapChange{}, errors.New("nothing says what it was: the report has no comparison; name an earlier report that has the gap (--previous)")
	}
	i := slices.IndexFunc(comparison.Gaps, func(c GapChange) bool { return c.Gap == gap })
	switch {
	case i < 0:
		return GapChange{}, fmt.Errorf("the earlier report (run %q) does not have it: name one that does (--previous)", comparison.Earlier.Run)
	case comparison.Gaps[i].Change != ChangeFixed:
		return GapChange{}, fmt.Errorf("run %q does not show it as fixed (%s): %s", r.Run.ID, comparison.Gaps[i].Change, comparison.Gaps[i].Why)
	}
	return comparison.Gaps[i], nil
}

// clean reports why a run is no ground for a closure at all; nil if it is.
func (r *Report) clean() error {
	switch {
	case r.Health.Outage != "":
		return fmt.Errorf("run %q could not judge: %s", r.Run.ID, sentence(r.Health.Outage))
	case r.Run.Partial:
		return fmt.Errorf("run %q was cut short: run the checks of the gap to their end", r.Run.ID)
	case errorShare(r.Health) > r.Policy.MaxErrorShare:
		return fmt.Errorf("%.0f%% of the requests of run %q failed, more than the %.0f%% up to which a run says something: run again",
			100*errorShare(r.Health), r.Run.ID, 100*r.Policy.MaxErrorShare)
	}
	return nil
}

// allConform reports a check of the gap that does not conform: what was recorded without a
// verdict, or came back with the account, is gone from the gaps and is no proof of a fix. The
// worst repeat speaks for a check.
func (r *Report) allConform(change GapChange) error {
	if len(change.Checks) == 0 {
		return errors.New("it names no check, so that no run can show it as closed; it is closed where reports no longer have it")
	}
	for _, id := range change.Checks {
		i := slices.IndexFunc(r.Checks, func(c Check) bool { return c.ID == id })
		switch {
		case i < 0:
			return fmt.Errorf("run %q has no check %s: run the checks of the gap again", r.Run.ID, id)
		case r.Checks[i].Outcome != OutcomeConformant || r.Checks[i].State != SpecRan:
			return fmt.Errorf("the check %s came to %s in run %q: %s", id, r.Checks[i].Outcome, r.Run.ID, sentence(r.Checks[i].Because))
		}
	}
	return nil
}

// asOften reports that a check of the gap was repeated for fewer leavers than before: what
// happens to one of three is easily missed with one. A check without a leaver of its own, which
// looks at SCIM alone, is not repeated.
func (r *Report) asOften(change GapChange) error {
	if change.Reproduced == nil {
		return nil
	}
	for _, id := range change.Checks {
		leavers := map[int]bool{}
		for _, o := range r.Observations {
			if o.Check != id {
				continue
			}
			switch {
			case o.Access != nil:
				leavers[o.Access.Subject] = true
			case o.State != nil:
				leavers[o.State.Subject] = true
			case o.Issued != nil:
				leavers[o.Issued.Subject] = true
			}
		}
		if n := len(leavers); n > 0 && n < change.Reproduced.Decided {
			return fmt.Errorf("the check %s was repeated for %s in run %q, and for %d before: run again with --subjects %d",
				id, plural(n, "leaver"), r.Run.ID, change.Reproduced.Decided, change.Reproduced.Decided)
		}
	}
	return nil
}

// hasFix reports that the application's version is older than the one that is said to have the
// fix, or another where the two cannot be ordered.
func hasFix(version, fixedIn string) error {
	if fixedIn == "" || version == fixedIn {
		return nil
	}
	if version == "" {
		return fmt.Errorf("the fix is said to be in version %s, and the report does not state the target's version: state it in the profile and run again", fixedIn)
	}
	is, wanted := "v"+strings.TrimPrefix(version, "v"), "v"+strings.TrimPrefix(fixedIn, "v")
	if !semver.IsValid(is) || !semver.IsValid(wanted) {
		return fmt.Errorf("the fix is said to be in version %s, and the target has %s, which cannot be ordered: run again on that very version", fixedIn, version)
	}
	if semver.Compare(is, wanted) < 0 {
		return fmt.Errorf("the fix is said to be in version %s, and the target has the older %s: run again once it has the fix", fixedIn, version)
	}
	return nil
}

// onTime reports a certification before the run had ended, or a second one on the same run.
func (r *Report) onTime(gap string, now time.Time) error {
	if now.Before(r.Run.Finished) {
		return fmt.Errorf("run %q ended on %s, after the certification on %s: look at the clock", r.Run.ID, r.Run.Finished.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	for _, c := range r.Closures {
		if c.Gap == gap && c.Run == r.Run.ID {
			return fmt.Errorf("it is closed already: %s certified it on this run on %s", c.Certifier.Name, c.On.UTC().Format(time.DateOnly))
		}
	}
	return nil
}

func isDigest(evidence string) error {
	if len(evidence) != 64 || strings.Trim(evidence, "0123456789abcdef") != "" {
		return errors.New("the digest of the report's file is missing, or is no SHA-256 in hex")
	}
	return nil
}
