// Package discovery asks what a service says of itself (RFC 7643 §5 to §7, RFC 7644 §4), and
// whether it is so.
package discovery

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string {
	return []string{
		"discovery.config", "discovery.types", "discovery.schemas", "discovery.filter", "discovery.paging",
		"discovery.unchangeable", "discovery.schema", "discovery.async", "discovery",
	}
}

// Register adds the checks to the spec tree.
func Register() {
	registerConfig()
	registerClaims()
	registerTypes()
	registerExtensions()
	registerSchemas()
	registerForm()
	registerQueries()
	registerAsync()
	registerShown()
	registerWritten()
	registerRefused()
	registerCompared()
}

// The endpoints of RFC 7644 §4.
const (
	configPath  = "/ServiceProviderConfig"
	typesPath   = "/ResourceTypes"
	schemasPath = "/Schemas"
)

// The schemas of what they show.
const (
	configSchema = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	typeSchema   = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	schemaSchema = "urn:ietf:params:scim:schemas:core:2.0:Schema"
)

// nobody is the name of a definition that no service has.
const nobody = "scimproof-nobody"

// most bounds what is looked at one by one.
const most = 6

// served returns what the run has read of a discovery endpoint, as evidence of the check. Where
// that had no usable answer it is asked for again.
func served(ctx context.Context, t *spec.T, path string) *scim.Reply {
	GinkgoHelper()
	d := t.Features.Discovery(ctx)
	reply := map[string]*scim.Reply{configPath: d.Config, typesPath: d.ResourceTypes, schemasPath: d.Schemas}[path]
	if reply == nil {
		return t.Get(ctx, "read what the service says of itself", path)
	}
	t.Cite(reply.Exchanges...)
	return reply
}

// mustConfig is the ServiceProviderConfig; without one there is nothing to look at.
func mustConfig(ctx context.Context, t *spec.T) scim.Document {
	GinkgoHelper()
	reply := served(ctx, t, configPath)
	if !reply.OK() || reply.Doc == nil {
		t.NotTested("ServiceProviderConfig is not served, which is the matter of the check discovery.config.")
	}
	return reply.Doc
}

// definitions lists what an endpoint serves.
func definitions(ctx context.Context, t *spec.T, path string) []scim.Document {
	GinkgoHelper()
	return served(ctx, t, path).Doc.Resources()
}

// urn matches a URN in any letter case.
func urn(s string) types.GomegaMatcher {
	return WithTransform(strings.ToLower, Equal(strings.ToLower(s)))
}

// has reports whether a list has a URN, in any letter case.
func has(list []string, s string) bool {
	for _, item := range list {
		if strings.EqualFold(item, s) {
			return true
		}
	}
	return false
}
