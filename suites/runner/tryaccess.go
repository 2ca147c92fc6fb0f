package runner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// quoteBody is how much of a reply is shown to somebody who writes a profile.
const quoteBody = 300

// Rehearsal is what one access path came to outside any event.
type Rehearsal struct {
	Path target.AccessPath
	// Works is true when the credential was let in and a made-up one was not.
	Works bool
	// Passing is true when trouble that may go by itself kept it from being seen.
	Passing bool
	// Lines say in plain words what matched and what did not, redacted.
	Lines []string
}

// TryAccess arms and tries each access path of the profile once, or only the one that
// is named, with a test user of its own to whom nothing happens. Beside each it tries a
// credential that is made up, which must be refused. Of the options it heeds the target,
// the tool and Died. The error is a *ConfigError, the ledger's, the context's, what Died
// has told, or says why there is no test user.
func TryAccess(ctx context.Context, o Options, only string) (list []Rehearsal, err error) {
	paths, err := pathsToTry(o.Target, only)
	if err != nil {
		return nil, err
	}
	r, err := newRun(Options{Target: o.Target, Tool: o.Tool, Died: o.Died, Progress: Silent}, nil)
	if err != nil {
		return nil, err
	}
	ctx, unwatch := r.watchTarget(ctx)
	defer unwatch()
	defer func() {
		// What the paths came to is of a target that was on its way out.
		if d := deathOf(ctx); d != nil {
			list, err = nil, d.news
		}
	}()
	defer func() { err = errors.Join(err, r.ledger.Close()) }()
	defer r.driver.Close()
	if err := r.preflight(ctx); err != nil {
		return nil, err
	}
	if r.outage != "" {
		return nil, &OutageError{Problem: r.vault.Text(r.outage)}
	}
	who := &rehearser{user: r.session.Subjects.Draft()}
	defer func() { err = errors.Join(err, r.dismiss(context.WithoutCancel(ctx), who)) }()
	if err := r.admit(ctx, who, paths); err != nil {
		return nil, r.noUser(err)
	}
	for _, path := range paths {
		if ctx.Err() != nil {
			return list, ctx.Err()
		}
		list = append(list, r.rehearse(ctx, path, who.values()))
	}
	return list, nil
}

// rehearser is the test user of a rehearsal, with the group that they are a member of,
// nil if no path asks for one.
type rehearser struct {
	user  *subject.Subject
	group *subject.Group
}

func (who *rehearser) values() map[string]string {
	values := who.user.Values()
	if who.group != nil {
		maps.Copy(values, who.group.Values())
	}
	return values
}

// admit creates the test user with what the paths ask for.
func (r *run) admit(ctx context.Context, who *rehearser, paths []target.AccessPath) error {
	extra := map[string]any{}
	if role := r.Target.SCIM.Role; role != "" {
		extra["roles"] = []any{map[string]any{"value": role}}
	}
	r.session.Subjects.Sends(who.user.UserName) // what is declared past SCIM may make another
	if err := r.session.Subjects.Admit(ctx, who.user, extra); err != nil {
		return err
	}
	if !slices.ContainsFunc(paths, func(p target.AccessPath) bool { return p.Kind == target.GroupAccess }) {
		return nil
	}
	who.group = r.session.Subjects.DraftGroup()
	_, err := r.session.Subjects.MakeGroup(ctx, who.group, who.user)
	return err
}

// noUser says why there is no test user: trouble that may go by itself, or a target that
// does not take one.
func (r *run) noUser(err error) error {
	problem := "no test user can be made: " + r.vault.Text(err.Error())
	if scim.AsTrouble(err) != nil {
		return &OutageError{Problem: problem}
	}
	return &ConfigError{problem}
}

// dismiss removes the test user and the group, and says so if that fails.
func (r *run) dismiss(ctx context.Context, who *rehearser) error {
	if who.group != nil {
		r.session.Subjects.RemoveGroup(ctx, who.group)
	}
	r.session.Subjects.Remove(ctx, who.user)
	if left := r.session.Subjects.Cleanup().Left; len(left) > 0 {
		return &OutageError{Problem: fmt.Sprintf("the test user %s is left at the target; scimproof clean removes it", who.user.UserName)}
	}
	return nil
}

