package scim

import (
	"context"
	"encoding/json"
	"net/http"
)

// BulkSchema is the URN of a Bulk request.
const BulkSchema = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"

// BulkOne sends one operation as a Bulk (RFC 7644 §3.7). The reply's status is the
// operation's own: that of the request says only that it was read. Where none can be
// read, it is the request's.
func (c *Client) BulkOne(ctx context.Context, method, path string, data Document) (*Reply, error) {
	reply, err := c.Do(ctx, http.MethodPost, "/Bulk", Document{
		"schemas":    []string{BulkSchema},
		"Operations": []any{map[string]any{"method": method, "path": path, "bulkId": "1", "data": data}},
	})
	if err != nil || !reply.OK() {
		return reply, err
	}
	reply.Status = operationStatus(reply.Doc, reply.Status)
	if trouble := reply.trouble(method, c.base.String()+path+" in a Bulk"); trouble != nil {
		return nil, trouble
	}
	return reply, nil
}

// operationStatus is the status of a Bulk's first operation (a text, by RFC 7644 §3.7.3),
// or the given one where none can be read.
func operationStatus(doc Document, otherwise int) int {
	v, _ := doc.Get("Operations")
	list, _ := v.([]any)
	if len(list) == 0 {
		return otherwise
	}
	first, _ := list[0].(map[string]any)
	status, _ := Document(first).Get("status")
	var number json.Number
	switch status := status.(type) {
	case string:
		number = json.Number(status)
	case json.Number:
		number = status
	}
	if n, err := number.Int64(); err == nil {
		return int(n)
	}
	return otherwise
}
