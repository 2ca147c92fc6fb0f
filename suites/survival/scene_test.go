package survival

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/target"
)

func TestWhosePositiveControlHasGrownOld(t *testing.T) {
	job := target.AccessPath{Name: "job", Try: target.Try{Within: time.Second, Allowed: target.Allowed{Changes: "#"}}}
	for name, c := range map[string]struct {
		path target.AccessPath
		age  time.Duration
		old  bool
	}{
		"a job whose scene waited for its turn": {job, time.Minute, true},
		"a job whose turn came at once":         {job, 100 * time.Millisecond, false},
		"what is controlled within the turn":    {target.AccessPath{Name: "page"}, time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			l := &line{path: c.path, controlled: time.Now().Add(-c.age)}
			NewWithT(t).Expect(len((&scene{lines: []*line{l}}).grownOld()) == 1).To(Equal(c.old))
		})
	}
}
