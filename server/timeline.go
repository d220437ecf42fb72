package server

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
)

// A timelineEntry is one thing that happened, newest first.
type timelineEntry struct {
	Kind, Icon  string
	Title, Note string
	URL         string
	When        string
	at          time.Time
}

func percent(n int) string { return strconv.Itoa(n) + " %" }

// timeline tells what a person did and what was done for her.
func (s *Server) timeline(r *request, st *programme.Standing) ([]timelineEntry, error) {
	var list []timelineEntry
	add := func(at time.Time, kind, icon, title, note, url string) {
		list = append(list, timelineEntry{kind, icon, title, note, url, moment(at, r.zone()), at})
	}
	for id, at := range st.Evidence.Read {
		if ls := r.lib().Lesson(id); ls != nil {
			add(at, "none", "book", "Read “"+ls.Title+"”", "", ls.URL)
		} else {
			add(at, "none", "book", "Read a lesson that is no longer there", id, "")
		}
	}
	for id, tries := range st.Evidence.Tries {
		for _, t := range tries {
			s.addTry(r, add, id, t)
		}
	}
	for _, h := range st.Evidence.Held {
		title := h.Certification
		if c := r.lib().Certification(h.Certification); c != nil {
			title = c.Title
		}
		add(h.Issued, "inside", "certificate", "Certified: "+title, "", certificateURL(h.Certificate))
	}
	names, err := s.namesOf(r, st)
	if err != nil {
		return nil, err
	}
	for _, g := range st.Evidence.Grants {
		add(g.At, "owed", "plus", "One attempt more at “"+r.exerciseName(g.Quiz)+"”, granted by "+names[g.By], g.Note, "")
	}
	for _, so := range st.Evidence.Signoffs {
		if so.Met {
			add(so.At, "inside", "ok", "Signed off by "+names[so.By], so.Note, "")
		} else {
			add(so.At, "outside", "clock", fmt.Sprintf("Observed by %s: %d points met", names[so.By], len(so.Criteria)), so.Note, "")
		}
	}
	for _, rn := range st.Evidence.Renewals {
		add(rn.Opened, "none", "refresh", "Renewal opened: cycle "+strconv.Itoa(rn.Cycle), "", "")
	}
	slices.SortStableFunc(list, func(a, b timelineEntry) int {
		return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.Title, b.Title))
	})
	return list, nil
}

func (s *Server) addTry(r *request, add func(time.Time, string, string, string, string, string), key string, t quiz.Try) {
	title, number := "“"+r.exerciseName(key)+"”", "attempt "+strconv.Itoa(t.Number)
	with, got := " with "+percent(t.Percent), ": "+percent(t.Percent)
	if isScenario(key) {
		title, with, got = "scenario "+title, "", ""
	}
	switch {
	case t.State == quiz.Open:
		add(t.Started, "none", "half", "Started "+title, number, "")
	case t.Passed:
		add(t.Submitted, "inside", "ok", "Passed "+title+with, number, resultURL(t.Attempt))
	default:
		add(t.Submitted, "fatal", "cross", "Did not pass "+title+got, number, resultURL(t.Attempt))
	}
}

// exerciseName is the title of a quiz or scenario, by its key; of one that is
// no longer in the library, its id.
func (r *request) exerciseName(key string) string {
	if e := r.lib().Exercise(key); e != nil {
		return e.Title()
	}
	return strings.TrimPrefix(key, scenario.Key(""))
}

// isScenario reports whether a key is a scenario's.
func isScenario(key string) bool { return strings.HasPrefix(key, scenario.Key("")) }

// namesOf reads the names of those who granted and signed, at once.
func (s *Server) namesOf(r *request, st *programme.Standing) (map[string]string, error) {
	var ids []string
	for _, g := range st.Evidence.Grants {
		ids = append(ids, g.By)
	}
	for _, so := range st.Evidence.Signoffs {
		ids = append(ids, so.By)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	found, err := s.prog.People.People().GetAll(r.Request.Context(), ids...)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, id := range ids {
		names[id] = "somebody who has left"
		if p := found[id]; p != nil {
			names[id] = p.Name()
		}
	}
	return names, nil
}
