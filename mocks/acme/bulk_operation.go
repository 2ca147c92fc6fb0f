package acme

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// parseBulkOperation reads one operation; what is wrong with it is noted in it.
func parseBulkOperation(item any) *bulkOperation {
	object, ok := item.(map[string]any)
	if !ok {
		return &bulkOperation{wrong: model.BadRequest("invalidSyntax", "an operation must be an object")}
	}
	f := fields{body: object}
	o := &bulkOperation{
		method: deref(f.text("method")), bulkID: deref(f.text("bulkId")), path: deref(f.text("path")), version: deref(f.text("version")),
	}
	_, o.data, _ = model.Lookup(object, "data")
	if f.err != nil {
		o.wrong = asError(f.err)
	} else if err := o.check(); err != nil {
		o.wrong = asError(err)
	}
	return o
}

// check looks at what RFC 7644 §3.7 asks of an operation, and reads its path.
func (o *bulkOperation) check() error {
	if !slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, o.method) {
		return model.BadRequest("invalidValue", "method must be POST, PUT, PATCH or DELETE")
	}
	endpoint, id, one := strings.Cut(strings.TrimPrefix(o.path, "/"), "/")
	for _, kind := range []string{TypeUser, TypeGroup} {
		if endpoint == kind+"s" {
			o.kind = kind
		}
	}
	switch {
	case o.kind == "" || strings.Contains(id, "/"):
		return model.BadRequest("invalidPath", "path must be that of a resource or, for POST, of a type of resource")
	case o.method == http.MethodPost && one:
		return model.BadRequest("invalidPath", "the path of a POST must be that of a type of resource")
	case o.method != http.MethodPost && id == "":
		return model.BadRequest("invalidPath", "path must name a resource")
	case o.method == http.MethodPost && o.bulkID == "":
		return model.BadRequest("invalidValue", "POST needs a bulkId")
	case o.method != http.MethodDelete && o.data == nil:
		return model.BadRequest("invalidSyntax", "%s needs data", o.method)
	}
	o.id = id
	return nil
}

// fail notes an error as the result.
func (j *job) fail(o *bulkOperation, err *Error) {
	reply := errorReply(err)
	o.stage, o.status, o.response = failed, reply.Status, reply.Body
	j.errors++
}

// result is the entry of an operation in the response (RFC 7644 §3.7.3): a failed POST
// has no location, and what went well no response.
func (o *bulkOperation) result() map[string]any {
	out := map[string]any{"method": o.method, "status": strconv.Itoa(o.status)}
	for key, text := range map[string]string{"bulkId": o.bulkID, "location": o.location, "version": o.tag} {
		if text != "" {
			out[key] = text
		}
	}
	if o.stage == failed {
		out["response"] = o.response
	}
	return out
}
