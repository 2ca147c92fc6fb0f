package spec

import (
	"strings"

	"github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/target"
)

// Label keys. A label is "key:value"; label filters know both parts.
const (
	idKey         = "check"
	coversKey     = "req"
	eventKey      = "event"
	shapeKey      = "shape"
	credentialKey = "credential"
	gateKey       = "gate"
	clientKey     = "client"
)

// ID names the check. The name is stable: reports and owners refer to it. Its
// first part, the suite, is a label of its own.
func ID(id string) ginkgo.Labels {
	suite, _, _ := strings.Cut(id, ".")
	return ginkgo.Labels{idKey + ":" + id, suite}
}

// Covers names the requirements that the check decides on.
func Covers(requirements ...string) ginkgo.Labels {
	labels := make(ginkgo.Labels, len(requirements))
	for i, r := range requirements {
		labels[i] = coversKey + ":" + r
	}
	return labels
}

// On names the lifecycle event, and its shape if it has several.
func On(event reports.EventKind, shape string) ginkgo.Labels {
	labels := ginkgo.Labels{eventKey + ":" + string(event)}
	if shape != "" {
		labels = append(labels, shapeKey+":"+shape)
	}
	return labels
}

// Tries names the kind of credential that the check watches.
func Tries(kind target.Kind) ginkgo.Labels {
	return ginkgo.Labels{credentialKey + ":" + string(kind)}
}

// Needs names the features without which the check does not look, such as "filter"; see
// package features. A check behind a closed gate ends as not tested.
func Needs(gates ...string) ginkgo.Labels {
	labels := make(ginkgo.Labels, len(gates))
	for i, g := range gates {
		labels[i] = gateKey + ":" + g
	}
	return labels
}

// For names the identity providers that the check is about, by the ids of package dialects.
// It runs while one of them is chosen.
func For(clients ...string) ginkgo.Labels {
	labels := make(ginkgo.Labels, len(clients))
	for i, c := range clients {
		labels[i] = clientKey + ":" + c
	}
	return labels
}

// Describe reads a spec's labels back into the report's terms.
func Describe(text string, labels []string) reports.Spec {
	return reports.Spec{
		ID: one(labels, idKey), Text: text, Requirements: many(labels, coversKey),
		Event: reports.EventKind(one(labels, eventKey)), Shape: one(labels, shapeKey), Credential: one(labels, credentialKey),
		Gate: some(labels, gateKey), Clients: some(labels, clientKey),
	}
}

func many(labels []string, key string) []string {
	out := []string{}
	for _, l := range labels {
		if value, ok := strings.CutPrefix(l, key+":"); ok {
			out = append(out, value)
		}
	}
	return out
}

// some is many, or nil for none.
func some(labels []string, key string) []string {
	if list := many(labels, key); len(list) > 0 {
		return list
	}
	return nil
}

func one(labels []string, key string) string {
	if list := many(labels, key); len(list) > 0 {
		return list[0]
	}
	return ""
}
