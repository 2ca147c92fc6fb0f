package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access/chromium"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// settling is how long a page must rest before what it shows counts: just after a click the
// form is still there, and many a page shows what it had kept before it asks who is there.
const settling = 500 * time.Millisecond

// hold is since when something is in sight; zero for not in sight.
type hold struct{ since time.Time }

// note takes whether it is in sight now.
func (h *hold) note(now bool) {
	switch {
	case !now:
		h.since = time.Time{}
	case h.since.IsZero():
		h.since = time.Now()
	}
}

// maxTitle is how much of a page's title, and of its address, is quoted, in bytes.
const maxTitle = 100

// sight is what is to be seen on a page, with its placeholders filled in.
type sight struct {
	target.Sight
	text string
	url  *regexp.Regexp
}

func (v *visit) sightOf(s target.Sight) (*sight, error) {
	text, err := target.Expand(s.Text, v.values)
	if err != nil {
		return nil, err
	}
	pattern, err := regexp.Compile(s.URL)
	if err != nil {
		return nil, errors.New("url is no regular expression")
	}
	return &sight{s, text, pattern}, nil
}

// all names what is to be seen, as the profile has it.
func (s *sight) all() []string {
	var out []string
	if s.Selector != "" {
		out = append(out, "the element "+s.Selector)
	}
	if s.Text != "" {
		out = append(out, fmt.Sprintf("the text %q", s.Text))
	}
	if s.URL != "" {
		out = append(out, "an address that matches "+s.URL)
	}
	return out
}

func (s *sight) String() string { return strings.Join(s.all(), " and ") }

// missing names what of a sight the page does not show. The error is the browser's.
func (v *visit) missing(s *sight) ([]string, error) {
	var out []string
	if s.Selector != "" {
		seen, _, err := v.tab.Sees(s.Selector)
		if err != nil {
			return nil, err
		}
		if !seen {
			out = append(out, "the element "+s.Selector)
		}
	}
	if s.Text == "" && s.URL == "" {
		return out, nil
	}
	page, err := v.tab.Look()
	if err != nil {
		return nil, err
	}
	if s.Text != "" && !strings.Contains(page.Text, s.text) {
		out = append(out, fmt.Sprintf("the text %q", s.Text))
	}
	if s.URL != "" && !s.url.MatchString(page.URL) {
		out = append(out, "an address that matches "+s.URL)
	}
	return out, nil
}

// denies reports whether the page shows a denial, and notes since when it does.
func (v *visit) denies() (bool, error) {
	if v.denied == nil {
		return false, nil
	}
	missing, err := v.missing(v.denied)
	denied := err == nil && len(missing) == 0
	v.showsOut.note(denied)
	return denied, err
}

// rests reports whether nothing is under way, and something stays in sight.
func (v *visit) rests(what hold) bool {
	return v.tab.Quiet() >= settling && time.Since(what.since) >= settling
}

// where says what the page is, for people.
func (v *visit) where() string {
	page, err := v.tab.Look()
	if err != nil {
		return "the page could not be looked at"
	}
	text := "the page's title was " + fmt.Sprintf("%q", exchange.Printable(page.Title, maxTitle))
	if u, err := url.Parse(page.URL); err == nil && u.Host != "" {
		text += " at " + exchange.Printable(u.Scheme+"://"+u.Host+u.EscapedPath(), maxTitle)
	}
	if status := v.tab.Last().Status; status >= 400 {
		text += fmt.Sprintf(", answered %d", status)
	}
	return v.d.Vault.Text(text)
}

// tryBrowser uses the credential once in a browser and says what it saw. The try counts
// from the request of the last document on.
func (d *Driver) tryBrowser(ctx context.Context, c *Credential, trail *exchange.Trail) (result reports.Result, reason string, status int) {
	if c.browsed++; c.browsed > maxBrowserTries {
		return reports.TryInconclusive, fmt.Sprintf("it was tried by browser %d times, which is all", maxBrowserTries), 0
	}
	v, err := d.openVisit(ctx, c, c.Path.Try.Step)
	if err != nil {
		return reports.TryInconclusive, err.Error(), 0
	}
	defer v.tab.Close()
	result, reason = v.judge(ctx)
	if ctx.Err() != nil {
		return reports.TryInconclusive, errInterrupted.Error(), 0
	}
	take := v.leave
	if c.Path.Kind == target.LocalPassword { // what one try was given must not go along with the next
		take = func() (*reply, error) { _, _, err := v.held(); return nil, err }
	}
	if _, err := take(); err != nil {
		reason += "; what the page left could not be kept"
	}
	v.note(ctx, reason)
	last := v.tab.Last()
	if !last.Sent.IsZero() {
		trail.Sent = last.Sent
	}
	return result, reason, last.Status
}

