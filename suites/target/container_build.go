package target

import (
	"maps"
	"os"
	slash "path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports/strictyaml"
)

const (
	defaultReadyPath   = "/"
	defaultReadyStatus = 200
	defaultReadyWithin = time.Minute
	defaultDockerfile  = "Dockerfile"
)

// applicationName is the application's own name on the private network.
const applicationName = "app"

// dnsLabel is a name under which a companion can be reached (RFC 1123 section 2.1).
var dnsLabel = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// container reads the image that the target is; nil for one that runs by itself.
func (b *builder) container() *Container {
	d, at := b.doc.Container, path{"container"}
	if d == nil {
		return nil
	}
	c := &Container{Service: b.service(at, d.documentService), Scheme: orDefault(d.Scheme, "http")}
	if d.Port == 0 {
		b.faults.add(at, "the key port is missing", "the port inside the container at which the application answers")
	}
	c.Ready.Path, c.Ready.Status = orDefault(c.Ready.Path, defaultReadyPath), orDefault(c.Ready.Status, defaultReadyStatus)
	if !strings.HasPrefix(c.Ready.Path, "/") {
		b.faults.add(at.Child("ready", "path"), "must begin with /", "it is asked for at the application's own address")
	}
	for _, name := range slices.Sorted(maps.Keys(d.Companions)) {
		here := at.Child("companions", name)
		switch {
		case name == applicationName:
			b.faults.add(here, "this is the application's own name on the network", "choose another")
		case !dnsLabel.MatchString(name):
			b.faults.add(here, "not a name that a companion can be reached by", "write up to 63 lower-case letters, digits and hyphens, such as db")
		}
		if c.Companions == nil {
			c.Companions = map[string]Service{}
		}
		c.Companions[name] = b.service(here, d.Companions[name])
	}
	c.Seed = b.seed(at.Child("seed"), d.Seed)
	return c
}

// service reads one container.
func (b *builder) service(at path, d documentService) Service {
	s := Service{
		Image: d.Image, Env: d.Env, Command: d.Command, Port: d.Port,
		Ready: Ready{Path: d.Ready.Path, Status: d.Ready.Status, Log: d.Ready.Log, Within: b.duration(at.Child("ready", "within"), d.Ready.Within, defaultReadyWithin)},
	}
	if s.Ready.Within <= 0 {
		b.faults.add(at.Child("ready", "within"), "must be longer than 0", "")
	}
	if (d.Image == "") == (d.Build == nil) {
		b.faults.add(at, "exactly one of image and build must be given", "image is a reference such as registry.example.com/app:4.2, build a folder with a Dockerfile")
	}
	if d.Build != nil {
		s.Build = &Build{Context: b.ownFile(at.Child("build", "context"), d.Build.Context, true), Dockerfile: orDefault(d.Build.Dockerfile, defaultDockerfile), Args: d.Build.Args}
		if s.Build.Context != "" {
			b.dockerfile(at.Child("build", "dockerfile"), s.Build)
		}
	}
	for name := range d.Env {
		if name == "" || strings.ContainsAny(name, "=\x00") {
			b.faults.add(at.Child("env", name), "not the name of an environment variable", "")
		}
	}
	for i, f := range d.Files {
		here := at.Child("files", strconv.Itoa(i))
		if !slash.IsAbs(f.To) || strings.HasSuffix(f.To, "/") {
			b.faults.add(here.Child("to"), "not the absolute path of a file", "write one such as /etc/app/app.conf")
		}
		s.Files = append(s.Files, ContainerFile{From: b.ownFile(here.Child("from"), f.From, false), To: f.To})
	}
	return s
}

// ownFile returns the absolute path of a file, or of a folder, that the profile hands over:
// it lies in the profile's folder, wherever links in it lead, so that a profile from
// elsewhere cannot carry files of this machine into an image.
func (b *builder) ownFile(at path, name string, folder bool) string {
	if name == "" {
		return "" // a fault already
	}
	root, err := filepath.Abs(b.resolver.dir)
	if err == nil {
		root, err = filepath.EvalSymlinks(root)
	}
	full := name
	if err == nil && !filepath.IsAbs(name) {
		full = filepath.Join(root, name)
	}
	var info os.FileInfo
	if err == nil {
		if full, err = filepath.EvalSymlinks(full); err == nil {
			info, err = os.Stat(full)
		}
	}
	if err != nil {
		b.faults.add(at, "this cannot be read: "+strictyaml.Reason(err), "paths are relative to the profile")
		return ""
	}
	relative, err := filepath.Rel(root, full)
	switch {
	case err != nil || !filepath.IsLocal(relative):
		b.faults.add(at, "this lies outside the profile's folder", "put it beside the profile: nothing else of this machine is handed to a container")
	case folder && !info.IsDir():
		b.faults.add(at, "this is not a folder", "name the folder that the image is built from")
	case !folder && !info.Mode().IsRegular():
		b.faults.add(at, "this is not a file", "name each file by itself")
	default:
		return full
	}
	return ""
}

// dockerfile checks the file that says how an image is built.
func (b *builder) dockerfile(at path, build *Build) {
	if !filepath.IsLocal(build.Dockerfile) {
		b.faults.add(at, "this lies outside the build context", "its path is relative to context")
		return
	}
	if info, err := os.Stat(filepath.Join(build.Context, build.Dockerfile)); err != nil || !info.Mode().IsRegular() {
		b.faults.add(at, "the build context has no file "+build.Dockerfile, "its path is relative to context")
	}
}

// insideContainer wants the SCIM service of the container that the profile names: the
// credential of another one must not come to rest with it, nor the other way round.
func (b *builder) insideContainer(at path) {
	if c := b.doc.Container; c != nil && b.literal.SCIM.BaseURL != "" && !strings.HasPrefix(b.literal.SCIM.BaseURL, "${"+containerPrefix) {
		b.faults.add(at, "the profile names a container, and another address", "begin it with ${"+ContainerURL+"}, or leave container out")
	}
}
