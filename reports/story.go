package reports

import (
	"fmt"
	"slices"
)

// Story is what an identity provider would meet, step by step.
type Story struct {
	Client
	Steps []StoryStep `json:"steps"`
	// Sentence says what its administrator would see go wrong.
	Sentence string `json:"sentence"`
}

// Troubled reports that an administrator would see something go wrong, or that the story was
// not played.
func (s Story) Troubled() bool {
	played := false
	for _, step := range s.Steps {
		played = played || step.Result != StoryNotSent
		if storyRank(step.Result) > storyRank(StoryWorks) {
			return true
		}
	}
	return !played
}

// StoryStep is one step of a story.
type StoryStep struct {
	Step   string      `json:"step"` // such as "leaver"
	Result StoryResult `json:"result"`
	Why    string      `json:"why"`
	Check  string      `json:"check"`
	// FromMemory says that a body of the step is not from the provider's documentation.
	FromMemory bool `json:"fromMemory,omitempty"`
}

// StoryResult is what a step came to.
type StoryResult string

// What a step can come to, from harmless to grave.
const (
	StoryNotSent StoryResult = "not-sent" // the provider does not send it
	StoryWorks   StoryResult = "works"
	StoryUnclear StoryResult = "unclear" // it could not be decided
	StoryPartial StoryResult = "partial"
	StoryRefused StoryResult = "refused"
	StoryIgnored StoryResult = "ignored"
)

// The steps of a story, in order.
const (
	StepLookUp    = "look-up"
	StepCreate    = "create"
	StepUpdate    = "update"
	StepGroupPush = "group-push"
	StepLeaver    = "leaver"
	StepReturn    = "return"
	StepDelete    = "delete"
)

// Steps lists the steps of a story in order.
func Steps() []string {
	return []string{StepLookUp, StepCreate, StepUpdate, StepGroupPush, StepLeaver, StepReturn, StepDelete}
}

// gravest is the order in which steps are looked at for what an administrator would notice
// first, with what that is.
var gravest = []struct{ step, consequence string }{
	{StepLeaver, "leavers stay active"},
	{StepDelete, "deleted people stay"},
	{StepGroupPush, "groups do not follow"},
	{StepCreate, "new people get no account"},
	{StepLookUp, "people are not found, and created twice or not at all"},
	{StepReturn, "people who return stay locked out"},
	{StepUpdate, "changes do not arrive"},
}

// stories gathers what was sent in each provider's name.
func (j *judge) stories() []Story {
	stories := make([]Story, 0, len(j.rec.Clients))
	for _, c := range j.rec.Clients {
		s := Story{Client: c, Steps: []StoryStep{}}
		for _, step := range Steps() {
			s.Steps = append(s.Steps, j.step(c.ID, step))
		}
		s.Sentence = j.adminSees(s)
		stories = append(stories, s)
	}
	return stories
}

// step is the worst of what was seen in one step.
func (j *judge) step(client, name string) StoryStep {
	step := StoryStep{Step: name, Result: StoryNotSent}
	for _, o := range j.rec.Observations {
		if o.Effect == nil || o.Effect.Client != client || o.Effect.Step != name {
			continue
		}
		step.FromMemory = step.FromMemory || o.Effect.FromMemory
		result, why := told(*o.Effect)
		if storyRank(result) > storyRank(step.Result) {
			step.Result, step.Why, step.Check = result, why, o.Check
		}
	}
	return step
}

func storyRank(r StoryResult) int {
	return slices.Index([]StoryResult{StoryNotSent, StoryWorks, StoryUnclear, StoryPartial, StoryRefused, StoryIgnored}, r)
}

// told says what a write or a look-up came to, in the words of an administrator.
func told(e Effect) (StoryResult, string) {
	answered := fmt.Sprintf("%s is answered %d", e.Form, e.Status)
	switch refused := e.Status < 200 || e.Status >= 300; {
	case e.Moot != "":
		return StoryUnclear, e.Moot
	case e.Achieved && e.Partial != "":
		return StoryPartial, e.Partial
	case e.Achieved:
		return StoryWorks, ""
	case refused:
		return StoryRefused, answered + " and refused"
	}
	return StoryIgnored, answered + " and ignored: a read shows " + e.Seen
}

// adminSees is one sentence on what goes wrong first.
func (j *judge) adminSees(s Story) string {
	sent := false
	for _, g := range gravest {
		i := slices.IndexFunc(s.Steps, func(step StoryStep) bool { return step.Step == g.step })
		step := s.Steps[i]
		sent = sent || step.Result != StoryNotSent
		if storyRank(step.Result) >= storyRank(StoryRefused) {
			return fmt.Sprintf("%s: %s, because %s.", s.Title, g.consequence, step.Why)
		}
	}
	for _, step := range s.Steps {
		if step.Result == StoryPartial {
			return fmt.Sprintf("%s: it works, but %s.", s.Title, step.Why)
		}
	}
	if !sent {
		return s.Title + ": its story was not played in this run."
	}
	return s.Title + ": an administrator would see nothing go wrong."
}
