package oscal_test

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
)

func withoutGaps() *reports.Report {
	r := reporttest.Report()
	r.Gaps = []reports.Gap{}
	return r
}

// bare is a report in which all is empty but the start of the run.
func bare() *reports.Report {
	r := &reports.Report{Gaps: []reports.Gap{{}}}
	r.Run.Started = time.Date(2026, time.November, 23, 9, 12, 4, 0, time.UTC)
	return r
}

// noEvidence is a gap of which there is no exchange, and whose controls no finding can name.
func noEvidence() *reports.Report {
	r := reporttest.Report()
	r.Exchanges, r.Gaps = nil, r.Gaps[:1]
	r.Gaps[0].Controls = []reports.Control{{Framework: "SOC 2", ID: "CC6.2"}, {Framework: "NIST 800-53r5", ID: "none of NIST's"}}
	return r
}

// many has so many gaps, with the controls of the fixture's in turn.
func many(n int) *reports.Report {
	r := reporttest.Report()
	four := r.Gaps
	r.Gaps = make([]reports.Gap, n)
	for i := range r.Gaps {
		r.Gaps[i] = four[i%len(four)]
		r.Gaps[i].ID = fmt.Sprintf("gap-%012d", i)
	}
	return r
}

// everyState has the first gap once in each state, with an exception beside it.
func everyState() *reports.Report {
	r := reporttest.Report()
	gap, use := r.Gaps[0], r.Exceptions[0]
	r.Gaps, r.Exceptions, r.Closures = nil, nil, nil
	for _, each := range []struct {
		state     reports.GapState
		exception reports.ExceptionState
	}{
		{reports.StateOpen, ""}, {reports.StateRegressed, ""}, {reports.StateClaimedFixed, ""}, {reports.StateExcepted, reports.ExceptionActive},
		{reports.StateExceptionExpired, reports.ExceptionExpired}, {reports.StateExceptionExceeded, reports.ExceptionExceeded},
		{reports.StateExceptionInvalid, reports.ExceptionInvalid},
	} {
		state, exception := each.state, each.exception
		gap.ID, gap.State, gap.StateWhy, gap.Exception = "gap-"+string(state), state, "As the test has it.", ""
		if exception != "" {
			gap.Exception = "EXC-" + string(state)
			use.ID, use.Gap, use.State = gap.Exception, gap.ID, exception
			r.Exceptions = append(r.Exceptions, use)
		}
		if state == reports.StateRegressed {
			r.Closures = append(r.Closures, reports.Closure{Gap: gap.ID, Certifier: gap.Certifier, On: gap.FirstSeen.AddDate(0, 0, -9), Run: "an-earlier-run"})
		}
		r.Gaps = append(r.Gaps, gap)
	}
	return r
}

// effective has controls in each of the states that a framework's view knows.
func effective() *reports.Report {
	r := reporttest.Report()
	r.Frameworks = []reports.FrameworkView{
		{Framework: "NIST 800-53r5", Version: "2026-11-23", Controls: []reports.ControlView{
			{ID: "PS-4b", Words: "Every credential is revoked.", State: reports.ControlNotEffective, Gaps: []string{r.Gaps[0].ID}},
			{ID: "SI-11a", Words: "Errors tell what is needed.", State: reports.ControlEffective, Checks: []string{"errors.form"}, Limits: "Only the forms that were sent."},
			{ID: "AC-2j", Words: "Accounts are reviewed.", State: reports.ControlNotDemonstrated},
			{ID: "SA-4", Words: "It is part of the acquisition.", State: reports.ControlEffective},
			{ID: "AC-2g", Words: "The use of accounts is watched.", State: reports.ControlEffective},
		}},
		{Framework: "SOC 2", Version: "2026-11-23", Controls: []reports.ControlView{{ID: "CC6.2", State: reports.ControlEffective}}},
	}
	return r
}

const attack = "\n \t\"><script>alert(1)</script> ![x](https://evil.example/) [y](javascript:alert(2)) {{ insert: param, x }} ::error:: =1+1 ]]> " +
	"\u202edesrever\u2066\u200b \x00\x07\x1b[31m\x7f\u0085\u2028\ufffe\uffff \xff\xfe `*_~^|\\ "

// hostile is the fixture with an attack before and after each text, ids and states included, and
// with one text of ten million bytes.
func hostile() *reports.Report {
	r := everyState()
	r.Frameworks = effective().Frameworks
	poison(reflect.ValueOf(r).Elem())
	r.Gaps[0].Title = strings.Repeat("<b>long</b> ", 900_000)
	r.Gaps[0].Controls = reporttest.Report().Gaps[0].Controls // so that findings are there too
	return r
}

func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(attack + v.String() + attack)
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			poison(v.Field(i))
		}
	}
}
