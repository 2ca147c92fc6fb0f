package querying

import (
	"fmt"
	"maps"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// filterMost is how many resources are read to the end: whoever ignores a filter has more.
const filterMost = 100

// filterReads asks with a filter, and reads on where the first page has not all that match: a
// service may have fewer resources on a page than the sample has (RFC 7644 §3.4.2.4).
func filterReads(ctx SpecContext, t *spec.T, path, filter string) *scim.Reply {
	GinkgoHelper()
	reply := filterAsks(ctx, t, path, filter)
	total, _ := reply.Doc.Int("totalResults")
	found := listed(reply)
	if total > filterMost || len(found) == 0 || len(found) >= total {
		return reply
	}
	for len(found) < total {
		next := listed(t.Get(ctx, "read on", fmt.Sprintf("%s&startIndex=%d", filterPath(path, filter), len(found)+1)))
		if len(next) == 0 {
			break
		}
		found = append(found, next...)
	}
	whole := *reply
	whole.Doc = maps.Clone(reply.Doc)
	whole.Doc["Resources"] = found
	return &whole
}

// listed is what stands in Resources, if that is an array.
func listed(r *scim.Reply) []any {
	value, _ := r.Doc.Get("Resources")
	list, _ := value.([]any)
	return list
}
