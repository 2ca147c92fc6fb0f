package containers

import (
	"fmt"
	"os"
	"strconv"

	"github.com/moby/moby/client"
	"github.com/shirou/gopsutil/v4/process"
)

// The labels of everything that is made.
const (
	LabelRun     = "org.scimproof.run"     // Spec.RunID
	LabelPID     = "org.scimproof.pid"     // of the process that made it
	LabelStarted = "org.scimproof.started" // when that process was created, Unix milliseconds
	LabelHost    = "org.scimproof.host"    // where that process runs
	labelStart   = "org.scimproof.start"   // one call of Start
)

// labels returns what marks the things of one call of Start in this process.
func labels(runID, startID string) (map[string]string, error) {
	pid := os.Getpid()
	self, err := process.NewProcess(int32(pid)) //nolint:gosec // process ids fit
	if err != nil {
		return nil, fmt.Errorf("this process cannot be looked up, by which its containers are marked: %w", err)
	}
	created, err := self.CreateTime()
	if err != nil {
		return nil, fmt.Errorf("the creation time of this process cannot be read, by which its containers are marked: %w", err)
	}
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("the host's name cannot be read, by which containers are marked: %w", err)
	}
	return map[string]string{
		LabelRun:     runID,
		LabelPID:     strconv.Itoa(pid),
		LabelStarted: strconv.FormatInt(created, 10),
		LabelHost:    host,
		labelStart:   startID,
	}, nil
}

// clockSlack is by how much the creation time of one process may differ between
// two readings, in milliseconds: it is reckoned from the time of boot, which moves
// when the clock is set.
const clockSlack = 2000

// owner says whether the process that made a thing may still be there, and why
// that is believed.
func owner(of map[string]string) (living bool, why string) {
	host, err := os.Hostname()
	if err != nil || of[LabelHost] != host {
		return true, "made on the host " + of[LabelHost]
	}
	pid, err := strconv.ParseInt(of[LabelPID], 10, 32)
	if err != nil {
		return true, "its label " + LabelPID + " is not a process id"
	}
	p, err := process.NewProcess(int32(pid))
	if err != nil {
		return false, ""
	}
	created, err := p.CreateTime()
	if err != nil {
		return false, ""
	}
	started, err := strconv.ParseInt(of[LabelStarted], 10, 64)
	if err == nil && (created-started > clockSlack || started-created > clockSlack) {
		return false, "" // the id has been given to another process since
	}
	return true, "process " + of[LabelPID] + " is running"
}

// labelled selects by one label: its value, or any value where that is empty.
func labelled(label, value string) client.Filters {
	if value != "" {
		label += "=" + value
	}
	return make(client.Filters).Add("label", label)
}
