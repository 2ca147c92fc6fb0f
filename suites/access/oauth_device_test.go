package access

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// answering is a server without a network, so that time can be made up: each request gets
// the next answer, the last one again and again, and is noted with its time.
type answering struct {
	answers []string
	at      []time.Time
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := a.answers[min(len(a.at), len(a.answers)-1)]
	a.at = append(a.at, time.Now())
	status := http.StatusOK
	if strings.Contains(answer, `"error"`) {
		status = http.StatusBadRequest
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

// gaps are the times between the requests, in seconds.
func (a *answering) gaps() []float64 {
	var out []float64
	for i := 1; i < len(a.at); i++ {
		out = append(out, a.at[i].Sub(a.at[i-1]).Seconds())
	}
	return out
}

const (
	pending = `{"error":"authorization_pending"}`
	slower  = `{"error":"slow_down"}`
	issued  = `{"access_token":"at-93F2kk01"}`
)

// RFC 8628 section 3.5: as far apart as was said, five seconds more for each slow_down,
// and no longer than somebody wants to wait.
func TestADevicePolls(t *testing.T) {
	for name, c := range map[string]struct {
		begun   string // the answer of the device authorization endpoint
		answers []string
		within  time.Duration
		gaps    []float64
		want    string // the problem, empty for none
		result  reports.Result
	}{
		"let in already":       {`{"device_code":"d-1","interval":2}`, []string{issued}, time.Minute, []float64{0}, "", reports.TryAllowed},
		"let in meanwhile":     {`{"device_code":"d-1","interval":2}`, []string{pending, pending, issued}, time.Minute, []float64{0, 2, 2}, "", reports.TryAllowed},
		"no interval":          {`{"device_code":"d-1"}`, []string{pending, issued}, time.Minute, []float64{0, 5}, "", reports.TryAllowed},
		"slower, and slower":   {`{"device_code":"d-1","interval":1}`, []string{slower, pending, slower, issued}, time.Minute, []float64{0, 6, 6, 11}, "", reports.TryAllowed},
		"nobody comes":         {`{"device_code":"d-1","interval":3}`, []string{pending}, 10 * time.Second, []float64{0, 3, 3, 3}, "authorization_pending: nobody has let the device in within 10s", reports.TryInconclusive},
		"an endless interval":  {`{"device_code":"d-1","interval":1e300}`, []string{pending}, time.Minute, []float64{0}, "the next poll is due in 1h0m0s", reports.TryInconclusive},
		"a senseless interval": {`{"device_code":"d-1","interval":-1}`, []string{pending, issued}, time.Minute, []float64{0, 5}, "", reports.TryAllowed},
		"refused":              {`{"device_code":"d-1","interval":1}`, []string{pending, `{"error":"access_denied"}`}, time.Minute, []float64{0, 1}, "400 Bad Request access_denied", reports.TryDenied},
		"too late":             {`{"device_code":"d-1","interval":1}`, []string{`{"error":"expired_token"}`}, time.Minute, []float64{0}, "expired_token", reports.TryDenied},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				server := &answering{answers: append([]string{c.begun}, c.answers...)}
				vault := redact.New()
				d := &Driver{Vault: vault, Transport: &exchange.Transport{Base: server, Recorder: exchange.NewRecorder(vault, "scimproof-"), MaxBody: 1 << 20}}
				poll := grant("https://a.example/token", "urn:ietf:params:oauth:grant-type:device_code", "device_code", "{{device}}")
				poll.WaitUpTo = c.within
				path := target.AccessPath{Name: "device", Fresh: true, Try: target.Try{Step: poll}, Arm: []target.Step{
					{OAuth: &target.OAuth{
						Name: "authorize device", Endpoint: target.DeviceAuthorizationEndpoint, URL: "https://a.example/device", ClientID: "cli",
					}, Capture: map[string]target.Capture{"device": {JSON: "device_code"}}},
				}}
				attempt := d.Try(t.Context(), &Credential{Path: path, jar: newJar()})
				g.Expect(attempt.Result).To(Equal(c.result), attempt.Reason)
				g.Expect(attempt.Reason).To(ContainSubstring(c.want))
				g.Expect(server.gaps()).To(Equal(c.gaps))

				server.at, path.Arm = nil, append(path.Arm, poll)
				_, err := d.Arm(t.Context(), path, "polled", nil)
				g.Expect(err == nil).To(Equal(c.result == reports.TryAllowed), "in arm it is the same")
				g.Expect(server.gaps()).To(Equal(c.gaps))
			})
		})
	}
}
