package access

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

func logStep(of, match string, wait time.Duration) target.Step {
	return target.Step{Log: &target.Log{Of: of}, WaitUpTo: wait, Capture: map[string]target.Capture{"token": {Body: true, Match: match}}}
}

func TestPlay(t *testing.T) {
	g := NewWithT(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/done/from-the-log" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = w.Write([]byte(`{"id":"answered-1"}`))
	}))
	defer server.Close()
	vault := redact.New()
	asked := 0
	d := &Driver{
		Vault: vault, Transport: &exchange.Transport{Base: http.DefaultTransport, Recorder: exchange.NewRecorder(vault, ""), MaxBody: 1 << 10},
		Logs: func(_ context.Context, service string) ([]string, error) {
			g.Expect(service).To(Equal("db"))
			if asked++; asked == 1 {
				return []string{"starting"}, nil
			}
			return []string{"token: an-old-one", "token: from-the-log", "ready"}, nil
		},
	}
	got, err := d.Play(t.Context(), "seed", []target.Step{
		logStep("db", `^token: (\S+)$`, 5*time.Second),
		{Method: "GET", URL: server.URL + "/done/{{token}}", Capture: map[string]target.Capture{"id": {JSON: "id"}}},
	})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(got).To(Equal(map[string]string{"token": "from-the-log", "id": "answered-1"}), "of the latest line that has it")
	g.Expect(asked).To(Equal(2))
	g.Expect(vault.Text("from-the-log answered-1")).NotTo(Or(ContainSubstring("from-the-log"), ContainSubstring("answered-1")))
}

func TestPlayIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		wait    time.Duration
		log     error
		passing bool
		want    string
	}{
		"a log without it":       {0, nil, false, `"token" cannot be captured from the log of the application: no line matches`},
		"in vain":                {time.Millisecond, nil, true, "no line matches"},
		"a log that is not read": {0, errors.New("the engine is gone"), true, "the engine is gone"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			d := &Driver{Vault: redact.New(), Logs: func(context.Context, string) ([]string, error) { return []string{"nothing"}, c.log }}
			_, err := d.Play(t.Context(), "seed", []target.Step{logStep("", "token: (.+)", c.wait)})
			var arm *ArmError
			g.Expect(errors.As(err, &arm)).To(BeTrue())
			g.Expect(arm.Passing).To(Equal(c.passing))
			g.Expect(arm.Step).To(Equal(1))
			g.Expect(arm.Problem).To(ContainSubstring(c.want))
		})
	}
}
