package acme

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// sortResources sorts resources of some types by an attribute (RFC 7644 §3.4.2.3): by
// the primary or else the first of several values, text without regard to letter case
// unless it is caseExact. What has no value comes last, and in descending order first.
// Resources that are equal keep their order.
func sortResources(docs []Resource, kinds []string, by string, descending bool) error {
	key, err := sortKey(kinds, by)
	if err != nil {
		return err
	}
	type keyed struct {
		key string
		has bool
		at  int // where it was, for a faster sort than a stable one
		doc Resource
	}
	all := make([]keyed, len(docs))
	for i, doc := range docs {
		all[i].doc, all[i].at = doc, i
		all[i].key, all[i].has = key(doc)
	}
	slices.SortFunc(all, func(a, b keyed) int {
		order := strings.Compare(a.key, b.key)
		switch {
		case a.has && !b.has:
			order = -1
		case b.has && !a.has:
			order = 1
		}
		if descending {
			order = -order
		}
		return cmp.Or(order, a.at-b.at)
	})
	for i := range all {
		docs[i] = all[i].doc
	}
	return nil
}

// sortKey returns a function that finds what resources are compared by.
func sortKey(kinds []string, by string) (func(Resource) (string, bool), error) {
	for _, kind := range kinds {
		s := model.SchemaOf(kind)
		urn, attributes, rest := "", s.Attributes, by
		for known, extension := range s.Extensions {
			if after, ok := cutFold(by, known+":"); ok {
				urn, attributes, rest = known, extension, after
			}
		}
		if after, ok := cutFold(by, s.URN+":"); ok {
			rest = after
		}
		name, sub, _ := strings.Cut(rest, ".")
		if at := attributeNamed(attributes, name); at != nil && at.Returned != "never" && (sub == "" || attributeNamed(at.SubAttributes, sub) != nil) {
			return keyOf(urn, at, sub), nil
		}
	}
	return nil, model.BadRequest("invalidValue", "sortBy names no attribute that can be sorted by")
}

func cutFold(text, prefix string) (string, bool) {
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return text, false
	}
	return text[len(prefix):], true
}

func attributeNamed(list []*model.Attribute, name string) *model.Attribute {
	i := slices.IndexFunc(list, func(at *model.Attribute) bool { return strings.EqualFold(at.Name, name) })
	if i < 0 {
		return nil
	}
	return list[i]
}

func keyOf(urn string, at *model.Attribute, subName string) func(Resource) (string, bool) {
	exact, moment := at.CaseExact, at.Type == "dateTime"
	if subName == "" {
		subName = "value"
	}
	if sub := attributeNamed(at.SubAttributes, subName); sub != nil {
		exact, moment, subName = sub.CaseExact, sub.Type == "dateTime", sub.Name
	}
	return func(doc Resource) (string, bool) {
		holder := map[string]any(doc)
		if urn != "" {
			holder, _ = doc[urn].(map[string]any)
		}
		value := holder[at.Name]
		if list, ok := value.([]any); ok {
			value = chosen(list)
		}
		if object, ok := value.(map[string]any); ok {
			value = object[subName]
		}
		return keyText(value, exact, moment)
	}
}

// chosen is the primary value, or the first.
func chosen(list []any) any {
	for _, v := range list {
		if object, ok := v.(map[string]any); ok && object["primary"] == true {
			return v
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// keyText makes text of a value that sorts as the value does.
func keyText(value any, exact, moment bool) (string, bool) {
	switch value := value.(type) {
	case bool:
		if value {
			return "1", true
		}
		return "0", true
	case string:
		if at, err := time.Parse(time.RFC3339Nano, value); moment && err == nil {
			return at.UTC().Format("2006-01-02T15:04:05.000000000"), true
		}
		if !exact {
			value = strings.ToLower(value)
		}
		return value, value != ""
	}
	return "", false
}
