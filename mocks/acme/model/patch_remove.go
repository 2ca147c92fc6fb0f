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
		return p.removeSub(Objects(p.holder[p.at.Name]))
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
		return p.removeSub(chosen)
	}
	p.drop(func(v any) bool {
		return slices.ContainsFunc(chosen, func(gone map[string]any) bool { return Same(gone, v) })
	})
	return nil
}

// removeSub takes a sub-attribute out of some values. A value without any is none
// (RFC 7643 §2.5).
func (p *place) removeSub(from []map[string]any) error {
	if p.sub.Required {
		return BadRequest("mutability", "%s.%s is required", p.at.Name, p.sub.Name)
	}
	for _, object := range from {
		delete(object, p.sub.Name)
	}
	if part, ok := p.holder[p.at.Name].(map[string]any); ok && len(part) == 0 {
		delete(p.holder, p.at.Name)
	}
	p.drop(func(v any) bool { part, ok := v.(map[string]any); return ok && len(part) == 0 })
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
	list, ok := p.holder[p.at.Name].([]any)
	if !ok {
		return
	}
	SetList(p.holder, p.at.Name, slices.DeleteFunc(slices.Clone(list), unwanted))
}