// OutageError is the error for a target that is out of reach or in trouble.
type OutageError struct{ Problem string }

// Error says what came instead of an answer.
func (e *OutageError) Error() string { return e.Problem }

// pathsToTry finds the path that is named, or returns all.
func pathsToTry(t *target.Target, only string) ([]target.AccessPath, error) {
	if len(t.Access) == 0 {
		return nil, &ConfigError{t.File + ": the profile declares no access path, so there is nothing to try"}
	}
	if only == "" {
		return t.Access, nil
	}
	var names []string
	for _, p := range t.Access {
		if p.Name == only {
			return []target.AccessPath{p}, nil
		}
		names = append(names, fmt.Sprintf("%q", p.Name))
	}
	return nil, &ConfigError{fmt.Sprintf("%s has no access path named %q; it has %s", t.File, only, strings.Join(names, ", "))}
}

// rehearsing is one rehearsal on its way.
type rehearsing struct {
	*run
	Rehearsal
}

// rehearse arms one path and tries it, with its credential and with a made-up one.
func (r *run) rehearse(ctx context.Context, path target.AccessPath, values map[string]string) Rehearsal {
	on := &rehearsing{run: r, Rehearsal: Rehearsal{Path: path}}
	ctx, trail := exchange.WithTrail(ctx)
	credential, err := r.driver.Arm(ctx, path, "rehearsal", values)
	if err != nil {
		var arm *access.ArmError
		on.Passing = errors.As(err, &arm) && arm.Passing
		on.say("%v", err)
		on.quote(exchange.LastID(trail.IDs))
		on.say("Nothing was tried.%s", compare(path, arm))
		return on.Rehearsal
	}
	defer r.driver.Disarm(context.WithoutCancel(ctx), credential)
	on.say("armed in %s", plural(len(path.Arm), "step"))
	if on.letsIn(ctx, credential) {
		on.Works = on.refuses(ctx, access.Forge(credential))
	}
	return on.Rehearsal
}

func (on *rehearsing) say(format string, args ...any) {
	on.Lines = append(on.Lines, on.vault.Text(fmt.Sprintf(format, args...)))
}

// letsIn tries the credential that was armed.
func (on *rehearsing) letsIn(ctx context.Context, c *access.Credential) bool {
	attempt := on.driver.Try(ctx, c)
	if on.Path.Try.Step.Browser != nil {
		on.say("with the credential: %s: %s", on.Path.Try, attempt.Reason)
	} else {
		on.say("with the credential: %s answered %s", on.Path.Try, attempt.Reason)
	}
	switch attempt.Result {
	case reports.TryAllowed:
		return true
	case reports.TryInconclusive:
		on.undecided(attempt.Exchange)
	default:
		on.quote(attempt.Exchange)
		on.say("The credential should have been let in. %s", wanted(on.Path.Try))
	}
	return false
}

// refuses tries what nobody was given.
func (on *rehearsing) refuses(ctx context.Context, forged *access.Credential) bool {
	attempt := on.driver.Try(ctx, forged)
	if on.Path.Try.Step.Browser != nil {
		on.say("with a made-up one: %s", attempt.Reason)
	} else {
		on.say("with a made-up one: answered %s", attempt.Reason)
	}
	switch attempt.Result {
	case reports.TryDenied:
		return true
	case reports.TryInconclusive:
		on.undecided(attempt.Exchange)
	default:
		on.say("That should have been refused: whatever this try looks at is open to everybody, so it proves nothing. Try something private.")
	}
	return false
}

