package containers

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	tclog "github.com/testcontainers/testcontainers-go/log"
)

// pingLimit is how long an engine may take to say that it is there.
const pingLimit = 5 * time.Second

// prepare settles testcontainers-go's ways before it reads them for the first
// time. Its reaper is never used: it is privileged and mounts the engine's
// socket; labels and Sweep do its work. It writes to standard error unless told
// otherwise. Where the user has named a host, that holds.
var prepare = sync.OnceValue(func() error {
	tclog.SetDefault(tclog.NewNoopLogger())
	if err := os.Setenv("TESTCONTAINERS_RYUK_DISABLED", "true"); err != nil {
		return err
	}
	if os.Getenv("TESTCONTAINERS_HOST_OVERRIDE") != "" {
		return nil
	}
	return os.Setenv("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1")
})

// Reachable returns nil if an engine can be reached, else an *Error of KindNoEngine.
func Reachable(ctx context.Context) error {
	provider, err := connect(ctx)
	if err != nil {
		return err
	}
	return provider.Close()
}

// connect returns a provider whose engine has just answered.
func connect(ctx context.Context) (*testcontainers.DockerProvider, error) {
	ctx, stop := context.WithTimeout(ctx, pingLimit)
	defer stop()
	if err := named(ctx); err != nil {
		return nil, noEngine(err)
	}
	provider, err := newProvider()
	if err != nil {
		return nil, noEngine(err)
	}
	if _, err := provider.Client().Ping(ctx, client.PingOptions{NegotiateAPIVersion: true}); err != nil {
		_ = provider.Close()
		return nil, noEngine(err)
	}
	return provider, nil
}

// named asks the engine that DOCKER_HOST names, if it names one. The library looks
// elsewhere when that does not answer, and containers would run where nobody
// looks for them.
func named(ctx context.Context) error {
	if os.Getenv(client.EnvOverrideHost) == "" {
		return nil
	}
	cli, err := client.New(client.FromEnv)
	if err != nil {
		return err
	}
	defer func() { _ = cli.Close() }()
	_, err = cli.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true})
	return err
}

// newProvider turns the library's panics on bad settings into errors.
func newProvider() (provider *testcontainers.DockerProvider, err error) {
	defer func() {
		if p := recover(); p != nil {
			provider, err = nil, fmt.Errorf("%v", p)
		}
	}()
	if err := prepare(); err != nil {
		return nil, err
	}
	return testcontainers.NewDockerProvider(
		testcontainers.WithLogger(tclog.NewNoopLogger()),
		testcontainers.WithDefaultBridgeNetwork(testcontainers.Bridge))
}

func noEngine(reason error) *Error {
	return &Error{
		Kind:    KindNoEngine,
		Message: "no Docker engine can be reached (" + oneLine(reason.Error()) + ")",
		Hint:    "start Docker, or give scim.baseURL of something that runs",
	}
}
