package oscal_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"github.com/tidwall/gjson"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/oscal"
	"github.com/scimproof/scimproof/reports/reporttest"
)

func results(t *testing.T, r *reports.Report) gjson.Result {
	t.Helper()
	return gjson.ParseBytes(documents(t, r, oscal.Version122)["assessment-results"]).Get("assessment-results")
}

func plan(t *testing.T, r *reports.Report) gjson.Result {
	t.Helper()
	return gjson.ParseBytes(documents(t, r, oscal.Version122)["plan-of-action-and-milestones"]).Get("plan-of-action-and-milestones")
}

// prop is the value of an object's property of ours.
func prop(object gjson.Result, name string) string {
	return object.Get(fmt.Sprintf(`props.#(name==%q).value`, name)).String()
}

// texts are the values at a path.
func texts(object gjson.Result, path string) []string {
	var list []string
	for _, each := range object.Get(path).Array() {
		list = append(list, each.String())
	}
	return list
}

func TestTheSameReportGivesTheSameBytes(t *testing.T) {
	g := NewWithT(t)
	for _, version := range oscal.Versions() {
		g.Expect(documents(t, effective(), version)).To(Equal(documents(t, effective(), version)))
	}
	g.Expect(documents(t, hostile(), oscal.Version122)).To(Equal(documents(t, hostile(), oscal.Version122)))
}

func TestTheVersionIsNamed(t *testing.T) {
	g := NewWithT(t)
	for _, version := range []oscal.Version{"1.1.3", "1.2.2"} {
		for model, doc := range documents(t, reporttest.Report(), version) {
			g.Expect(gjson.GetBytes(doc, model+".metadata.oscal-version").String()).To(Equal(string(version)))
		}
	}
}

func TestWhatCannotBeWrittenIsAnError(t *testing.T) {
	g := NewWithT(t)
	var out bytes.Buffer
	g.Expect(oscal.WriteResults(&out, reporttest.Report(), "1.0.4")).To(MatchError(`oscal: version "1.0.4" cannot be written; choose one of [1.1.3 1.2.2]`))
	late := reporttest.Report()
	late.Run.Started = time.Time{}
	g.Expect(oscal.WriteResults(&out, late, oscal.Version122)).To(MatchError(ContainSubstring("key run.started")))
	written, err := oscal.WritePlan(&out, late, oscal.Version122)
	g.Expect(err).To(MatchError(ContainSubstring("key run.started")))
	g.Expect(written).To(BeFalse())
	g.Expect(out.Len()).To(BeZero())
	g.Expect(oscal.WriteResults(full{}, reporttest.Report(), oscal.Version122)).To(MatchError("oscal: writing the document: the disk is full"))
}

// full is a disk that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, fmt.Errorf("the disk is full") }

func TestEveryDocumentIsSound(t *testing.T) {
	for name, r := range map[string]*reports.Report{
		"the fixture": reporttest.Report(), "without gaps": withoutGaps(), "hostile": hostile(), "200 gaps": many(200), "every state": everyState(),
		"effective controls": effective(), "nothing but a start": bare(), "no evidence": noEvidence(), "one gap twice": twice(),
	} {
		t.Run(name, func(t *testing.T) {
			for model, doc := range documents(t, r, oscal.Version122) {
				NewWithT(t).Expect(oscal.Check(doc)).To(BeEmpty(), model)
			}
		})
	}
}

// twice has the same id for two gaps, as a report that was edited by hand may.
func twice() *reports.Report {
	r := reporttest.Report()
	r.Gaps[1].ID = r.Gaps[0].ID
	return r
}

func TestStatesBecomeStatuses(t *testing.T) {
	g := NewWithT(t)
	all := results(t, everyState())
	for state, want := range map[string]struct{ status, exception, last string }{
		"open":               {"open", "", "open"},
		"regressed":          {"open", "", "open"},
		"claimed-fixed":      {"remediating", "", "remediating"},
		"excepted":           {"deviation-approved", "active", "deviation-approved"},
		"exception-expired":  {"open", "expired", "open"},
		"exception-exceeded": {"open", "exceeded", "open"},
		"exception-invalid":  {"open", "invalid", "open"},
	} {
		risk := all.Get(`results.0.risks.#(props.#(value=="gap-` + state + `"))`)
		g.Expect(risk.Get("status").String()).To(Equal(want.status), state)
		g.Expect(prop(risk, "gap-state")).To(Equal(state))
		g.Expect(prop(risk, "exception-state")).To(Equal(want.exception), state)
		moves := texts(risk, "risk-log.entries.#.status-change")
		g.Expect(moves[len(moves)-1]).To(Equal(want.last), state)
		g.Expect(risk.Get("mitigating-factors").Exists()).To(Equal(state == "excepted"), state)
	}
}

