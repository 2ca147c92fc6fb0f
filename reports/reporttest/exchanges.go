package reporttest

import (
	"fmt"
	"time"

	"github.com/scimproof/scimproof/reports"
)

const api = "https://crm.staging.example.com"

// add keeps an exchange and gives its id.
func (b *builder) add(e reports.Exchange) string {
	e.ID = fmt.Sprintf("x-%04d", len(b.exchanges)+1)
	e.Attempt = 1
	b.exchanges = append(b.exchanges, e)
	return e.ID
}

// step writes one step of an event.
func (b *builder) step(phase reports.Phase, event reports.Event) reports.EventStep {
	e := reports.Exchange{
		Check: "lifecycle." + string(event.Kind), Purpose: string(event.Kind) + " " + event.User, At: b.clock,
		Method: "PATCH", URL: api + "/scim/v2/Users/2819c223-7f76-453a-919d-413861904646",
		RequestHeaders:  map[string]string{"Authorization": "Bearer ‹scim.bearer#1 hmac:1f9a2c7d›", "Content-Type": "application/scim+json"},
		RequestBody:     body(event),
		ResponseHeaders: map[string]string{"Content-Type": "application/scim+json"},
		DurationMs:      148, Status: 200,
		ResponseBody: "{\n  \"schemas\": [\"urn:ietf:params:scim:schemas:core:2.0:User\"],\n  \"id\": \"2819c223-7f76-453a-919d-413861904646\",\n  \"userName\": \"" + event.User + "\",\n  \"active\": " + fmt.Sprint(event.Shape == "patch-string") + "\n}",
	}
	switch {
	case phase == reports.PhaseReturned && event.Kind == reports.EventRecreate:
		e.Method, e.URL, e.Status = "POST", api+"/scim/v2/Users", 201
	case event.Kind == reports.EventDelete || event.Kind == reports.EventRecreate:
		e.Method, e.Status, e.RequestBody, e.ResponseBody = "DELETE", 204, "", ""
	case event.Shape == "put":
		e.Method = "PUT"
	}
	return reports.EventStep{
		Phase: phase, Sent: b.clock, Answered: b.clock.Add(148 * time.Millisecond), Status: e.Status, Exchange: b.add(e),
	}
}

func body(event reports.Event) string {
	const patch = "{\n  \"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\n  \"Operations\": [%s]\n}"
	switch event.Shape {
	case "patch-pathless":
		return fmt.Sprintf(patch, `{"op": "replace", "value": {"active": false}}`)
	case "patch-string":
		return fmt.Sprintf(patch, `{"op": "Replace", "path": "active", "value": "False"}`)
	case "put":
		return `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "` + event.User + `", "active": false}`
	default:
		return fmt.Sprintf(patch, `{"op": "replace", "path": "active", "value": false}`)
	}
}

// readBack reads the event's user again.
func (b *builder) readBack(event reports.Event) string {
	return b.add(reports.Exchange{
		Check: "lifecycle." + string(event.Kind), Purpose: "read back " + event.User, At: b.clock.Add(420 * time.Millisecond),
		Method: "GET", URL: api + "/scim/v2/Users/2819c223-7f76-453a-919d-413861904646",
		RequestHeaders:  map[string]string{"Authorization": "Bearer ‹scim.bearer#1 hmac:1f9a2c7d›", "Accept": "application/scim+json"},
		Status:          200,
		ResponseHeaders: map[string]string{"Content-Type": "application/scim+json"},
		ResponseBody:    `{"userName": "` + event.User + `", "active": ` + fmt.Sprint(event.Shape == "patch-string") + `}`,
		DurationMs:      31,
	})
}

// try uses one credential once.
func (b *builder) try(check, kind string, acknowledged time.Time, try reports.Try) string {
	e := reports.Exchange{
		Check: check, Purpose: fmt.Sprintf("try %s (%s)", kind, try.Who), At: acknowledged.Add(time.Duration(try.AtMs) * time.Millisecond),
		Method: "GET", URL: api + "/api/me",
		RequestHeaders: map[string]string{"Accept": "application/json", "Authorization": fmt.Sprintf("Bearer ‹%s#2 hmac:a07c51e9›", kind)},
		Status:         try.Status, DurationMs: 24,
	}
	switch try.Result {
	case reports.TryAllowed:
		e.ResponseHeaders = map[string]string{"Content-Type": "application/json"}
		e.ResponseBody = `{"id": "2819c223", "displayName": "Leaver sp-7f3a-marker", "role": "member"}`
	case reports.TryDenied:
		e.ResponseHeaders = map[string]string{"Content-Type": "application/json", "Www-Authenticate": "Bearer"}
		e.ResponseBody = `{"error": "unauthorized"}`
	case reports.TryInconclusive:
		e.Error, e.DurationMs = "no answer within 15 s", 15_000
	}
	return b.add(e)
}
