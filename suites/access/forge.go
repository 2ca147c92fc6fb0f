package access

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/suites/target"
)

// Forge returns what somebody would hold who never was given the credential: no
// cookie, and other text in place of the password and of each captured value. A try
// that lets it in tells nothing about the real one. The user's public names and the
// secrets of whoever tests stay.
func Forge(c *Credential) *Credential {
	forged := &Credential{Path: c.Path, Holder: "made up", jar: newJar(), values: maps.Clone(c.values), given: map[string]string{}, forged: true}
	public := target.Given()
	for name := range forged.values {
		ours := slices.Contains(public, name) || strings.HasPrefix(name, target.SecretPrefix)
		if !ours || name == "user.password" {
			forged.values[name] = "made-up-" + rand.Text()
		}
	}
	// What is obtained anew at each try is asked for by somebody whom nobody knows.
	for name := range c.given {
		forged.given[name] = "made-up-" + rand.Text()
	}
	forged.control = c.control
	if c.control == nil {
		forged.control = c
	}
	return forged
}

// listenForged lets a made-up credential listen as the real one does: with the made-up
// values, or at an address that nobody was told.
func (d *Driver) listenForged(ctx context.Context, c *Credential) error {
	if c.Path.Listens {
		c.inbox = newInbox("an address of the listener that nobody was told")
	}
	for i, step := range c.Path.Arm {
		if step.Stream == nil {
			continue
		}
		if err := d.armStream(ctx, c, step); err != nil {
			err.Path, err.Step = c.Path.Name, i+1
			return err
		}
	}
	return nil
}