func TestOneFindingForEachFailedObjective(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	r.Frameworks = nil // what was shown to be effective has findings, too
	doc := results(t, r).Get("results.0")
	g.Expect(texts(doc, "findings.#.target.target-id")).To(ConsistOf(
		"ps-4_obj.b", "ac-2.3_obj.b", "ac-2_obj.l-1", "ia-5_obj.d", // a personal token outlives its owner
		"ia-4_obj.d",                 // the new account inherits
		"ac-2_obj.f-4", "ps-4.2_obj", // a deactivation is ignored
		"ps-4_obj.a", "ac-2.3_obj", // a session is ended late
	))
	g.Expect(texts(doc, "findings.#.target.status.state")).To(HaveEach("not-satisfied"))
	g.Expect(texts(doc, "reviewed-controls.control-selections.0.include-controls.#.control-id")).To(ConsistOf("ac-2", "ac-2.3", "ia-4", "ia-5", "ps-4", "ps-4.2"))
	token := doc.Get(`findings.#(target.target-id=="ps-4_obj.b")`)
	g.Expect(token.Get(`props.#(class=="soc-2").value`).String()).To(Equal("SOC 2: CC6.2"))
	risk := doc.Get(fmt.Sprintf(`risks.#(uuid==%q)`, token.Get("related-risks.0.risk-uuid").String()))
	g.Expect(risk.Get("title").String()).To(Equal("A personal token outlives the deactivation"))
}

func TestPartsAndWhatWasNotSeenFailForAnotherReason(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	r.Gaps = r.Gaps[:2]
	r.Gaps[0].Outcome, r.Gaps[0].Controls = reports.OutcomePartialSupport, []reports.Control{{Framework: "NIST 800-53r5", ID: "SA-9a"}, {Framework: "NIST 800-53r5", ID: "CA-5a"}}
	r.Gaps[1].Controls = r.Gaps[0].Controls[:1]
	doc := results(t, r).Get("results.0")
	g.Expect(doc.Get(`findings.#(target.target-id=="ca-5_obj.a").target.status.reason`).String()).To(Equal("other"))
	g.Expect(doc.Get(`findings.#(target.target-id=="sa-9_obj.a-1").target.status.reason`).String()).To(Equal("fail"), "one of its gaps is no part")
	g.Expect(doc.Get(`findings.#(target.target-id=="sa-9_obj.a-1").related-risks.#`).Int()).To(BeEquivalentTo(2))
}

func TestOnlyWhatTheReportHasAsEffectiveIsSatisfied(t *testing.T) {
	g := NewWithT(t)
	satisfied := `results.0.findings.#(target.status.state=="satisfied")#.target.target-id`
	g.Expect(texts(results(t, reporttest.Report()), satisfied)).To(ConsistOf("ac-2.1_obj"))
	nothing := withoutGaps()
	nothing.Frameworks = nil
	g.Expect(texts(results(t, nothing), satisfied)).To(BeEmpty())
	doc := results(t, effective())
	g.Expect(texts(doc, satisfied)).To(ConsistOf("sa-4_obj", "si-11_obj.a"), "AC-2g is a part of AC-2 without an objective of its own here")
	g.Expect(doc.Get(`results.0.findings.#(target.target-id=="si-11_obj.a").remarks`).String()).To(Equal("Only the forms that were sent."))
	for _, each := range plan(t, effective()).Get("findings.#.target.status.state").Array() {
		g.Expect(each.String()).To(Equal("not-satisfied"))
	}
}

func TestThePlanHasOneItemForEachGap(t *testing.T) {
	g := NewWithT(t)
	r := everyState()
	doc := plan(t, r)
	g.Expect(doc.Get("poam-items.#").Int()).To(BeEquivalentTo(len(r.Gaps)))
	g.Expect(doc.Get("system-id.id").String()).To(Equal("northwind-crm-staging"))
	for i, each := range doc.Get("poam-items").Array() {
		g.Expect(prop(each, "control-gap-id")).To(Equal(r.Gaps[i].ID))
		risk := doc.Get(fmt.Sprintf(`risks.#(uuid==%q)`, each.Get("related-risks.0.risk-uuid").String()))
		g.Expect(prop(risk, "control-gap-id")).To(Equal(r.Gaps[i].ID))
		g.Expect(each.Get("related-findings.#").Int()).To(BeEquivalentTo(4))
	}
}

