package bulk

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// outcome is what a Bulk was answered with.
type outcome struct {
	operations []operation
	reply      *scim.Reply
	results    []scim.Document
}

// result is the part of it that is about one operation; nil for none.
type result struct{ scim.Document }

// of finds the result of an operation: at its place, or, where results are missing, by what
// it says of itself. In which form it is shows in checks of their own.
func (o outcome) of(i int) result {
	if len(o.results) == len(o.operations) {
		return result{o.results[i]}
	}
	for _, r := range o.results {
		sent := o.operations[i]
		id, location := r.Text("bulkId"), r.Text("location")
		same := strings.EqualFold(r.Text("method"), sent.method) && (id == "" || id == sent.bulkID)
		if same && (sent.method == http.MethodPost || location == "" || strings.HasSuffix(location, sent.path)) {
			return result{r}
		}
	}
	return result{}
}

// status reads the status in each of the forms that the figures of RFC 7644 show; "no result"
// where there is none.
func (r result) status() string {
	if r.Document == nil {
		return "no result"
	}
	v, _ := r.Get("status")
	if object, ok := v.(map[string]any); ok {
		v, _ = scim.Document(object).Get("code")
	}
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return "no status"
}

// statusOf is the status of an operation, or of a request that was refused as a whole.
func (o outcome) statusOf(i int) string {
	if !o.reply.OK() {
		return strconv.Itoa(o.reply.Status)
	}
	return o.of(i).status()
}

func (r result) ok() bool { return strings.HasPrefix(r.status(), "2") }

func number(status string) int {
	n, err := strconv.Atoi(status)
	if err != nil {
		return 0
	}
	return n
}

// later reports passing trouble of a single operation.
func later(status string) bool {
	switch number(status) {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// idOf is the id of what an operation has made; empty if it made nothing. Where the result
// does not say where that is, it is looked for.
func (o outcome) idOf(ctx context.Context, t *spec.T, i int) string {
	GinkgoHelper()
	sent := o.operations[i]
	if sent.makes.ID != "" || !o.of(i).ok() {
		return sent.makes.ID
	}
	reply, _ := t.ReadUntil(ctx, "look for what was made", func(ctx context.Context) (*scim.Reply, error) {
		return lookUp(ctx, t, sent.makes)
	}, func(r *scim.Reply) bool { return found(r, sent.makes) != nil })
	if made := found(reply, sent.makes); made != nil {
		t.Came(sent.makes, made.Text("id"))
	}
	return sent.makes.ID
}

// lookUp asks for what has the name.
func lookUp(ctx context.Context, t *spec.T, e *spec.Expected) (*scim.Reply, error) {
	if e.Group {
		return t.SCIM.FindGroup(ctx, e.Name)
	}
	return t.SCIM.FindUser(ctx, e.Name)
}

func found(list *scim.Reply, e *spec.Expected) scim.Document {
	if e.Group {
		return list.Doc.FindGroup(e.Name)
	}
	return list.Doc.FindUser(e.Name)
}
