package acme

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// cursorTimeout is how long a cursor is good after it was handed out, as
// ServiceProviderConfig says.
const cursorTimeout = time.Hour

// cursor is what the service has to know to go on with a query. Clients keep it, sealed:
// the service remembers nothing, and nobody can read or make one.
type cursor struct {
	Mark    mark
	Count   int
	Expires time.Time
}

// binding is what a cursor is good for: one query by one client with the rights that it
// had. Everything else finds a cursor that it cannot open, and learns no more than from
// one that was made up (RFC 9865 §5).
func binding(c *Client, q *Query) []byte {
	raw, _ := json.Marshal([]any{c.Name, c.Scope, q.Type, q.Filter, q.SortBy, q.Descending}) // which cannot fail
	return raw
}

// sealer returns the cipher of this application's cursors.
func (a *App) sealer() (cipher.AEAD, error) {
	key := sha256.Sum256(append([]byte("cursor "), a.signingKey...))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// seal makes the text of a cursor. It has unreserved characters only (RFC 9865 §2).
func (a *App) seal(c cursor, boundTo []byte) (string, error) {
	raw, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	box, err := a.sealer()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, box.NonceSize())
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, raw, boundTo)), nil
}

// open reads a cursor that was sealed for the same query of the same client.
func (a *App) open(text string, boundTo []byte) (*cursor, error) {
	invalid := model.BadRequest("invalidCursor", "the cursor is not one of this query")
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, invalid
	}
	box, err := a.sealer()
	if err != nil {
		return nil, err
	}
	if len(sealed) < box.NonceSize() {
		return nil, invalid
	}
	raw, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], boundTo)
	if err != nil {
		return nil, invalid
	}
	var c cursor
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, fmt.Errorf("reading a cursor of our own: %w", err)
	}
	if a.config.Now().After(c.Expires) {
		return nil, model.BadRequest("expiredCursor", "the cursor is older than %d seconds; begin anew", int(cursorTimeout.Seconds()))
	}
	return &c, nil
}
