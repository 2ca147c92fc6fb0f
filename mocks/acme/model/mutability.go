package model

// CheckImmutable refuses a change of what may be set once: an immutable attribute that
// has a value keeps it, also in a PUT (RFC 7643 §7, RFC 7644 §3.5.1, §3.5.2). The values
// of a multi-valued attribute may come and go; within one that stays, told by its
// sub-attribute value, nothing immutable changes.
func (s *Schema) CheckImmutable(before, after Resource) error {
	if err := checkImmutable(s.Attributes, before, after); err != nil {
		return err
	}
	for urn, attributes := range s.Extensions {
		old, _ := before[urn].(map[string]any)
		fresh, _ := after[urn].(map[string]any)
		if err := checkImmutable(attributes, old, fresh); err != nil {
			return err
		}
	}
	return nil
}

func checkImmutable(attributes []*Attribute, before, after map[string]any) error {
	for _, at := range attributes {
		old, fresh := before[at.Name], after[at.Name]
		switch {
		case old == nil:
		case at.Mutability == "immutable" && !Same(old, fresh):
			return BadRequest("mutability", "%s is immutable", at.Name)
		case at.Type == "complex":
			if err := at.checkParts(old, fresh); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkParts compares the immutable sub-attributes of values that stay.
func (at *Attribute) checkParts(old, fresh any) error {
	for _, was := range Objects(old) {
		for _, is := range Objects(fresh) {
			if at.MultiValued && !sameValue(was, is) {
				continue
			}
			if err := checkImmutable(at.SubAttributes, was, is); err != nil {
				return err
			}
		}
	}
	return nil
}

// Unique lists the values of a resource that no other of its type may have: how each
// attribute is named, and its value (RFC 7643 §7, uniqueness).
func (s *Schema) Unique(doc Resource) map[string]string {
	values := map[string]string{}
	collect := func(urn string, attributes []*Attribute, holder map[string]any) {
		for _, at := range attributes {
			if text, ok := holder[at.Name].(string); ok && (at.Uniqueness == "server" || at.Uniqueness == "global") {
				values[urn+":"+at.Name] = at.folded(text)
			}
		}
	}
	collect(s.URN, s.Attributes, doc)
	for urn, attributes := range s.Extensions {
		part, _ := doc[urn].(map[string]any)
		collect(urn, attributes, part)
	}
	return values
}
