package server

import (
	"fmt"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz/scenario"
)

type debriefPage struct {
	ID, Person   string
	Crumbs       []crumb
	Title, Name  string // Name: whose it is, for a manager
	Passed       bool
	Practice     bool
	Sentence     string
	EndTitle     string
	EndHTML      string
	Meters       []meterView // at the end
	Steps        []debriefStep
	Best         []debriefStep // not shown to a manager: the key
	BestEnd      string
	Alike        bool // the path taken is the best one
	Clauses      []clauseLine
	Next         []link
	Again, Cover string // URL to practise again; of the cover
}

// A debriefStep is one choice with what is said of it.
type debriefStep struct {
	Number         int
	Scene          string
	Choice, Reason string // HTML
	Better         string // HTML
	Verdict        state  // fits, costs, fatal
	Clauses        []link
	Changes        []string // what it did to meters and flags: "Trust +2"
	Parts          bool     // here it leaves the best path
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
		ID: a.ID, Person: a.Person, Title: a.Title, Crumbs: attemptCrumbs(r.lib(), a), Passed: d.Result.Passed,
		Practice: a.Practice(), EndTitle: d.End, EndHTML: sc.Scene(d.Result.End).HTML, Meters: endMeters(d),
	}
	page.Steps = r.debriefSteps(d, d.Steps)
	if page.Alike = d.Parts == len(d.Steps) && d.Parts == len(d.Best); !page.Alike && d.Parts < len(page.Steps) {
		page.Steps[d.Parts].Parts = len(d.Best) > 0
	}
	for _, c := range d.Result.Clauses {
		page.Clauses = append(page.Clauses, r.clauseLine(c))
	}
	page.Sentence = s.debriefWords(r, a, st, mine)
	page.Next = s.afterResult(r, a, st, mine)
	if page.Practice {
		page.Next = []link{{"/", "What is next"}}
	}
	if mine {
		page.Best, page.BestEnd = r.debriefSteps(d, d.Best), d.BestEnd
		if now := r.lib().Scenario(a.Play.Scenario); now != nil {
			page.Cover, page.Again = now.URL, now.URL+"/attempts"
		}
	} else {
		who, err := s.prog.People.Get(r.Request.Context(), a.Person)
		if err != nil {
			return err
		}
		page.Name, page.Crumbs = who.Name(), []crumb{{"/team", "Team"}, {personURL(a.Person), who.Name()}}
		for i := range page.Steps {
			page.Steps[i].Better, page.Steps[i].Parts = "", false
		}
	}
	return r.page(200, "debrief", "Debrief: "+a.Title, sectionFor(mine), page)
}

// debriefWords says how the play ended and, to whom it concerns, what comes
// next.
func (s *Server) debriefWords(r *request, a *programme.Attempt, st *programme.Standing, mine bool) string {
	res := a.Play.Result
	words := "This ending does not count as passed."
	switch {
	case res.Passed:
		words = "You got there without giving away what nobody had agreed to."
	case res.Outcome == scenario.Fatal:
		words = "One choice ended it: nothing after it could have mended that."
	case res.Outcome == scenario.DeadEnd:
		words = "There was no choice left that you could make."
	case res.Outcome == scenario.TooLong:
		words = "It went round in circles for too long."
	}
	e := r.lib().Exercise(a.Quiz)
	switch {
	case a.Practice():
		return words + " This was practice: it counts for nothing."
	case res.Passed || e == nil || !mine:
		return words
	}
	_, then := admissionWords(s.prog.Admission(st, e.Rules()), r.zone())
	return words + " " + then
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
	for i, s := range steps {
		step := debriefStep{
			Number: i + 1, Scene: s.Scene, Choice: s.Choice, Reason: s.Debrief, Better: s.Better,
			Verdict: verdictOf(s), Changes: changesIn(d.Variables, s),
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

func verdictOf(s scenario.Step) state {
	switch {
	case s.Fatal:
		return state{"fatal", "fatal", "Fatal", ""}
	case s.Fits:
		return state{"inside", "ok", "Holds", ""}
	default:
		return state{"outside", "warning", "Costs you", ""}
	}
}

// changesIn says what a choice did to meters and flags.
func changesIn(variables []scenario.Variable, s scenario.Step) []string {
	var list []string
	for i, v := range variables {
		switch by := s.After[i] - s.Before[i]; {
		case by == 0:
		case v.Meter:
			list = append(list, fmt.Sprintf("%s %+d", variableName(v.Name), by))
		case by > 0:
			list = append(list, variableName(v.Name)+": yes")
		default:
			list = append(list, variableName(v.Name)+": no")
		}
	}
	return list
}
