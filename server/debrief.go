package server

import (
	"fmt"
	"strconv"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz/scenario"
	"github.com/insidebox/insidebox/templates/words"
)

type debriefPage struct {
	ID, Person string
	Crumbs     []crumb
	Verdict    verdict
	EndTitle   string
	EndHTML    string
	Meters     []meterView // at the end
	Map        *pathMap
	Steps      []debriefStep
	Best       []debriefStep // not shown to a manager: the key
	BestEnd    string
	Alike      bool // the path taken is the best one
	Clauses    []clauseLine
}

// A debriefStep is one choice with what is said of it.
type debriefStep struct {
	Anchor         string // of a step of the player
	Scene          string
	Choice, Reason string // HTML
	Better         string // HTML
	Verdict        state  // fits, costs, fatal
	Clauses        []link
	Changes        []effectView // what it did to meters and flags: "Trust +2"
	Parts          bool         // here it leaves the best path
}

// showDebrief replays a play that is over beside the best path.
func (s *Server) showDebrief(r *request, a *programme.Attempt, st *programme.Standing, mine bool) error {
	sc, err := s.prog.Scenario(r.Request.Context(), a)
	if err != nil {
		return err
	}
	d, err := sc.Debrief(a.Play)
	if err != nil {
		return err
	}
	page := &debriefPage{
		ID: a.ID, Person: a.Person, Crumbs: attemptCrumbs(r.lib(), a), EndTitle: d.End,
		EndHTML: spoken(sc.Scene(d.Result.End).HTML), Meters: endMeters(d), Clauses: r.clauseLines(d.Result.Clauses),
		Verdict: verdict{
			Of: a.Title, Passed: d.Result.Passed, Practice: a.Practice(), Title: r.t("debrief.not-passed", "End", d.End),
			Sentence: s.debriefWords(r, a, st, mine), Next: s.afterResult(r, a, st, mine),
		},
	}
	if d.Result.Passed {
		page.Verdict.Title = r.t("debrief.passed", "End", d.End)
	}
	if a.Practice() {
		page.Verdict.Next = []link{{"/", r.t("result.next")}}
	}
	page.Steps = r.debriefSteps(d, d.Steps)
	for i := range page.Steps {
		page.Steps[i].Anchor = "step-" + strconv.Itoa(i+1)
	}
	if mine {
		s.addBest(r, page, a, d)
	} else {
		if page.Verdict.Name, page.Crumbs, err = s.whoseAttempt(r, a); err != nil {
			return err
		}
		for i := range page.Steps {
			page.Steps[i].Better = ""
		}
		d.Best, d.BestEnd = nil, ""
	}
	page.Map = mapOf(r.say, d, page.Steps)
	return r.page(200, "debrief", r.t("debrief.page-title", "Title", a.Title), sectionFor(mine), page)
}

// addBest adds what only the player may see: the best path, and what to do
// next time.
func (s *Server) addBest(r *request, page *debriefPage, a *programme.Attempt, d scenario.Debrief) {
	page.Alike = d.Parts == len(d.Steps) && d.Parts == len(d.Best)
	if !page.Alike && d.Parts < len(page.Steps) {
		page.Steps[d.Parts].Parts = len(d.Best) > 0
	}
	page.Best, page.BestEnd = r.debriefSteps(d, d.Best), d.BestEnd
	if now := r.lib().Scenario(a.Play.Scenario); now != nil {
		page.Verdict.Again = now.URL + "/attempts"
	}
	if !d.Result.Passed {
		page.Verdict.Read = r.readFor(d.Result.Clauses)
	}
}

// debriefWords says how the play ended and, to whom it concerns, what comes
// next.
func (s *Server) debriefWords(r *request, a *programme.Attempt, st *programme.Standing, mine bool) string {
	res := a.Play.Result
	ended := r.t("debrief.ended.failed")
	switch {
	case res.Passed:
		ended = r.t("debrief.ended.passed")
	case res.Outcome == scenario.Fatal:
		ended = r.t("debrief.ended.fatal")
	case res.Outcome == scenario.DeadEnd:
		ended = r.t("debrief.ended.dead-end")
	case res.Outcome == scenario.TooLong:
		ended = r.t("debrief.ended.too-long")
	}
	e := r.lib().Exercise(a.Quiz)
	switch {
	case a.Practice():
		return ended + " " + r.t("debrief.ended.practice")
	case res.Passed || e == nil || !mine:
		return ended
	}
	_, then := admissionWords(r.say, s.prog.Admission(st, e.Rules()), r.zone())
	return ended + " " + then
}

// endMeters are the values at the end.
func endMeters(d scenario.Debrief) []meterView {
	var meters []scenario.Meter
	for i, v := range d.Variables {
		meters = append(meters, scenario.Meter{Variable: v, Value: d.Result.Values[i]})
	}
	return metersOf(meters)
}

func (r *request) debriefSteps(d scenario.Debrief, steps []scenario.Step) []debriefStep {
	var list []debriefStep
	for _, s := range steps {
		step := debriefStep{
			Scene: s.Scene, Choice: s.Choice, Reason: s.Debrief, Better: s.Better,
			Verdict: verdictOf(r.say, s), Changes: changesIn(r.say, d.Variables, s),
		}
		for _, id := range s.Clauses {
			if c := r.lib().Clause(id); c != nil {
				step.Clauses = append(step.Clauses, link{c.URL, c.OfTitle + ": " + c.Title})
			}
		}
		list = append(list, step)
	}
	return list
}

func verdictOf(say *words.Language, s scenario.Step) state {
	switch {
	case s.Fatal:
		return state{"fatal", "fatal", say.T("debrief.verdict.fatal"), ""}
	case s.Fits:
		return state{"inside", "ok", say.T("debrief.verdict.holds"), ""}
	default:
		return state{"outside", "warning", say.T("debrief.verdict.costs"), ""}
	}
}

// An effectView is what a choice did to one meter or flag: "Trust" and "+2".
type effectView struct {
	Name, Value string
	Flag        bool
}

// changesIn says what a choice did to meters and flags.
func changesIn(say *words.Language, variables []scenario.Variable, s scenario.Step) []effectView {
	var list []effectView
	for i, v := range variables {
		switch by := s.After[i] - s.Before[i]; {
		case by == 0:
		case v.Meter:
			list = append(list, effectView{Name: variableName(v.Name), Value: fmt.Sprintf("%+d", by)})
		case by > 0:
			list = append(list, effectView{variableName(v.Name), say.T("play.yes"), true})
		default:
			list = append(list, effectView{variableName(v.Name), say.T("play.no"), true})
		}
	}
	return list
}
