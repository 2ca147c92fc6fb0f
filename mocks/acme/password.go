package acme

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
)

// Attributes that begin with hiddenPrefix are the application's own.
const (
	hiddenPrefix = "_"
	passwordKey  = "_passwordHash"
	leftAtKey    = "_leftAt"
)

// iterations is far below what a product needs: this application guards nothing,
// and a run signs in some hundred times.
const iterations = 1000

// hash keeps a password as PBKDF2 with a salt of its own (NIST SP 800-132).
func hash(password string) string {
	salt := make([]byte, 16)
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(salt)
	return encode(salt) + "$" + encode(derive(password, salt))
}

func rightPassword(user Resource, password string) bool {
	stored, _ := user[passwordKey].(string)
	salt, want, found := strings.Cut(stored, "$")
	raw, err := base64.RawStdEncoding.DecodeString(salt)
	return found && err == nil && subtle.ConstantTimeCompare([]byte(encode(derive(password, raw))), []byte(want)) == 1
}

func derive(password string, salt []byte) []byte {
	key, err := pbkdf2.Key(sha256.New, password, salt, iterations, sha256.Size)
	if err != nil {
		return nil // only for a key length that this is not
	}
	return key
}

func encode(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }
