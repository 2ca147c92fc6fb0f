package junit

import "encoding/xml"

// The elements that readers of JUnit XML agree on; there is no standard.
type (
	testSuites struct {
		XMLName  xml.Name    `xml:"testsuites"`
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"` // seconds
		Suites   []testSuite `xml:"testsuite"`
	}
	testSuite struct {
		Name       string     `xml:"name,attr"`
		Tests      int        `xml:"tests,attr"`
		Failures   int        `xml:"failures,attr"`
		Errors     int        `xml:"errors,attr"`
		Skipped    int        `xml:"skipped,attr"`
		Time       string     `xml:"time,attr"` // seconds
		Timestamp  string     `xml:"timestamp,attr"`
		Properties []property `xml:"properties>property"`
		Cases      []testCase `xml:"testcase"`
		durationMs int64
	}
	property struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	// testCase is passed where it has none of failure, error and skipped.
	testCase struct {
		ClassName  string   `xml:"classname,attr"`
		Name       string   `xml:"name,attr"`
		Time       string   `xml:"time,attr"` // seconds
		Failure    *problem `xml:"failure"`
		Error      *problem `xml:"error"`
		Skipped    *skipped `xml:"skipped"`
		durationMs int64
	}
	problem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	skipped struct {
		Message string `xml:"message,attr"`
	}
)

// add adds a case to the suite and counts it.
func (s *testSuite) add(c testCase) {
	c.Time = seconds(c.durationMs)
	s.Cases = append(s.Cases, c)
	s.Tests++
	s.durationMs += c.durationMs
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

// add adds a complete suite and counts what is in it.
func (all *testSuites) add(s testSuite) {
	s.Time = seconds(s.durationMs)
	all.Suites = append(all.Suites, s)
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.Skipped += s.Skipped
}
