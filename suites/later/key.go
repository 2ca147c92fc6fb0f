package later

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// KeyVariable names the environment variable that holds the key of state files.
const KeyVariable = "SCIMPROOF_STATE_KEY"

// The least that a key must be. scrypt makes guessing slow, not a short key long.
const (
	minKeyBytes   = 16
	minDifferent  = 8
	maxKeyBytes   = 4 << 10
	keySuggestion = "take a random one, such as of openssl rand -base64 32, and keep it until the last mark"
)

// Key seals and opens state files. It is made from a text that only the user has.
type Key struct {
	passphrase string
	// Work is the exponent of what scrypt costs, 0 for the usual: about a second.
	Work int
}

// NewKey takes a text for a key. What is too easily guessed is refused.
func NewKey(text string) (Key, error) {
	different := map[rune]bool{}
	for _, r := range text {
		different[r] = true
	}
	switch {
	case text == "":
		return Key{}, fmt.Errorf("there is no key for the state file: set %s, or name a file with --state-key-file (%s)", KeyVariable, keySuggestion)
	case len(text) < minKeyBytes:
		return Key{}, fmt.Errorf("the key for the state file has %d bytes; at least %d are needed (%s)", len(text), minKeyBytes, keySuggestion)
	case len(different) < minDifferent:
		return Key{}, fmt.Errorf("the key for the state file repeats itself: it has %d different characters, and at least %d are needed (%s)", len(different), minDifferent, keySuggestion)
	case len(text) > maxKeyBytes:
		return Key{}, fmt.Errorf("the key for the state file is longer than %d bytes", maxKeyBytes)
	}
	return Key{passphrase: text}, nil
}

// LoadKey takes the key from a file, or, if no file is named, from the environment. Line
// breaks at the end do not belong to it.
func LoadKey(file string) (Key, error) {
	if file == "" {
		return NewKey(strings.TrimRight(os.Getenv(KeyVariable), "\r\n"))
	}
	info, err := os.Stat(file)
	if err == nil && info.Size() > maxKeyBytes {
		err = errors.New("it is too large for a key")
	}
	if err != nil {
		return Key{}, fmt.Errorf("the key file %s cannot be used: %w", file, err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return Key{}, fmt.Errorf("the key file cannot be read: %w", err)
	}
	key, err := NewKey(strings.TrimRight(string(raw), "\r\n"))
	if err != nil {
		return Key{}, fmt.Errorf("%s: %w", file, err)
	}
	return key, nil
}
