package target

import "time"

// Container is a target that is an image.
type Container struct {
	Service                       // the application itself
	Scheme     string             // http or https
	Companions map[string]Service // by the name under which the application reaches them
	Seed       []Step             // carried out once the application is ready
}

// Service is one container.
type Service struct {
	Image   string // a reference; empty where Build is set
	Build   *Build
	Env     map[string]string
	Command []string
	Port    int // inside; of a companion 0 where nothing is waited for
	Ready   Ready
	Files   []ContainerFile
}

// Build is an image that is built from a folder.
type Build struct {
	Context    string // absolute
	Dockerfile string // within the context
	Args       map[string]string
}

// Ready says when a service is ready.
type Ready struct {
	Path   string
	Status int
	Log    string // of a companion, a text that its log must hold
	Within time.Duration
}

// ContainerFile is a file that is copied into a container before it starts.
type ContainerFile struct {
	From string // absolute and within the profile's folder
	To   string
}

// Image says what an application was started from.
type Image struct {
	Reference string // as the profile or the command line has it
	ID        string // of the image itself, such as sha256:…
	StartedMs int64  // from the start to being ready, in milliseconds
}
