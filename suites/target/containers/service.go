package containers

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	tclog "github.com/testcontainers/testcontainers-go/log"
	tcnetwork "github.com/testcontainers/testcontainers-go/network"

	"github.com/scimproof/scimproof/suites/target"
)

// creationLimit is how long the engine may take to create or start one thing.
// Neither is cut short by the caller: a request given up halfway may still be
// carried out, and what it makes would come after the clearing.
const creationLimit = time.Minute

// service is one container of a Running.
type service struct {
	name      string // empty for the application
	spec      target.Service
	reference string
	imageID   string
	container *testcontainers.DockerContainer
}

// alias is the name under which a service is reached on the private network.
func alias(name string) string {
	if name == "" {
		return "app"
	}
	return name
}

func (r *Running) makeNetwork(ctx context.Context) error {
	release, err := r.enter()
	if err != nil {
		return err
	}
	defer release()
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), creationLimit)
	defer stop()
	made, err := r.cli.NetworkCreate(ctx, r.networkName(), client.NetworkCreateOptions{Driver: testcontainers.Bridge, Labels: r.labels})
	if err != nil {
		return fault(KindOther, nil, "the engine refuses a private network", err,
			"docker network ls shows those there are; scimproof clean --containers removes what killed runs have left")
	}
	found, err := r.cli.NetworkInspect(ctx, made.ID, client.NetworkInspectOptions{})
	if err != nil {
		return fault(KindOther, nil, "the private network cannot be looked up", err, "")
	}
	for _, config := range found.Network.IPAM.Config {
		if config.Gateway.IsValid() {
			r.host = config.Gateway.String()
			return nil
		}
	}
	return &Error{Kind: KindOther, Message: "the engine has given the private network no gateway", Hint: "use an engine whose bridge networks have one"}
}

// create creates the container of a service, with its files and labels, and
// starts it. It does not wait.
func (r *Running) create(ctx context.Context, s *service) error {
	release, err := r.enter()
	if err != nil {
		return err
	}
	defer release()
	files, err := files(s)
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), creationLimit)
	defer stop()
	made, err := testcontainers.Run(ctx, s.reference, r.options(s, files)...)
	s.container = made
	if err != nil {
		return fault(KindOther, s, fmt.Sprintf("the container of %s cannot be created from %q", titled(s.name), s.reference), err,
			"see to the image, its command and its files")
	}
	if err := made.Start(ctx); err != nil {
		return fault(KindOther, s, fmt.Sprintf("the container of %s cannot be started from %q", titled(s.name), s.reference), err,
			"see that the image has the command that it is to run")
	}
	if s.name == "" {
		return r.locate(ctx, s)
	}
	return nil
}

// locate notes where the application's port is published.
func (r *Running) locate(ctx context.Context, s *service) error {
	endpoint, err := s.container.PortEndpoint(ctx, port(s), r.scheme)
	if err == nil {
		r.url = endpoint
		return nil
	}
	// A container that has ended publishes nothing any more.
	if e := r.exited(ctx, s); e != nil {
		return e
	}
	return fault(KindOther, s, fmt.Sprintf("the engine has not published port %d of the application", s.spec.Port), err, "correct the port")
}

func port(s *service) string { return fmt.Sprintf("%d/tcp", s.spec.Port) }

// options is how a service is created.
func (r *Running) options(s *service, files []testcontainers.ContainerFile) []testcontainers.ContainerCustomizer {
	var made *container.HostConfig
	options := []testcontainers.ContainerCustomizer{
		testcontainers.WithNoStart(),
		testcontainers.WithLogger(tclog.NewNoopLogger()),
		testcontainers.WithLabels(r.labels),
		testcontainers.WithEnv(s.spec.Env),
		testcontainers.WithFiles(files...),
		tcnetwork.WithNetworkName([]string{alias(s.name)}, r.networkName()),
		testcontainers.WithHostConfigModifier(func(c *container.HostConfig) {
			c.NetworkMode = container.NetworkMode(r.networkName())
			c.SecurityOpt = []string{"no-new-privileges:true"}
			made = c
		}),
		// Left alone, the library publishes all that an image exposes, on every
		// address of the host. This hook runs after that is settled.
		testcontainers.WithLifecycleHooks(testcontainers.ContainerLifecycleHooks{
			PreCreates: []testcontainers.ContainerRequestHook{
				func(context.Context, testcontainers.ContainerRequest) error {
					made.PortBindings = published(s)
					return nil
				},
			},
		}),
	}
	if len(s.spec.Command) > 0 {
		options = append(options, testcontainers.WithCmd(s.spec.Command...))
	}
	if s.name == "" {
		options = append(options, testcontainers.WithExposedPorts(port(s)))
	}
	return options
}

// published is the application's port on the loopback address; nothing of a companion.
func published(s *service) network.PortMap {
	if s.name != "" {
		return network.PortMap{}
	}
	return network.PortMap{network.MustParsePort(port(s)): {{HostIP: netip.AddrFrom4([4]byte{127, 0, 0, 1}), HostPort: "0"}}}
}

// files are a service's files as the library copies them: with the mode of the source.
func files(s *service) ([]testcontainers.ContainerFile, error) {
	var all []testcontainers.ContainerFile
	for _, f := range s.spec.Files {
		info, err := os.Stat(f.From)
		if err != nil {
			return nil, fault(KindOther, s, fmt.Sprintf("the file for %s of %s cannot be read", f.To, titled(s.name)), err, "correct its from")
		}
		if !info.Mode().IsRegular() {
			return nil, &Error{Kind: KindOther, Service: s.name, Image: s.reference,
				Message: fmt.Sprintf("%s, which is to be copied to %s of %s, is not a file", f.From, f.To, titled(s.name)), Hint: "name each file by itself"}
		}
		to := path.Clean(f.To)
		if !path.IsAbs(to) || to == "/" || strings.HasSuffix(f.To, "/") {
			return nil, &Error{Kind: KindOther, Service: s.name, Image: s.reference,
				Message: fmt.Sprintf("%s cannot be copied to %q of %s", f.From, f.To, titled(s.name)), Hint: "give to as the absolute path of a file"}
		}
		all = append(all, testcontainers.ContainerFile{HostFilePath: f.From, ContainerFilePath: to, FileMode: int64(info.Mode().Perm())})
	}
	return all, nil
}
