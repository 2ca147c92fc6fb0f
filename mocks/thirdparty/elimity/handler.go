package main

import (
	"crypto/rand"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/filter"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"
)

// handler keeps the resources of one type in memory, in the order of their creation.
// What is stored is never changed in place, as the library reads it without the lock.
type handler struct {
	schema     schema.Schema
	extensions []schema.Schema
	unique     string // the attribute no two resources share, in any letter case

	mu        sync.Mutex
	resources []scim.Resource
}

func (h *handler) Create(_ *http.Request, attributes scim.ResourceAttributes) (scim.Resource, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	id := rand.Text()
	if h.taken(id, attributes) {
		return scim.Resource{}, errors.ScimErrorUniqueness
	}
	now := time.Now()
	resource := stored(id, attributes, &now, &now)
	h.resources = append(h.resources, resource)
	return resource, nil
}

func (h *handler) Get(_ *http.Request, id string) (scim.Resource, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, err := h.find(id)
	if err != nil {
		return scim.Resource{}, err
	}
	return h.resources[at], nil
}

func (h *handler) GetAll(_ *http.Request, params scim.ListRequestParams) (scim.Page, error) {
	return h.page(params.FilterValidator, params.StartIndex, params.Count), nil
}

// Search makes the library serve POST /.search.
func (h *handler) Search(_ *http.Request, params scim.SearchParams) (scim.Page, error) {
	return h.page(params.FilterValidator, params.StartIndex, params.Count), nil
}

func (h *handler) Replace(_ *http.Request, id string, attributes scim.ResourceAttributes) (scim.Resource, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.replace(id, attributes)
}

func (h *handler) Delete(_ *http.Request, id string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, err := h.find(id)
	if err != nil {
		return err
	}
	h.resources = slices.Delete(h.resources, at, at+1)
	return nil
}

func (h *handler) Patch(_ *http.Request, id string, operations []scim.PatchOperation) (scim.Resource, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, err := h.find(id)
	if err != nil {
		return scim.Resource{}, err
	}
	attributes := clone(map[string]any(h.resources[at].Attributes)).(map[string]any)
	for _, operation := range operations {
		if err := h.apply(attributes, operation); err != nil {
			return scim.Resource{}, err
		}
	}
	if reflect.DeepEqual(attributes, map[string]any(h.resources[at].Attributes)) {
		return h.resources[at], nil // what changes nothing is no modification
	}
	return h.replace(id, attributes)
}

func (h *handler) replace(id string, attributes scim.ResourceAttributes) (scim.Resource, error) {
	at, err := h.find(id)
	if err != nil {
		return scim.Resource{}, err
	}
	if h.taken(id, attributes) {
		return scim.Resource{}, errors.ScimErrorUniqueness
	}
	now := time.Now()
	h.resources[at] = stored(id, attributes, h.resources[at].Meta.Created, &now)
	return h.resources[at], nil
}

func (h *handler) find(id string) (int, error) {
	at := slices.IndexFunc(h.resources, func(r scim.Resource) bool { return r.ID == id })
	if at < 0 {
		return 0, errors.ScimErrorResourceNotFound(id)
	}
	return at, nil
}

// taken says whether another resource has the value that has to be unique.
func (h *handler) taken(id string, attributes scim.ResourceAttributes) bool {
	value, _ := attributes[h.unique].(string)
	return h.unique != "" && slices.ContainsFunc(h.resources, func(r scim.Resource) bool {
		other, _ := r.Attributes[h.unique].(string)
		return r.ID != id && strings.EqualFold(other, value)
	})
}

func (h *handler) page(validator *filter.Validator, startIndex, count int) scim.Page {
	h.mu.Lock()
	defer h.mu.Unlock()
	found := []scim.Resource{}
	for _, resource := range h.resources {
		if validator == nil || validator.PassesFilter(h.filterable(resource)) == nil {
			found = append(found, resource)
		}
	}
	from := min(startIndex-1, len(found))
	return scim.Page{TotalResults: len(found), Resources: found[from:min(from+count, len(found))]}
}

// filterable is a resource with the attributes that the library knows by itself.
func (h *handler) filterable(resource scim.Resource) map[string]any {
	attributes := maps.Clone(map[string]any(resource.Attributes))
	attributes["id"] = resource.ID
	attributes["meta"] = map[string]any{
		"resourceType": h.schema.Name.Value(),
		"created":      resource.Meta.Created.Format(time.RFC3339),
		"lastModified": resource.Meta.LastModified.Format(time.RFC3339),
	}
	return attributes
}

// stored leaves out the password, which must never be returned; nobody signs in here.
func stored(id string, attributes scim.ResourceAttributes, created, modified *time.Time) scim.Resource {
	delete(attributes, "password")
	resource := scim.Resource{ID: id, Attributes: attributes, Meta: scim.Meta{Created: created, LastModified: modified}}
	if externalID, ok := attributes["externalId"].(string); ok {
		resource.ExternalID = optional.NewString(externalID)
	}
	return resource
}

func clone(value any) any {
	switch value := value.(type) {
	case map[string]any:
		copied := make(map[string]any, len(value))
		for k, v := range value {
			copied[k] = clone(v)
		}
		return copied
	case []any:
		copied := make([]any, len(value))
		for i, v := range value {
			copied[i] = clone(v)
		}
		return copied
	}
	return value
}
