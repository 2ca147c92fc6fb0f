package acme

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
)

// Scheduled jobs do something for a person while they are away:
//
//	POST   /api/jobs             {"every": "1m", "text"}: 201 {"id"}; from 200ms to 24h
//	GET    /api/jobs             lists one's own
//	DELETE /api/jobs/{id}        204
//	GET    /api/jobs/{id}/runs   the last 100 runs, for everybody who is signed in
//
// Each run is judged at its moment: a job ends with its person, unless Config.Heir gets
// it.
func (a *App) jobRoutes(r chi.Router) {
	r.Post("/api/jobs", a.signedIn(a.createJob, Session, AccessToken))
	r.Get("/api/jobs", a.signedIn(a.listOwn(Job), Session, AccessToken))
	r.Delete("/api/jobs/{id}", a.signedIn(a.deleteOwn(Job), Session, AccessToken))
	r.Get("/api/jobs/{id}/runs", a.signedIn(func(w http.ResponseWriter, r *http.Request, _ *Account) {
		writeJSON(w, http.StatusOK, a.jobs.runsOf(chi.URLParam(r, "id")))
	}, Session, AccessToken, PersonalToken))
}

// minPeriod is the shortest time between two runs of a job.
const minPeriod = 200 * time.Millisecond

// maxRuns is how many runs of a job are kept, the newest.
const maxRuns = 100

// jobRun is one run of a job, in its owner's name.
type jobRun struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"` // a displayName
	Text string    `json:"text"`
}

// jobs keeps what is due when, and what was done. It is safe for concurrent use.
type jobs struct {
	mu    sync.Mutex
	due   map[string]time.Time // by the job's secret
	runs  map[string][]jobRun  // by the job's id
	start sync.Once
}

func (j *jobs) plan(secret string, at time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.due == nil {
		j.due, j.runs = map[string]time.Time{}, map[string][]jobRun{}
	}
	j.due[secret] = at
}

// take removes and returns the jobs that are due.
func (j *jobs) take(now time.Time) (due []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for secret, at := range j.due {
		if !now.Before(at) {
			due = append(due, secret)
			delete(j.due, secret)
		}
	}
	return due
}

func (j *jobs) done(id string, run jobRun) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.runs[id] = append(j.runs[id], run)
	j.runs[id] = j.runs[id][max(0, len(j.runs[id])-maxRuns):]
}

// runsOf lists the runs of a job, newest last.
func (j *jobs) runsOf(id string) []jobRun {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]jobRun{}, j.runs[id]...)
}

func (a *App) createJob(w http.ResponseWriter, r *http.Request, user *Account) {
	var body struct{ Every, Text string }
	err := json.NewDecoder(r.Body).Decode(&body)
	every, wrong := time.ParseDuration(body.Every)
	if err != nil || wrong != nil || every < minPeriod || every > 24*time.Hour || body.Text == "" {
		apiError(w, http.StatusBadRequest, "the body must be JSON with every (200ms to 24h) and text")
		return
	}
	job := a.mint(user, credential{kind: Job, label: body.Text, data: map[string]string{"every": every.String()}}, 0)
	a.jobs.plan(job.secret, a.config.Now().Add(every))
	a.jobs.start.Do(func() { a.background(a.schedule) })
	writeJSON(w, http.StatusCreated, map[string]any{"id": job.id})
}

// scheduleStep is how often the schedule is looked at.
const scheduleStep = 100 * time.Millisecond

// schedule runs jobs until the application is closed.
func (a *App) schedule() {
	step := time.NewTicker(scheduleStep)
	defer step.Stop()
	for {
		select {
		case <-step.C:
			a.RunJobs()
		case <-a.life.Done():
			return
		}
	}
}

// RunJobs runs what is due by the application's clock. Jobs that were taken back are
// forgotten; those of people who may not run them stay planned, as a hook may change
// its mind.
func (a *App) RunJobs() {
	now := a.config.Now()
	for _, secret := range a.jobs.take(now) {
		job := a.credential(secret)
		if job == nil || job.spent {
			continue
		}
		if owner := a.judgeHeld(job); owner != nil {
			a.jobs.done(job.id, jobRun{At: now.UTC(), By: owner.User.Text("displayName"), Text: job.label})
		}
		every, err := time.ParseDuration(job.data["every"])
		if err == nil {
			a.jobs.plan(secret, now.Add(every))
		}
	}
}
