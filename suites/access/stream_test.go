package access

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/target"
)

// answers makes the application answer everything with one reply.
func answers(status int, contentType, body string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
		return true
	}
}

func TestWhatIsNoStream(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done()
		return true
	}
	for name, c := range map[string]struct {
		path    func(*chat) target.AccessPath
		instead func(http.ResponseWriter, *http.Request) bool
		problem string
		passing bool
	}{
		"events: a log-in page":     {(*chat).eventPath, answers(200, "text/html", "sign in"), "answered 200; expected 200 and Content-Type text/event-stream", false},
		"events: a redirect":        {(*chat).eventPath, answers(303, "text/html", ""), "answered 303", false},
		"events: a refusal":         {(*chat).eventPath, answers(401, "text/event-stream", ""), "answered 401", false},
		"events: trouble":           {(*chat).eventPath, answers(503, "text/html", ""), "answered 503", true},
		"events: no answer":         {(*chat).eventPath, hang, "no complete answer in time", true},
		"events: an endless page":   {(*chat).eventPath, answers(200, "text/html", strings.Repeat("x", 2<<20)), "the reply is longer than the limit", true},
		"socket: a log-in page":     {(*chat).socketPath, answers(200, "text/html", "sign in"), "answered 200; expected 101, which opens a WebSocket", false},
		"socket: a redirect":        {(*chat).socketPath, answers(303, "text/html", ""), "answered 303", false},
		"socket: trouble":           {(*chat).socketPath, answers(503, "text/html", ""), "answered 503", true},
		"socket: no answer":         {(*chat).socketPath, hang, "no complete answer in time", true},
		"socket: nobody subscribes": {subscribing("no such template {{nobody}}"), nil, "no value for the placeholder {{nobody}}", false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			a, d := newChat(t), newListening(t)
			d.Transport.Timeout = 300 * time.Millisecond
			a.instead = c.instead
			_, err := d.Arm(t.Context(), c.path(a), "polled", lena)
			var arm *ArmError
			g.Expect(err).To(BeAssignableToTypeOf(arm))
			g.Expect(err.Error()).To(SatisfyAll(ContainSubstring("step 1: stream "), ContainSubstring(c.problem)))
			g.Expect(err.(*ArmError).Passing).To(Equal(c.passing)) //nolint:errorlint // its very type
		})
	}
}

// subscribing is a WebSocket over which something is sent once it is open.
func subscribing(text string) func(*chat) target.AccessPath {
	return func(a *chat) target.AccessPath {
		path := a.socketPath()
		path.Arm[0].Stream.Send, path.Arm[0].Stream.Subprotocols = []string{text}, []string{"other", "chat"}
		return path
	}
}

func TestASubscriptionIsSent(t *testing.T) {
	for text, want := range map[string]reports.Result{"I am {{name}}": reports.TryAllowed, "I am nobody": reports.TryDenied} {
		t.Run(text, func(t *testing.T) {
			g := NewWithT(t)
			a := newChat(t)
			a.greeting = "I am lena"
			d, recorder := newDriver(t)
			credential, err := d.Arm(t.Context(), subscribing(text)(a), "polled", lena)
			g.Expect(err).NotTo(HaveOccurred())
			defer d.Disarm(context.Background(), credential)
			// What was sent may not have been read yet when the first text is said.
			g.Eventually(func() reports.Result { return d.Try(t.Context(), credential).Result }).Should(Equal(want))
			list := recorder.Exchanges()
			g.Expect(list[0].Status).To(Equal(http.StatusSwitchingProtocols))
			g.Expect(list[1].Method).To(Equal("SEND"))
			g.Expect(list[1].RequestBody).To(HavePrefix("I am "))
		})
	}
}

