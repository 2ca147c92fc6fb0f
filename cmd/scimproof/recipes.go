package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/suites/target"
)

func recipesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "recipes [NAME]",
		Short: "List the ready-made access paths, or show one",
		Long: `Lists the recipes that an access path of a profile may name under uses, or shows the
parameters of one and the steps that it stands for.`,
		Example: `  scimproof recipes
  scimproof recipes session-form`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{fmt.Errorf("recipes takes one name at most, not %d", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			all := target.Recipes()
			if len(args) == 0 {
				for _, name := range slices.Sorted(maps.Keys(all)) {
					cmd.Printf("%-26s %s\n", name, all[name].Meaning)
				}
				return nil
			}
			recipe, ok := all[args[0]]
			if !ok {
				return usageError{fmt.Errorf("no recipe is named %q; `scimproof recipes` lists them", args[0])}
			}
			return showRecipe(cmd, args[0], recipe)
		},
	}
}

// showRecipe prints a use of the recipe, to copy, and the steps that it stands for.
func showRecipe(cmd *cobra.Command, name string, recipe target.Recipe) error {
	cmd.Printf("%s.\n\naccess:\n  - uses: %s\n    with:\n", recipe.Meaning, name)
	for _, key := range slices.Sorted(maps.Keys(recipe.Parameters)) {
		value, note := "…", "required"
		if p := recipe.Parameters[key]; p.Default != nil {
			quoted, err := yaml.Marshal(*p.Default) // so that it is text wherever it is put
			if err != nil {
				return fmt.Errorf("show the parameter %s of the recipe %s: %w", key, name, err)
			}
			value, note = strings.TrimSpace(string(quoted)), "this is the default"
		}
		cmd.Printf("      %s: %s # %s; %s\n", key, value, recipe.Parameters[key].Meaning, note)
	}
	steps, err := yaml.MarshalWithOptions(recipe.Path, yaml.IndentSequence(true))
	if err != nil {
		return fmt.Errorf("show the steps of the recipe %s: %w", name, err)
	}
	cmd.Printf("\nIt stands for:\n\n%s", steps)
	return nil
}
