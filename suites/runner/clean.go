package runner

import (
	"context"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// Clean removes the test users that runs which are over have left at the target, and those
// who are kept for long watches.
func Clean(ctx context.Context, t *target.Target, tool reports.Tool) (subject.Swept, error) {
	recorder := exchange.NewRecorder(redact.New(), subject.Prefix)
	client, err := scim.New(t, scim.Options{Agent: exchange.Agent(tool.Version, "clean"), Recorder: recorder})
	if err != nil {
		return subject.Swept{}, &ConfigError{Problem: err.Error()}
	}
	return subject.SweepAll(ctx, client, t)
}
