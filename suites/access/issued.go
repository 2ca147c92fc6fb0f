package access

import (
	"context"

	"github.com/tidwall/gjson"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// Issued asks what a person holds, as the profile's issued says how, and returns the ids
// with the exchange that shows them. The error is an *ArmError.
func (d *Driver) Issued(ctx context.Context, steps []target.Step, person map[string]string) (ids []string, id string, err error) {
	ctx, trail := exchange.WithTrail(ctx)
	trail.Steps = true
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "ask what the person holds", Whole: true})
	list, err := d.ask(ctx, "issued", steps, target.IssuedName, person)
	id = exchange.LastID(trail.IDs)
	if err != nil || list == "" {
		return nil, id, err
	}
	if parsed := gjson.Parse(list); gjson.Valid(list) && parsed.IsArray() {
		for _, item := range parsed.Array() {
			ids = append(ids, exchange.Printable(item.String(), maxOwner))
		}
		return ids, id, nil
	}
	return nil, id, &ArmError{Path: "issued", Step: len(steps), Problem: "what was captured is no JSON list"}
}
