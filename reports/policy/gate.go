package policy

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/strictyaml"
)

// LoadGate reads and checks a gate.yaml. The error is Faults.
func LoadGate(file string) (*reports.Policy, error) {
	text, err := strictyaml.Load(file, "a gate.yaml, or one of "+strings.Join(Builtins(), ", "))
	if err != nil {
		return nil, err
	}
	return ReadGate(file, text)
}

// ReadGate checks the text of a gate.yaml; name stands for the file in errors. What it does not
// name is as in the gate that it extends, or in the program's default. The digest is that of the
// text. Roles that sign come in lower case, with spaces between their words. The error is Faults:
// all of them at once.
func ReadGate(name string, text []byte) (*reports.Policy, error) {
	src, doc, err := strictyaml.Read(name, text)
	if err != nil {
		return nil, err
	}
	faults := &faultList{strictyaml.List{Source: src}}
	gateForm().check(doc, faults)
	keys, isMap := doc.(map[string]any)
	if !isMap {
		return nil, faults.Err() // the form's fault
	}
	p, err := over(name, keys)
	if err != nil {
		return nil, faults.unreadable(err)
	}
	faults.checkGate(p)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	p.Digest = strictyaml.Digest(text)
	return &p, nil
}

// over lays what a file says over the gate that it extends.
func over(file string, doc map[string]any) (reports.Policy, error) {
	base := reports.DefaultPolicy()
	if extends, ok := doc["extends"].(string); ok {
		if base, ok = Builtin(extends); !ok {
			return base, fmt.Errorf("no gate is named %s", extends)
		}
	}
	base.Name = filepath.Base(file)
	var under map[string]any
	if err := decode(base, &under); err != nil {
		return base, err
	}
	doc = maps.Clone(doc)
	delete(doc, "version")
	delete(doc, "extends")
	var p reports.Policy
	if err := decode(merge(under, doc), &p); err != nil {
		return p, err
	}
	p.Name = strings.TrimSpace(p.Name)
	for _, lists := range p.Exceptions.Approvals {
		for _, list := range lists {
			for i := range list {
				list[i] = role(list[i])
			}
		}
	}
	return p, nil
}

// merge lays one document over another: key by key, and lists as a whole.
func merge(under, over map[string]any) map[string]any {
	out := maps.Clone(under)
	for key, value := range over {
		upper, isMap := value.(map[string]any)
		lower, wasMap := out[key].(map[string]any)
		if isMap && wasMap {
			value = merge(lower, upper)
		}
		out[key] = value
	}
	return out
}

// checkGate looks for what a schema cannot say.
func (f *faultList) checkGate(p reports.Policy) {
	for i, word := range p.Exceptions.NeverWaive {
		if hint := neverWaive(word); hint != "" {
			f.further(path{"exceptions", "neverWaive", strconv.Itoa(i)}, strconv.Quote(word)+" is no gap, class or class with an event", hint)
		}
	}
	seen := map[string]bool{}
	for i, up := range p.Raise {
		if seen[up.Gap] {
			f.further(path{"raise", strconv.Itoa(i), "gap"}, up.Gap+" is raised twice", "raise each gap once")
		}
		seen[up.Gap] = true
	}
}

var gapID = regexp.MustCompile(`^gap-[0-9a-f]{12}$`)

// neverWaive says what is wrong with an entry of that list, as a hint; empty if nothing is.
func neverWaive(word string) string {
	if gapID.MatchString(word) {
		return ""
	}
	var classes []string
	for _, c := range reports.GapClasses() {
		if word == string(c) {
			return ""
		}
		if event, of := strings.CutPrefix(word, string(c)+"."); of {
			if slices.Contains(events(), event) {
				return ""
			}
			return "known events: " + strings.Join(events(), ", ")
		}
		classes = append(classes, string(c))
	}
	class, _, _ := strings.Cut(word, ".")
	return strictyaml.DidYouMean(class, classes)
}

// events lists the words for lifecycle events.
func events() []string {
	var out []string
	for _, e := range []reports.EventKind{
		reports.EventDeactivate, reports.EventDelete, reports.EventRecreate, reports.EventReactivate, reports.EventUpdate,
		reports.EventDeleteInactive, reports.EventSync, reports.EventOutOfBand, reports.EventRemoveMember, reports.EventDeleteGroup,
		reports.EventRemoveRole, reports.EventChangePassword, reports.EventRename, reports.EventSignOut, reports.EventLookUp,
		reports.EventCreate, reports.EventGroupPush,
	} {
		out = append(out, string(e))
	}
	return out
}
