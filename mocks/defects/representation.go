package defects

import (
	"net/url"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// representation are the defects in the form of resources and messages (RFC 7643 §2
// and §3, RFC 7644 §3.4.2, §3.8 and §3.9).
func representation() []Defect {
	return slices.Concat(metadata(), shapes(), listForms(), selections(), encodings(), typedWrongly(), namedWrongly())
}

// metadata are the defects of meta, id and schemas (RFC 7643 §3).
func metadata() []Defect {
	return []Defect{
		{
			Name:    "location-of-another-host",
			Summary: "meta.location names the host behind the proxy instead of the one that was asked.",
			Checks:  []string{"users.create.location", "users.model.meta.location"},
			Gaps:    []string{"nonconformant"},
			Install: onMeta(func(meta map[string]any) {
				if at, err := url.Parse(model.Resource(meta).Text("location")); err == nil && at.Host != "" {
					at.Host = "scim-7f9c.internal:8080"
					meta["location"] = at.String()
				}
			}),
		},
		{
			Name:    "location-is-a-path",
			Summary: "meta.location is a path without the service's address, unlike the Location header.",
			Checks:  []string{"users.model.meta.location"},
			Gaps:    []string{"nonconformant"},
			Install: onMeta(func(meta map[string]any) {
				if at, err := url.Parse(model.Resource(meta).Text("location")); err == nil && at.Host != "" {
					meta["location"] = at.Path
				}
			}),
		},
		{
			Name:    "last-modified-as-number",
			Summary: "meta.lastModified is a number of seconds instead of a dateTime.",
			Checks:  []string{"users.model.times.form"},
			Gaps:    []string{"nonconformant"},
			Install: onMeta(func(meta map[string]any) {
				if at, ok := moment(meta["lastModified"]); ok {
					meta["lastModified"] = at.Unix()
				}
			}),
		},
		{
			Name:    "created-in-database-form",
			Summary: "meta.created has a space between date and time, as databases print it.",
			Checks:  []string{"users.model.times.form"},
			Gaps:    []string{"nonconformant"},
			Install: onMeta(func(meta map[string]any) {
				if at, ok := moment(meta["created"]); ok {
					meta["created"] = at.Format("2006-01-02 15:04:05")
				}
			}),
		},
		{
			Name:    "created-moves",
			Summary: "meta.created shows the time of the last change.",
			Checks:  []string{"users.model.times.changed", "users.model.times.group"},
			Gaps:    []string{"nonconformant", "declared-not-delivered patch"},
			Install: onMeta(func(meta map[string]any) { meta["created"] = meta["lastModified"] }),
		},
		{
			Name:    "last-modified-stands-still",
			Summary: "meta.lastModified goes on showing the time of creation after a change.",
			Checks:  []string{"users.model.times.changed", "users.model.times.group"},
			Gaps:    []string{"nonconformant", "declared-not-delivered patch"},
			Install: onMeta(func(meta map[string]any) { meta["lastModified"] = meta["created"] }),
		},
		{
			Name:     "resource-type-in-lower-case",
			Summary:  "meta.resourceType is written in lower case: user.",
			Imitates: "Microsoft Entra ID's own SCIM server",
			Checks:   []string{"lifecycle.create", "users.create.resource-type"},
			Gaps:     []string{"nonconformant"},
			Install: onMeta(func(meta map[string]any) {
				meta["resourceType"] = strings.ToLower(model.Resource(meta).Text("resourceType"))
			}),
		},
		{
			Name:    "listed-without-schemas",
			Summary: "Resources in a list carry no schemas.",
			Checks:  []string{"querying.list.resources"},
			Gaps:    []string{"nonconformant"},
			Install: inLists(func(resource map[string]any) { delete(resource, "schemas") }),
		},
		{
			Name:    "schemas-without-extension",
			Summary: "schemas does not name the enterprise extension, whose attributes are shown.",
			Checks:  []string{"users.model.extension", "patching.extension.begins"},
			Gaps:    []string{"nonconformant", "declared-not-delivered patch"},
			Install: onResources(func(resource map[string]any) {
				if list, ok := resource["schemas"].([]any); ok {
					resource["schemas"] = slices.DeleteFunc(list, func(urn any) bool { return urn == model.URNEnterprise })
				}
			}),
		},
		{
			Name:    "listed-id-as-number",
			Summary: "A list shows ids as numbers; elsewhere they are text.",
			Checks:  []string{"querying.list.resources"},
			Gaps:    []string{"nonconformant"},
			Install: both(numericIDs(), inLists(func(resource map[string]any) {
				if id, ok := number(resource["id"]); ok {
					resource["id"] = id
				}
			})),
		},
		{
			Name:    "meta-without-created",
			Summary: "meta does not say when a resource was created.",
			Checks:  []string{"users.model.meta.assigned"},
			Gaps:    []string{"nonconformant"},
			Install: onMeta(func(meta map[string]any) { delete(meta, "created") }),
		},
		{
			Name:    "last-modified-after-creation",
			Summary: "meta.lastModified is a minute later than the last change, so that what is new seems to have been changed.",
			Checks:  []string{"users.model.times.unchanged", "querying.filter.dates"},
			Gaps:    []string{"nonconformant", "declared-not-delivered filter"},
			Install: onMeta(func(meta map[string]any) {
				if at, ok := moment(meta["lastModified"]); ok {
					meta["lastModified"] = at.Add(60e9).Format("2006-01-02T15:04:05.999999999Z07:00")
				}
			}),
		},
		{
			Name:    "put-takes-created",
			Summary: "meta.created of a PUT is believed.",
			Checks:  []string{"users.model.meta.client", "replacing.read-only"},
			Gaps:    []string{"nonconformant"},
			Install: putChangesCreated,
		},
	}
}

// onMeta alters meta of each user and group that a reply shows.
func onMeta(hook func(map[string]any)) func(*acme.Config) {
	return onResources(func(resource map[string]any) {
		if meta, ok := resource["meta"].(map[string]any); ok {
			hook(meta)
		}
	})
}
