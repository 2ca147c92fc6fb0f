package sarif

// The parts of SARIF 2.1.0 (OASIS) that the log has, by the names of that text.
type (
	log struct {
		Schema  string `json:"$schema"`
		Version string `json:"version"`
		Runs    []run  `json:"runs"`
	}
	run struct {
		Tool              tool              `json:"tool"`
		AutomationDetails automationDetails `json:"automationDetails"`
		Invocations       []invocation      `json:"invocations"`
		Taxonomies        []toolComponent   `json:"taxonomies,omitempty"`
		Results           []result          `json:"results"` // an empty list says that the run found nothing
		Properties        map[string]string `json:"properties"`
	}
	tool struct {
		Driver toolComponent `json:"driver"`
	}
	toolComponent struct {
		Name                string                `json:"name"`
		Version             string                `json:"version,omitempty"`
		Rules               []reportingDescriptor `json:"rules,omitempty"`
		Taxa                []reportingDescriptor `json:"taxa,omitempty"`
		SupportedTaxonomies []componentReference  `json:"supportedTaxonomies,omitempty"`
	}
	componentReference struct {
		Name  string `json:"name"`
		Index int    `json:"index"`
	}
	automationDetails struct {
		ID string `json:"id"`
	}
	invocation struct {
		ExecutionSuccessful        bool           `json:"executionSuccessful"`
		StartTimeUTC               string         `json:"startTimeUtc"`
		EndTimeUTC                 string         `json:"endTimeUtc"`
		ToolExecutionNotifications []notification `json:"toolExecutionNotifications,omitempty"`
	}
	notification struct {
		Level   string  `json:"level"`
		Message message `json:"message"`
	}
	message struct {
		Text string `json:"text"`
	}
	// reportingDescriptor is a rule, or a control of a taxonomy.
	reportingDescriptor struct {
		ID                   string          `json:"id"`
		Name                 string          `json:"name,omitempty"`
		ShortDescription     *message        `json:"shortDescription,omitempty"`
		FullDescription      *message        `json:"fullDescription,omitempty"`
		Help                 *message        `json:"help,omitempty"`
		DefaultConfiguration *configuration  `json:"defaultConfiguration,omitempty"`
		Properties           *ruleProperties `json:"properties,omitempty"`
	}
	configuration struct {
		Level string `json:"level"`
	}
	// ruleProperties are those that GitHub reads: it orders alerts by a number from 0 to 10.
	ruleProperties struct {
		Tags             []string `json:"tags"`
		SecuritySeverity string   `json:"security-severity"`
	}
	result struct {
		RuleID              string                `json:"ruleId"`
		RuleIndex           int                   `json:"ruleIndex"`
		Level               string                `json:"level"`
		Message             message               `json:"message"`
		Locations           []location            `json:"locations"`
		PartialFingerprints map[string]string     `json:"partialFingerprints"`
		Suppressions        []suppression         `json:"suppressions,omitempty"`
		Taxa                []descriptorReference `json:"taxa,omitempty"`
		Properties          map[string]string     `json:"properties"`
	}
	location struct {
		PhysicalLocation physicalLocation `json:"physicalLocation"`
	}
	physicalLocation struct {
		ArtifactLocation artifactLocation `json:"artifactLocation"`
		Region           region           `json:"region"`
	}
	artifactLocation struct {
		URI string `json:"uri"`
	}
	region struct {
		StartLine int `json:"startLine"`
	}
	suppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
	descriptorReference struct {
		ID            string             `json:"id"`
		Index         int                `json:"index"`
		ToolComponent componentReference `json:"toolComponent"`
	}
)
