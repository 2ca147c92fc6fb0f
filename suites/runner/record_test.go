package runner

import (
	"testing"

	. "github.com/onsi/gomega"
)

// A report names its profile, and tells nobody where on the machine it lay.
func TestAProfileIsNamedByWhatLiesBelow(t *testing.T) {
	for path, want := range map[string]string{
		"target.yaml": "target.yaml", "deploy/./target.yaml": "deploy/target.yaml",
		"/home/ada/target.yaml": "target.yaml", "../secret/target.yaml": "target.yaml", "": "",
	} {
		NewWithT(t).Expect(profileFile(path)).To(Equal(want), path)
	}
}
