// Package acme is the reference application: a conforming SCIM service (RFC 7643, RFC
// 7644, cursors of RFC 9865) and a believable product around it, in memory. It does
// everything right unless a hook makes it go wrong.
//
// To learn SCIM from it, read package model first: what a schema says, how a filter is
// read and what a PATCH does, without a server. Then, one file for each family of
// endpoints:
//
//   - clients.go, media.go, body.go, scim.go: who may speak, in which form, and errors;
//   - resources.go, change.go, apply.go, present.go: one resource, created, read, changed
//     and deleted; versions.go: its ETag;
//   - query.go, search.go, sorting.go, cursor_*.go: many of them;
//   - bulk*.go, me.go, discovery.go.
//
// The product is what SCIM is for: the ways in, which must end when a person leaves.
// credentials.go judges all of them in one place, and account.go says what ends them.
//
//   - web.go, webapp.go, remember.go, cookiecache.go, password.go, reset.go, magic.go, invitation.go,
//     register.go, sso.go, apppassword.go, sshkey.go, outbox.go: how people come in;
//   - api.go, oauth*.go: tokens;
//   - bots.go, jobs.go, webhooks.go, messages.go, stream.go, share.go: what acts for them
//     while they are away;
//   - guard.go, admin.go, audit.go, inventory.go: what is guarded, and by whom.
//
// hooks.go lists the moments at which it can be made to go wrong; package defects uses
// them. store.go is all that it asks of a database.
package acme