func TestRisksKeepTheirUUIDFromRunToRun(t *testing.T) {
	g := NewWithT(t)
	first, later := reporttest.Report(), reporttest.Report()
	later.Run.ID, later.Run.Started, later.Judged = "another", later.Run.Started.AddDate(0, 1, 0), later.Judged.AddDate(0, 1, 0)
	one, two := results(t, first), results(t, later)
	g.Expect(texts(two, "results.0.risks.#.uuid")).To(Equal(texts(one, "results.0.risks.#.uuid")))
	g.Expect(texts(two, "results.0.observations.#.uuid")).NotTo(ContainElements(texts(one, "results.0.observations.#.uuid")))
	g.Expect(two.Get("uuid").String()).NotTo(Equal(one.Get("uuid").String()))
}

func TestEvidenceLeadsToItsExchange(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	whole, err := json.Marshal(r)
	g.Expect(err).NotTo(HaveOccurred())
	for i, seen := range results(t, r).Get("results.0.observations").Array() {
		if i >= len(r.Gaps) {
			break // what follows is of what was shown to be effective
		}
		list := seen.Get("relevant-evidence").Array()
		g.Expect(list).To(HaveLen(len(r.Gaps[i].Evidence)))
		for k, each := range list {
			pointer, found := strings.CutPrefix(each.Get("href").String(), "report.json#/exchanges/")
			g.Expect(found).To(BeTrue())
			exchange := gjson.GetBytes(whole, "exchanges."+pointer)
			g.Expect(exchange.Get("id").String()).To(Equal(r.Gaps[i].Evidence[k]))
			sum := sha256.Sum256([]byte(exchange.Raw))
			g.Expect(prop(each, "sha-256")).To(Equal(hex.EncodeToString(sum[:])))
		}
	}
}

func TestTheProfileStandsForThePlanOfAssessment(t *testing.T) {
	g := NewWithT(t)
	doc := results(t, reporttest.Report())
	profile := doc.Get(fmt.Sprintf(`back-matter.resources.#(uuid==%q)`, strings.TrimPrefix(doc.Get("import-ap.href").String(), "#")))
	g.Expect(profile.Get("rlinks.0.hashes.0.algorithm").String()).To(Equal("SHA-256"))
	g.Expect(profile.Get("rlinks.0.hashes.0.value").String()).To(Equal(reporttest.Report().Target.ProfileDigest))
}

func TestWhatNoCheckShowsIsExamined(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	r.Gaps[0].Class, r.Gaps[0].Checks, r.Gaps[0].Evidence = reports.ClassGovernance, nil, nil
	seen := results(t, r).Get("results.0.observations")
	g.Expect(texts(seen, "0.methods")).To(Equal([]string{"EXAMINE"}))
	g.Expect(seen.Get("0.collected").String()).To(Equal("2026-11-23T09:23:46Z"), "the end of the run")
	g.Expect(texts(seen, "1.methods")).To(Equal([]string{"TEST"}))
}

func TestARunThatWasCutShortSaysSo(t *testing.T) {
	r := reporttest.Report()
	r.Run.Partial = true
	NewWithT(t).Expect(prop(results(t, r).Get("results.0"), "run-partial")).To(Equal("true"))
}

// No link, picture, tag or parameter comes of what a target has sent.
func TestHostileTextIsOnlyText(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	r.Gaps[0].Title = attack + r.Gaps[0].Title
	for _, doc := range documents(t, r, oscal.Version122) {
		g.Expect(string(doc)).NotTo(ContainSubstring("<script"))
		g.Expect(string(doc)).NotTo(MatchRegexp("[\u202e\u2066\u200b\u2028\ufffe\uffff\x00\x07\x1b\x7f]"))
	}
	g.Expect(results(t, r).Get("results.0.risks.0.title").String()).To(HavePrefix(
		`"&gt;&lt;script&gt;alert(1)&lt;/script&gt; \!\[x\](https://evil.example/) \[y\](javascript:alert(2)) \{\{ insert: param, x }} ::error:: =1+1 \]\]&gt; `))
}
