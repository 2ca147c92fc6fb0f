package reports

import "strings"

// Contradiction is where texts, drafts and providers ask for opposite things. It is shown,
// and is no gap by itself.
type Contradiction struct {
	ID    string `json:"id"`
	Topic string `json:"topic"`
	Sides []Side `json:"sides"`
	// Seen says what the target does; empty if this run did not look.
	Seen string `json:"seen,omitempty"`
}

// Side is one of the voices in a contradiction.
type Side struct {
	Who  string `json:"who"`
	Says string `json:"says"`
}

// contradictions adds what was seen to what is known to be in dispute.
func (j *judge) contradictions() []Contradiction {
	list := []Contradiction{}
	for _, c := range disputes() {
		for _, o := range j.rec.Observations {
			if o.Behaviour != nil && o.Behaviour.Contradiction == c.ID {
				c.Seen = strings.TrimSuffix(o.Behaviour.Seen, ".") + "."
			}
		}
		list = append(list, c)
	}
	return list
}
