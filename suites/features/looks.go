package features

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/target"
)

// nowhere is an id that no resource has.
const nowhere = "scimproof-nobody"

// shortTimeout is how long a cursor may be good for if a check is to wait for its end, in
// seconds.
const shortTimeout = 10

// published are what the discovery endpoints tell without a switch.
var published = map[string]func(*Features, context.Context) reports.Capability{
	"schemas": func(f *Features, ctx context.Context) reports.Capability {
		return when(len(resources(f.discovery(ctx).Schemas)) > 0, "Schemas are served.", "No schema is served.")
	},
	"resource-types": func(f *Features, ctx context.Context) reports.Capability {
		return when(len(resources(f.discovery(ctx).ResourceTypes)) > 0, "Resource types are served.", "No resource type is served.")
	},
	"extension": func(f *Features, ctx context.Context) reports.Capability {
		return when(len(f.extensions(ctx)) > 0, "A resource type has a schema extension.", "No resource type has a schema extension.")
	},
	"required-extension": func(f *Features, ctx context.Context) reports.Capability {
		required := slices.ContainsFunc(f.extensions(ctx), func(e scim.Document) bool { return e.Flag("required") })
		return when(required, "A resource type requires an extension.", "No resource type requires an extension.")
	},
	"enterprise": func(f *Features, ctx context.Context) reports.Capability {
		_, served := schemaIn(f.discovery(ctx).Schemas, scim.EnterpriseSchema)
		has := served || slices.ContainsFunc(f.extensions(ctx), func(e scim.Document) bool { return strings.EqualFold(e.Text("schema"), scim.EnterpriseSchema) })
		if !has && f.blind(ctx) {
			c := open("Neither schemas nor resource types are served, so it is taken as given.")
			c.Assumed = true
			return c
		}
		return when(has, "The enterprise extension is published.", "The enterprise extension is not published.")
	},
	"immutable-attribute": func(f *Features, ctx context.Context) reports.Capability {
		return f.hasAttribute(ctx, "immutable", func(a scim.Attribute) bool { return a.Mutability == "immutable" })
	},
	"request-attribute": func(f *Features, ctx context.Context) reports.Capability {
		return f.hasAttribute(ctx, "returned on request", func(a scim.Attribute) bool { return a.Returned == "request" })
	},
	"pagination": func(f *Features, ctx context.Context) reports.Capability {
		_, has := f.configValue(ctx, "pagination")
		return when(has, "ServiceProviderConfig has the block pagination.", "ServiceProviderConfig has no block pagination.")
	},
	"index-paging": func(f *Features, ctx context.Context) reports.Capability {
		index, known := f.claim(ctx, []string{"pagination", "index"})
		return when(index || !known, "The service does not say that it cannot page by index.", "The service says that it does not page by index.")
	},
	"cursor-only": func(f *Features, ctx context.Context) reports.Capability {
		cursor, _ := f.claim(ctx, []string{"pagination", "cursor"})
		index, known := f.claim(ctx, []string{"pagination", "index"})
		return when(cursor && known && !index, "The service pages by cursor alone.", "The service does not page by cursor alone.")
	},
	"short-cursor-timeout": func(f *Features, ctx context.Context) reports.Capability {
		config := f.discovery(ctx).Config
		seconds, ok := 0, false
		if config != nil {
			seconds, ok = config.Doc.Int("pagination", "cursorTimeout")
		}
		return when(ok && seconds <= shortTimeout, "Cursors end soon enough to wait for it.", "The service names no cursorTimeout that a run could wait for.")
	},
	"security-events": func(f *Features, ctx context.Context) reports.Capability {
		_, has := f.configValue(ctx, "securityEvents")
		return when(has, "ServiceProviderConfig has the block securityEvents.", "ServiceProviderConfig has no block securityEvents.")
	},
	"async-request": func(f *Features, ctx context.Context) reports.Capability {
		value, has := f.configValue(ctx, "securityEvents", "asyncRequest")
		return when(has && value != "none", "The service takes asynchronous requests.", "The service does not claim asynchronous requests.")
	},
}

// tried are what nothing tells, so that one request does.
var tried = map[string]func(*Features, context.Context) reports.Capability{
	"groups": func(f *Features, ctx context.Context) reports.Capability {
		for _, t := range resources(f.discovery(ctx).ResourceTypes) {
			if strings.EqualFold(strings.Trim(t.Text("endpoint"), "/"), "Groups") {
				return open("A resource type of groups is published.")
			}
		}
		c := f.answers(ctx, http.MethodGet, "/Groups?count=1", nil)
		c.Assumed = true
		return c
	},
	"search": func(f *Features, ctx context.Context) reports.Capability {
		return f.answers(ctx, http.MethodPost, "/Users/.search", scim.Document{
			"schemas": []any{scim.SearchSchema}, "filter": `userName eq "` + nowhere + `"`, "count": 1,
		})
	},
	"root-query": func(f *Features, ctx context.Context) reports.Capability {
		return f.answers(ctx, http.MethodGet, "?"+url.Values{"filter": {`userName eq "` + nowhere + `"`}}.Encode(), nil)
	},
	"me": func(f *Features, ctx context.Context) reports.Capability {
		return f.answers(ctx, http.MethodGet, "/Me", nil)
	},
}

