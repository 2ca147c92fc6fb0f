package oscal_test

import (
	"fmt"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
)

func TestAnExceptionIsTold(t *testing.T) {
	g := NewWithT(t)
	doc := results(t, reporttest.Report())
	risk := doc.Get(`results.0.risks.#(status=="deviation-approved")`)
	g.Expect(prop(risk, "exception-id")).To(Equal("EXC-17"))
	g.Expect(risk.Get("mitigating-factors.0.description").String()).To(Equal("The help desk ends sessions by hand within the hour."))
	planned := risk.Get(`remediations.#(lifecycle=="planned")`)
	g.Expect(planned.Get("description").String()).To(Equal("Version 5 looks sessions up at each request."))
	g.Expect(planned.Get(`tasks.#(type=="milestone").timing.on-date.date`).String()).To(Equal("2026-12-01T23:59:59Z"))
	entry := risk.Get(`risk-log.entries.#(status-change=="deviation-approved")`)
	g.Expect(entry.Get("start").String()).To(Equal("2026-09-14T00:00:00Z"))
	g.Expect(entry.Get("description").String()).To(Equal("Reference: CHG-2211"))
	g.Expect(entry.Get("logged-by.0.role-id").String()).To(Equal("application-owner"))
	signer := doc.Get(fmt.Sprintf(`metadata.parties.#(uuid==%q)`, entry.Get("logged-by.0.party-uuid").String()))
	g.Expect(signer.Get("email-addresses.0").String()).To(Equal("ada.okafor@example.com"))
}

func TestEachRoleThatSomebodyHoldsHasItsParty(t *testing.T) {
	g := NewWithT(t)
	doc := results(t, reporttest.Report())
	g.Expect(texts(doc, "metadata.responsible-parties.#.role-id")).To(Equal([]string{
		"identity-source", "application-owner", "failure-investigator", "remediation-certifier", "vendor",
	}), "nobody approves exceptions")
	g.Expect(texts(doc, "metadata.roles.#.id")).To(ContainElement("exception-approver"))
}

func TestSomebodyWithoutAnAddressIsKnownByTheContact(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	r.Target.Owners.IdentitySource.Contact = "#identity, the channel"
	r.Target.Owners.ExceptionApprover = r.Target.Owners.IdentitySource
	r.Exceptions[0].Approvals[0].By = "#identity, the channel"
	doc := results(t, r)
	holder := doc.Get(`metadata.parties.#(name=="Workforce Identity")#`).Array()
	g.Expect(holder).To(HaveLen(1), "two roles, one party")
	g.Expect(prop(holder[0], "contact")).To(Equal("#identity, the channel"))
	g.Expect(holder[0].Get("email-addresses").Exists()).To(BeFalse())
	g.Expect(doc.Get(`results.0.risks.#(status=="deviation-approved").risk-log.entries.1.logged-by.0.party-uuid`).String()).To(Equal(holder[0].Get("uuid").String()))
}

func TestASignerWithoutARoleOrAContact(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	r.Exceptions[0].Approvals = []reports.Approval{{On: "2026-09-13", By: "x@example.com"}, {On: "2026-09-14", Role: "ciso"}, {On: "no day", By: "x@example.com"}}
	doc := results(t, r)
	entries := doc.Get(`results.0.risks.#(status=="deviation-approved").risk-log.entries`)
	g.Expect(texts(entries, "#.title")).To(Equal([]string{
		"First seen", "Exception EXC-17 approved as somebody without a role", "Exception EXC-17 approved as ciso", "Judged as excepted",
	}))
	g.Expect(entries.Get("1.logged-by.0.role-id").Exists()).To(BeFalse())
	g.Expect(entries.Get("2.logged-by").Exists()).To(BeFalse())
}
