package server

import (
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz/scenario"
	"github.com/insidebox/insidebox/templates/words"
)

type playPage struct {
	Title   string
	Crumbs  []crumb
	Eyebrow string
	Scene   sceneView
}

// A sceneView is where a play stands, as its page shows it.
type sceneView struct {
	ID, Person string
	Step       int
	Title      string
	HTML       string
	Said       string // HTML: the choice that led here
	Story      []beat // what came before
	Meters     []meterView
	Offers     []offerView
	Practice   bool
	Note       string // why this scene is shown and not what was asked for
}

// A beat is one scene that is past, with what was chosen there.
type beat struct{ Title, HTML, Said string }

// A meterView is a meter or flag in words.
type meterView struct {
	Name       string
	Flag, Yes  bool
	Value, Max int
}

type offerView struct {
	Number      int
	Token, Text string
	Greyed      bool
	Needs       string
}

// showPlay sends the page of a play that is open.
func (s *Server) showPlay(r *request, status int, a *programme.Attempt, note string) error {
	sc, err := s.prog.Scenario(r.Request.Context(), a)
	if err != nil {
		return err
	}
	page := playPage{Title: a.Title, Crumbs: attemptCrumbs(r.lib(), a), Eyebrow: r.t("attempt.number", "Number", a.Number)}
	if a.Practice() {
		page.Eyebrow = r.t("play.practice-run")
	}
	if page.Scene, err = sceneOf(r.say, sc, a, note); err != nil {
		return err
	}
	return r.narrow(status, "play", a.Title, "learn", page)
}

func sceneOf(say *words.Language, sc *scenario.Scenario, a *programme.Attempt, note string) (sceneView, error) {
	at, err := sc.Position(a.Play)
	if err != nil {
		return sceneView{}, err
	}
	v := sceneView{
		ID: a.ID, Person: a.Person, Step: at.Step, Title: at.Title, HTML: spoken(at.HTML),
		Practice: a.Practice(), Note: note, Meters: metersOf(at.Meters),
	}
	for _, m := range a.Play.Path {
		scene := sc.Scene(m.Scene)
		v.Said = scene.Choices[m.Choice].Text
		v.Story = append(v.Story, beat{scene.Title, spoken(scene.HTML), v.Said})
	}
	for i, o := range at.Offers {
		v.Offers = append(v.Offers, offerView{i + 1, o.Token, o.Text, o.Greyed, conditionWords(say, o.Needs)})
	}
	return v, nil
}

func metersOf(meters []scenario.Meter) []meterView {
	var list []meterView
	for _, m := range meters {
		list = append(list, meterView{Name: variableName(m.Name), Flag: !m.Meter, Yes: m.Value > 0, Value: m.Value, Max: m.Max})
	}
	return list
}

// variableName is a variable's name as people read it: "Load on operations".
func variableName(name string) string {
	words := strings.ReplaceAll(name, "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// conditionWords writes a condition with the words and signs that people know.
func conditionWords(say *words.Language, expression string) string {
	known := map[string]string{
		">=": "≥", "<=": "≤", "!=": "≠",
		"and": say.T("play.condition.and"), "or": say.T("play.condition.or"), "not": say.T("play.condition.not"),
		"yes": say.T("play.yes"), "no": say.T("play.no"),
	}
	parts := strings.Fields(expression)
	for i, part := range parts {
		bare := strings.Trim(part, "()")
		if as, found := known[bare]; found {
			parts[i] = strings.Replace(part, bare, as, 1)
		} else {
			parts[i] = strings.ReplaceAll(part, "-", " ")
		}
	}
	return strings.Join(parts, " ")
}

// spoken marks the paragraphs of a scene in which somebody speaks: those that
// begin with a quotation mark, of any language.
func spoken(html string) string {
	return quoted.ReplaceAllString(html, `<p class="speech">$1`)
}

var quoted = regexp.MustCompile(`<p>((?:<em>)?["“„«»‹‚‘])`)

// postedChoice reads the fields step and choice of a form.
func postedChoice(form url.Values) (step int, token string, err error) {
	step, err = strconv.Atoi(form.Get("step"))
	if err != nil || step < 0 || form.Get("choice") == "" {
		return 0, "", errBadForm
	}
	return step, form.Get("choice"), nil
}

// movedOn reports whether a choice was refused because of where the play
// stands, which a page of the play then shows.
func movedOn(err error) bool {
	return errors.Is(err, scenario.ErrMoved) || errors.Is(err, scenario.ErrNotOffered) || errors.Is(err, scenario.ErrOver)
}

// choose makes a choice: 303 to a form; to a fetch the next scene, or 204
// with the address of the debrief. 409 comes with where the play stands.
func (s *Server) choose(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	step, token, err := postedChoice(form)
	if err != nil {
		return s.nothingChosen(r)
	}
	ctx, id := r.Request.Context(), r.Param("id")
	out, err := s.prog.Choose(ctx, r.who.ID, id, step, token)
	note := ""
	switch {
	case errors.Is(err, scenario.ErrNotOffered):
		note = r.t("play.note.odd")
	case movedOn(err):
		note = r.t("play.note.moved")
	case err != nil:
		return err
	}
	a := out.Attempt
	if err != nil { // what was read before the choice may be older than what refused it
		if a, err = s.prog.Own(ctx, r.who.ID, id); err != nil {
			return err
		}
	}
	fetch := r.GetHeader("X-Requested-With") == "fetch"
	switch {
	case a.Play.Over() && fetch:
		r.Header("X-Over", resultURL(id))
		r.Header("Cache-Control", "no-store")
		r.Status(204)
		return nil
	case a.Play.Over():
		return r.see(resultURL(id))
	case fetch:
		return r.sendScene(sceneStatus(note), a, note)
	case note != "":
		return s.showPlay(r, sceneStatus(note), a, note)
	}
	return r.see(attemptURL(id))
}

// sceneStatus is 409 where a note says why this scene is shown.
func sceneStatus(note string) int {
	if note != "" {
		return 409
	}
	return 200
}

// nothingChosen answers a form without a choice, or with a step that is no
// number: with the scene, and what to do.
func (s *Server) nothingChosen(r *request) error {
	a, err := s.prog.Own(r.Request.Context(), r.who.ID, r.Param("id"))
	note := r.t("play.note.choose")
	switch {
	case err != nil:
		return err
	case a.Play == nil:
		return errNoPage
	case a.Play.Over():
		return r.see(resultURL(a.ID))
	case r.GetHeader("X-Requested-With") == "fetch":
		return r.sendScene(422, a, note)
	}
	return s.showPlay(r, 422, a, note)
}

// sendScene sends what a script puts in the place of the scene before.
func (r *request) sendScene(status int, a *programme.Attempt, note string) error {
	sc, err := r.srv.prog.Scenario(r.Request.Context(), a)
	if err != nil {
		return err
	}
	scene, err := sceneOf(r.say, sc, a, note)
	if err != nil {
		return err
	}
	out, err := r.pages().fragment("scene", scene)
	if err != nil {
		return err
	}
	r.send(status, []byte(out))
	return nil
}
