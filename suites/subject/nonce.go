package subject

import (
	"errors"
	"regexp"
)

// nonceForm is what a nonce may be: any application takes it in a name, and no format has to
// escape it.
var nonceForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// errNonce is the error for any other.
var errNonce = errors.New("a nonce has 1 to 64 of the characters A–Z, a–z, 0–9, '.', '_' and '-'")

// CheckNonce says what is wrong with a nonce.
func CheckNonce(s string) error {
	if !nonceForm.MatchString(s) {
		return errNonce
	}
	return nil
}

// nonceTries is for how many users the nonce is tried. One who is refused may have been refused
// for something else; but where a longer name is what an application refuses, the others of the
// run must not suffer.
const nonceTries = 3

// nonce is a buyer's word, which shows in the application that it was this run.
type nonce struct {
	text  string
	tries int
	lent  bool   // to a user who is being created
	owner string // the userName of who carries it
}

// Carry makes the first user who can be created carry the nonce in their displayName, and nobody
// else. The nonce has passed CheckNonce.
func (f *Factory) Carry(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.nonce = nonce{text: text}
}

// NonceOwner is the userName under which the user who carries the nonce was created; empty for
// nobody.
func (f *Factory) NonceOwner() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.nonce.owner
}

// lendNonce gives the subject the nonce if nobody has it. The returned function is called when
// the subject was created, or was not: then the nonce is there for the next one. Whose
// displayName the caller or the profile chooses does not get it.
func (f *Factory) lendNonce(s *Subject, extra map[string]any) (putBack func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, chosen := extra["displayName"]
	_, always := f.target.SCIM.UserExtra["displayName"]
	n := &f.nonce
	if n.text == "" || n.lent || n.owner != "" || n.tries >= nonceTries || chosen || always {
		return func() {}
	}
	n.lent = true
	n.tries++
	before := s.DisplayName
	// The marker stays in it, as pages are looked through for it; at most 98 characters, as
	// some applications take no more than 100.
	s.DisplayName = s.Marker + " scimproof nonce " + n.text
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		n.lent = false
		if s.ID != "" {
			n.owner = s.UserName
			return
		}
		s.DisplayName = before
	}
}
