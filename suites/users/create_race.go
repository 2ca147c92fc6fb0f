package users

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/sync/errgroup"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// createRacers is how many creations of one user are sent at the same time.
const createRacers = 4

func registerCreateRace() {
	It("makes one user of several creations that come at the same time",
		spec.ID("users.create.race"), spec.Covers("RFC7644-3.3-12"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			t.CleanUp(s)
			replies := createAtOnce(ctx, t, s)
			ids := createdIDs(replies)
			// Without an answer here the target is not well, and its 500 were no answers either.
			t.Get(ctx, "see that the target is well", "/Users?count=1")
			t.CheckThat("RFC7644-3.3-12", fmt.Sprintf("one new user, and %d refusals with a status of 400 to 499", createRacers-1),
				createTally(replies), Equal(fmt.Sprintf("1 created, %d refused", createRacers-1)))
			if personCan(ctx, t, "filter") {
				list, _ := t.ReadUntil(ctx, "look for the user", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.FindUser(ctx, s.UserName) }, func(r *scim.Reply) bool {
					return len(createNamesakes(r, s.UserName)) > 0
				})
				ids = append(ids, createNamesakes(list, s.UserName)...)
				t.CheckThat("RFC7644-3.3-12", "no second user of that name", len(createNamesakes(list, s.UserName)), BeNumerically("<=", 1))
			}
			createTidy(ctx, t, s, ids)
		})
}

// createAtOnce sends the same creation several times at once. All of them are over when it
// returns.
func createAtOnce(ctx SpecContext, t *spec.T, s *subject.Subject) []*scim.Reply {
	GinkgoHelper()
	replies := make([]*scim.Reply, createRacers)
	request := scim.Request{Method: http.MethodPost, Path: "/Users", Body: s.Document(t.Target.SCIM.UserExtra)}
	sent := t.Context(ctx, "create at the same time as others")
	var racers errgroup.Group
	for i := range replies {
		racers.Go(func() (err error) {
			defer func() {
				if broken := recover(); broken != nil {
					err = fmt.Errorf("sending a creation: %v", broken)
				}
			}()
			replies[i], err = createAnswered(t.Subjects.Post(sent, s.UserName, false, request))
			return err
		})
	}
	err := racers.Wait()
	for _, r := range replies {
		if r != nil {
			t.Cite(r.Exchanges...)
		}
	}
	t.Must(nil, err)
	return replies
}

// createAnswered takes a 500 for an answer: it is what a race that the database ends comes to.
func createAnswered(reply *scim.Reply, err error) (*scim.Reply, error) {
	if trouble := scim.AsTrouble(err); trouble != nil && trouble.Reply != nil && trouble.Status == http.StatusInternalServerError {
		return trouble.Reply, nil
	}
	return reply, err
}

// createTally counts what became of creations.
func createTally(replies []*scim.Reply) string {
	created, refused := 0, 0
	var words []string
	for _, r := range replies {
		switch {
		case r.OK():
			created++
		case r.Status < http.StatusInternalServerError:
			refused++
		default:
			words = append(words, fmt.Sprintf("1 answered %d", r.Status))
		}
	}
	return strings.Join(append([]string{fmt.Sprintf("%d created", created), fmt.Sprintf("%d refused", refused)}, words...), ", ")
}

// createdIDs lists the ids in answers to creations.
func createdIDs(replies []*scim.Reply) []string {
	var ids []string
	for _, r := range replies {
		if id := r.Doc.Text("id"); r.OK() && id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// createNamesakes lists the ids of the users of a name in a list.
func createNamesakes(r *scim.Reply, userName string) []string {
	var ids []string
	for _, d := range r.Doc.Resources() {
		if strings.EqualFold(d.Text("userName"), userName) {
			ids = append(ids, d.Text("id"))
		}
	}
	return ids
}

// createTidy removes all but one of the users whom a race has made; the last one goes when
// the check is over.
func createTidy(ctx SpecContext, t *spec.T, s *subject.Subject, ids []string) {
	slices.Sort(ids)
	for i, id := range slices.Compact(ids) {
		if i == 0 {
			s.ID = id
			continue
		}
		t.Send(ctx, "remove a namesake", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.DeleteUser(ctx, id) })
	}
}
