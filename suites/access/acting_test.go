package access

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/target"
)

// newListening is a driver that takes deliveries.
func newListening(t *testing.T) *Driver {
	t.Helper()
	d, _ := newDriver(t)
	d.Listener = &target.Listener{Address: "127.0.0.1:0"}
	t.Cleanup(d.Close)
	return d
}

// onStage arms a path for both people and takes the positive control.
func onStage(t *testing.T, d *Driver, path target.AccessPath) *Canary {
	t.Helper()
	g := NewWithT(t)
	canary, err := d.ArmCanary(t.Context(), path, Plan{}, 1, lena, cora)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { canary.Disarm(context.Background()) })
	problem, _ := canary.Before(t.Context())
	g.Expect(problem).To(BeEmpty())
	return canary
}

// Each row is something that happens to the leaver or to both, and what each path must
// come to for the leaver and for the control user.
func TestWhatActsByItself(t *testing.T) {
	const allowed, denied, undecided = reports.TryAllowed, reports.TryDenied, reports.TryInconclusive
	type outcome struct {
		polled, control reports.Result
		reason          string // within the leaver's
	}
	everywhere := func(o outcome) map[string]outcome {
		return map[string]outcome{"events": o, "socket": o, "hook": o, "job": o}
	}
	hangUp := func(a *chat) {
		if a.hangup["lena"] != nil {
			close(a.hangup["lena"])
			a.hangup["lena"] = nil
		}
	}
	for name, c := range map[string]struct {
		leave func(*chat)
		want  map[string]outcome
	}{
		"nothing happens": {func(*chat) {}, everywhere(outcome{allowed, allowed, ""})},
		"the leaver is barred, and what acts for them acts on": {func(a *chat) { a.barred["lena"] = true }, everywhere(outcome{allowed, allowed, ""})},
		"nothing acts for the leaver any more":                 {func(a *chat) { a.mute["lena"] = true }, everywhere(outcome{denied, allowed, "within 300ms"})},
		"the leaver's connections are closed": {hangUp, map[string]outcome{
			"events": {denied, allowed, "the connection is closed: the application ended the stream"},
			"socket": {denied, allowed, "the connection is closed: the application closed the WebSocket with 1008 (sign in again)"},
			"hook":   {allowed, allowed, ""}, "job": {allowed, allowed, ""},
		}},
		"nothing acts for anybody": {func(a *chat) { a.mute["lena"], a.mute["cora"] = true, true }, everywhere(outcome{denied, denied, ""})},
		"the control user is cut off": {func(a *chat) { a.barred["cora"] = true }, map[string]outcome{
			"events": {undecided, undecided, "nothing was said to be heard: step 1 of provoke: POST"},
			"socket": {undecided, undecided, "answered 401; expected 2xx or 3xx"},
			"hook":   {undecided, undecided, "answered 401"},
			"job":    {undecided, undecided, "401 Unauthorized: the control user may not look"},
		}},
		"the application is in trouble": {func(a *chat) {
			a.instead = func(w http.ResponseWriter, _ *http.Request) bool {
				w.WriteHeader(http.StatusServiceUnavailable)
				return true
			}
		}, everywhere(outcome{undecided, undecided, "503"})},
		"what runs for the leaver is gone": {func(a *chat) {
			a.instead = func(w http.ResponseWriter, r *http.Request) bool {
				gone := r.FormValue("of") == "lena"
				if gone {
					w.WriteHeader(http.StatusNotFound)
				}
				return gone
			}
		}, map[string]outcome{"job": {denied, allowed, "404 Not Found: what is looked at is gone"}}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, kind := range []string{"events", "socket", "hook", "job"} {
				want, given := c.want[kind]
				if !given {
					continue
				}
				t.Run(kind, func(t *testing.T) {
					g := NewWithT(t)
					a, d := newChat(t), newListening(t)
					for _, path := range a.paths() {
						if path.Name != kind {
							continue
						}
						canary := onStage(t, d, path)
						a.leave(c.leave)
						if strings.HasPrefix(want.reason, "the connection is closed") {
							for _, credential := range canary.leavers() {
								g.Eventually(credential.inbox.ended).Should(BeClosed())
							}
						}
						polled, control := canary.pair(t.Context(), reports.PhaseLeft)
						g.Expect(polled.Result).To(Equal(want.polled), polled.Reason)
						g.Expect(polled.Reason).To(ContainSubstring(want.reason))
						g.Expect(control.Result).To(Equal(want.control), control.Reason)
						g.Expect(d.Try(t.Context(), canary.silent).Result).To(Equal(want.polled), "the silent twin")
					}
				})
			}
		})
	}
}

// A watch of everything at once, in which the leaver's things stop and the control
// user's go on.
func TestAWatchOfWhatActsByItself(t *testing.T) {
	a, d := newChat(t), newListening(t)
	for _, path := range a.paths() {
		t.Run(path.Name, func(t *testing.T) {
			g := NewWithT(t)
			canary := onStage(t, d, path)
			a.leave(func(a *chat) { a.mute["lena"] = true })
			defer a.leave(func(a *chat) { a.mute["lena"] = false })
			complete := canary.Watch(t.Context(), Plan{RevokeWithin: time.Millisecond, GiveUpAfter: 2 * time.Millisecond},
				Rule{Need: 2, Last: true}, reports.PhaseLeft, time.Now(), func(time.Time) func() { return func() {} })
			g.Expect(complete).To(BeTrue())
			for _, taken := range canary.Tries[2:] {
				want := reports.TryDenied
				if taken.Who == reports.WhoControl {
					want = reports.TryAllowed
				}
				g.Expect(taken.Result).To(Equal(want), "%s: %s", taken.Who, taken.Reason)
				g.Expect(taken.Exchange).NotTo(BeEmpty())
			}
			g.Expect(canary.Tries[len(canary.Tries)-1].Who).To(Equal(reports.WhoSilent))
		})
	}
}

func TestAMadeUpCredentialHearsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		path   func(*chat) target.AccessPath
		guard  bool // made-up people are refused
		want   reports.Result
		reason string
	}{
		"events that refuse strangers":  {(*chat).eventPath, true, reports.TryDenied, "answered 401"},
		"events for everybody":          {(*chat).eventPath, false, reports.TryAllowed, "arrived"},
		"a socket that refuses":         {(*chat).socketPath, true, reports.TryDenied, "answered 401; expected 101"},
		"a socket for everybody":        {(*chat).socketPath, false, reports.TryAllowed, "arrived"},
		"an address nobody was told of": {(*chat).hookPath, false, reports.TryDenied, "did not arrive"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			a, d := newChat(t), newListening(t)
			credential, err := d.Arm(t.Context(), c.path(a), "rehearsal", cora)
			g.Expect(err).NotTo(HaveOccurred())
			defer d.Disarm(context.Background(), credential)
			g.Expect(d.Try(t.Context(), credential).Result).To(Equal(reports.TryAllowed), "somebody alone is their own control user")
			a.leave(func(a *chat) {
				a.instead = func(w http.ResponseWriter, r *http.Request) bool {
					stranger := c.guard && strings.HasPrefix(r.Header.Get("Token"), "made-up-")
					if stranger {
						w.WriteHeader(http.StatusUnauthorized)
					}
					return stranger
				}
			})
			attempt := d.Try(t.Context(), Forge(credential))
			g.Expect(attempt.Result).To(Equal(c.want), attempt.Reason)
			g.Expect(attempt.Reason).To(ContainSubstring(c.reason))
		})
	}
}

// A message that was made to arrive is in evidence, and neither a token nor the address
// of the listener is.
func TestWhatIsHeardIsInEvidence(t *testing.T) {
	g := NewWithT(t)
	a := newChat(t)
	d, recorder := newDriver(t)
	d.Listener = &target.Listener{Address: "127.0.0.1:0"}
	defer d.Close()
	path := a.hookPath()
	path.Try.Provoke[0].Capture = map[string]target.Capture{"when": {Header: "Date"}}
	credential, err := d.Arm(t.Context(), path, "polled", lena)
	g.Expect(err).NotTo(HaveOccurred())
	defer d.Disarm(context.Background(), credential)
	attempt := d.Try(t.Context(), credential)
	g.Expect(attempt.Result).To(Equal(reports.TryAllowed), attempt.Reason)
	g.Expect(credential.values).NotTo(HaveKey("when"), "what is captured in a try stays in it")
	list := recorder.Exchanges()
	last := list[len(list)-1]
	g.Expect(last.ID).To(Equal(attempt.Exchange))
	g.Expect(last.Method).To(Equal("HEAR"))
	g.Expect(last.ResponseBody).To(HavePrefix("to lena: "))
	g.Expect(last.ResponseHeaders).To(HaveKeyWithValue("Messages", "1"))
	g.Expect(recorder.Health().Retries).To(BeZero(), "the steps of a try repeat nothing")
	for _, x := range list {
		g.Expect(x.RequestBody + x.ResponseBody + x.URL).NotTo(ContainSubstring(credential.address))
	}
}

func TestFreshStreamsAreClosedAfterTheTry(t *testing.T) {
	g := NewWithT(t)
	a, d := newChat(t), newListening(t)
	path := a.eventPath()
	path.Fresh = true
	canary := onStage(t, d, path)
	a.leave(func(a *chat) { a.barred["lena"] = true })
	polled, control := canary.pair(t.Context(), reports.PhaseLeft)
	g.Expect(polled.Result).To(Equal(reports.TryDenied), polled.Reason)
	g.Expect(control.Result).To(Equal(reports.TryAllowed), control.Reason)
	canary.Disarm(context.Background())
	g.Eventually(func() (open int) {
		a.leave(func(a *chat) { open = len(a.hears) })
		return open
	}).Should(BeZero())
}

func TestAnInterruptDecidesNothing(t *testing.T) {
	a, d := newChat(t), newListening(t)
	for _, path := range a.paths() {
		t.Run(path.Name, func(t *testing.T) {
			g := NewWithT(t)
			canary := onStage(t, d, path)
			canary.polled[0].Path.Try.Within = time.Hour
			ctx, cancel := context.WithCancelCause(t.Context())
			a.leave(func(a *chat) { a.mute["lena"] = true })
			defer a.leave(func(a *chat) { a.mute["lena"] = false })
			time.AfterFunc(50*time.Millisecond, func() { cancel(errors.New("enough")) })
			attempt := d.Try(ctx, canary.polled[0])
			g.Expect(attempt.Result).To(Equal(reports.TryInconclusive), attempt.Reason)
		})
	}
}
