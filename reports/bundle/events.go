package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// begin is what stands for the line before the first one.
var begin = strings.Repeat("0", 64)

// opening is the first line of the event log: whose it is.
type opening struct {
	Number   int              `json:"n"`
	Run      string           `json:"run"`
	Target   string           `json:"target"`
	Started  time.Time        `json:"started"`
	Nonce    string           `json:"nonce,omitempty"`
	Operator reports.Operator `json:"operator,omitzero"`
	Previous string           `json:"previous"`
}

// event is one check in the event log.
type event struct {
	Number       int               `json:"n"`
	Check        string            `json:"check"`
	State        reports.SpecState `json:"state"`
	Outcome      reports.Outcome   `json:"outcome"`
	Observations []part            `json:"observations"`
	Evidence     []part            `json:"evidence"`
	// Previous is the SHA-256 of the line before in hex, without its line feed.
	Previous string `json:"previous"`
}

// part is an observation or an exchange with the SHA-256 of its JSON, without white space.
type part struct {
	ID     string `json:"id"`
	SHA256 string `json:"sha256"`
}

// source is what of report.json goes into the log. Digests are of the very text, so that what
// a later version adds to an observation counts, too.
type source struct {
	Run          reports.Run       `json:"run"`
	Target       reports.Target    `json:"target"`
	Checks       []reports.Check   `json:"checks"`
	Observations []json.RawMessage `json:"observations"`
	Exchanges    []json.RawMessage `json:"exchanges"`
}

// EventLog makes events.jsonl from report.json alone: a line for whose it is, and then one for
// each check, those that saw something first, in the order in which they did. Each line holds
// the hash of the line before. head is the hash of the last line, lines how many there are.
func EventLog(report []byte) (log []byte, head string, lines int, err error) {
	var s source
	if err := json.Unmarshal(report, &s); err != nil {
		return nil, "", 0, fmt.Errorf("%s: %w", ReportFile, err)
	}
	observations, order, err := s.seen()
	if err != nil {
		return nil, "", 0, err
	}
	exchanges := make(map[string]part, len(s.Exchanges))
	for _, raw := range s.Exchanges {
		p, err := partOf(raw)
		if err != nil {
			return nil, "", 0, err
		}
		exchanges[p.ID] = p
	}
	var c chain
	c.add(opening{Run: s.Run.ID, Target: s.Target.ID, Started: s.Run.Started, Nonce: s.Run.Nonce, Operator: s.Run.Operator, Previous: begin})
	for _, check := range inOrder(s.Checks, order) {
		e := event{Number: c.lines, Check: check.ID, State: check.State, Outcome: check.Outcome, Observations: []part{}, Evidence: []part{}, Previous: c.head}
		for _, o := range observations[check.ID] {
			e.Observations = append(e.Observations, o.part)
			for _, id := range o.evidence {
				if p, known := exchanges[id]; known {
					e.Evidence = append(e.Evidence, p)
				}
			}
		}
		c.add(e)
	}
	return c.log.Bytes(), c.head, c.lines, c.err
}

// observed is an observation as far as the log is concerned.
type observed struct {
	check    string
	evidence []string // ids of exchanges
	part     part
}

// seen returns the observations of each check, and the checks in the order in which they saw
// something.
func (s *source) seen() (of map[string][]observed, order []string, err error) {
	of = map[string][]observed{}
	for _, raw := range s.Observations {
		var doc map[string]any
		if err := json.Unmarshal(raw, &doc); err != nil {
			return nil, nil, fmt.Errorf("%s: observations: %w", ReportFile, err)
		}
		var o observed
		o.check, _ = doc["check"].(string)
		o.evidence = quoted(doc, nil)
		if o.part, err = partOf(raw); err != nil {
			return nil, nil, err
		}
		if len(of[o.check]) == 0 {
			order = append(order, o.check)
		}
		of[o.check] = append(of[o.check], o)
	}
	return of, order, nil
}

// quoted adds the ids of the exchanges that an observation quotes at any depth: as its evidence,
// and with each try of a credential.
func quoted(value any, ids []string) []string {
	switch value := value.(type) {
	case []any:
		for _, inner := range value {
			ids = quoted(inner, ids)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			inner := value[key]
			if key == "exchange" || key == "evidence" {
				ids = names(inner, ids)
				continue
			}
			ids = quoted(inner, ids)
		}
	}
	return ids
}

// names adds a text, or those of a list.
func names(value any, to []string) []string {
	switch value := value.(type) {
	case string:
		return append(to, value)
	case []any:
		for _, inner := range value {
			to = names(inner, to)
		}
	}
	return to
}

// inOrder puts checks into the given order; those that are not in it come last.
func inOrder(checks []reports.Check, order []string) []reports.Check {
	byID := make(map[string]reports.Check, len(checks))
	for _, c := range checks {
		byID[c.ID] = c
	}
	out := make([]reports.Check, 0, len(checks))
	done := make(map[string]bool, len(order))
	for _, id := range order {
		if c, known := byID[id]; known {
			out = append(out, c)
			done[id] = true
		}
	}
	for _, c := range checks {
		if !done[c.ID] {
			out = append(out, c)
		}
	}
	return out
}

func partOf(raw json.RawMessage) (part, error) {
	var named struct{ ID string }
	var tight bytes.Buffer
	if err := errors.Join(json.Unmarshal(raw, &named), json.Compact(&tight, raw)); err != nil {
		return part{}, fmt.Errorf("%s: %w", ReportFile, err)
	}
	return part{named.ID, digest(tight.Bytes())}, nil
}

// chain writes lines.
type chain struct {
	log   bytes.Buffer
	head  string
	lines int
	err   error
}

func (c *chain) add(line any) {
	raw, err := json.Marshal(line)
	c.err = errors.Join(c.err, err)
	c.log.Write(raw)
	c.log.WriteByte('\n')
	c.head = digest(raw)
	c.lines++
}

// checkLog follows the chain from line to line. It says by itself whether a line was changed or
// cut out; only the head shows that the last ones were.
func checkLog(log []byte) (head string, lines int, err error) {
	if len(log) == 0 {
		return "", 0, errors.New("it is empty")
	}
	if log[len(log)-1] != '\n' {
		return "", 0, errors.New("its last line is cut off")
	}
	head = begin
	for line := range bytes.Lines(log) {
		lines++
		var l struct {
			Number   int    `json:"n"`
			Previous string `json:"previous"`
		}
		line = line[:len(line)-1]
		if err := json.Unmarshal(line, &l); err != nil {
			return head, lines, fmt.Errorf("line %d is not JSON", lines)
		}
		if l.Previous != head || l.Number != lines-1 {
			return head, lines, fmt.Errorf("line %d does not follow from the line before: one was changed or cut out", lines)
		}
		head = digest(line)
	}
	return head, lines, nil
}
