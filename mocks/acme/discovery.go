package acme

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// discoveryRoutes says what the service does (RFC 7644 §4), no more and no less.
func (a *App) discoveryRoutes(r chi.Router) {
	r.Get("/ServiceProviderConfig", a.scim(func(r *http.Request) (*Reply, error) {
		if err := refuseFilter(r); err != nil {
			return nil, err
		}
		return &Reply{Status: http.StatusOK, Body: serviceProviderConfig(r)}, nil
	}))
	listing(a, r, "/ResourceTypes", resourceTypes)
	listing(a, r, "/Schemas", model.Published)
}

// listing serves a list of definitions, and each by its id.
func listing(a *App, r chi.Router, path string, all func() []map[string]any) {
	r.Get(path, a.scim(func(r *http.Request) (*Reply, error) {
		if err := refuseFilter(r); err != nil {
			return nil, err
		}
		list := []any{}
		for _, d := range all() {
			list = append(list, described(r, d))
		}
		return &Reply{Status: http.StatusOK, Body: definitions(list)}, nil
	}))
	r.Get(path+"/{id}", a.scim(func(r *http.Request) (*Reply, error) {
		id := chi.URLParam(r, "id")
		for _, d := range all() {
			if d["id"] == id {
				return &Reply{Status: http.StatusOK, Body: described(r, d)}, nil
			}
		}
		return nil, notFound("definition", id)
	}))
}

// definitions lists all on one page, as they are few.
func definitions(list []any) map[string]any {
	body := listResponse(list, len(list))
	body["startIndex"] = 1
	return body
}

// refuseFilter answers a filter 403, so that nobody believes in its result. Sorting and
// paging are ignored (RFC 7644 §4).
func refuseFilter(r *http.Request) error {
	if r.URL.Query().Has("filter") {
		return &Error{Status: http.StatusForbidden, Detail: "definitions cannot be filtered"}
	}
	return nil
}

func described(r *http.Request, d map[string]any) map[string]any {
	out := model.Resource(d).Clone()
	meta, _ := out["meta"].(map[string]any)
	if location, ok := meta["location"].(string); ok {
		meta["location"] = base(r) + location[1:]
	}
	return out
}

func serviceProviderConfig(r *http.Request) map[string]any {
	yes := func() map[string]any { return map[string]any{"supported": true} } // hooks may alter one
	return map[string]any{
		"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"},
		"patch":   yes(),
		"bulk":    map[string]any{"supported": true, "maxOperations": maxOperations, "maxPayloadSize": maxBody},
		"filter":  map[string]any{"supported": true, "maxResults": maxResults},
		"pagination": map[string]any{ // RFC 9865 §4
			"cursor": true, "index": true, "defaultPaginationMethod": "index",
			"defaultPageSize": maxResults, "maxPageSize": maxResults, "cursorTimeout": int(cursorTimeout.Seconds()),
		},
		"changePassword": yes(), "sort": yes(), "etag": yes(),
		"authenticationSchemes": []any{map[string]any{
			"type": "oauthbearertoken", "name": "Bearer token", "description": "A token that the administrator hands out.", "primary": true,
		}},
		"meta": map[string]any{"resourceType": "ServiceProviderConfig", "location": base(r) + "ServiceProviderConfig"},
	}
}

func resourceTypes() []map[string]any {
	urn := []any{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"}
	meta := func(id string) map[string]any {
		return map[string]any{"resourceType": "ResourceType", "location": "/ResourceTypes/" + id}
	}
	return []map[string]any{
		{
			"schemas": urn, "id": TypeUser, "name": TypeUser, "endpoint": "/Users", "description": "People with an account", "schema": model.URNUser,
			"schemaExtensions": []any{
				map[string]any{"schema": model.URNEnterprise, "required": false},
				map[string]any{"schema": model.URNWorkplace, "required": false},
			}, "meta": meta(TypeUser),
		},
		{"schemas": urn, "id": TypeGroup, "name": TypeGroup, "endpoint": "/Groups", "description": "Groups of users", "schema": model.URNGroup, "meta": meta(TypeGroup)},
	}
}
