package access

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access/chromium"
	"github.com/scimproof/scimproof/suites/target"
)

// laterTime is how long a later mark goes on at most, in which access is let in to the end
// or nothing is decided; a denial that began is confirmed beyond it.
const laterTime = 4 * time.Second

// Held is what one user holds of a credential, to be kept beyond the process. It is all
// secrets.
type Held struct {
	// Values are the placeholders, captures among them, but for the profile's secrets,
	// which the profile has.
	Values map[string]string `json:"values"`
	// Given are those that the credential was armed with.
	Given   map[string]string `json:"given"`
	Cookies []Cookie          `json:"cookies,omitempty"`
	// Stored is what pages keep in a browser, by origin.
	Stored map[string]chromium.Stored `json:"stored,omitempty"`
}

// Kept is a watched access path, to be tried again by another process.
type Kept struct {
	Path string `json:"path"` // its name in the profile
	// Need is how many denials in a row count as stable. Denied is how many tries of the
	// leaver were refused so far, where the profile bounds them.
	Need    int   `json:"need"`
	Denied  int   `json:"denied,omitempty"`
	Polled  Held  `json:"polled"`
	Silent  *Held `json:"silent,omitempty"` // nil where there is no twin
	Control Held  `json:"control"`
}

// CannotLast says why nobody can try a path's credential once the process that armed it
// has ended; "" if somebody can.
func CannotLast(p target.AccessPath) string {
	switch {
	case p.OneShot:
		return "a try spends it"
	case p.Listens:
		return "its address at the listener ends with the run"
	case slices.ContainsFunc(p.Arm, func(s target.Step) bool { return s.Stream != nil }):
		return "its connection ends with the run"
	}
	return ""
}

// Keep writes down what the canary holds. need is how many denials in a row were asked
// for. It reports false for what cannot be tried later: what does not last, and what has
// no denial left of those that the profile allows (maxTries).
func (c *Canary) Keep(need int) (Kept, bool) {
	if CannotLast(c.Path) != "" || c.Minted() || len(c.polled) != 1 {
		return Kept{}, false
	}
	k := Kept{Path: c.Path.Name, Need: need, Polled: c.polled[0].held(), Control: c.control.held()}
	if c.Path.MaxTries > 0 {
		k.Denied = c.refused()
	}
	if c.silent != nil {
		silent := c.silent.held()
		k.Silent = &silent
	}
	return k, !k.Spent(c.Path)
}

// Spent reports that no denial is left of those that the profile allows.
func (k Kept) Spent(p target.AccessPath) bool { return p.MaxTries > 0 && k.Denied >= p.MaxTries }

// refused counts the denials of the leaver since the event.
func (c *Canary) refused() int {
	n := 0
	for _, t := range c.Tries {
		if t.Who == reports.WhoPolled && t.Phase != reports.PhaseBefore && t.Result == reports.TryDenied {
			n++
		}
	}
	return n
}

func (c *Credential) held() Held {
	h := Held{Values: maps.Clone(c.values), Given: maps.Clone(c.given)}
	maps.DeleteFunc(h.Values, func(name, _ string) bool { return strings.HasPrefix(name, target.SecretPrefix) })
	h.Cookies, h.Stored = c.jar.list(), c.stored
	return h
}

// Restore returns the canary of what was kept, and lets the vault learn what is secret in
// it.
func (d *Driver) Restore(path target.AccessPath, k Kept) *Canary {
	c := &Canary{Path: path, driver: d, values: k.Control.Given}
	c.control = d.restore(path, reports.WhoControl, k.Control)
	c.polled = []*Credential{d.restore(path, reports.WhoPolled, k.Polled)}
	if k.Silent != nil {
		c.silent = d.restore(path, reports.WhoSilent, *k.Silent)
	}
	for _, credential := range c.leavers() {
		credential.control = c.control
	}
	return c
}

func (d *Driver) restore(path target.AccessPath, holder reports.Who, h Held) *Credential {
	c := &Credential{Path: path, Holder: string(holder), jar: restoredJar(h.Cookies), stored: h.Stored, given: maps.Clone(h.Given), values: map[string]string{}}
	maps.Copy(c.values, h.Values)
	maps.Copy(c.values, d.Secrets)
	for name, value := range h.Values {
		if name == "user.password" || !public(name) {
			d.Vault.Learn(path.Name+" "+name, value)
		}
	}
	for _, cookie := range h.Cookies {
		d.Vault.Learn(path.Name+" cookie", cookie.Value)
	}
	for _, stored := range h.Stored {
		d.learnStored(stored)
	}
	return c
}

// public tells the placeholders that are no secret: who the user is, and what only keeps
// credentials apart.
func public(name string) bool {
	return slices.Contains(target.Given(), name) || strings.HasPrefix(name, "group.") || name == target.Unique || name == target.PKCEChallenge
}

// Again tries what was kept at a later mark, several times as the watch does: until so many
// denials in a row as are needed, or for a few seconds, but no longer than a whole watch.
// It returns what was tried and reports whether it came to its own end; an interrupt may
// have cut it short.
func (c *Canary) Again(ctx context.Context, watch Plan, k Kept, pause Pause) ([]Taken, bool) {
	c.Tries = nil
	rule := Rule{Need: k.Need, Brief: true, Last: true, Lasting: c.Path.TakesTime()}
	if c.Path.MaxTries > 0 {
		rule.Limit = c.Path.MaxTries - k.Denied
	}
	complete := c.Watch(ctx, Plan{GiveUpAfter: min(laterTime, watch.GiveUpAfter)}, rule, reports.PhaseLeft, time.Now(), pause)
	return c.Tries, complete
}