// A stream lives until its credential is given back, its context ends, or the arming
// fails after all; the application sees its end each time.
func TestWhatEndsAStream(t *testing.T) {
	failing := func(a *chat) target.AccessPath {
		path := a.eventPath()
		path.Arm = append(path.Arm, target.Step{Method: "GET", URL: a.URL + "/nowhere"})
		return path
	}
	for name, c := range map[string]struct {
		path func(*chat) target.AccessPath
		end  func(*Driver, *Credential, context.CancelFunc)
	}{
		"events given back":          {(*chat).eventPath, func(d *Driver, c *Credential, _ context.CancelFunc) { d.Disarm(context.Background(), c) }},
		"events given back twice":    {(*chat).eventPath, func(d *Driver, c *Credential, _ context.CancelFunc) { d.close(c); d.close(c) }},
		"events of an ended run":     {(*chat).eventPath, func(_ *Driver, _ *Credential, cancel context.CancelFunc) { cancel() }},
		"a socket given back":        {(*chat).socketPath, func(d *Driver, c *Credential, _ context.CancelFunc) { d.Disarm(context.Background(), c) }},
		"a socket of an ended run":   {(*chat).socketPath, func(_ *Driver, _ *Credential, cancel context.CancelFunc) { cancel() }},
		"a step after it that fails": {failing, nil},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			a, d := newChat(t), newListening(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			credential, err := d.Arm(ctx, c.path(a), "polled", lena)
			if c.end == nil {
				g.Expect(err).To(MatchError(ContainSubstring("step 2: GET")))
			} else {
				g.Expect(err).NotTo(HaveOccurred())
				c.end(d, credential, cancel)
				<-credential.stream.done
				attempt := d.Try(t.Context(), credential)
				g.Expect(attempt.Result).To(Equal(reports.TryInconclusive), "our own doing is no denial")
				g.Expect(attempt.Reason).To(ContainSubstring("closed by scimproof"))
			}
			g.Eventually(func() (open int) {
				a.leave(func(a *chat) { open = len(a.hears) })
				return open
			}).Should(BeZero())
		})
	}
}

// What is longer than can be kept is no silence.
func TestAFloodDecidesNothing(t *testing.T) {
	for name, path := range map[string]func(*chat) target.AccessPath{
		"events": (*chat).eventPath, "socket": (*chat).socketPath, "hook": (*chat).hookPath,
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			a, d := newChat(t), newListening(t)
			p := path(a)
			p.Try.Provoke[0].JSON = map[string]any{"text": strings.Repeat("x", maxMessage+1) + "{{spoken}}"}
			credential, err := d.Arm(t.Context(), p, "polled", lena)
			g.Expect(err).NotTo(HaveOccurred())
			defer d.Disarm(context.Background(), credential)
			attempt := d.Try(t.Context(), credential)
			g.Expect(attempt.Result).To(Equal(reports.TryInconclusive), attempt.Reason)
			g.Expect(attempt.Reason).To(ContainSubstring("more arrived than is kept"))
			p.Try.Provoke[0].JSON = map[string]any{"text": "{{spoken}}"}
			attempt = d.Try(t.Context(), credential)
			g.Expect(attempt.Result).To(Equal(reports.TryAllowed), "the next try begins anew: %s", attempt.Reason)
		})
	}
}

// Cookies that were set before go along, unless the step says otherwise.
func TestAStreamIsOpenedWithCookies(t *testing.T) {
	for name, path := range map[string]func(*chat) target.AccessPath{"events": (*chat).eventPath, "socket": (*chat).socketPath} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			a, d := newChat(t), newListening(t)
			a.instead = func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == "/login" {
					http.SetCookie(w, &http.Cookie{Name: "sid", Value: "session-5512345"})
					return true
				}
				_, err := r.Cookie("sid")
				if err != nil {
					w.WriteHeader(http.StatusForbidden)
				}
				return err != nil
			}
			p := path(a)
			p.Arm = append([]target.Step{{Method: "GET", URL: a.URL + "/login"}}, p.Arm...)
			credential, err := d.Arm(t.Context(), p, "polled", lena)
			g.Expect(err).NotTo(HaveOccurred())
			d.Disarm(context.Background(), credential)
			p.Arm[1].Cookies = []string{}
			_, err = d.Arm(t.Context(), p, "polled", lena)
			g.Expect(err).To(MatchError(ContainSubstring("answered 403")))
		})
	}
}
