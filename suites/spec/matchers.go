package spec

import (
	"strings"

	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"
)

// HasEmail matches the attribute emails (RFC 7643 §4.1.2) when it holds the
// address, in any letter case.
func HasEmail(address string) types.GomegaMatcher {
	return gcustom.MakeMatcher(func(emails any) (bool, error) {
		list, _ := emails.([]any)
		for _, item := range list {
			object, _ := item.(map[string]any)
			value, _ := object["value"].(string)
			if strings.EqualFold(value, address) {
				return true, nil
			}
		}
		return false, nil
	}).WithMessage("hold the e-mail address " + address)
}
