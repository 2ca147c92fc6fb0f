package acme

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// The messages of RFC 7644 §3.7.
const (
	urnBulkRequest  = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
	urnBulkResponse = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
)

// maxOperations is how many operations a bulk request may have, as
// ServiceProviderConfig says. It may be as large as any body.
const maxOperations = 1000

// bulk answers POST /Bulk (RFC 7644 §3.7). It is 200 whatever becomes of the
// operations, each of which has a result of its own.
func (a *App) bulk(r *http.Request) (*Reply, error) {
	body, err := readObject(r)
	if larger := (*http.MaxBytesError)(nil); errors.As(err, &larger) {
		return nil, tooLarge("the request is larger than maxPayloadSize, %d bytes", maxBody)
	}
	if err != nil {
		return nil, err
	}
	job, err := a.newJob(r, body)
	if err != nil {
		return nil, err
	}
	for _, o := range job.operations {
		if job.stopped() {
			break
		}
		job.run(o)
		job.settle()
	}
	return &Reply{Status: http.StatusOK, Body: map[string]any{"schemas": []any{urnBulkResponse}, "Operations": job.results()}}, nil
}

func tooLarge(format string, args ...any) *Error {
	return &Error{Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf(format, args...)}
}

// job is a bulk request at work.
type job struct {
	app        *App
	request    *http.Request
	operations []*bulkOperation
	// created are the operations that make a resource, by their bulkId.
	created map[string]*bulkOperation
	// postponed are those that have made one, but not all of it yet.
	postponed []*bulkOperation
	// failOnErrors is how many errors end the job; 0 for no number of them.
	failOnErrors, errors int
}

// stage is how far an operation is.
type stage int

const (
	waiting stage = iota
	running       // while what it refers to is made first
	done
	failed
)

// bulkOperation is one operation with its result.
type bulkOperation struct {
	method, bulkID, path, version string
	data                          any
	// kind and id are what the path names; no id for a POST until it is done.
	kind, id string
	// late holds what could not be sent with a POST, as it refers to what is made
	// after it: attribute paths with their values.
	late  map[string]any
	wrong *Error // why it cannot be run
	stage stage
	// status, location, tag and response are the result.
	status        int
	location, tag string
	response      map[string]any
}

// newJob reads a bulk request. What is wrong with one operation is told in its result.
func (a *App) newJob(r *http.Request, body map[string]any) (*job, error) {
	if !hasSchema(body, urnBulkRequest) {
		return nil, model.BadRequest("invalidSyntax", "schemas must contain %s", urnBulkRequest)
	}
	_, sent, _ := model.Lookup(body, "Operations")
	list, _ := sent.([]any)
	switch {
	case len(list) == 0:
		return nil, model.BadRequest("invalidSyntax", "Operations must be a list with at least one operation")
	case len(list) > maxOperations:
		return nil, tooLarge("the request has more operations than maxOperations, %d", maxOperations)
	}
	j := &job{app: a, request: r, created: map[string]*bulkOperation{}}
	f := fields{body: body}
	if limit := f.number("failOnErrors"); limit != nil {
		if j.failOnErrors = *limit; *limit < 1 {
			f.refuse("failOnErrors", "1 at least")
		}
	}
	if f.err != nil {
		return nil, f.err
	}
	for _, item := range list {
		o := parseBulkOperation(item)
		j.operations = append(j.operations, o)
		if o.method != http.MethodPost || o.bulkID == "" {
			continue
		}
		if j.created[o.bulkID] != nil {
			o.wrong = model.BadRequest("invalidValue", "bulkId is used twice")
			continue
		}
		j.created[o.bulkID] = o
	}
	return j, nil
}

// stopped reports that there were more errors than the client accepts.
func (j *job) stopped() bool { return j.failOnErrors > 0 && j.errors >= j.failOnErrors }

// results lists what became of the operations, in the order of the request. Those that
// were not run have none.
func (j *job) results() []any {
	out := []any{}
	for _, o := range j.operations {
		if o.stage == done || o.stage == failed {
			out = append(out, o.result())
		}
	}
	return out
}
