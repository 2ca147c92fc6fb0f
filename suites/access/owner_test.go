package access

import (
	"net/http"
	"net/http/httptest"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/target"
)

func TestAskOwner(t *testing.T) {
	leaver := map[string]string{"user.id": "42", "user.userName": "ada@example.com", "user.email": "ada@mail.example", "user.displayName": "Ada"}
	for name, c := range map[string]struct {
		status int
		body   string
		is     reports.OwnerIs
		named  string
	}{
		"the leaver, by id":            {200, `{"owner": {"id": 42}}`, reports.OwnerLeaver, "42"},
		"the leaver, by address":       {200, `{"owner": {"id": "ADA@mail.example"}}`, reports.OwnerLeaver, "ADA@mail.example"},
		"somebody else":                {200, `{"owner": {"id": "bob"}}`, reports.OwnerAnother, "bob"},
		"nobody":                       {200, `{"owner": {"id": null}}`, reports.OwnerNobody, ""},
		"an empty name":                {200, `{"owner": {"id": ""}}`, reports.OwnerNobody, ""},
		"the thing is gone":            {404, `{}`, reports.OwnerNobody, ""},
		"the answer has another form":  {200, `{"owner": "bob"}`, reports.OwnerUnknown, ""},
		"the question is not answered": {503, ``, reports.OwnerUnknown, ""},
		"the asker may not know":       {403, ``, reports.OwnerUnknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			asked := ""
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = r.URL.Path
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}))
			defer server.Close()
			driver, _ := newDriver(t)
			path := target.AccessPath{Name: "bot", Owner: []target.Step{{
				Method: http.MethodGet, URL: server.URL + "/bots/{{bot}}", Capture: map[string]target.Capture{target.OwnerName: {JSON: "owner.id"}},
			}}}
			canary := &Canary{Path: path, driver: driver, polled: []*Credential{{Path: path, values: map[string]string{"bot": "b1"}}}}
			owner := canary.AskOwner(t.Context(), leaver)
			g.Expect(asked).To(Equal("/bots/b1"))
			g.Expect(owner.Is).To(Equal(c.is), owner.Why)
			g.Expect(owner.Name).To(Equal(c.named))
			g.Expect(owner.Exchange).NotTo(BeEmpty())
			g.Expect(driver.Vault.Count()).To(BeZero(), "a name is no secret")
		})
	}
}

func TestNobodyIsAskedWithoutAWay(t *testing.T) {
	driver, _ := newDriver(t)
	canary := &Canary{driver: driver, polled: []*Credential{{}}}
	NewWithT(t).Expect(canary.AskOwner(t.Context(), nil)).To(BeNil())
}
