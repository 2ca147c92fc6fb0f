package target

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	slash "path"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/scimproof/scimproof/reports/strictyaml"
)

//go:embed recipes/*.yaml
var recipeFiles embed.FS

// withPrefix begins the placeholders of a recipe's parameters. They are filled when
// the profile is read; all others stay for the run.
const withPrefix = "with."

// Recipe is an access path with parameters, which a profile names under uses.
type Recipe struct {
	Meaning    string
	Parameters map[string]Parameter
	Path       map[string]any // in the form of a profile's access path, without a name
}

// Parameter is one value that a recipe takes under with.
type Parameter struct {
	Meaning string
	Default *string // nil when the profile must give it
}

// Recipes returns the ready-made recipes by name.
func Recipes() map[string]Recipe {
	recipes := map[string]Recipe{}
	files, err := fs.Glob(recipeFiles, "recipes/*.yaml")
	for _, file := range files {
		var text []byte
		if text, err = recipeFiles.ReadFile(file); err != nil {
			break
		}
		var r Recipe
		if err = yaml.Unmarshal(text, &r); err != nil {
			break
		}
		recipes[strings.TrimSuffix(slash.Base(file), ".yaml")] = r
	}
	if err != nil {
		panic(err) // the recipes are part of the program; tests read each
	}
	return recipes
}

// expandRecipes puts ordinary steps in the place of each use of a recipe, so that
// everything after it knows of steps alone. What it cannot expand stays, with a fault.
func (f *faultList) expandRecipes(doc any) {
	root, _ := doc.(map[string]any)
	list, _ := root["access"].([]any)
	var recipes map[string]Recipe
	for i, entry := range list {
		given, _ := entry.(map[string]any)
		if given["uses"] == nil {
			if at := (path{"access", strconv.Itoa(i)}); given["with"] != nil {
				f.addForm(at.Child("with"), at, "no recipe takes these values", "name one under uses, or leave with out")
			}
			continue
		}
		if recipes == nil {
			recipes = Recipes()
		}
		if expanded := f.expandRecipe(path{"access", strconv.Itoa(i)}, given, recipes); expanded != nil {
			list[i] = expanded
		}
	}
}

// expandRecipe returns the access path that a use of a recipe stands for, or nil
// after a fault.
func (f *faultList) expandRecipe(at path, given map[string]any, recipes map[string]Recipe) map[string]any {
	name, ok := given["uses"].(string)
	if !ok {
		return nil // the form's fault says so
	}
	recipe, ok := recipes[name]
	if !ok {
		f.addForm(at.Child("uses"), at, "no recipe has this name", strictyaml.DidYouMean(name, slices.Collect(maps.Keys(recipes))))
		return nil
	}
	values, ok := f.arguments(at, given["with"], recipe)
	if !ok {
		return nil
	}
	out, _ := fillParameters(recipe.Path, values).(map[string]any)
	out["name"] = name
	for key, value := range given {
		switch key {
		case "with": // it is in the steps now
		case "try":
			out[key] = overlay(out[key], value)
		default:
			out[key] = value
		}
	}
	return out
}

// arguments pairs each parameter with its value. Every one that is unknown, missing
// or not text is a fault.
func (f *faultList) arguments(at path, with any, recipe Recipe) (map[string]string, bool) {
	given, isMap := with.(map[string]any)
	if with != nil && !isMap {
		return nil, false // the form's fault says so
	}
	before, values := f.Len(), map[string]string{}
	for key, value := range given {
		text, isText := value.(string)
		switch _, known := recipe.Parameters[key]; {
		case !known:
			f.addForm(at.Child("with", key), at, "the recipe has no such parameter", strictyaml.DidYouMean(key, slices.Collect(maps.Keys(recipe.Parameters))))
		case !isText:
			return nil, false // the form's fault says so
		}
		values[withPrefix+key] = text
	}
	for _, key := range slices.Sorted(maps.Keys(recipe.Parameters)) {
		parameter := recipe.Parameters[key]
		if _, ok := given[key]; ok {
			continue
		}
		if parameter.Default == nil {
			f.addForm(at.Child("with"), at, fmt.Sprintf("the recipe needs the parameter %s", key), parameter.Meaning)
			continue
		}
		values[withPrefix+key] = *parameter.Default
	}
	return values, f.Len() == before
}

// fillParameters copies a part of a recipe with its parameters filled in, in keys
// as in values.
func fillParameters(part any, values map[string]string) any {
	switch part := part.(type) {
	case string:
		return placeholder.ReplaceAllStringFunc(part, func(found string) string {
			if value, ok := values[placeholder.FindStringSubmatch(found)[1]]; ok {
				return value
			}
			return found
		})
	case []any:
		out := make([]any, len(part))
		for i, v := range part {
			out[i] = fillParameters(v, values)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(part))
		for key, v := range part {
			filled, _ := fillParameters(key, values).(string)
			out[filled] = fillParameters(v, values)
		}
		return out
	}
	return part
}

// overlay lets each key of a given try take the place of the recipe's.
func overlay(base, given any) any {
	below, isMap := base.(map[string]any)
	above, alsoMap := given.(map[string]any)
	if !isMap || !alsoMap {
		return given
	}
	out := maps.Clone(below)
	maps.Copy(out, above)
	return out
}
