package runner

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/requirements"
	"github.com/scimproof/scimproof/suites/target"
)

// record gathers what the run saw and takes every secret out of it.
func (r *run) record(ctx context.Context) *reports.Record {
	finished := time.Now()
	rec := &reports.Record{
		Run: reports.Run{
			ID: r.id, Tool: r.Tool, Started: r.started.UTC(), Finished: finished.UTC(),
			Selection: r.Only, Seed: r.Seed, Nonce: r.Nonce, Operator: r.Operator,
		},
		Target: describeTarget(r.Target), Specs: r.list,
		Events: r.stage.Events(), Observations: r.session.Book.Observations(), Exchanges: r.session.Recorder.Drain(),
		Health: r.session.Recorder.Health(), Cleanup: r.session.Subjects.Cleanup(), LongWatch: r.watch,
		Requirements: requirements.ForReport(), Capabilities: r.session.Features.Capabilities(), Clients: dialects.Chosen(r.session.Clients),
	}
	rec.Target.TLSLeaf = r.session.Recorder.TLSLeaf(r.Target.SCIM.BaseURL.Host)
	rec.Health.SCIMRequests = scimRequests(rec.Exchanges, rec.Specs)
	rec.Cleanup.Kept = 2 * len(r.stage.Kept()) // the leaver and the control user
	rec.Health.WallMs = finished.Sub(r.started).Milliseconds()
	rec.Health.WatchMs = r.stage.Waited().Milliseconds()
	rec.Health.LongestWatchMs = r.stage.Longest().Milliseconds()
	rec.Health.Outage = r.outage
	r.closeStates(ctx, rec)
	mourn(ctx, rec)
	rec.Redaction = reports.Redaction{SecretsSeen: r.vault.Count(), LeakScan: "clean"}
	r.scrub(rec)
	return rec
}

// scimRequests counts what was sent for checks that look at SCIM alone.
func scimRequests(exchanges []reports.Exchange, specs []reports.Spec) int {
	protocol := map[string]bool{}
	for _, s := range specs {
		protocol[s.ID] = !strings.HasPrefix(s.ID, "survival.")
	}
	n := 0
	for _, e := range exchanges {
		if protocol[e.Check] {
			n++
		}
	}
	return n
}

// closeStates marks the checks that the run never reached. After an interrupt these
// are also the ones that ended without having seen anything: Ginkgo may hear of it
// before the run's context does.
func (r *run) closeStates(ctx context.Context, rec *reports.Record) {
	interrupted := ctx.Err() != nil
	saw := map[string]bool{}
	for _, o := range rec.Observations {
		saw[o.Check] = true
	}
	for i := range rec.Specs {
		s := &rec.Specs[i]
		if s.State == "" || interrupted && s.State != reports.SpecNotSelected && !saw[s.ID] {
			s.State, s.Why = reports.SpecInterrupted, "the run ended before this check"
		}
	}
	if interrupted {
		rec.Run.Partial, rec.Run.Why = true, "it was interrupted"
	}
}

// scrub takes secrets out of whatever a target may have put into a text.
// The exchanges are most of it and go one by one, as the whole would be held twice.
func (r *run) scrub(rec *reports.Record) {
	exchanges := rec.Exchanges
	rec.Exchanges = nil
	for i := range exchanges {
		exchanges[i] = redact.Clean(r.vault, exchanges[i])
	}
	*rec = redact.Clean(r.vault, *rec)
	rec.Exchanges = exchanges
}

// profileFile is what a report calls the profile: folders above the working one are nobody's
// business.
func profileFile(path string) string {
	if path == "" {
		return ""
	}
	if !filepath.IsLocal(path) {
		path = filepath.Base(path)
	}
	return filepath.ToSlash(filepath.Clean(path))
}

// describeTarget puts the profile into the report's terms, without its secrets.
func describeTarget(t *target.Target) reports.Target {
	out := reports.Target{
		Name: t.Name, ID: t.ID, Environment: t.Environment, Version: t.Version,
		SCIMBase: t.SCIM.BaseURL.String(), ProfileFile: profileFile(t.File), ProfileDigest: t.Digest, TLSVerified: !t.SCIM.TLS.InsecureSkipVerify,
		RevokeWithinMs: t.RevokeWithin.Milliseconds(), GiveUpAfterMs: t.GiveUpAfter.Milliseconds(), ReadLagMs: t.Limits.ReadLag.Milliseconds(),
		AccessPaths: []reports.AccessPath{}, NotApplicable: []reports.NotApplicable{},
		Owners: reports.Owners{
			IdentitySource: party(t.Owners.IdentitySource), ApplicationOwner: party(t.Owners.ApplicationOwner),
			ExceptionApprover: party(t.Owners.ExceptionApprover), FailureInvestigator: party(t.Owners.FailureInvestigator),
			RemediationCertifier: party(t.Owners.RemediationCertifier), Vendor: party(t.Owners.Vendor),
		},
	}
	if t.Container != nil {
		out.Image = &reports.Image{Reference: t.Image.Reference, ID: t.Image.ID, StartedMs: t.Image.StartedMs}
	}
	for _, p := range t.Access {
		out.AccessPaths = append(out.AccessPaths, reports.AccessPath{
			Name: p.Name, Kind: string(p.Kind), Description: p.Description, OneShot: p.OneShot,
			DeclaredLifetimeMs: p.DeclaredLifetime.Milliseconds(), RestoredOnReactivation: p.RestoredOnReactivation,
			KeptOnPasswordChange: p.KeptOnPasswordChange, MayBeHandedOver: p.MayBeHandedOver,
		})
	}
	for _, s := range t.SharedSecrets {
		out.SharedSecrets = append(out.SharedSecrets, reports.SharedSecret(s))
	}
	for _, n := range t.NotApplicable {
		out.NotApplicable = append(out.NotApplicable, reports.NotApplicable{Kind: string(n.Kind), Act: string(n.Act), Listing: n.Listing, AssertedBy: n.AssertedBy, Reason: n.Reason})
	}
	return out
}

func party(p target.Party) reports.Party { return reports.Party{Name: p.Name, Contact: p.Contact} }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
