// Package schema publishes the JSON Schema of report.json, so that a reader of
// reports can rely on their form and a writer can prove that it keeps to it.
//
// The schema is generated from the Go types and their comments by this package's
// test (go test ./reports/schema -update) and is compared with them on each run
// of it.
//
// A list is always an array, an empty one too: the schema allows no null
// anywhere, so a report whose writer left a slice nil does not validate.
package schema

import (
	_ "embed"
	"slices"
)

// ID names the schema. It is a name, not an address.
const ID = "urn:scimproof:schema:report:2.0"

//go:embed report.schema.json
var report []byte

// Report returns the JSON Schema (draft 2020-12) of report.json.
func Report() []byte { return slices.Clone(report) }
