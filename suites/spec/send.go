package spec

import (
	"context"
	"net/http"
	"strings"

	"github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/subject"
)

// Do sends a request as it stands; see Must. An answer 500 that comes each time, while the
// service is well otherwise, is an answer; anything else of the kind is passing trouble.
func (t *T) Do(ctx context.Context, purpose string, r scim.Request) *scim.Reply {
	ginkgo.GinkgoHelper()
	return t.Send(ctx, purpose, func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.Send(ctx, r) })
}

// Get reads a path below the SCIM base, with its query.
func (t *T) Get(ctx context.Context, purpose, path string) *scim.Reply {
	ginkgo.GinkgoHelper()
	return t.Do(ctx, purpose, scim.Request{Method: http.MethodGet, Path: path})
}

// Patch sends PATCH operations to a resource, such as "/Users/42".
func (t *T) Patch(ctx context.Context, purpose, path string, operations ...map[string]any) *scim.Reply {
	ginkgo.GinkgoHelper()
	return t.Do(ctx, purpose, scim.Request{Method: http.MethodPatch, Path: path, Body: scim.PatchOp(operations...)})
}

// Put replaces a resource.
func (t *T) Put(ctx context.Context, purpose, path string, body any) *scim.Reply {
	ginkgo.GinkgoHelper()
	return t.Do(ctx, purpose, scim.Request{Method: http.MethodPut, Path: path, Body: body})
}

// Replace is the operation that gives a path another value.
func Replace(path string, value any) map[string]any {
	return map[string]any{"op": "replace", "path": path, "value": value}
}

// repeats is how often an answer 500 has to come to be one.
const repeats = 3

// steady sends until it is known whether an answer 500 is the target's answer to this request
// or passing trouble.
func (t *T) steady(ctx context.Context, send func(context.Context) (*scim.Reply, error)) (*scim.Reply, error) {
	reply, err := send(ctx)
	for n := 1; isServerError(err); n++ {
		first := scim.AsTrouble(err)
		if n == repeats {
			return first.Reply, nil
		}
		if well, trouble := t.SCIM.FindUser(ctx, subject.Prefix+"nobody"); trouble != nil || !well.OK() {
			return nil, err
		}
		reply, err = send(ctx)
		if again := scim.AsTrouble(err); again != nil {
			again.Exchanges = append(first.Exchanges, again.Exchanges...)
			if again.Reply != nil {
				again.Reply.Exchanges = again.Exchanges
			}
		} else if err == nil {
			reply.Exchanges = append(first.Exchanges, reply.Exchanges...)
		}
	}
	return reply, err
}

// isServerError reports a plain 500; what says "later", such as 503, has been retried.
func isServerError(err error) bool {
	trouble := scim.AsTrouble(err)
	return trouble != nil && trouble.Reply != nil && trouble.Status == http.StatusInternalServerError
}

// Newcomer is a user or group that a check creates with a body of its own.
type Newcomer struct {
	*scim.Reply
	// ID is the one that the target gave; empty if it made nothing.
	ID string
}

// PostUser creates a user from a body as it stands. name is the userName by which the user
// is found again, and begins as all names of the run do; see subject.Factory.Draft. Whatever
// comes of it is removed after the spec.
func (t *T) PostUser(ctx context.Context, purpose, name string, r scim.Request) Newcomer {
	ginkgo.GinkgoHelper()
	return t.post(ctx, nil, purpose, name, false, withDefault(r, "/Users"))
}

// PostUserAs is PostUser in the name of another client, which also removes what comes of it if
// it reaches another tenant.
func (t *T) PostUserAs(ctx context.Context, who *scim.Client, purpose, name string, r scim.Request) Newcomer {
	ginkgo.GinkgoHelper()
	return t.post(ctx, who, purpose, name, false, withDefault(r, "/Users"))
}

// PostGroup is PostUser for a group; name is its displayName.
func (t *T) PostGroup(ctx context.Context, purpose, name string, r scim.Request) Newcomer {
	ginkgo.GinkgoHelper()
	return t.post(ctx, nil, purpose, name, true, withDefault(r, "/Groups"))
}

func withDefault(r scim.Request, path string) scim.Request {
	if r.Method == "" {
		r.Method = http.MethodPost
	}
	if r.Path == "" || strings.HasPrefix(r.Path, "?") {
		r.Path = path + r.Path
	}
	return r
}

func (t *T) post(ctx context.Context, who *scim.Client, purpose, name string, group bool, r scim.Request) Newcomer {
	ginkgo.GinkgoHelper()
	made := Newcomer{}
	// What was made here is removed by the channel's own credential; elsewhere by who made it.
	subjects := t.Subjects
	if who != nil && who.Base().String() != t.SCIM.Base().String() {
		there, err := t.Subjects.Elsewhere(who)
		t.Must(nil, err)
		subjects = there
	}
	ginkgo.DeferCleanup(func(ctx context.Context) {
		t.tidy(ctx, func(ctx context.Context) { subjects.RemoveNamed(ctx, name, made.ID, group) })
	})
	if who == nil {
		who = t.SCIM
	}
	reply := t.Send(ctx, purpose, func(ctx context.Context) (*scim.Reply, error) {
		return subjects.PostAs(ctx, who, name, group, r)
	})
	made.Reply = reply
	if reply.OK() {
		made.ID = reply.Doc.Text("id")
	}
	return made
}

// tidy runs a clean-up, also after an interrupt.
func (t *T) tidy(ctx context.Context, remove func(context.Context)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	remove(t.Context(ctx, "clean up"))
}
