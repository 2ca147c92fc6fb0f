package acme

import (
	"net/http"
	"slices"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// run carries an operation out, after those that make what it refers to.
func (j *job) run(o *bulkOperation) {
	if o.stage != waiting || j.stopped() {
		return
	}
	o.stage = running
	if o.wrong == nil {
		o.wrong = j.prepare(o)
	}
	if o.method != http.MethodPost && o.id != "" {
		o.location = base(j.request) + o.kind + "s/" + o.id
	}
	if o.wrong != nil {
		j.fail(o, o.wrong)
		return
	}
	j.note(o, j.send(o.method, o.kind, o.id, o.version, o.data))
}

// prepare sees to it that all is there that an operation refers to, and puts ids in the
// place of bulkIds. Where two operations refer to each other, one is sent without.
func (j *job) prepare(o *bulkOperation) *Error {
	circular := false
	for _, name := range append(references(o.id), references(o.data)...) {
		maker := j.created[name]
		if maker == nil {
			return model.BadRequest("invalidValue", "a bulkId is referred to that no operation of the request has")
		}
		j.run(maker)
		switch maker.stage {
		case running:
			circular = true
		case waiting, failed:
			return &Error{Status: http.StatusConflict, Detail: "a bulkId is referred to whose resource was not created"}
		}
	}
	o.id, _ = j.resolved(o.id).(string)
	o.data = j.resolved(o.data)
	if circular {
		o.postpone()
		j.postponed = append(j.postponed, o)
	}
	return nil
}

// note keeps the answer to an operation.
func (j *job) note(o *bulkOperation, w *recorder) {
	o.stage, o.status, o.tag = done, w.status, w.header.Get("ETag")
	if w.status >= http.StatusBadRequest {
		o.stage, o.response, o.tag = failed, w.problem(), ""
		j.errors++
		return
	}
	if o.method == http.MethodPost {
		o.id, o.location = w.doc().Text("id"), w.header.Get("Location")
	}
}

// settle sends what was postponed, now that all it refers to was made or was not. What
// cannot be completed is taken back, so that nothing half-made stays behind
// (RFC 7644 §3.7.1).
func (j *job) settle() {
	list := slices.DeleteFunc(j.postponed, func(o *bulkOperation) bool { return o.stage != done })
	j.postponed = nil
	for _, o := range list {
		var operations []any
		for path, value := range o.late {
			operations = append(operations, map[string]any{"op": "add", "path": path, "value": j.resolved(value)})
		}
		if len(references(operations)) == 0 {
			w := j.send(http.MethodPatch, o.kind, o.id, "", map[string]any{"schemas": []any{model.URNPatchOp}, "Operations": operations})
			if w.status < http.StatusBadRequest {
				o.tag = w.header.Get("ETag")
				continue
			}
		}
		j.send(http.MethodDelete, o.kind, o.id, "", nil)
		o.location, o.tag, o.id = "", "", ""
		j.fail(o, &Error{Status: http.StatusConflict, Detail: "the circular references cannot be resolved"})
	}
}
