package target

import (
	"os"

	"github.com/scimproof/scimproof/reports/strictyaml"
)

// Profile is a profile that has been read and checked. Its target may be a container,
// which gives the last of its values only once it runs.
type Profile struct {
	file    string
	text    []byte
	env     func(string) (string, bool)
	checked *Target // with stand-ins for what a container gives
}

// Read reads and checks the profile in a file, so far as that can be done before a
// container is started: all that could be wrong with the file is. The error is Faults.
func Read(file string) (*Profile, error) {
	text, err := strictyaml.Load(file, "an existing file with --target")
	if err != nil {
		return nil, err
	}
	return ReadText(file, text, os.LookupEnv)
}

// ReadText is Read for a profile at hand: file names it in errors, and its folder is the
// one that other files are relative to; env looks up environment variables.
func ReadText(file string, text []byte, env func(string) (string, bool)) (*Profile, error) {
	t, err := resolve(file, text, env, nil)
	if err != nil {
		return nil, err
	}
	return &Profile{file: file, text: text, env: env, checked: t}, nil
}

// Container is what has to be started first; nil for a target that runs by itself. Its seed
// steps have stand-ins for the container's own address: see Seed.
func (p *Profile) Container() *Container { return p.checked.Container }

// Secrets are those that are known before a container is started.
func (p *Profile) Secrets() []Secret { return p.checked.Secrets }

// SecretValues are the profile's secrets by the placeholders under which steps name them.
func (p *Profile) SecretValues() map[string]string { return p.checked.SecretValues }

// Limits bound what is asked of the target, also while it is seeded.
func (p *Profile) Limits() Limits { return p.checked.Limits }

// TLS holds the options for connections to the target.
func (p *Profile) TLS() TLS { return p.checked.SCIM.TLS }

// File is the path that the profile was read from.
func (p *Profile) File() string { return p.file }

// Seed returns the seed steps for a container that runs: values has ContainerURL and
// ContainerHost. The error is Faults.
func (p *Profile) Seed(values map[string]string) ([]Step, error) {
	t, err := resolve(p.file, p.text, p.env, withStandIns(p.checked.Container, values))
	if err != nil {
		return nil, err
	}
	return t.Container.Seed, nil
}

// With returns the target. Of one that is a container values has what it gives:
// ContainerURL, ContainerHost and, with SeedPrefix, what its seed steps have captured. The
// error is Faults.
func (p *Profile) With(values map[string]string) (*Target, error) {
	if c := p.checked.Container; c != nil {
		for name := range withStandIns(c, map[string]string{ContainerURL: standInAddress, ContainerHost: standInHost}) {
			if values[name] == "" {
				return nil, Faults{{File: p.file, Key: "container", Problem: "the container has given no " + name}}
			}
		}
	}
	return resolve(p.file, p.text, p.env, values)
}

// running returns the target of a profile that needs nothing to be started.
func (p *Profile) running() (*Target, error) {
	if p.checked.Container == nil {
		return p.checked, nil
	}
	return nil, Faults{{
		File: p.file, Key: "container", Problem: "the target is a container, which is gone when its run is over",
		Hint: "scimproof clean --containers removes what a killed run left; scimproof run and try-access start it anew",
	}}
}
