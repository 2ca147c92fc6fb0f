package model

import (
	"strings"

	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"
)

// Fold makes userNames that count as one equal: RFC 7644 §5 has them prepared by the
// PRECIS profile UsernameCaseMapped (RFC 8265), so that letter case, full-width letters
// and the ways to compose an accent make no second person. A name that the profile
// refuses, such as one with a space, is compared composed and in lower case.
func Fold(userName string) string {
	if folded, err := precis.UsernameCaseMapped.CompareKey(userName); err == nil {
		return folded
	}
	return strings.ToLower(norm.NFKC.String(userName))
}

// folded makes values of a text attribute that count as one equal.
func (at *Attribute) folded(text string) string {
	switch {
	case at.CaseExact:
		return text
	case at.Name == "userName":
		return Fold(text)
	}
	return strings.ToLower(text)
}
