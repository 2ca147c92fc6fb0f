package sarif

import "github.com/scimproof/scimproof/reports"

// taxonomies are the frameworks whose controls the gaps name.
type taxonomies struct {
	list  []toolComponent
	index map[string]int             // by framework
	taxon map[reports.Control]int    // by control, within its framework
	words map[reports.Control]string // what a control asks for
}

// newTaxonomies collects the controls of the gaps, in the order in which the gaps name them.
func newTaxonomies(r *reports.Report, gaps []reports.Gap) taxonomies {
	t := taxonomies{index: map[string]int{}, taxon: map[reports.Control]int{}, words: map[reports.Control]string{}}
	versions := map[string]string{}
	for _, f := range r.Frameworks {
		versions[f.Framework] = f.Version
		for _, c := range f.Controls {
			t.words[reports.Control{Framework: f.Framework, ID: c.ID}] = c.Words
		}
	}
	for i := range gaps {
		for _, c := range gaps[i].Controls {
			t.add(c, versions[c.Framework])
		}
	}
	return t
}

// add takes a control in, with its framework, unless it is there.
func (t *taxonomies) add(c reports.Control, version string) {
	if _, known := t.taxon[c]; known {
		return
	}
	at, known := t.index[c.Framework]
	if !known {
		at = len(t.list)
		t.index[c.Framework] = at
		t.list = append(t.list, toolComponent{Name: show(c.Framework, maxID), Version: show(version, maxID)})
	}
	taxon := reportingDescriptor{ID: show(c.ID, maxID)}
	if words := show(t.words[c], maxText); words != "" {
		taxon.ShortDescription = &message{words}
	}
	t.taxon[c] = len(t.list[at].Taxa)
	t.list[at].Taxa = append(t.list[at].Taxa, taxon)
}

// references name all taxonomies.
func (t *taxonomies) references() []componentReference {
	var list []componentReference
	for i, c := range t.list {
		list = append(list, componentReference{c.Name, i})
	}
	return list
}

// of are the controls of a gap.
func (t *taxonomies) of(g *reports.Gap) []descriptorReference {
	var list []descriptorReference
	for _, c := range g.Controls {
		at := t.index[c.Framework]
		list = append(list, descriptorReference{ID: show(c.ID, maxID), Index: t.taxon[c], ToolComponent: componentReference{t.list[at].Name, at}})
	}
	return list
}
