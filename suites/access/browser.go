package access

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access/chromium"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// maxBrowserTries bounds the tries by browser for each credential: they are dear.
const maxBrowserTries = 64

// needBrowser looks for the browser before anything is asked of the target, if the path
// has a step that needs one.
func (d *Driver) needBrowser(path target.AccessPath) *ArmError {
	if path.Try.Step.Browser == nil && !slices.ContainsFunc(path.Arm, func(s target.Step) bool { return s.Browser != nil }) {
		return nil
	}
	if _, err := chromium.Find(d.Browser.Executable); err != nil {
		return &ArmError{Path: path.Name, Problem: err.Error()}
	}
	return nil
}

// visit is a step that is carried out in a browser.
type visit struct {
	d      *Driver
	c      *Credential
	tab    *chromium.Tab
	step   target.Step
	values map[string]string
	given  []chromium.Cookie
	began  time.Time
	opened bool // the page has answered
	// denied is what ends the visit when it stays in sight; nil for nothing.
	denied            *sight
	showsIn, showsOut hold // of what is allowed, and of what is denied
}

// openVisit opens an empty page with what the credential holds. The error says why there
// is none.
func (d *Driver) openVisit(ctx context.Context, c *Credential, step target.Step) (*visit, error) {
	values, err := d.withAssertions(c, step)
	if err != nil {
		return nil, err
	}
	v := &visit{d: d, c: c, step: step, values: values, given: c.jar.all(step.Cookies)}
	setup := chromium.Setup{
		Options: d.Browser, State: chromium.State{Cookies: v.given},
		Agent: d.Transport.Sender(ctx), Admit: func(life context.Context) (func(), error) { return d.Transport.Admit(life) },
	}
	if v.tab, err = d.pages.Open(ctx, setup); err != nil {
		if ctx.Err() != nil {
			err = errInterrupted
		}
		return nil, err
	}
	v.began = time.Now()
	return v, nil
}

// errInterrupted is why a step ended with its context.
var errInterrupted = errors.New("interrupted")

// armBrowser carries out a browser step of arm.
func (d *Driver) armBrowser(ctx context.Context, c *Credential, step target.Step) *ArmError {
	v, err := d.openVisit(ctx, c, step)
	if err != nil {
		var missing *chromium.MissingError
		return &ArmError{Passing: !errors.As(err, &missing), Problem: step.String() + ": " + err.Error()}
	}
	defer v.tab.Close()
	problem := v.through(ctx)
	if problem == nil {
		problem = v.keep()
	}
	seen := "all that was waited for was seen"
	if problem != nil {
		seen = problem.Problem
		_, _, _ = v.held() // what is secret must be known all the same
	}
	v.note(ctx, seen)
	return problem
}

// through opens the page and does what is to be done on it.
func (v *visit) through(ctx context.Context) *ArmError {
	b := v.step.Browser
	if err := v.open(); err != nil {
		return &ArmError{Passing: true, Problem: fmt.Sprintf("%s: %v", v.step, v.unopened(ctx, err))}
	}
	for i, action := range b.Do {
		if err := v.act(action); err != nil {
			return v.stuck(ctx, i, err)
		}
	}
	return nil
}

// tooLong puts it into words that a time is over.
func tooLong(err error, what string, limit time.Duration) error {
	if errors.Is(err, chromium.ErrTooLong) {
		return fmt.Errorf("%s within %s", what, limit)
	}
	return err
}

// unopened says why a page did not open.
func (v *visit) unopened(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errInterrupted
	}
	return tooLong(err, "the page did not answer", v.step.Browser.Within)
}

// open opens the page.
func (v *visit) open() error {
	address, err := expandURL(v.step.Browser.Open, v.values)
	if err != nil {
		return err
	}
	var stored map[string]chromium.Stored
	if v.step.Cookies == nil {
		stored = v.c.stored
	}
	err = v.tab.Navigate(v.step.Browser.Within, address, stored)
	v.opened = err == nil
	return err
}

// errDenied is the error for a page that denies while something is to be done on it.
var errDenied = errors.New("denied")

// await looks until something is done, or the page denies.
func (v *visit) await(look func() (bool, error)) error {
	return v.tab.Await(v.step.Browser.Within, func() (bool, error) {
		if done, err := look(); done || err != nil {
			return done, err
		}
		denied, err := v.denies()
		if denied && v.rests(v.showsOut) {
			err = errDenied
		}
		return false, err
	})
}

