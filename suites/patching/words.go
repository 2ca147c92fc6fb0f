package patching

import (
	"fmt"

	"github.com/scimproof/scimproof/suites/scim"
)

// What came of a request of which several outcomes are right.
const (
	carriedOut  = "carried it out"
	refusedWith = "refused it with 4" // and the rest of the status
)

// outcome puts what came of a request into words.
func outcome(r *scim.Reply, done bool) string {
	keyword := ""
	if k := r.Doc.Text("scimType"); k != "" {
		keyword = " " + k
	}
	switch {
	case r.OK() && done:
		return carriedOut
	case r.OK():
		return fmt.Sprintf("answered %d and did not do it", r.Status)
	case done:
		return fmt.Sprintf("answered %d and did it all the same", r.Status)
	}
	return fmt.Sprintf("refused it with %d%s", r.Status, keyword)
}
