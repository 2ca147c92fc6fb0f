package saved

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// spoil changes values here and there in a JSON document, drops keys and repeats entries: each with a chance
// of one in so many. The types stay, so that most of what comes out can still be read.
func spoil(random *rand.Rand, oneIn int, doc any) any {
	switch doc := doc.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range doc {
			if key == "schema" {
				out[key] = value
			} else if random.IntN(oneIn) > 0 {
				out[key] = spoil(random, oneIn, value)
			}
		}
		return out
	case []any:
		out := []any{}
		if random.IntN(2*oneIn) == 0 {
			return nil
		}
		for _, value := range doc {
			out = append(out, spoil(random, oneIn, value))
			if random.IntN(oneIn) == 0 {
				out = append(out, value) // twice
			}
		}
		return out
	case string:
		if _, err := time.Parse(time.RFC3339, doc); err != nil && random.IntN(oneIn) == 0 {
			return []string{"", "x", "2026-02-30", "\u202e\x1b[2J", "https://[::1", "survived-access"}[random.IntN(6)]
		}
	case float64:
		if random.IntN(oneIn) == 0 {
			return []int{0, -1, 1 << 40, 7}[random.IntN(4)]
		}
	case bool:
		return doc != (random.IntN(oneIn) == 0)
	}
	return doc
}

// A file that somebody has changed is refused, or judged: it never ends the program.
func TestSpoiltFilesNeverPanic(t *testing.T) {
	var run, report any
	asRun, asReport := whole(t)
	for text, into := range map[string]*any{small(t): &run, asReport: &report} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	var large any
	if err := json.Unmarshal([]byte(asRun), &large); err != nil {
		t.Fatal(err)
	}
	judged := 0
	for seed := range uint64(400) {
		random := rand.New(rand.NewPCG(seed, 6))
		doc, oneIn := run, 20
		if seed%20 == 0 {
			doc, oneIn = large, 5000
		}
		text := must(t, spoil(random, oneIn, doc))
		guard(t, fmt.Sprintf("run %d", seed), text, func() {
			if rec, err := DecodeRun("run.json", text); err == nil {
				judged++
				reports.Judge(*rec)
			}
		})
		if seed%20 != 0 {
			continue
		}
		text = must(t, spoil(random, 5000, report))
		guard(t, fmt.Sprintf("report %d", seed), text, func() {
			if r, err := DecodeReport("report.json", text); err == nil {
				reports.Regate(r, reports.Basis{Previous: r, Exceptions: &reports.Exceptions{}})
			}
		})
	}
	if judged < 200 {
		t.Fatalf("only %d of 400 spoilt runs could still be judged: the test shows little", judged)
	}
}

func must(t *testing.T, doc any) []byte {
	t.Helper()
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func guard(t *testing.T, name string, text []byte, do func()) {
	t.Helper()
	defer func() {
		if was := recover(); was != nil {
			t.Errorf("%s panics: %v\n%.3000s", name, was, text)
		}
	}()
	do()
}
