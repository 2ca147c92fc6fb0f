package target

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Spoken is the placeholder of the text that an untouched person says in a try.
const Spoken = "spoken"

// LeaverPrefix begins the placeholders of the credential that is tried, where the
// control user acts.
const LeaverPrefix = "leaver."

// try checks how a credential is used.
func (b *builder) try(at path, p documentPath, known []string) Try {
	t := p.Try
	out := Try{Allowed: t.Allowed, Denied: t.Denied, AsControl: t.As != "", Within: b.duration(at.Child("within"), t.Within, 0)}
	if t.As != "" || t.Provoke != nil {
		known = append(slices.Clone(known), ofLeaver(known)...)
	}
	if t.Provoke != nil {
		known = append(known, Spoken)
		out.Provoke, known = b.steps(at.Child("provoke"), t.Provoke, known)
		b.provoked(at, p)
	} else {
		out.Step = b.step(at, t, known)
		if len(out.Allowed.Status) == 0 && t.Exec == nil && t.OAuth == nil && t.Browser == nil {
			out.Allowed.Status = []int{200}
		}
		b.tryOutcome(at, t, known)
		if n := streams(p.Arm); n > 0 {
			b.faults.add(at, "nobody listens to the stream", "give provoke, which makes something arrive on it")
		}
	}
	b.template(at.Child("allowed", "marker"), t.Allowed.Marker, known)
	b.within(at, t)
	return out
}

// ofLeaver names what the control user has of the credential that is tried. What is the
// same for both, or good for one request, is not among it.
func ofLeaver(known []string) []string {
	var out []string
	for _, name := range known {
		if OfLeaver(name) {
			out = append(out, LeaverPrefix+name)
		}
	}
	return out
}

// OfLeaver reports a placeholder that has a twin with LeaverPrefix before it.
func OfLeaver(name string) bool {
	return !strings.HasPrefix(name, SecretPrefix) && !strings.HasPrefix(name, AssertionPrefix) &&
		name != PKCEVerifier && name != PKCEChallenge
}

// provoked checks a try that waits for what somebody else says.
func (b *builder) provoked(at path, p documentPath) {
	t := p.Try
	b.speaks(at, t)
	if len(p.Try.Provoke) == 0 {
		return // a fault in the form
	}
	heard := min(streams(p.Arm), 1) // more than one is a fault of arm
	if b.listens {
		heard++
	}
	switch {
	case heard == 0:
		b.faults.add(at.Child("provoke"), "nothing can arrive", "open a stream in arm, or hand {{listener.url}} to the application")
	case heard > 1:
		b.faults.add(at.Child("provoke"), "it is not clear where something is to arrive", "use one stream or {{listener.url}}, and an access path for each")
	}
	if p.OneShot {
		b.faults.add(at[:len(at)-1].Child("oneShot"), "what listens is not spent by a try", "leave it out")
	}
	if t.Allowed.Cookie != "" || len(t.Allowed.Status) > 0 || t.Allowed.Changes != "" {
		b.faults.add(at.Child("allowed"), "what arrives is known by marker alone", "leave out status, cookie and changes")
	}
	b.notOfBrowser(at, t)
	if t.Within == "" {
		b.faults.add(at, "within must be given", "such as 3s: how long it may take to arrive")
	}
	b.freshMarker(at.Child("allowed"), t)
}

// speaks checks that the steps of provoke are requests or commands, and that the try
// has nothing beside them.
func (b *builder) speaks(at path, t documentStep) {
	for i, s := range t.Provoke {
		if s.Mail != nil || s.Stream != nil || s.Browser != nil {
			b.faults.add(at.Child("provoke", strconv.Itoa(i)), "this says nothing", "give a request or a command")
		}
	}
	others := t
	others.Allowed, others.Provoke, others.Within = Allowed{}, nil, ""
	if b.gives(others) {
		b.faults.add(at, "a try that provokes sends nothing of its own", "move the request to provoke, which is sent as the control user anyway")
	}
}

// gives reports a step that names anything to be done, or how.
func (b *builder) gives(s documentStep) bool {
	methods := slices.ContainsFunc(s.methods(), func(m struct{ method, key, url string }) bool { return m.url != "" })
	return methods || s.Exec != nil || s.OAuth != nil || s.Browser != nil || s.Headers != nil || s.Form != nil || s.JSON != nil || s.Body != "" || s.BasicAuth != nil ||
		s.Expect != nil || s.FollowRedirects || s.Cookies != nil || s.Denied != nil || s.As != ""
}

// freshMarker wants a marker that cannot have arrived before: else a heartbeat or a
// message that was late would pass for access.
func (b *builder) freshMarker(at path, t documentStep) {
	fresh := []string{Spoken}
	for _, s := range t.Provoke {
		fresh = slices.AppendSeq(fresh, maps.Keys(s.Capture))
	}
	for _, name := range placeholders(t.Allowed.Marker) {
		if slices.Contains(fresh, name) {
			return
		}
	}
	b.faults.add(at, "marker must hold {{spoken}}, or what provoke captures", "else something older could be taken for it")
}

// within checks the time that a try may take.
func (b *builder) within(at path, t documentStep) {
	changes := t.Allowed.Changes != ""
	d := b.duration(at.Child("within"), t.Within, 1)
	switch {
	case t.Within != "" && !changes && t.Provoke == nil:
		b.faults.add(at.Child("within"), "there is nothing to wait for", "it belongs to provoke and to allowed.changes")
	case d <= 0:
		b.faults.add(at.Child("within"), "must be longer than 0", "")
	case changes && t.Within == "" && t.Provoke == nil:
		b.faults.add(at, "within must be given", "such as 2m: longer than the change takes to come")
	}
}