// judge carries the step of a try out and decides what the page says of the credential.
func (v *visit) judge(ctx context.Context) (reports.Result, string) {
	try := v.c.Path.Try
	allowed, err := v.sightOf(target.Sight{Selector: try.Allowed.Selector, Text: try.Allowed.Marker, URL: try.Allowed.URL})
	if err != nil {
		return reports.TryInconclusive, err.Error()
	}
	var shown target.Sight
	if try.Denied != nil {
		shown = try.Denied.Sight()
	}
	if shown != (target.Sight{}) {
		if v.denied, err = v.sightOf(shown); err != nil {
			return reports.TryInconclusive, err.Error()
		}
	}
	if err := v.open(); err != nil {
		if result, reason, decided := v.byStatus(); decided { // with nothing to show
			return result, reason
		}
		return reports.TryInconclusive, v.unopened(ctx, err).Error()
	}
	for i, action := range v.step.Browser.Do {
		switch err := v.act(action); {
		case errors.Is(err, errDenied):
			return reports.TryDenied, v.denied.String() + " was seen"
		case err != nil:
			return v.undone(ctx, i, err)
		}
	}
	return v.verdict(ctx, allowed)
}

// undone decides a try in which something could not be done: a page that says no by its
// status has denied.
func (v *visit) undone(ctx context.Context, index int, err error) (reports.Result, string) {
	if result, reason, decided := v.byStatus(); decided {
		return result, reason
	}
	problem := v.stuck(ctx, index, err)
	return reports.TryInconclusive, problem.Problem
}

// byStatus reads the answer to the page's own request, if it is no success.
func (v *visit) byStatus() (reports.Result, string, bool) {
	status := v.tab.Last().Status
	if status < 400 {
		return "", "", false
	}
	text := fmt.Sprintf("%d %s", status, http.StatusText(status))
	if passing(status) {
		return reports.TryInconclusive, text, true
	}
	return reports.TryDenied, text, true
}

// verdict waits until the page shows, and goes on showing, that the credential was let in,
// or that it was not. A page that never rests is taken as it is when its time is over, and
// one that shows neither decides nothing.
func (v *visit) verdict(ctx context.Context, allowed *sight) (result reports.Result, reason string) {
	var missing []string
	err := v.tab.Await(v.step.Browser.Within, func() (done bool, err error) {
		if missing, err = v.missing(allowed); err != nil {
			return false, err
		}
		result, reason = "", ""
		in := len(missing) == 0
		if v.showsIn.note(in); in {
			result, reason = reports.TryAllowed, allowed.String()+" was seen"
			return v.rests(v.showsIn), nil
		}
		denied, err := v.denies()
		if denied {
			result, reason = reports.TryDenied, v.denied.String()+" was seen"
			return v.rests(v.showsOut), nil
		}
		if err == nil && v.tab.Quiet() >= settling {
			result, reason, done = v.byStatus()
		}
		return done, err
	})
	switch {
	case ctx.Err() != nil:
		return reports.TryInconclusive, errInterrupted.Error()
	case err != nil && !errors.Is(err, chromium.ErrTooLong):
		return reports.TryInconclusive, err.Error()
	case result != "":
		return result, reason
	}
	if result, reason, decided := v.byStatus(); decided {
		return result, reason
	}
	text := strings.Join(missing, " and ") + " was not seen"
	if v.denied != nil {
		text += ", nor was " + v.denied.String()
	}
	return reports.TryInconclusive, fmt.Sprintf("%s within %s; %s", text, v.step.Browser.Within, v.where())
}
