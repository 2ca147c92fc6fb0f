// Package policy reads what a user decides: gate.yaml, which says what passes, and
// exceptions.yaml, which accepts gaps for a time. Each error says where it is, by file, line,
// column and key, and what to do.
package policy

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/strictyaml"
)

// LoadExceptions reads and checks an exceptions.yaml. The error is Faults.
func LoadExceptions(file string) (*reports.Exceptions, error) {
	text, err := strictyaml.Load(file, "an exceptions.yaml that is there")
	if err != nil {
		return nil, err
	}
	return ReadExceptions(file, text)
}

// ReadExceptions checks the text of an exceptions.yaml; name stands for the file in errors. The
// digest is that of the text. Roles come in lower case, with spaces between their words. The error
// is Faults: all of them at once.
func ReadExceptions(name string, text []byte) (*reports.Exceptions, error) {
	src, doc, err := strictyaml.Read(name, text)
	if err != nil {
		return nil, err
	}
	faults := &faultList{strictyaml.List{Source: src}}
	exceptionsForm().check(doc, faults)
	// What has not the form is still looked at as far as it can be, so that one round shows every
	// fault. Where it cannot, the form's fault says why.
	var e reports.Exceptions
	if err := decode(doc, &e); err != nil {
		return nil, faults.unreadable(err)
	}
	e.Digest = strictyaml.Digest(text)
	faults.checkExceptions(e.List)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	for i := range e.List {
		x := &e.List[i]
		x.Accountable.Role = role(x.Accountable.Role)
		for k := range x.Approvals {
			x.Approvals[k].Role = role(x.Approvals[k].Role)
		}
	}
	return &e, nil
}

// decode puts a document that has the form into a type of the model.
func decode(doc, into any) error {
	raw, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// role writes a role in one way: application-owner is the application owner.
func role(s string) string {
	s = strings.NewReplacer("-", " ", "_", " ").Replace(strings.ToLower(s))
	return strings.Join(strings.Fields(s), " ")
}

const minReason = 20 // characters

// checkExceptions looks for what a schema cannot say.
func (f *faultList) checkExceptions(list []reports.Exception) {
	at := func(i int, keys ...string) path { return path{"exceptions", strconv.Itoa(i)}.Child(keys...) }
	first, renews := map[string]int{}, map[string]string{}
	for i, e := range list {
		if before, twice := first[e.ID]; twice && e.ID != "" {
			line, _ := f.Source.Position(at(before, "id"))
			f.further(at(i, "id"), e.ID+" is the id of the exception in line "+strconv.Itoa(line)+" too", "give each exception an id of its own")
		} else {
			first[e.ID], renews[e.ID] = i, e.Renews
		}
		if n := utf8.RuneCountInString(strings.TrimSpace(e.Reason)); n > 0 && n < minReason {
			f.further(at(i, "reason"), strconv.Itoa(n)+" characters, but at least "+strconv.Itoa(minReason)+" are needed", "say why the gap is accepted")
		}
		f.checkDay(at(i, "expires"), e.Expires)
		f.checkDay(at(i, "remediation", "by"), e.Remediation.By)
		for k, a := range e.Approvals {
			f.checkDay(at(i, "approvals", strconv.Itoa(k), "on"), a.On)
		}
	}
	for i, e := range list {
		if circular(e.ID, renews) {
			f.further(at(i, "renews"), e.ID+" renews itself, if only by way of others", "name the exception that came before it")
		}
	}
}

func (f *faultList) checkDay(at path, day reports.Day) {
	if _, err := reports.ParseDay(string(day)); err != nil && day != "" { // the form wants one
		f.further(at, string(day)+" is not in the calendar", "write a day such as 2027-01-22")
	}
}

// circular reports whether the way back from an exception leads to itself.
func circular(id string, renews map[string]string) bool {
	var seen []string
	for next := renews[id]; next != "" && !slices.Contains(seen, next); next = renews[next] {
		if next == id {
			return true
		}
		seen = append(seen, next)
	}
	return false
}
