package access

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/target"
)

// Each row is what the looks of one try see, one after the other; the last goes on.
func TestWhatChanges(t *testing.T) {
	type seen struct {
		status int
		body   string
	}
	ok := func(bodies ...string) (list []seen) {
		for _, body := range bodies {
			list = append(list, seen{200, body})
		}
		return list
	}
	const allowed, denied, undecided = reports.TryAllowed, reports.TryDenied, reports.TryInconclusive
	for name, c := range map[string]struct {
		path    string
		control bool
		looks   []seen
		want    reports.Result
		reason  string
	}{
		"a list grows":                       {"#", true, ok(`[1]`, `[1]`, `[1,2]`), allowed, "200, and # changed within"},
		"a list stays":                       {"#", true, ok(`[1]`), denied, "200, and # did not change within 300ms"},
		"a list shrinks":                     {"#", true, ok(`[1,2]`, `[1]`), denied, "did not change"},
		"an empty list grows":                {"#", true, ok(`[]`, `[1]`), allowed, ""},
		"a number falls":                     {"left", true, ok(`{"left":5}`, `{"left":4}`), denied, ""},
		"the newest is another":              {"@reverse.0.at", true, ok(`[{"at":"a"}]`, `[{"at":"a"},{"at":"b"}]`), allowed, ""},
		"the first comes":                    {"@reverse.0.at", true, ok(`[]`, `[{"at":"a"}]`), allowed, ""},
		"what was there is gone":             {"last", true, ok(`{"last":"a"}`, `{}`), denied, ""},
		"what was there is null":             {"last", true, ok(`{"last":"a"}`, `{"last":null}`), denied, ""},
		"something else changes":             {"last", true, ok(`{"last":"a","now":1}`, `{"last":"a","now":2}`), denied, ""},
		"no such thing":                      {"nothing", true, ok(`{"a":1}`, `{"a":2}`), denied, ""},
		"not JSON":                           {"#", true, ok(`<html>`), undecided, "200, but the body is not JSON"},
		"no longer JSON":                     {"#", true, ok(`[1]`, `<html>`), undecided, "not JSON"},
		"a passing trouble in between":       {"#", true, []seen{{200, `[1]`}, {503, ``}, {200, `[1,2]`}}, allowed, ""},
		"trouble to the end":                 {"#", true, []seen{{200, `[1]`}, {503, ``}}, undecided, "503"},
		"trouble from the beginning":         {"#", true, []seen{{429, ``}}, undecided, "429"},
		"gone from the beginning":            {"#", true, []seen{{404, ``}}, denied, "404 Not Found: what is looked at is gone"},
		"gone in between":                    {"#", true, []seen{{200, `[1]`}, {410, ``}}, denied, "410 Gone: what is looked at is gone"},
		"the control user may not look":      {"#", true, []seen{{403, ``}}, undecided, "403 Forbidden: the control user may not look"},
		"the control user is sent to log in": {"#", true, []seen{{302, ``}}, undecided, "the control user may not look"},
		"the leaver may not look":            {"#", false, []seen{{403, ``}}, denied, "403 Forbidden"},
		"the leaver is sent to log in":       {"#", false, []seen{{302, ``}}, denied, "302"},
		"the leaver's own look":              {"#", false, ok(`[1]`, `[1,2]`), allowed, ""},
		"a status that was not agreed":       {"#", false, []seen{{204, ``}}, undecided, "unexpected status 204"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var mu sync.Mutex
			next := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				mu.Lock()
				look := c.looks[min(next, len(c.looks)-1)]
				next++
				mu.Unlock()
				w.WriteHeader(look.status)
				_, _ = io.WriteString(w, look.body)
			}))
			defer server.Close()
			d, recorder := newDriver(t)
			path := target.AccessPath{Name: "job", Try: target.Try{
				Step: target.Step{Method: "GET", URL: server.URL}, AsControl: c.control,
				Within: withinTest, Allowed: target.Allowed{Changes: c.path},
			}}
			credential, err := d.Arm(t.Context(), path, "polled", nil)
			g.Expect(err).NotTo(HaveOccurred())
			attempt := d.TryEverywhere(t.Context(), credential)
			g.Expect(attempt.Result).To(Equal(c.want), attempt.Reason)
			g.Expect(attempt.Reason).To(ContainSubstring(c.reason))
			list := recorder.Exchanges()
			g.Expect(attempt.Exchange).To(Equal(list[len(list)-1].ID))
			g.Expect(len(list)).To(BeNumerically("<=", looksApart+2))
			if c.want == allowed {
				g.Expect(attempt.Sent.UTC()).To(BeTemporally("~", list[len(list)-1].At, 0), "access counts from when it was seen")
				g.Expect(list[0].ResponseHeaders).NotTo(BeNil(), "the first look is kept whole")
				g.Expect(list[len(list)-1].ResponseHeaders).NotTo(BeNil(), "and so is the last")
			}
		})
	}
}

// A look as the control user that finds no marker says so of what is looked at; one that
// is refused does not.
func TestALookAsTheControlUser(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   reports.Result
	}{
		"the marker is there": {200, "shared by lena", reports.TryAllowed},
		"it is not there":     {200, "nothing", reports.TryDenied},
		"the page is gone":    {404, "", reports.TryDenied},
		"a refusal":           {403, "shared by lena", reports.TryInconclusive},
		"trouble":             {500, "", reports.TryInconclusive},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.RawQuery != "by=cora&of=lena" {
					t.Error(r.URL.RawQuery)
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			}))
			defer server.Close()
			d, _ := newDriver(t)
			path := target.AccessPath{Name: "share", Try: target.Try{
				Step: target.Step{Method: "GET", URL: server.URL + "/?by={{name}}&of={{leaver.name}}"}, AsControl: true,
				Allowed: target.Allowed{Marker: "shared by {{leaver.name}}"},
			}}
			control, err := d.Arm(t.Context(), path, "control", cora)
			g.Expect(err).NotTo(HaveOccurred())
			credential, err := d.Arm(t.Context(), path, "polled", lena)
			g.Expect(err).NotTo(HaveOccurred())
			credential.control = control
			g.Expect(d.Try(t.Context(), credential).Result).To(Equal(c.want))
		})
	}
}
