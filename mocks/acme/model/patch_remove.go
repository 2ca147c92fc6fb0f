package model

import "slices"

// remove takes values away (RFC 7644 §3.5.2.2). Given a list of values, as
// Microsoft Entra ID and JumpCloud send it for members, it takes those and no
// others.
func (p *place) remove(value any) error {
	if p.at.Required {
		return BadRequest("mutability", "%s is required", p.at.Name)
	}
	switch {
	case p.values != nil:
		return p.removeChosen()
	case p.sub != nil:
		for _, object := range Objects(p.holder[p.at.Name]) {
			delete(object, p.sub.Name)
		}
	case value != nil && p.at.MultiValued:
		return p.removeListed(value)
	case p.at.Returned == "never":
		p.holder[p.at.Name] = "" // it is stored elsewhere, and has to be cleared there
	default:
		delete(p.holder, p.at.Name)
	}
	return nil
}

// removeChosen takes what a filter chooses. That there is nothing to take is a
// success: RFC 7644 §3.5.2.2 says so of members.
func (p *place) removeChosen() error {
	chosen, err := p.chosen()
	if err != nil {
		return err
	}
	if p.sub != nil {
		for _, object := range chosen {
			delete(object, p.sub.Name)
		}
		return nil
	}
	p.drop(func(v any) bool {
		return slices.ContainsFunc(chosen, func(gone map[string]any) bool { return Same(gone, v) })
	})
	return nil
}

func (p *place) removeListed(value any) error {
	fitted, err := p.fitWhole(value)
	if err != nil {
		return err
	}
	gone, _ := fitted.([]any)
	p.drop(func(v any) bool {
		return slices.ContainsFunc(gone, func(g any) bool { return sameValue(g, v) })
	})
	return nil
}

func (p *place) drop(unwanted func(any) bool) {
	list, _ := p.holder[p.at.Name].([]any)
	SetList(p.holder, p.at.Name, slices.DeleteFunc(slices.Clone(list), unwanted))
}
