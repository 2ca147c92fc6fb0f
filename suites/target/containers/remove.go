package containers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"
)

// thing is a container, a network or an image of ours.
type thing struct {
	kind   string // container, network or image
	id     string
	name   string
	labels map[string]string
}

func (t thing) String() string {
	return fmt.Sprintf("%s %s (run %s)", t.kind, t.name, t.labels[LabelRun])
}

// removalPasses is how often what is left is looked up and removed again: a
// network may count a container that has just gone, and an engine may finish a
// request that was given up.
const removalPasses = 10

// remove removes whatever carries the label, until a look-up finds nothing.
func remove(ctx context.Context, cli client.APIClient, by client.Filters) ([]string, error) {
	var removed []string
	var last error
	for pass := range removalPasses {
		if pass > 1 {
			if err := pause(ctx, 100*time.Millisecond); err != nil {
				return removed, errors.Join(last, err)
			}
		}
		found, err := list(ctx, cli, by)
		if err != nil {
			return removed, err
		}
		if len(found) == 0 {
			return removed, nil
		}
		var gone []string
		gone, last = removeOnce(ctx, cli, found)
		removed = append(removed, gone...)
	}
	if last == nil {
		last = errors.New("the engine says that it has removed things, and still lists them")
	}
	return removed, last
}

// removeOnce tries each once: containers, then networks, then images.
func removeOnce(ctx context.Context, cli client.APIClient, found []thing) ([]string, error) {
	var removed []string
	var faults []error
	for _, kind := range []string{"container", "network", "image"} {
		var group errgroup.Group
		outcome := make([]error, len(found))
		for i, t := range found {
			if t.kind == kind {
				group.Go(func() error { outcome[i] = removeThing(ctx, cli, t); return nil })
			}
		}
		_ = group.Wait()
		for i, t := range found {
			switch {
			case t.kind != kind:
			case outcome[i] == nil:
				removed = append(removed, t.String())
			default:
				faults = append(faults, fmt.Errorf("%s: %w", t, outcome[i]))
			}
		}
	}
	return removed, errors.Join(faults...)
}

func removeThing(ctx context.Context, cli client.APIClient, t thing) error {
	var err error
	switch t.kind {
	case "container":
		_, err = cli.ContainerRemove(ctx, t.id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	case "network":
		_, err = cli.NetworkRemove(ctx, t.id, client.NetworkRemoveOptions{})
	default:
		_, err = cli.ImageRemove(ctx, t.id, client.ImageRemoveOptions{Force: true, PruneChildren: true})
	}
	if errdefs.IsNotFound(err) {
		return nil // another was quicker
	}
	return err
}

// list returns what carries the label.
func list(ctx context.Context, cli client.APIClient, by client.Filters) ([]thing, error) {
	var all []thing
	cs, err := cli.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: by})
	if err != nil {
		return nil, fmt.Errorf("the engine's containers cannot be listed: %w", err)
	}
	for _, c := range cs.Items {
		all = append(all, thing{"container", c.ID, strings.TrimPrefix(strings.Join(c.Names, ","), "/"), c.Labels})
	}
	ns, err := cli.NetworkList(ctx, client.NetworkListOptions{Filters: by})
	if err != nil {
		return nil, fmt.Errorf("the engine's networks cannot be listed: %w", err)
	}
	for _, n := range ns.Items {
		all = append(all, thing{"network", n.ID, n.Name, n.Labels})
	}
	is, err := cli.ImageList(ctx, client.ImageListOptions{Filters: by})
	if err != nil {
		return nil, fmt.Errorf("the engine's images cannot be listed: %w", err)
	}
	for _, i := range is.Items {
		all = append(all, thing{"image", i.ID, strings.Join(i.RepoTags, ","), i.Labels})
	}
	return all, nil
}

// Left lists what the engine holds of one run, or of all where runID is empty, a
// phrase each.
func Left(ctx context.Context, runID string) ([]string, error) {
	provider, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = provider.Close() }()
	found, err := list(ctx, provider.Client(), labelled(LabelRun, runID))
	var left []string
	for _, t := range found {
		left = append(left, t.String())
	}
	return left, err
}

// Swept is what Sweep has done, a phrase for each container, network and image.
type Swept struct {
	Removed []string
	Kept    []string // with the reason: whose process may still be running
}

// Sweep removes what processes have left that are over. An error is an *Error of
// KindNoEngine, or tells what could not be removed, beside what was.
func Sweep(ctx context.Context) (Swept, error) {
	provider, err := connect(ctx)
	if err != nil {
		return Swept{}, err
	}
	defer func() { _ = provider.Close() }()
	found, err := list(ctx, provider.Client(), labelled(LabelRun, ""))
	if err != nil {
		return Swept{}, err
	}
	var swept Swept
	var over []string // the starts whose process is over
	for _, t := range found {
		if living, why := owner(t.labels); living {
			swept.Kept = append(swept.Kept, t.String()+": "+why)
		} else if start := t.labels[labelStart]; start != "" && !slices.Contains(over, start) {
			over = append(over, start)
		}
	}
	var faults []error
	for _, start := range over {
		removed, err := remove(ctx, provider.Client(), labelled(labelStart, start))
		swept.Removed = append(swept.Removed, removed...)
		faults = append(faults, err)
	}
	return swept, errors.Join(faults...)
}

// pause waits, or returns early with the cause of ctx.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
