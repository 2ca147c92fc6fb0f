package runner

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestWhatCouldBeASecretIsNotShown(t *testing.T) {
	for text, want := range map[string]string{
		`{"url":"/s/150ff2d272","expires_in":600}`: `{"url":"/s/‹10 characters›","expires_in":600}`,
		"code 123456 for you":                      "code ‹6 characters› for you",
		"AbCdEfGhIjKlMnOpQrStUvWxYz":               "‹26 characters›",
		`{"token":"‹token#3 hmac:3ee829›"}`:        `{"token":"‹token#3 hmac:3ee829›"}`,
		"<title>Please sign in</title>":            "<title>Please sign in</title>",
	} {
		NewWithT(t).Expect(conceal(text)).To(Equal(want))
	}
}
