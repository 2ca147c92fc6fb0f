package sarif_test

import (
	"bytes"
	"encoding/json"
	"testing"

	parser "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/sarif"
)

func write(t *testing.T, r *reports.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := sarif.Write(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// read reads a log back with a parser that is not ours, and checks it by the schema of OASIS.
func read(t *testing.T, file string) *parser.Run {
	t.Helper()
	onlyKnownNames(t, file)
	log, err := parser.FromString(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(log.Runs) != 1 {
		t.Fatalf("%d runs, and not 1", len(log.Runs))
	}
	run := log.Runs[0]
	// The parser leaves empty what is not there; the schema has these defaults.
	run.Language, run.NewlineSequences, run.Tool.Driver.Language = "en-US", []string{"\r\n", "\n"}, "en-US"
	for _, taxonomy := range run.Taxonomies {
		taxonomy.Language = "en-US"
	}
	if err := log.Validate(); err != nil {
		t.Fatal(err)
	}
	return run
}

// onlyKnownNames fails on a name that SARIF does not have; property bags may have any.
func onlyKnownNames(t *testing.T, file string) {
	t.Helper()
	var log any
	if err := json.Unmarshal([]byte(file), &log); err != nil {
		t.Fatal(err)
	}
	stripped, err := json.Marshal(withoutProperties(log))
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(stripped))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&parser.Report{}); err != nil {
		t.Fatal(err)
	}
}

func withoutProperties(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "properties")
		for key := range v {
			v[key] = withoutProperties(v[key])
		}
	case []any:
		for i := range v {
			v[i] = withoutProperties(v[i])
		}
	}
	return v
}

// raw is what tests read of a log without that parser, which drops what is in property bags.
type raw struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Rules []struct {
					ID         string
					Properties struct {
						Tags             []string
						SecuritySeverity string `json:"security-severity"`
					}
				}
			}
		}
		Invocations []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []struct {
				Level   string
				Message struct{ Text string }
			}
		}
		Taxonomies []struct {
			Name, Version string
			Taxa          []struct {
				ID               string
				ShortDescription struct{ Text string }
			}
		}
		Results []struct {
			RuleID       string
			RuleIndex    int
			Level        string
			Suppressions []struct{ Kind, Status, Justification string }
			Taxa         []struct {
				ID            string
				Index         int
				ToolComponent struct {
					Name  string
					Index int
				}
			}
			Properties map[string]string
		}
	}
}

func decode(t *testing.T, file string) raw {
	t.Helper()
	var out raw
	if err := json.Unmarshal([]byte(file), &out); err != nil {
		t.Fatal(err)
	}
	return out
}
