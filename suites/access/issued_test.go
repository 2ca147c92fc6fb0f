package access

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/target"
)

func TestIssued(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		body    string
		ids     []string
		passing bool
		problem string
	}{
		"a list":                  {200, `{"held": ["a", 7]}`, []string{"a", "7"}, false, ""},
		"an empty list":           {200, `{"held": []}`, nil, false, ""},
		"nobody is known by that": {404, `{}`, nil, false, ""},
		"no list":                 {200, `{"held": "a"}`, nil, false, "what was captured is no JSON list"},
		"another form":            {200, `{"items": []}`, nil, false, "nothing at held"},
		"the asker may not know":  {403, ``, nil, false, "answered 403"},
		"passing trouble":         {503, ``, nil, true, "answered 503"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("of") != "ada" {
					w.WriteHeader(http.StatusBadRequest)
					return
				}
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}))
			defer server.Close()
			driver, _ := newDriver(t)
			steps := []target.Step{{
				Method: http.MethodGet, URL: server.URL + "/held?of={{user.userName}}", Capture: map[string]target.Capture{target.IssuedName: {JSON: "held"}},
			}}
			ids, exchanged, err := driver.Issued(t.Context(), steps, map[string]string{"user.userName": "ada"})
			g.Expect(exchanged).NotTo(BeEmpty())
			g.Expect(ids).To(Equal(c.ids))
			if c.problem == "" {
				g.Expect(err).NotTo(HaveOccurred())
				return
			}
			var arm *ArmError
			g.Expect(errors.As(err, &arm)).To(BeTrue())
			g.Expect(arm.Problem).To(ContainSubstring(c.problem))
			g.Expect(arm.Passing).To(Equal(c.passing))
		})
	}
}
