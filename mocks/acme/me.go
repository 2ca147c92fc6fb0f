package acme

import "net/http"

// me answers the alias of the person whose own access token is used (RFC 7644 §3.11):
// they may look at what the service has of them, and change nothing.
func (a *App) me(r *http.Request) (*Reply, error) {
	c := client(r)
	if c == nil || c.User == nil {
		// RFC 7644 §3.11: who does not support the alias should say so in this way.
		return nil, &Error{Status: http.StatusNotImplemented, Detail: "this token is a provisioning client's, for whom there is no user"}
	}
	if !isGet(r) {
		return nil, &Error{Status: http.StatusForbidden, Detail: "people may read /Me and not change it"}
	}
	id := c.User.User.Text("id")
	doc := a.look(TypeUser, id)
	if doc == nil {
		return nil, notFound(TypeUser, id)
	}
	reply := unchanged(r, doc)
	if reply == nil {
		reply = replyWith(r, http.StatusOK, TypeUser, doc, nil)
	}
	reply.Header.Set("Location", base(r)+TypeUser+"s/"+id)
	return reply, nil
}
