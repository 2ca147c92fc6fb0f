package containers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/pkg/authconfig"
	"github.com/moby/moby/client"
	"github.com/moby/moby/client/pkg/jsonmessage"
	"github.com/testcontainers/testcontainers-go"

	"github.com/scimproof/scimproof/suites/target"
)

// resolveImage sees to it that the image of a service is in the engine.
func (r *Running) resolveImage(ctx context.Context, name string, spec target.Service) (*service, error) {
	s := &service{name: name, spec: spec, reference: spec.Image}
	if spec.Build != nil {
		if err := r.build(ctx, s); err != nil {
			return nil, err
		}
	}
	found, err := r.cli.ImageInspect(ctx, s.reference)
	if errdefs.IsNotFound(err) && spec.Build == nil {
		if err := r.pull(ctx, s); err != nil {
			return nil, err
		}
		found, err = r.cli.ImageInspect(ctx, s.reference)
	}
	if err != nil {
		return nil, fault(KindImageMissing, s, fmt.Sprintf("the image %q of %s cannot be looked up", s.reference, titled(name)), err, "correct the reference")
	}
	s.imageID = found.ID
	r.add(s)
	return s, nil
}

// pull fetches an image. The library's own pull tries again for a quarter of an
// hour where a registry cannot be reached.
func (r *Running) pull(ctx context.Context, s *service) error {
	r.say("pulling %s", s.reference)
	missing := func(reason error) error {
		return fault(KindImageMissing, s,
			fmt.Sprintf("the image %q of %s is not here and cannot be pulled", s.reference, titled(s.name)), reason,
			"build or load it (docker load), sign in to its registry (docker login), or correct the reference")
	}
	var options client.ImagePullOptions
	// No credentials are the rule for public images; a registry that wants some says so.
	if _, auth, err := testcontainers.DockerImageAuth(ctx, s.reference); err == nil {
		if options.RegistryAuth, err = authconfig.Encode(auth); err != nil {
			return missing(err)
		}
	}
	answer, err := r.cli.ImagePull(ctx, s.reference, options)
	if err != nil {
		return missing(err)
	}
	if err := answer.Wait(ctx); err != nil {
		return missing(err)
	}
	return nil
}

// build makes the image of a service from its folder, under a tag and with labels
// of ours, by which it is removed in the end.
func (r *Running) build(ctx context.Context, s *service) error {
	release, err := r.enter()
	if err != nil {
		return err
	}
	defer release()
	r.say("building the image of %s from %s", titled(s.name), s.spec.Build.Context)
	tail := &tailWriter{keep: lastLines}
	reference, err := r.buildWith(ctx, s, tail)
	if err == nil {
		s.reference = reference
		return nil
	}
	e := fault(KindBuild, s, fmt.Sprintf("the image of %s cannot be built from %s", titled(s.name), s.spec.Build.Context), err,
		"correct the Dockerfile or its context; docker build in that folder shows the same")
	e.Logs = tail.lines()
	return e
}

func (r *Running) buildWith(ctx context.Context, s *service, tail io.Writer) (string, error) {
	args := make(map[string]*string, len(s.spec.Build.Args))
	for name, value := range s.spec.Build.Args {
		args[name] = &value
	}
	request := testcontainers.ContainerRequest{FromDockerfile: testcontainers.FromDockerfile{
		Context:    s.spec.Build.Context,
		Dockerfile: s.spec.Build.Dockerfile,
		Repo:       "scimproof-build-" + tagged(r.runID),
		Tag:        r.startID + "-" + tagged(alias(s.name)),
		BuildArgs:  args,
		BuildOptionsModifier: func(o *client.ImageBuildOptions) {
			o.Labels = r.labels
		},
	}}
	options, err := request.BuildOptions()
	if err != nil {
		return "", err
	}
	if closer, ok := options.Context.(io.Closer); ok {
		defer func() { _ = closer.Close() }()
	}
	answer, err := r.cli.ImageBuild(ctx, options.Context, options)
	if err != nil {
		return "", err
	}
	shown := jsonmessage.DisplayStream(answer.Body, tail)
	if err := errors.Join(shown, answer.Body.Close()); err != nil {
		return "", err
	}
	return options.Tags[0], nil
}

// tagged brings text into what an image's name and tag may hold.
func tagged(text string) string {
	return strings.Trim(strings.Map(func(c rune) rune {
		if (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') {
			return c
		}
		return '-'
	}, strings.ToLower(text)), "-")
}
