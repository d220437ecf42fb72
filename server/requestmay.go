package server

import (
	"slices"
	"strings"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// What the visitor may do on the page of a request: speak, decide, hand it over.

// fillForms fills in what the visitor may do. What a form that could not be taken
// had in it is there already.
func (r *request) fillForms(page *requestPage, q *programme.Request, who map[string]*people.Person) {
	actor := programme.ActorOf(r.who.Person)
	page.KnownComments = q.CommentsOf(r.who.ID)
	page.MayAck = q.MayAcknowledge(actor) == nil
	page.Asked = q.Asks == r.who.ID
	page.Named, page.AllComments = q.Called(r.who.ID), len(q.Comments)
	var filled []voiceForm
	filled, page.Mine = page.Mine, nil
	for _, f := range standard.Functions() {
		if q.MaySpeak(actor, f) != nil {
			continue
		}
		form := voiceForm{Function: string(f)}
		if i := slices.IndexFunc(filled, func(v voiceForm) bool { return v.Function == string(f) }); i >= 0 {
			form = filled[i]
		}
		form.Title, form.ChangesAsk = r.functionName(f), r.t("request.changes."+string(f))
		form.Known, form.Again = q.VoicesOf(f), q.Spoken(f)
		form.Stands = r.stands(form.Stands)
		form.Offerings = r.offeringChoices(form.Offerings)
		page.Mine = append(page.Mine, form)
	}
	if page.Open {
		page.Decides = r.decidesWhen(q, who)
	}
	if q.MayDecide(actor, r.now) == nil {
		form := page.Decide
		if form == nil {
			form = &decideForm{}
		}
		r.fillDecide(form, q)
		page.Decide = form
	} else if page.Decide != nil {
		page.Kept, page.Decide = append(page.Kept, page.Decide.typed()...), nil
	}
	if q.MayDelegate(actor) == nil {
		if page.Delegate == nil {
			page.Delegate = &delegateForm{}
		}
		page.Delegate.Known, page.Delegate.Now = len(q.Delegations), nameOf(who, q.Delegate())
	} else {
		page.Delegate = nil
	}
	for _, form := range filled {
		if !slices.ContainsFunc(page.Mine, func(v voiceForm) bool { return v.Function == form.Function }) {
			page.Kept = append(page.Kept, form.Changes, form.Text)
		}
	}
	page.Kept = slices.DeleteFunc(page.Kept, func(text string) bool { return strings.TrimSpace(text) == "" })
}

// typed is what somebody wrote into the form.
func (f *decideForm) typed() []string { return []string{f.Reason, f.Conditions, f.Price, f.Instead} }

// decidesWhen says who decides, and from when on.
func (r *request) decidesWhen(q *programme.Request, who map[string]*people.Person) string {
	decider := r.functionName(q.Owner)
	if name := nameOf(who, q.Delegate()); name != "" {
		decider = r.t("request.decides.or", "Function", decider, "Name", name)
	}
	if r.now.Before(q.ReadyAt()) {
		return r.t("request.decides.later", "Decider", decider, "When", momentIn(r.say, q.Due, r.zone()))
	}
	return r.t("request.decides.now", "Decider", decider)
}

func (r *request) stands(chosen []choice) (list []choice) {
	for _, stand := range standard.Stands() {
		list = append(list, choice{string(stand), r.t("request.stand." + string(stand)), isChosen(chosen, string(stand))})
	}
	return list
}

func isChosen(list []choice, value string) bool {
	return slices.ContainsFunc(list, func(c choice) bool { return c.Value == value && c.Chosen })
}

// choices are what a form had chosen.
func choices(values ...string) (list []choice) {
	for _, v := range values {
		list = append(list, choice{Value: v, Chosen: true})
	}
	return list
}

func (r *request) offeringChoices(chosen []choice) (list []choice) {
	for _, o := range r.lib().Offerings {
		list = append(list, choice{o.ID, o.Title, isChosen(chosen, o.ID)})
	}
	return list
}

func (r *request) fillDecide(form *decideForm, q *programme.Request) {
	form.Known = len(q.Voices)
	var outcomes []choice
	for _, o := range standard.Outcomes() {
		outcomes = append(outcomes, choice{string(o), r.t("request.outcome." + string(o)), isChosen(form.Outcomes, string(o))})
	}
	if form.Outcomes == nil { // what the voices proposed is ticked
		for _, v := range q.Voices {
			form.Offerings = append(form.Offerings, choices(v.Offerings...)...)
		}
	}
	form.Outcomes, form.Offerings = outcomes, r.offeringChoices(form.Offerings)
	clauses := form.Clauses
	form.Clauses = nil
	for _, o := range r.lib().Offerings {
		group := clauseGroup{Title: o.Title}
		for _, c := range o.Clauses {
			group.Clauses = append(group.Clauses, choice{c.ID, c.Title, clauseChosen(clauses, c, q, o)})
		}
		form.Clauses = append(form.Clauses, group)
	}
}

// clauseChosen is the clause that was chosen, or else the one that states the
// first limit that the request asks to bend.
func clauseChosen(before []clauseGroup, c *content.Clause, q *programme.Request, o *content.Offering) bool {
	if len(before) > 0 {
		return isChosen(before[0].Clauses, c.ID)
	}
	return o.ID == q.Offering && len(q.Limits) > 0 && slices.Contains(c.Dimensions, q.Limits[0])
}
