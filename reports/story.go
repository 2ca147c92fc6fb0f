package reports

import (
	"fmt"
	"slices"
	"strings"
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
		if why := j.brokenOff(c.ID); why != "" {
			s.breakOff(j.lastStep(c.ID), why)
		}
		s.Sentence = adminSees(s)
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

// StoryCheck is the id of the check that plays an identity provider's story.
func StoryCheck(client string) string { return "story." + client }

// brokenOff is why a story did not come to its end; empty where it did, or was not begun.
func (j *judge) brokenOff(client string) string {
	check := StoryCheck(client)
	switch s := j.specs[check]; s.State {
	case SpecInterrupted, SpecBroken:
		_, why := withoutFinding(s)
		return why
	}
	for _, f := range j.findings {
		if f.check == check && (f.outcome == OutcomeOperational || f.outcome == OutcomeNoEvidence) {
			return f.because
		}
	}
	return ""
}

// lastStep is the step that a story was at when it ended.
func (j *judge) lastStep(client string) (step string) {
	for _, o := range j.rec.Observations {
		if o.Effect != nil && o.Effect.Client == client {
			step = o.Effect.Step
		}
	}
	return step
}

// breakOff leaves open what was not seen of a story that ended early: the steps that were still
// to come, and the one that it was at.
func (s Story) breakOff(at, why string) {
	for i, step := range s.Steps {
		unseen := step.Result == StoryNotSent || step.Step == at
		if unseen && storyRank(step.Result) < storyRank(StoryUnclear) {
			s.Steps[i].Result, s.Steps[i].Why, s.Steps[i].Check = StoryUnclear, why, StoryCheck(s.ID)
		}
	}
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

// adminSees is one sentence on what goes wrong: the gravest with its reason, then the rest.
func adminSees(s Story) string {
	first, rest := "", ""
	for _, g := range gravest {
		i := slices.IndexFunc(s.Steps, func(step StoryStep) bool { return step.Step == g.step })
		switch step := s.Steps[i]; {
		case storyRank(step.Result) < storyRank(StoryRefused):
		case first == "":
			first = fmt.Sprintf("%s: %s, because %s", s.Title, g.consequence, step.Why)
		default:
			rest += "; also, " + g.consequence
		}
	}
	if first != "" {
		return first + rest + "."
	}
	for _, mild := range []struct {
		result StoryResult
		words  string
	}{{StoryPartial, "it works, but %s."}, {StoryUnclear, "not all of it could be seen: %s."}} {
		for _, step := range s.Steps {
			if step.Result == mild.result {
				return s.Title + ": " + fmt.Sprintf(mild.words, strings.TrimSuffix(step.Why, "."))
			}
		}
	}
	if s.Troubled() {
		return s.Title + ": its story was not played in this run."
	}
	return s.Title + ": an administrator would see nothing go wrong."
}
