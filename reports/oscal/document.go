package oscal

// The structs below are the part of the two OSCAL models that a report fills. Names and
// nesting are those of the official JSON Schema; every list is left out when it is empty,
// because OSCAL has no empty lists.

// document is the outermost object: exactly one of the two is set.
type document struct {
	Results *assessmentResults `json:"assessment-results,omitempty"`
	Plan    *plan              `json:"plan-of-action-and-milestones,omitempty"`
}

type assessmentResults struct {
	UUID       string      `json:"uuid"`
	Metadata   metadata    `json:"metadata"`
	ImportAP   importAP    `json:"import-ap"`
	Results    []result    `json:"results"`
	BackMatter *backMatter `json:"back-matter,omitempty"`
}

type plan struct {
	UUID        string        `json:"uuid"`
	Metadata    metadata      `json:"metadata"`
	SystemID    systemID      `json:"system-id"`
	Definitions definitions   `json:"local-definitions"`
	Observed    []observation `json:"observations,omitempty"`
	Risks       []risk        `json:"risks,omitempty"`
	Findings    []finding     `json:"findings,omitempty"`
	Items       []item        `json:"poam-items"`
	BackMatter  *backMatter   `json:"back-matter,omitempty"`
}

type metadata struct {
	Title        string            `json:"title"`
	LastModified string            `json:"last-modified"`
	Version      string            `json:"version"`
	OSCALVersion string            `json:"oscal-version"`
	Props        []prop            `json:"props,omitempty"`
	Roles        []role            `json:"roles,omitempty"`
	Parties      []party           `json:"parties,omitempty"`
	Responsible  []responsibleRole `json:"responsible-parties,omitempty"`
}

type prop struct {
	Name    string `json:"name"`
	NS      string `json:"ns"`
	Value   string `json:"value"`
	Class   string `json:"class,omitempty"`
	Remarks string `json:"remarks,omitempty"`
}

type link struct {
	Href string `json:"href"`
	Rel  string `json:"rel,omitempty"`
}

type role struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type party struct {
	UUID  string   `json:"uuid"`
	Type  string   `json:"type"`
	Name  string   `json:"name"`
	Email []string `json:"email-addresses,omitempty"`
	Props []prop   `json:"props,omitempty"`
}

type responsibleRole struct {
	RoleID  string   `json:"role-id"`
	Parties []string `json:"party-uuids"`
}

type importAP struct {
	Href    string `json:"href"`
	Remarks string `json:"remarks,omitempty"`
}

type systemID struct {
	Scheme string `json:"identifier-type"`
	ID     string `json:"id"`
}

type backMatter struct {
	Resources []resource `json:"resources"`
}

type resource struct {
	UUID        string  `json:"uuid"`
	Title       string  `json:"title"`
	Description string  `json:"description"`
	Links       []rlink `json:"rlinks,omitempty"`
}

type rlink struct {
	Href   string `json:"href"`
	Hashes []hash `json:"hashes,omitempty"`
}

type hash struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"value"`
}

type definitions struct {
	Components []component `json:"components,omitempty"`
	Assets     *assets     `json:"assessment-assets,omitempty"`
}

type assets struct {
	Components []component `json:"components"`
	Platforms  []platform  `json:"assessment-platforms"`
}

type platform struct {
	UUID  string `json:"uuid"`
	Title string `json:"title"`
	Uses  []uses `json:"uses-components"`
}

type uses struct {
	Component string `json:"component-uuid"`
}

type component struct {
	UUID        string `json:"uuid"`
	Type        string `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Props       []prop `json:"props,omitempty"`
	Status      state  `json:"status"`
}

type state struct {
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
}
