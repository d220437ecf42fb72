package server

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
)

// A timelineEntry is one thing that happened, newest first.
type timelineEntry struct {
	Kind, Icon  string
	Small       bool // one of many: a lesson that was read
	Title, Note string
	Number      string // of an attempt, in words
	URL         string
	When        string
	at          time.Time
	about       string // one of timelineKinds
}

// A timelineMonth is what happened in one month.
type timelineMonth struct {
	Title   string
	Entries []timelineEntry
}

// A timelineKind is a filter of the timeline, with how much it would show.
type timelineKind struct {
	Word, URL string
	Count     int
	Here      bool
}

// timelineKinds are what the timeline can be narrowed to.
var timelineKinds = []string{"certificates", "manager", "attempts", "reading"}

func percent(n int) string { return strconv.Itoa(n) + " %" }

// fillTimeline tells what a person did and what was done for her: everything,
// or what ?kind= asks for.
func (s *Server) fillTimeline(r *request, st *programme.Standing, page *transcriptPage) error {
	asked := r.Query("kind")
	if asked != "" && !slices.Contains(timelineKinds, asked) {
		return errNoPage
	}
	all, err := s.timeline(r, st)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, e := range all {
		counts[e.about]++
	}
	here := personURL(page.ID)
	page.Kinds = []timelineKind{{r.t("timeline.kind.all"), here + "#happened", len(all), asked == ""}}
	for _, kind := range timelineKinds {
		if counts[kind] > 0 || kind == asked {
			page.Kinds = append(page.Kinds, timelineKind{r.t("timeline.kind." + kind), here + "?kind=" + kind + "#happened", counts[kind], kind == asked})
		}
	}
	for _, e := range all {
		if asked != "" && e.about != asked {
			continue
		}
		at := e.at.In(r.zone())
		title := r.t("timeline.month", "Month", monthIn(r.say, at.Month()), "Year", at.Year())
		if n := len(page.Timeline); n == 0 || page.Timeline[n-1].Title != title {
			page.Timeline = append(page.Timeline, timelineMonth{Title: title})
		}
		last := &page.Timeline[len(page.Timeline)-1]
		last.Entries = append(last.Entries, e)
	}
	return nil
}

// A teller collects what happened.
type teller struct {
	r    *request
	list []timelineEntry
}

func (t *teller) add(at time.Time, about string, e timelineEntry) {
	e.at, e.about, e.When = at, about, momentIn(t.r.say, at, t.r.zone())
	t.list = append(t.list, e)
}

func (s *Server) timeline(r *request, st *programme.Standing) ([]timelineEntry, error) {
	t := &teller{r: r}
	for id, at := range st.Evidence.Read {
		t.read(id, at)
	}
	for id, tries := range st.Evidence.Tries {
		for _, try := range tries {
			t.try(id, try)
		}
	}
	for _, h := range st.Evidence.Held {
		t.add(h.Issued, "certificates", timelineEntry{
			Kind: "inside", Icon: "certificate", URL: certificateURL(h.Certificate),
			Title: r.t("timeline.certified", "Title", r.titlesOf([]string{h.Certification})),
		})
	}
	for _, rn := range st.Evidence.Renewals {
		t.add(rn.Opened, "certificates", timelineEntry{Kind: "none", Icon: "refresh", Title: r.t("timeline.renewal", "Cycle", rn.Cycle)})
	}
	names, err := s.namesOf(r, st)
	if err != nil {
		return nil, err
	}
	for _, g := range st.Evidence.Grants {
		t.add(g.At, "manager", timelineEntry{
			Kind: "owed", Icon: "plus", Note: g.Note,
			Title: r.t("timeline.granted", "Title", r.exerciseName(g.Quiz), "By", names[g.By]),
		})
	}
	for _, so := range st.Evidence.Signoffs {
		t.signOff(so, names[so.By])
	}
	slices.SortStableFunc(t.list, func(a, b timelineEntry) int {
		return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.Title, b.Title))
	})
	return t.list, nil
}

func (t *teller) read(id string, at time.Time) {
	e := timelineEntry{Kind: "none", Icon: "book", Small: true}
	if ls := t.r.lib().Lesson(id); ls != nil {
		e.Title, e.URL = t.r.t("timeline.read", "Title", ls.Title), ls.URL
	} else {
		e.Title, e.Note = t.r.t("timeline.read-gone"), id
	}
	t.add(at, "reading", e)
}

func (t *teller) signOff(so certify.Signoff, by string) {
	e := timelineEntry{Kind: "outside", Icon: "clock", Title: t.r.t("timeline.observed", "By", by, "N", len(so.Criteria)), Note: so.Note}
	if so.Met {
		e.Kind, e.Icon, e.Title = "inside", "ok", t.r.t("timeline.signed-off", "By", by)
	}
	t.add(so.At, "manager", e)
}

func (t *teller) try(key string, try quiz.Try) {
	name, score := t.r.exerciseName(key), percent(try.Percent)
	e := timelineEntry{Kind: "fatal", Icon: "cross", Number: t.r.t("timeline.attempt", "Number", try.Number), URL: resultURL(try.Attempt)}
	at, played := try.Submitted, isScenario(key)
	switch {
	case try.State == quiz.Open:
		e.Kind, e.Icon, e.URL, at = "none", "half", "", try.Started
		e.Title = t.r.t("timeline.started", "Title", name)
		if played {
			e.Title = t.r.t("timeline.started-scenario", "Title", name)
		}
	case try.Passed:
		e.Kind, e.Icon = "inside", "ok"
		e.Title = t.r.t("timeline.passed", "Title", name, "Score", score)
		if played {
			e.Title = t.r.t("timeline.passed-scenario", "Title", name)
		}
	case played:
		e.Title = t.r.t("timeline.not-passed-scenario", "Title", name)
	default:
		e.Title = t.r.t("timeline.not-passed", "Title", name, "Score", score)
	}
	t.add(at, "attempts", e)
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
		names[id] = r.t("timeline.somebody")
		if p := found[id]; p != nil {
			names[id] = p.Name()
		}
	}
	return names, nil
}
