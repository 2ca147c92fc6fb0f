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
		old  int // lines
	}{
		"a job whose scene waited for its turn": {job, time.Minute, 1},
		"a job whose turn came at once":         {job, 100 * time.Millisecond, 0},
		"what is controlled within the turn":    {target.AccessPath{Name: "page"}, time.Minute, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := &line{path: c.path, controlled: time.Now().Add(-c.age)}
			NewWithT(t).Expect((&scene{lines: []*line{l}}).grownOld()).To(HaveLen(c.old))
		})
	}
}

func TestWhichTriesTakeTheirTime(t *testing.T) {
	waits := target.Step{WaitUpTo: time.Second}
	for name, c := range map[string]struct {
		path    target.AccessPath
		lasting bool
	}{
		"a page":                              {target.AccessPath{}, false},
		"what has to arrive":                  {target.AccessPath{Try: target.Try{Within: time.Second}}, true},
		"a link that was mailed before":       {target.AccessPath{Arm: []target.Step{waits}}, false},
		"a link that is asked for each time":  {target.AccessPath{Arm: []target.Step{{}, waits}, Fresh: true}, true},
		"a token that is issued at each time": {target.AccessPath{Arm: []target.Step{{}}, Fresh: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			left, returned := play{comeBack: remove}.rules(c.path)
			NewWithT(t).Expect([]bool{left.Lasting, returned.Lasting}).To(Equal([]bool{c.lasting, c.lasting}))
		})
	}
}
