package server

import (
	"net/http"
	"strings"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/templates/words"
)

// What was decided once is a case to practise: a decided request becomes a scenario
// for the author to go on from, a Markdown file that `check` has nothing against.

// scenarioDraft gives out the draft of a decided request.
func (s *Server) scenarioDraft(r *request) error {
	q, err := s.prog.Request(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	if q.Decision == nil {
		return programme.ErrNotFound
	}
	account := ""
	if q.Account != "" {
		accounts, err := s.prog.AccountsByID(r.Request.Context(), q.Account)
		if err != nil {
			return err
		}
		if a := accounts[q.Account]; a != nil {
			account = a.Name
		}
	}
	draft := r.draftOf(q, account)
	header := r.Writer.Header()
	header.Set("Cache-Control", "private, no-store")
	header.Set("Content-Disposition", `attachment; filename="_`+draft.ID+`.scenario.md"`)
	r.Data(http.StatusOK, "text/markdown; charset=utf-8", r.lib().Markdown(draft))
	return nil
}

// aboutClause is the clause that a decided request is about: the one that was bent,
// or else the one that states the first limit that it asks to bend.
func (r *request) aboutClause(q *programme.Request) *content.Clause {
	if c := r.lib().Clause(q.Decision.Clause); c != nil {
		return c
	}
	for _, b := range q.Bends {
		if o := r.lib().Offering(b.Offering); o != nil {
			if c := r.lib().Clause(o.ID + "/" + o.States[b.Dimension]); c != nil {
				return c
			}
		}
	}
	if o := r.lib().Offering(q.Offering); o != nil && len(o.Clauses) > 0 {
		return o.Clauses[0]
	}
	return nil
}

// A drafter writes a draft in the library's language, without the customer's name.
type drafter struct {
	*request
	say      *words.Language
	q        *programme.Request
	nameless *strings.Replacer
	cites    []*content.Clause
}

func (d drafter) t(id string, pairs ...any) string { return d.say.T(id, pairs...) }

func (d drafter) told(text string) string { return d.nameless.Replace(text) }

// The scenes of a draft, in their order.
const (
	draftCall = iota
	draftAim
	draftNo
	draftDecided
	draftSettled
	draftPromised
	draftLost
)

func (r *request) draftOf(q *programme.Request, account string) content.ScenarioDraft {
	d := drafter{request: r, say: r.view.words.Match(r.lib().Locale), q: q, nameless: strings.NewReplacer()}
	if account != "" {
		d.nameless = strings.NewReplacer(account, d.t("draft.customer"))
	}
	if c := r.aboutClause(q); c != nil {
		d.cites = []*content.Clause{c}
	}
	title := d.told(q.Title)
	scenes := []content.DraftScene{d.call(title), d.aim(), d.no(), d.decided()}
	for _, end := range [][2]string{
		{d.t("draft.settled.title"), d.t("draft.settled.text")}, {d.t("draft.promised.title"), d.t("draft.promised.text")}, {d.t("draft.lost.title"), d.t("draft.lost.text")},
	} {
		scenes = append(scenes, content.DraftScene{Title: end[0], Text: []string{end[1]}})
	}
	anchor := func(scene int) string { return content.SceneAnchor(scenes[scene].Title) }
	trust, aim := d.t("draft.trust"), d.t("draft.aim-known")
	return content.ScenarioDraft{
		ID: r.lib().DraftID(title, "request-"+q.ID[:8]), Title: title, Intro: d.t("draft.intro"),
		State: trust + ": 5 of 10, " + aim + ": no", Pass: aim + " and " + trust + " >= 6",
		Ends:   anchor(draftPromised) + ": fail, " + anchor(draftLost) + ": fail",
		Scenes: scenes,
	}
}

// does is what a choice does to trust, and what else.
func (d drafter) does(trust string, also ...string) string {
	return strings.Join(append([]string{d.t("draft.trust") + " " + trust}, also...), "; ")
}

func (d drafter) call(title string) content.DraftScene {
	knows := d.t("draft.aim-known") + " = yes"
	scene := content.DraftScene{Title: d.t("draft.call.title"), Text: []string{d.t("draft.call.text", "Title", title)}}
	if needs := d.needInWords(d.q.Parts); needs != "" {
		scene.Text = append(scene.Text, d.t("draft.call.needs", "Needs", needs))
	}
	scene.Choices = []content.DraftChoice{
		{Text: d.t("draft.call.promise"), To: draftPromised, Effects: "fatal", Why: d.t("draft.call.promise-why"), Cites: d.cites},
		{Text: d.t("draft.call.ask"), To: draftAim, Effects: d.does("+2", knows), Why: d.t("draft.call.ask-why"), Cites: d.cites},
		{Text: d.t("draft.call.no"), To: draftNo, Effects: d.does("-2"), Why: d.t("draft.call.no-why"), Cites: d.cites},
	}
	return scene
}

func (d drafter) aim() content.DraftScene {
	return content.DraftScene{
		Title: d.t("draft.aim.title"), Text: []string{d.t("draft.aim.text", "Aim", d.told(d.q.Aim))},
		Choices: []content.DraftChoice{
			{Text: d.t("draft.aim.promise"), To: draftPromised, Effects: "fatal", Why: d.t("draft.aim.promise-why"), Cites: d.cites},
			{Text: d.t("draft.aim.raise"), To: draftDecided, Effects: d.does("+1"), Why: d.t("draft.aim.raise-why"), Cites: d.cites},
		},
	}
}

func (d drafter) no() content.DraftScene {
	return content.DraftScene{
		Title: d.t("draft.no.title"), Text: []string{d.t("draft.no.text")},
		Choices: []content.DraftChoice{
			{Text: d.t("draft.no.leave"), To: draftLost, Why: d.t("draft.no.leave-why"), Cites: d.cites},
			{Text: d.t("draft.no.ask"), To: draftAim, Effects: d.does("+2", d.t("draft.aim-known")+" = yes"), Why: d.t("draft.no.ask-why"), Cites: d.cites},
		},
	}
}

// decided is what the voices said and what was decided, and how one brings it to
// the customer.
func (d drafter) decided() content.DraftScene {
	scene := content.DraftScene{Title: d.t("draft.decided.title"), Text: []string{d.t("draft.decided.text")}}
	for _, v := range d.q.Voices {
		if said := d.told(strings.TrimSpace(v.Text + " " + v.Changes)); v.Stand != standard.AskBack && said != "" {
			scene.Text = append(scene.Text, d.t("draft.decided.voice", "Function", d.t("function."+string(v.Function)), "Text", said))
		}
	}
	decision := d.q.Decision
	if decision.Reason != "" {
		scene.Text = append(scene.Text, d.t("draft.decided.reason", "Reason", d.told(decision.Reason)))
	}
	right := content.DraftChoice{To: draftSettled, Effects: d.does("+1"), Cites: d.cites}
	wrong := content.DraftChoice{To: draftPromised, Effects: "fatal", Cites: d.cites}
	switch decision.Outcome {
	case standard.InsideAfterAll:
		scene.Text = append(scene.Text, d.t("draft.decided.inside", "Offerings", d.offeringTitles(decision.Offerings)))
		right.Text, right.Why = d.t("draft.decided.offer", "Offerings", d.offeringTitles(decision.Offerings)), d.t("draft.decided.offer-why")
		wrong.Text, wrong.Why = d.t("draft.decided.more"), d.t("draft.decided.more-why")
	case standard.Exception:
		scene.Text = append(scene.Text, d.t("draft.decided.exception", "Conditions", d.told(decision.Conditions)))
		right.Text, right.Why = d.t("draft.decided.conditions"), d.t("draft.decided.conditions-why")
		wrong.Text, wrong.Why = d.t("draft.decided.always"), d.t("draft.decided.always-why")
	default:
		scene.Text = append(scene.Text, d.t("draft.decided.declined", "Instead", d.told(decision.Instead)))
		right.Text, right.Why = d.t("draft.decided.instead"), d.t("draft.decided.instead-why")
		wrong.Text, wrong.Why = d.t("draft.decided.anyway"), d.t("draft.decided.anyway-why")
	}
	scene.Choices = []content.DraftChoice{wrong, right}
	return scene
}
