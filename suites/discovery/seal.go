package discovery

import (
	"context"
	"net/http"
	"slices"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// seal is an attribute, or a part of one, that a client cannot write, with a value to try it by.
type seal struct {
	field field
	sub   *scim.Attribute // nil for the whole attribute
	with  map[string]any  // the other parts
	value any
}

// String names it as a path.
func (s seal) String() string {
	if s.sub == nil {
		return s.field.String()
	}
	return s.field.String() + "." + s.sub.Name
}

// write puts the value into a body.
func (s seal) write(d scim.Document) {
	if s.sub == nil {
		s.field.put(d, s.value)
		return
	}
	parts := scim.Document(s.with).Clone()
	if parts == nil {
		parts = scim.Document{}
	}
	parts[s.sub.Name] = s.value
	s.field.put(d, map[string]any(parts))
}

// in returns what a resource shows of it; nil for nothing.
func (s seal) in(d scim.Document) any {
	shown := s.field.in(d)
	if s.sub == nil {
		return shown
	}
	part, _ := shown.(map[string]any)
	value, _ := scim.Document(part).Get(s.sub.Name)
	return value
}

// took reports whether a resource shows the value.
func (s seal) took(d scim.Document) bool {
	if s.sub == nil {
		return kept(s.field.Attribute, s.value, s.in(d))
	}
	value := s.in(d)
	return value != nil && same(*s.sub, s.value, value)
}

// taken tells which values a resource shows that it must not have.
func taken(list []seal, d scim.Document) (m misses) {
	for _, s := range list {
		if s.took(d) {
			m.add("%s is %s", s, brief(s.value))
		}
	}
	return m
}

// unlike tells which values a resource shows otherwise than before, or not at all. What it did not
// show before is others' matter.
func unlike(list []seal, before, after scim.Document) (m misses) {
	for _, s := range list {
		was, is := s.in(before), s.in(after)
		a := s.field.Attribute
		if s.sub != nil {
			a = *s.sub
		}
		if was != nil && !kept(a, was, is) {
			m.add("%s was %s and is %s", s, brief(was), brief(is))
		}
	}
	return m
}

// another makes values up that are in no resource.
func another(user *filled) maker {
	return maker{mark: user.id[:min(6, len(user.id))] + "x", domain: "scimproof.example"}
}

// readOnly lists what is read-only of users, whole attributes and parts of those that were
// written.
func readOnly(user *filled) []seal {
	m := another(user)
	var list []seal
	for _, at := range user.fields {
		if at.Mutability == "readOnly" {
			if value, ok := m.value(loosened(at.Attribute)); ok {
				list = append(list, seal{field: at, value: value})
			}
			continue
		}
		parts, written := at.in(user.sent).(map[string]any)
		if !written || !slices.ContainsFunc(user.written, func(w field) bool { return w.String() == at.String() }) {
			continue
		}
		for i := range at.Sub {
			if sub := at.Sub[i]; sub.Mutability == "readOnly" {
				if value, ok := m.one(loosened(sub), 0); ok {
					list = append(list, seal{field: at, sub: &at.Sub[i], with: parts, value: value})
				}
			}
		}
	}
	return list[:min(most*2, len(list))]
}

// loosened is the definition of an attribute that could be written.
func loosened(a scim.Attribute) scim.Attribute {
	a.Mutability = "readWrite"
	// Whose groups they are is made up like any other text.
	if a.Name == "groups" {
		a.Name = "theirGroups"
	}
	a.Sub = slices.Clone(a.Sub)
	for i := range a.Sub {
		a.Sub[i].Mutability = "readWrite"
	}
	return a
}

// immutable lists what of the filled user is set once, and has a value.
func immutable(user *filled) []seal {
	m := another(user)
	var list []seal
	for _, at := range user.written {
		if at.MultiValued {
			continue // whose values may come and go
		}
		if at.Mutability == "immutable" {
			if value := other(m, at.Attribute); !kept(at.Attribute, at.in(user.sent), value) {
				list = append(list, seal{field: at, value: value})
			}
			continue
		}
		parts, _ := at.in(user.sent).(map[string]any)
		for i := range at.Sub {
			sub := at.Sub[i]
			if value := other(m, sub); sub.Mutability == "immutable" && parts[sub.Name] != nil && !same(sub, parts[sub.Name], value) {
				list = append(list, seal{field: at, sub: &at.Sub[i], with: parts, value: value})
			}
		}
	}
	return list[:min(most, len(list))]
}

// other is a second value for what has one.
func other(m maker, a scim.Attribute) any {
	if len(a.Canonical) > 1 {
		return a.Canonical[1]
	}
	value, _ := m.one(a, 1)
	return value
}

func reading(t *spec.T, path string) func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.Do(ctx, http.MethodGet, path, nil) }
}
