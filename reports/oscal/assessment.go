package oscal

import "time"

type result struct {
	UUID        string           `json:"uuid"`
	Title       string           `json:"title"`
	Description string           `json:"description"`
	Start       string           `json:"start"`
	End         string           `json:"end,omitempty"`
	Props       []prop           `json:"props,omitempty"`
	Definitions definitions      `json:"local-definitions"`
	Reviewed    reviewedControls `json:"reviewed-controls"`
	Observed    []observation    `json:"observations,omitempty"`
	Risks       []risk           `json:"risks,omitempty"`
	Findings    []finding        `json:"findings,omitempty"`
}

type reviewedControls struct {
	Selections []controlSelection   `json:"control-selections"`
	Objectives []objectiveSelection `json:"control-objective-selections,omitempty"`
}

type controlSelection struct {
	Description string          `json:"description"`
	Include     []controlChoice `json:"include-controls"`
}

type controlChoice struct {
	ID string `json:"control-id"`
}

type objectiveSelection struct {
	Include []objectiveChoice `json:"include-objectives"`
}

type objectiveChoice struct {
	ID string `json:"objective-id"`
}

type origin struct {
	Actors []actor `json:"actors"`
}

type actor struct {
	Type string `json:"type"`
	UUID string `json:"actor-uuid"`
}

type observation struct {
	UUID        string     `json:"uuid"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Props       []prop     `json:"props,omitempty"`
	Methods     []string   `json:"methods"`
	Types       []string   `json:"types"`
	Origins     []origin   `json:"origins"`
	Subjects    []subject  `json:"subjects"`
	Evidence    []evidence `json:"relevant-evidence,omitempty"`
	Collected   string     `json:"collected"`
}

type subject struct {
	UUID string `json:"subject-uuid"`
	Type string `json:"type"`
}

type evidence struct {
	Href        string `json:"href"`
	Description string `json:"description"`
	Props       []prop `json:"props,omitempty"`
}

type relatedObservation struct {
	UUID string `json:"observation-uuid"`
}

type relatedRisk struct {
	UUID string `json:"risk-uuid"`
}

type relatedFinding struct {
	UUID string `json:"finding-uuid"`
}

type finding struct {
	UUID         string               `json:"uuid"`
	Title        string               `json:"title"`
	Description  string               `json:"description"`
	Props        []prop               `json:"props,omitempty"`
	Origins      []origin             `json:"origins"`
	Target       findingTarget        `json:"target"`
	Observations []relatedObservation `json:"related-observations,omitempty"`
	Risks        []relatedRisk        `json:"related-risks,omitempty"`
	Remarks      string               `json:"remarks,omitempty"`
}

type findingTarget struct {
	Type   string `json:"type"`
	ID     string `json:"target-id"`
	Status state  `json:"status"`
}

type risk struct {
	UUID         string               `json:"uuid"`
	Title        string               `json:"title"`
	Description  string               `json:"description"`
	Statement    string               `json:"statement"`
	Props        []prop               `json:"props,omitempty"`
	Links        []link               `json:"links,omitempty"`
	Status       string               `json:"status"`
	Origins      []origin             `json:"origins"`
	Character    []characterization   `json:"characterizations"`
	Mitigating   []mitigatingFactor   `json:"mitigating-factors,omitempty"`
	Deadline     string               `json:"deadline,omitempty"`
	Remediations []remediation        `json:"remediations,omitempty"`
	Log          *riskLog             `json:"risk-log,omitempty"`
	Observations []relatedObservation `json:"related-observations,omitempty"`
}

type characterization struct {
	Origin origin  `json:"origin"`
	Facets []facet `json:"facets"`
}

type facet struct {
	Name    string `json:"name"`
	System  string `json:"system"`
	Value   string `json:"value"`
	Remarks string `json:"remarks,omitempty"`
}

type mitigatingFactor struct {
	UUID        string `json:"uuid"`
	Description string `json:"description"`
	Props       []prop `json:"props,omitempty"`
}

type remediation struct {
	UUID        string `json:"uuid"`
	Lifecycle   string `json:"lifecycle"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Props       []prop `json:"props,omitempty"`
	Tasks       []task `json:"tasks,omitempty"`
}

type task struct {
	UUID   string  `json:"uuid"`
	Type   string  `json:"type"`
	Title  string  `json:"title"`
	Timing *timing `json:"timing,omitempty"`
}

type timing struct {
	On onDate `json:"on-date"`
}

type onDate struct {
	Date string `json:"date"`
}

type riskLog struct {
	Entries []logEntry `json:"entries"`
}

type logEntry struct {
	at          time.Time  // Start, to sort by
	UUID        string     `json:"uuid"`
	Title       string     `json:"title"`
	Description string     `json:"description,omitempty"`
	Start       string     `json:"start"`
	LoggedBy    []loggedBy `json:"logged-by,omitempty"`
	Status      string     `json:"status-change,omitempty"`
}

type loggedBy struct {
	Party string `json:"party-uuid"`
	Role  string `json:"role-id,omitempty"`
}

type item struct {
	UUID         string               `json:"uuid"`
	Title        string               `json:"title"`
	Description  string               `json:"description"`
	Props        []prop               `json:"props,omitempty"`
	Findings     []relatedFinding     `json:"related-findings,omitempty"`
	Observations []relatedObservation `json:"related-observations,omitempty"`
	Risks        []relatedRisk        `json:"related-risks"`
}