// compare says what to look at when a path could not be armed.
func compare(path target.AccessPath, err *access.ArmError) string {
	switch {
	case err != nil && err.Step == 0: // it says by itself what to do
		return ""
	case err != nil && path.Arm[err.Step-1].Browser != nil:
		return " Compare the step's address, its selectors and its capture with the page, in a browser of your own."
	}
	return " Compare the step's address, its expect and its capture with the answer above."
}

func (on *rehearsing) undecided(id string) {
	on.Passing = true
	switch {
	case on.Path.Try.Step.Browser != nil:
		on.say("That decides nothing. Compare what the page shows with try.allowed and try.denied, or try again when the target is well.")
		return
	case on.Path.Try.Step.OAuth != nil:
		on.quote(id)
		on.say("That decides nothing. Compare the keys of try.oauth with the answer, or try again when the target is well.")
		return
	}
	if on.Path.Try.Step.Exec != nil {
		on.quote(id)
		on.say("That decides nothing. Compare what the command answered with try.allowed and try.denied, or try again when the target is well.")
		return
	}
	on.say("That decides nothing. Try again when the target is well.")
}

// wanted says what try.allowed asks for. The marker is shown as the profile has it.
func wanted(t target.Try) string {
	if t.Step.OAuth != nil {
		return "What lets in is a token that is issued, or one that is active."
	}
	var clauses []string
	a := t.Allowed
	if len(a.Status) > 0 { // a command has none
		statuses := make([]string, len(a.Status))
		for i, s := range a.Status {
			statuses[i] = fmt.Sprint(s)
		}
		clauses = append(clauses, "for the status "+strings.Join(statuses, " or "))
	}
	if a.Selector != "" {
		clauses = append(clauses, "for the element "+a.Selector)
	}
	switch {
	case a.Marker != "" && t.Step.Browser != nil:
		clauses = append(clauses, fmt.Sprintf("for the text %q on the page", a.Marker))
	case a.Marker != "" && t.Provoke != nil:
		clauses = append(clauses, fmt.Sprintf("for a message with the text %q", a.Marker))
	case a.Marker != "":
		clauses = append(clauses, fmt.Sprintf("for the text %q in the body", a.Marker))
	}
	if a.URL != "" {
		clauses = append(clauses, "for an address that matches "+a.URL)
	}
	if a.Changes != "" {
		clauses = append(clauses, fmt.Sprintf("for a change at %q within %s", a.Changes, t.Within))
	}
	if a.Cookie != "" {
		clauses = append(clauses, "for the cookie "+a.Cookie)
	}
	return "try.allowed asks " + strings.Join(clauses, " and ") + "."
}

// quote shows where an exchange was answered from and how its body begins.
func (on *rehearsing) quote(id string) {
	list := on.session.Recorder.Exchanges()
	i := slices.IndexFunc(list, func(e reports.Exchange) bool { return e.ID == id })
	if i < 0 || list[i].Status == 0 && list[i].ResponseHeaders["Exit-Code"] == "" {
		return
	}
	e := list[i]
	if to := e.ResponseHeaders["Location"]; to != "" {
		on.say("it sends on to: %s", conceal(to))
	}
	body := conceal(strings.Join(strings.Fields(e.ResponseBody), " "))
	if runes := []rune(body); len(runes) > quoteBody {
		body = string(runes[:quoteBody]) + " …"
	}
	if body != "" {
		on.say("its body begins: %s", body)
	}
}

// word is what a secret could be part of, or the tag of one that is known.
var word = regexp.MustCompile(`‹[^›]*›|[\pL\pN_-]{4,}`)

// longWord is the length from which a word is more likely a secret than a name.
const longWord = 24

// conceal takes out whatever could be a secret. An answer that was not understood may
// hold one that nobody has told the vault of: that is why it is shown.
func conceal(text string) string {
	return word.ReplaceAllStringFunc(text, func(w string) string {
		if strings.HasPrefix(w, "‹") {
			return w
		}
		if n := utf8.RuneCountInString(w); n >= longWord || strings.ContainsAny(w, "0123456789") {
			return fmt.Sprintf("‹%d characters›", n)
		}
		return w
	})
}
