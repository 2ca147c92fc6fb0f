// Package features knows what a service says it can do, and opens or closes the gates that
// checks stand behind. What a service does not tell is tried out once, and assumed.
package features

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/target"
)

// Features is what was found out about a service. All methods are safe for concurrent use.
type Features struct {
	client *scim.Client
	target *target.Target

	mu   sync.Mutex
	read bool
	// The replies of the three discovery endpoints, nil where none came.
	config, types, schemas *scim.Reply
	known                  map[string]reports.Capability
}

// New returns the features of a target. Nothing is sent before they are asked for.
func New(client *scim.Client, t *target.Target) *Features {
	return &Features{client: client, target: t, known: map[string]reports.Capability{}}
}

// Discovery are the replies of the discovery endpoints (RFC 7644 §4); one is nil where no
// usable answer came.
type Discovery struct{ Config, ResourceTypes, Schemas *scim.Reply }

// Discovery reads the discovery endpoints, once in a run.
func (f *Features) Discovery(ctx context.Context) Discovery {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.discovery(ctx)
}

func (f *Features) discovery(ctx context.Context) Discovery {
	if !f.read {
		f.read = true
		ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "read what the service says of itself"})
		f.config, _ = f.client.ServiceProviderConfig(ctx)
		f.types, _ = f.client.Do(ctx, http.MethodGet, "/ResourceTypes", nil)
		f.schemas, _ = f.client.Do(ctx, http.MethodGet, "/Schemas", nil)
	}
	return Discovery{f.config, f.types, f.schemas}
}

// ResourceTypes lists what /ResourceTypes has; none where it is not served.
func (f *Features) ResourceTypes(ctx context.Context) []scim.Document {
	return resources(f.Discovery(ctx).ResourceTypes)
}

// Schema is the served schema with the URN, in any letter case; false where none is served.
func (f *Features) Schema(ctx context.Context, urn string) (scim.Schema, bool) {
	return schemaIn(f.Discovery(ctx).Schemas, urn)
}

func schemaIn(reply *scim.Reply, urn string) (scim.Schema, bool) {
	for _, d := range resources(reply) {
		if strings.EqualFold(d.Text("id"), urn) {
			return scim.SchemaOf(d), true
		}
	}
	return scim.Schema{}, false
}

func resources(reply *scim.Reply) []scim.Document {
	if reply == nil || !reply.OK() {
		return nil
	}
	return reply.Doc.Resources()
}

// Capabilities lists the features that were asked for, by name.
func (f *Features) Capabilities() []reports.Capability {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := []reports.Capability{}
	for _, c := range f.known {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b reports.Capability) int { return strings.Compare(a.Feature, b.Feature) })
	return list
}

// Gate says whether checks that need the feature can look, and why. The names are those of
// the catalogue; an unknown one is closed.
func (f *Features) Gate(ctx context.Context, name string) reports.Capability {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c, known := f.known[name]; known {
		return c
	}
	c := f.find(ctx, name)
	c.Feature = name
	f.known[name] = c
	return c
}

// Names lists the fixed names of gates. "attribute:NAME" is one for each attribute.
func Names() []string {
	names := []string{"attribute:"}
	for name := range configured {
		names = append(names, name)
	}
	for _, set := range []map[string]func(*Features, context.Context) reports.Capability{published, tried, given} {
		for name := range set {
			names = append(names, name)
		}
	}
	for name := range refused {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (f *Features) find(ctx context.Context, name string) reports.Capability {
	if attribute, ok := strings.CutPrefix(name, "attribute:"); ok {
		return f.attribute(ctx, attribute)
	}
	if key, ok := configured[name]; ok {
		return f.configuredFeature(ctx, name, key)
	}
	if key, ok := refused[name]; ok {
		return f.refusedFeature(ctx, key)
	}
	for _, set := range []map[string]func(*Features, context.Context) reports.Capability{published, tried, given} {
		if look, ok := set[name]; ok {
			return look(f, ctx)
		}
	}
	return closed("No check knows the feature " + name + ".")
}

// configured are the features that ServiceProviderConfig has a switch for (RFC 7643 §5), with
// the path to it.
var configured = map[string][]string{
	"patch": {"patch", "supported"}, "bulk": {"bulk", "supported"}, "filter": {"filter", "supported"}, "sort": {"sort", "supported"},
	"etag": {"etag", "supported"}, "change-password": {"changePassword", "supported"}, "cursor": {"pagination", "cursor"},
}

// refused are the features whose absence is what a check is about.
var refused = map[string][]string{
	"no-patch": configured["patch"], "no-bulk": configured["bulk"], "no-filter": configured["filter"], "no-sort": configured["sort"], "no-etag": configured["etag"],
}

// configuredFeature reads a switch, and tries the feature out where there is none.
func (f *Features) configuredFeature(ctx context.Context, name string, key []string) reports.Capability {
	supported, known := f.claim(ctx, key)
	switch {
	case known && supported:
		return reports.Capability{Declared: reports.DeclaredSupported, Open: true, Why: "ServiceProviderConfig says that it is supported."}
	case known:
		return reports.Capability{Declared: reports.DeclaredUnsupported, Why: "ServiceProviderConfig says that it is not supported."}
	}
	c := f.tryOut(ctx, name)
	c.Declared, c.Assumed = reports.DeclaredNothing, true
	return c
}

func (f *Features) refusedFeature(ctx context.Context, key []string) reports.Capability {
	if supported, known := f.claim(ctx, key); known && !supported {
		return open("ServiceProviderConfig says that it is not supported.")
	}
	return closed("ServiceProviderConfig does not say that it is unsupported.")
}

// claim reads a Boolean of ServiceProviderConfig. A text for it counts as the Boolean that it
// spells: that it is none is the matter of a check.
func (f *Features) claim(ctx context.Context, key []string) (supported, known bool) {
	config := f.discovery(ctx).Config
	if config == nil || !config.OK() {
		return false, false
	}
	switch v, _ := config.Doc.Get(key...); v := v.(type) {
	case bool:
		return v, true
	case string:
		return strings.EqualFold(v, "true"), true
	}
	return false, false
}

func open(why string) reports.Capability {
	return reports.Capability{Declared: reports.DeclaredNothing, Open: true, Why: why}
}

func closed(why string) reports.Capability {
	return reports.Capability{Declared: reports.DeclaredNothing, Why: why}
}

func when(is bool, yes, no string) reports.Capability {
	if is {
		return open(yes)
	}
	return closed(no)
}

// attribute looks for a name in the served User schema. Where no schema is served it is
// assumed.
func (f *Features) attribute(ctx context.Context, name string) reports.Capability {
	schema, served := schemaIn(f.discovery(ctx).Schemas, scim.UserSchema)
	if !served {
		c := open("No User schema is served, so it is taken as given.")
		c.Assumed = true
		return c
	}
	_, has := schema.Find(name)
	return when(has, fmt.Sprintf("The User schema has %s.", name), fmt.Sprintf("The User schema has no %s.", name))
}
