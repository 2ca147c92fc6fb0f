package oscal

import (
	"slices"
	"strings"
)

// leads says in which lists a reference has to find its uuid.
var leads = map[string][]string{
	"party-uuid":               {"parties"},
	"party-uuids":              {"parties"},
	"member-of-organizations":  {"parties"},
	"location-uuid":            {"locations"},
	"location-uuids":           {"locations"},
	"component-uuid":           {"components"},
	"observation-uuid":         {"observations"},
	"risk-uuid":                {"risks"},
	"finding-uuid":             {"findings"},
	"task-uuid":                {"tasks"},
	"activity-uuid":            {"activities"},
	"response-uuid":            {"remediations"},
	"assessment-platform-uuid": {"assessment-platforms"},
	"subject-uuid":             {"components", "inventory-items", "locations", "parties", "users", "resources"},
	"actor-uuid":               {"components", "assessment-platforms", "parties"},
}

// actors says where the actor of an origin has to be, by its type.
var actors = map[string]string{"tool": "components", "assessment-platform": "assessment-platforms", "party": "parties"}

// subjects says where the subject of an observation has to be, by its type.
var subjects = map[string]string{
	"component": "components", "inventory-item": "inventory-items", "location": "locations", "party": "parties", "user": "users", "resource": "resources",
}

// reference follows a value that names something else in the document.
func (c *checker) reference(path, key, value string) {
	if lists := leads[key]; lists != nil {
		c.resolve(path, value, lists)
		return
	}
	switch {
	case key == "role-id" && !c.roles[value]:
		c.fault(path, "is %q, which is no role of the metadata", value)
	case key == "href" && strings.HasPrefix(value, "#"):
		c.resolve(path, value[1:], []string{"resources"})
	}
}

func (c *checker) resolve(path, id string, lists []string) {
	found, known := c.defined[strings.ToLower(id)]
	switch {
	case !known:
		c.fault(path, "leads to %s, which the document does not define in %s", id, strings.Join(lists, ", "))
	case !slices.Contains(lists, found.list):
		c.fault(path, "leads to %s at %s, which is not in %s", id, found.path, strings.Join(lists, ", "))
	}
}

// typed holds an object's reference to the type that stands beside it.
func (c *checker) typed(path string, object map[string]any, key string, lists map[string]string) {
	kind, _ := object["type"].(string)
	id, isText := object[key].(string)
	found, known := c.defined[strings.ToLower(id)]
	if want := lists[kind]; isText && known && want != "" && found.list != want {
		c.fault(path+"."+key, "leads to %s at %s, which is no %s", id, found.path, kind)
	}
}
