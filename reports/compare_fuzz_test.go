package reports

import (
	"encoding/json"
	"testing"
)

// Whatever two documents hold, comparing them ends without a panic, names each gap once, and
// calls none fixed of which a check did not come to its end. None of them is certified by nobody.
func FuzzCompare(f *testing.F) {
	earlier, later := pair()
	for _, r := range []*Report{earlier, later} {
		data, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, data)
	}
	was, _ := json.Marshal(earlier)
	is, _ := json.Marshal(later)
	f.Add(was, is)
	f.Add([]byte(`{"gaps":[{"id":"g","checks":null},{"id":"g","reproduced":{}}]}`), []byte(`{"checks":[{}],"observations":[{"access":{}},{"access":{"tries":null}}],"closures":[{"gap":"g"}]}`))
	f.Fuzz(func(t *testing.T, was, is []byte) {
		var earlier, later Report
		if json.Unmarshal(was, &earlier) != nil || json.Unmarshal(is, &later) != nil {
			return
		}
		c, err := Compare(&earlier, &later)
		if err != nil {
			return
		}
		seen, checks := map[string]bool{}, checksByID(&later)
		for _, gap := range c.Gaps {
			if seen[gap.Gap] {
				t.Errorf("%q is named twice", gap.Gap)
			}
			seen[gap.Gap] = true
			if gap.Change != ChangeFixed {
				continue
			}
			for _, id := range gap.Checks {
				if checks[id].State != SpecRan && gap.Class != ClassGovernance && gap.Class != ClassUnreliablePath {
					t.Errorf("%q is called fixed, and its check %q did not run", gap.Gap, id)
				}
			}
			if _, err := Certify(&later, gap.Gap, Party{}, later.Run.Finished, Proof{Previous: &earlier, Evidence: digest}); err == nil {
				t.Errorf("%q was certified by nobody", gap.Gap)
			}
		}
	})
}
