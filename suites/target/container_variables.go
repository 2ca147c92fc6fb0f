package target

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/reports/strictyaml"
)

// The variables that a started container gives, beside those of the environment.
const (
	ContainerURL  = "container.url"  // where its port is published, such as http://127.0.0.1:49153
	ContainerHost = "container.host" // an address at which this machine is reached from inside
	SeedPrefix    = "seed."          // begins the names of what seed steps have captured: secrets
)

const containerPrefix = "container."

// Stand-ins for values that are not there before a container runs. The port and the
// address are nobody's, so that nothing could be sent by mistake.
const (
	standInAddress = "127.0.0.1:1"
	standInHost    = "192.0.2.1" // RFC 5737
	standInSecret  = "stand-in"
)

// ofContainer reports a name that no environment variable has.
func ofContainer(name string) bool {
	return strings.HasPrefix(name, containerPrefix) || strings.HasPrefix(name, SeedPrefix)
}

// expect lists the variables that the profile's container gives, with their values, or
// with stand-ins for those that are not given.
func (r *resolver) expect(c *documentContainer, values map[string]string) {
	if c == nil {
		return
	}
	r.container = standIns(c.Scheme, captured(c.Seed))
	maps.Copy(r.container, values)
	r.given = values
}

// withStandIns adds stand-ins for what the seed steps of a container capture.
func withStandIns(c *Container, values map[string]string) map[string]string {
	if c == nil {
		return values
	}
	out := maps.Clone(values)
	for _, s := range c.Seed {
		for name := range s.Capture {
			if out[SeedPrefix+name] == "" {
				out[SeedPrefix+name] = standInSecret
			}
		}
	}
	return out
}

func standIns(scheme string, captures []string) map[string]string {
	if scheme != "https" { // another one is a fault by itself
		scheme = "http"
	}
	out := map[string]string{ContainerURL: scheme + "://" + standInAddress, ContainerHost: standInHost}
	for _, name := range captures {
		out[SeedPrefix+name] = standInSecret
	}
	return out
}

func captured(seed []documentStep) []string {
	var names []string
	for _, s := range seed {
		names = slices.AppendSeq(names, maps.Keys(s.Capture))
	}
	return names
}

// fromContainer returns the value of a variable that the container gives.
func (r *resolver) fromContainer(at path, name string) string {
	if r.container == nil {
		r.faults.add(at, fmt.Sprintf("${%s} is of a container, and the profile names none", name), "give container, or write the value here")
		return ""
	}
	value, ok := r.container[name]
	switch {
	case !ok:
		r.notGiven(at, name)
		return r.container[ContainerURL] // so that no fault follows from this one
	case len(at) > 1 && at[0] == "container" && at[1] != "seed":
		r.faults.add(at, fmt.Sprintf("${%s} is not known before the container runs", name), "a companion is reached by its name; what is outside is told by a seed step")
		return ""
	case len(at) > 1 && at[0] == "container" && strings.HasPrefix(name, SeedPrefix):
		r.faults.add(at, fmt.Sprintf("${%s} is for what comes after the seed steps", name), "write {{"+strings.TrimPrefix(name, SeedPrefix)+"}} for what an earlier one has captured")
		return ""
	}
	if strings.HasPrefix(name, SeedPrefix) && r.given[name] != "" {
		r.secrets = append(r.secrets, Secret{Label: at.String(), Value: value})
	}
	return value
}

// notGiven notes a variable that no container gives. A malformed container may be the
// reason, which is a fault already.
func (r *resolver) notGiven(at path, name string) {
	if r.faults.isMalformed(path{"container"}) {
		return
	}
	problem := fmt.Sprintf("a container gives no ${%s}", name)
	if strings.HasPrefix(name, SeedPrefix) {
		problem = fmt.Sprintf("no step of container.seed captures %s", strings.TrimPrefix(name, SeedPrefix))
	}
	r.faults.add(at, problem, strictyaml.DidYouMean(name, slices.Sorted(maps.Keys(r.container))))
}