// given are what the profile says, or leaves out.
var given = map[string]func(*Features, context.Context) reports.Capability{
	"https": func(f *Features, _ context.Context) reports.Capability {
		return when(f.client.Base().Scheme == "https", "The service is reached over TLS.", "The service is reached over plain http on this machine.")
	},
	"low-privilege-token": func(f *Features, _ context.Context) reports.Capability {
		return when(f.target.SCIM.Others.ReadOnly != nil, "The profile has a credential that may only read.", "The profile has no credential that may only read (scim.others.readOnly).")
	},
	"ended-token": func(f *Features, _ context.Context) reports.Capability {
		return when(f.target.SCIM.Others.Ended != nil, "The profile has a credential whose time is over.", "The profile has no credential whose time is over (scim.others.ended).")
	},
	"person-token": func(f *Features, _ context.Context) reports.Capability {
		return when(f.target.SCIM.Others.Person != nil, "The profile has an ordinary person's token.", "The profile has no ordinary person's token (scim.others.person).")
	},
	"second-tenant": func(f *Features, _ context.Context) reports.Capability {
		return when(f.target.SCIM.Others.OtherTenant != nil, "The profile has another tenant.", "The profile has no other tenant (scim.others.otherTenant).")
	},
	"bearer": func(f *Features, _ context.Context) reports.Capability {
		return when(f.target.SCIM.Auth.Scheme == target.AuthBearer, "The channel's credential is a bearer token.", "The channel's credential is no bearer token.")
	},
	"login": func(f *Features, _ context.Context) reports.Capability {
		has := slices.ContainsFunc(f.target.Access, func(p target.AccessPath) bool { return p.Kind == target.LocalPassword })
		return when(has, "The profile says how a password is tried.", "The profile declares no access path of kind local-password.")
	},
}

// tryOut finds out about a feature that has a switch which the service does not set.
func (f *Features) tryOut(ctx context.Context, name string) reports.Capability {
	switch name {
	case "filter":
		return f.answers(ctx, http.MethodGet, "/Users?"+url.Values{"filter": {`userName eq "` + nowhere + `"`}}.Encode(), nil)
	case "sort":
		return f.answers(ctx, http.MethodGet, "/Users?sortBy=userName&count=1", nil)
	case "bulk":
		return f.answers(ctx, http.MethodPost, "/Bulk", scim.Document{"schemas": []any{scim.BulkSchema}, "Operations": []any{
			map[string]any{"method": http.MethodDelete, "path": "/Users/" + nowhere},
		}})
	case "patch":
		// Nobody has that id; only a service that knows no PATCH says anything but so.
		return f.tried(ctx, http.MethodPatch, "/Users/"+nowhere, scim.PatchOp(map[string]any{"op": "replace", "path": "title", "value": "x"}),
			func(status int) bool { return status == http.StatusNotFound })
	}
	return closed("The service does not say that it is supported.")
}

// answers reports whether a request is answered 2xx, or with the permanent redirect that /Me may
// have (RFC 7644 §3.11).
func (f *Features) answers(ctx context.Context, method, path string, body any) reports.Capability {
	return f.tried(ctx, method, path, body, func(status int) bool { return status/100 == 2 || status == http.StatusPermanentRedirect })
}

// tried reports whether a request is answered with a status that tells of the feature.
func (f *Features) tried(ctx context.Context, method, path string, body any, tells func(status int) bool) reports.Capability {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "find out what the service does not tell"})
	reply, err := f.client.Do(ctx, method, path, body)
	if err != nil {
		return closed("Tried out: " + strings.TrimSuffix(err.Error(), ".") + ".")
	}
	path, _, _ = strings.Cut(path, "?")
	why := fmt.Sprintf("%s %s was answered %d.", method, cmp.Or(path, "/"), reply.Status)
	return when(tells(reply.Status), why, why)
}

// extensions lists the schemaExtensions of all resource types.
func (f *Features) extensions(ctx context.Context) []scim.Document {
	var list []scim.Document
	for _, t := range resources(f.discovery(ctx).ResourceTypes) {
		list = append(list, t.Objects("schemaExtensions")...)
	}
	return list
}

// blind reports that neither schemas nor resource types are served.
func (f *Features) blind(ctx context.Context) bool {
	d := f.discovery(ctx)
	return len(resources(d.Schemas)) == 0 && len(resources(d.ResourceTypes)) == 0
}

func (f *Features) configValue(ctx context.Context, key ...string) (any, bool) {
	config := f.discovery(ctx).Config
	if config == nil || !config.OK() {
		return nil, false
	}
	return config.Doc.Get(key...)
}

// hasAttribute looks for a top-level attribute of users or groups, extensions included.
func (f *Features) hasAttribute(ctx context.Context, what string, is func(scim.Attribute) bool) reports.Capability {
	for _, d := range resources(f.discovery(ctx).Schemas) {
		if slices.ContainsFunc(scim.SchemaOf(d).Attributes, is) {
			return open("An attribute is " + what + ".")
		}
	}
	return closed("No served schema has an attribute that is " + what + " as a whole.")
}
