package launch

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/scimproof/scimproof/suites/target"
)

// chosen puts the image of the command line in the place of the profile's, and returns what
// the application's version is called: the reference, or the name of the folder that the
// image is built from.
func chosen(c target.Container, image string) (target.Container, string, error) {
	if image != "" && isFolder(image) {
		build, err := buildOf(image, c.Build)
		if err != nil {
			return c, "", err
		}
		c.Image, c.Build = "", build
	} else if image != "" {
		c.Image, c.Build = image, nil
	}
	if c.Build != nil {
		return c, filepath.Base(c.Build.Context), nil
	}
	return c, c.Image, nil
}

// isFolder tells a build context from a reference, which never begins like a path.
func isFolder(image string) bool {
	for _, start := range []string{"./", "../", "/"} {
		if strings.HasPrefix(image, start) {
			return true
		}
	}
	if image == "." || image == ".." {
		return true
	}
	info, err := os.Stat(filepath.Join(image, "Dockerfile"))
	return err == nil && info.Mode().IsRegular()
}

// buildOf is how the image of a folder is built: as the profile says, but for the folder.
func buildOf(folder string, profile *target.Build) (*target.Build, error) {
	build := target.Build{Dockerfile: "Dockerfile"}
	if profile != nil {
		build = *profile
	}
	context, err := filepath.Abs(folder)
	if err == nil {
		context, err = filepath.EvalSymlinks(context)
	}
	if err == nil {
		_, err = os.Stat(filepath.Join(context, build.Dockerfile))
	}
	if err != nil {
		return nil, &Error{Problem: fmt.Sprintf("the image cannot be built from %s: %v: name a folder that holds %s, or an image by its reference", folder, err, build.Dockerfile)}
	}
	build.Context = context
	return &build, nil
}
