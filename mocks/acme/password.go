package acme

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"slices"
)

// iterations is far below what a product needs: this application guards nothing,
// and a run signs in some hundred times.
const iterations = 100

// saltLength is in bytes, as NIST SP 800-132 has it.
const saltLength = 16

// hashPassword returns what is kept of a password: a salt of its own, and PBKDF2
// over both. For no password it is nil.
func hashPassword(password string) []byte {
	if password == "" {
		return nil
	}
	salt := make([]byte, saltLength)
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(salt)
	return append(salt, derive(password, salt)...)
}

func derive(password string, salt []byte) []byte {
	key, err := pbkdf2.Key(sha256.New, password, salt, iterations, sha256.Size)
	if err != nil {
		return nil // only for a key length that this is not
	}
	return key
}

func (r *record) opensWith(password string) bool {
	if len(r.passwordHash) < saltLength {
		return false
	}
	salt, want := r.passwordHash[:saltLength], r.passwordHash[saltLength:]
	return subtle.ConstantTimeCompare(derive(password, salt), want) == 1
}

// signIn judges a password and returns whom it lets in, or nil. The accounts of
// deleted users are looked at too: that they let nobody in is decided by judge.
func (a *App) signIn(userName, password string) *Account {
	user := a.judgePassword(userName, password)
	if user == nil {
		a.audit(userName, "login", "", errWrongPassword)
		return nil
	}
	a.audit(userName, "login", "", nil)
	return user
}

var errWrongPassword = errors.New("name or password is wrong")

func (a *App) judgePassword(userName, password string) *Account {
	for _, r := range a.accountsNamed(userName) {
		if !r.opensWith(password) {
			continue
		}
		// The account is looked up anew, as comparing took a while: had its owner left
		// meanwhile, a session of an active one would be born.
		c := &Credential{Kind: Password}
		a.store.view(func(v view) {
			now := v.account(r.serial)
			if now.deleted {
				c.Ended = &now.endings[len(now.endings)-1]
			}
			c.describeOwner(now, v)
		})
		if as := a.judge(c); as != nil {
			return as
		}
	}
	return nil
}

// accountsNamed lists the living user of a name, and then the deleted ones, the
// last one first.
func (a *App) accountsNamed(userName string) []*record {
	var out []*record
	a.store.view(func(v view) {
		if r := v.named(userName); r != nil {
			out = append(out, r)
		}
		for _, r := range slices.Backward(v.formerly(userName)) {
			out = append(out, r)
		}
	})
	return out
}
