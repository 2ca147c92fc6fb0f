package bulk

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// Limits up to which it is tried whether more is refused.
const (
	manyOperations = 2000
	muchPayload    = 5 << 20
)

// longestQuote is how much of an answer that is no error message is repeated.
const longestQuote = 200

func registerLimits() {
	It("refuses a Bulk of more operations than it says it takes, and names the limit",
		spec.ID("bulk.limits.operations"), spec.Covers("RFC7644-3.7.4-01"), spec.Needs("bulk"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			limit := limitOf(ctx, t, "maxOperations", manyOperations)
			user := victim(ctx, t)
			operations := []operation{renaming(t, user, "Toomany")}
			for range limit {
				operations = append(operations, removing())
			}
			reply := t.Do(ctx, "a Bulk of too many operations", scim.Request{Method: http.MethodPost, Path: "/Bulk", Body: message(operations...)})
			exceeded(t, "RFC7644-3.7.4-01", reply, limit)
			unrenamed(ctx, t, "RFC7644-3.7.4-01", user, "Toomany")
		})

	It("refuses a Bulk that is larger than it says it takes, and names the limit",
		spec.ID("bulk.limits.size"), spec.Covers("RFC7644-3.7.4-02"), spec.Needs("bulk"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			limit := limitOf(ctx, t, "maxPayloadSize", muchPayload)
			user := victim(ctx, t)
			raw, err := json.Marshal(message(renaming(t, user, "Toolarge")))
			Expect(err).NotTo(HaveOccurred())
			// Space between the parts of JSON means nothing.
			padded := append(bytes.TrimSuffix(raw, []byte("}")), bytes.Repeat([]byte(" "), limit)...)
			reply := t.Do(ctx, "a Bulk that is too large", scim.Request{Method: http.MethodPost, Path: "/Bulk", Raw: append(padded, '}')})
			exceeded(t, "RFC7644-3.7.4-02", reply, limit)
			unrenamed(ctx, t, "RFC7644-3.7.4-02", user, "Toolarge")
		})

	It("answers 501 to a Bulk that it does not support",
		spec.ID("bulk.unsupported"), spec.Covers("RFC7644-3.7-13"), spec.Needs("no-bulk"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := t.Do(ctx, "a Bulk", scim.Request{Method: http.MethodPost, Path: "/Bulk", Body: message(removing())})
			t.CheckThat("RFC7644-3.7-13", "status 501 for what is not supported", reply.Status, Equal(http.StatusNotImplemented))
		})
}

// limitOf is a limit that ServiceProviderConfig names. Without one, or with one that it would
// take too much to exceed, the check ends.
func limitOf(ctx SpecContext, t *spec.T, name string, most int) int {
	GinkgoHelper()
	limit := 0
	if config := t.Features.Discovery(t.Context(ctx, "")).Config; config != nil {
		limit, _ = config.Doc.Int("bulk", name)
	}
	switch {
	case limit <= 0:
		t.NotTested("ServiceProviderConfig names no " + name + ".")
	case limit > most:
		t.NotTested(name + " is " + strconv.Itoa(limit) + ", which is too much to try.")
	}
	return limit
}

// exceeded checks the answer to what is more than a limit.
func exceeded(t *spec.T, requirement string, reply *scim.Reply, limit int) {
	t.CheckThat(requirement, "status 413", reply.Status, Equal(http.StatusRequestEntityTooLarge))
	said := reply.Doc.Text("detail")
	if said == "" {
		said = string(reply.Body[:min(len(reply.Body), longestQuote)])
	}
	t.CheckThat(requirement, "the limit "+strconv.Itoa(limit)+" in the error message", said, ContainSubstring(strconv.Itoa(limit)))
}