// act does one thing on the page. The error is errDenied, or says what was not seen.
func (v *visit) act(a target.Action) error {
	limit := v.step.Browser.Within
	switch {
	case a.Fill != nil:
		value, err := target.Expand(a.Fill.Value, v.values)
		if err != nil {
			return err
		}
		err = v.await(func() (bool, error) { return v.tab.Fill(a.Fill.Selector, value) })
		return tooLong(err, fmt.Sprintf("the field %s was not seen, or could not be filled in,", a.Fill.Selector), limit)
	case a.Click != nil:
		err := v.await(func() (bool, error) { return v.tab.Click(a.Click.Selector) })
		return tooLong(err, fmt.Sprintf("the element %s was not seen, or could not be clicked,", a.Click.Selector), limit)
	case a.WaitFor != nil:
		wanted, err := v.sightOf(*a.WaitFor)
		if err != nil {
			return err
		}
		var missing []string
		err = v.await(func() (done bool, err error) {
			missing, err = v.missing(wanted)
			return len(missing) == 0, err
		})
		return tooLong(err, strings.Join(missing, " and ")+" was not seen", limit)
	}
	return nil
}

// stuck says where a visit did not go on, and what the page was then.
func (v *visit) stuck(ctx context.Context, index int, err error) *ArmError {
	if ctx.Err() != nil {
		return &ArmError{Passing: true, Problem: fmt.Sprintf("%s: %v", v.step, errInterrupted)}
	}
	return &ArmError{
		Passing: passing(v.tab.Last().Status),
		Problem: fmt.Sprintf("%s, do[%d]: %v; %s", v.step, index, err, v.where()),
	}
}

// keep captures what the step asks for, and keeps what the page has left in the browser.
func (v *visit) keep() *ArmError {
	r, err := v.leave()
	if err != nil {
		return &ArmError{Passing: true, Problem: v.step.String() + ": " + err.Error()}
	}
	return v.d.keep(v.c, v.step, r, v.step.String()+" went through")
}

// held returns the cookies of the browser and what the page's origin has stored, by origin,
// and learns what is secret in them.
func (v *visit) held() ([]chromium.Cookie, map[string]chromium.Stored, error) {
	if !v.opened {
		return nil, nil, nil
	}
	cookies, err := v.tab.Cookies()
	if err != nil {
		return nil, nil, err
	}
	for _, c := range cookies {
		v.d.Vault.Learn("cookie "+c.Name, c.Value)
	}
	origin, stored, err := v.tab.Stored()
	v.d.learnStored(stored)
	return cookies, map[string]chromium.Stored{origin: stored}, err
}

// learnStored learns what is secret in what a page has stored.
func (d *Driver) learnStored(stored chromium.Stored) {
	for _, values := range []map[string]string{stored.Local, stored.Session} {
		for key, value := range values {
			d.Vault.LearnNamed(key, value)
			d.Vault.LearnBody([]byte(value))
		}
	}
}

// leave takes over the cookies and what was stored, and reads what is to be captured.
func (v *visit) leave() (*reply, error) {
	cookies, stored, err := v.held()
	if err != nil || !v.opened {
		return nil, err
	}
	v.c.jar.take(v.given, cookies)
	v.c.stored = maps.Clone(v.c.stored)
	if v.c.stored == nil {
		v.c.stored = map[string]chromium.Stored{}
	}
	r := &reply{elements: map[string]string{}}
	for origin, values := range stored {
		v.c.stored[origin], r.stored = values, values
	}
	if len(v.step.Capture) == 0 {
		return r, nil
	}
	return r, v.read(r)
}

// read reads the page for what is captured.
func (v *visit) read(r *reply) error {
	page, err := v.tab.Look()
	if err != nil {
		return err
	}
	r.body, r.header = []byte(page.Text), http.Header{}
	if r.url, err = url.Parse(page.URL); err != nil {
		return errors.New("the page has no address that can be read")
	}
	for _, c := range v.step.Capture {
		if c.Selector == "" {
			continue
		}
		if _, r.elements[c.Selector], err = v.tab.Sees(c.Selector); err != nil {
			return err
		}
	}
	return nil
}

// note records the visit: the documents that were asked for, and what was seen. It never
// holds what was typed.
func (v *visit) note(ctx context.Context, seen string) {
	recorder := v.d.Transport.Recorder
	var lines []string
	for _, asked := range v.tab.Visits() {
		line := asked.Method + " " + recorder.Address(asked.URL)
		switch {
		case asked.Status != 0:
			line += fmt.Sprintf(" %d", asked.Status)
		case asked.Problem != "":
			line += " " + asked.Problem
		default:
			line += " unanswered"
		}
		if asked.Frame {
			line += " (in a frame)"
		}
		lines = append(lines, line)
	}
	recorder.Note(ctx, reports.Exchange{
		Method: exchange.MethodBrowse, URL: v.step.Browser.Open, ResponseBody: strings.Join(lines, "\n"),
		ResponseHeaders: map[string]string{"Seen": seen},
	}, v.began)
}
