package server

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

// boardSize is how many people one page of the board shows.
const boardSize = 50

// maxTeams bounds the teams an admin can choose from on the board.
const maxTeams = 500

// teamsOf lists the teams whose people the visitor may see: those that she
// manages, and for an admin all.
func (s *Server) teamsOf(r *request) ([]*people.Team, error) {
	ctx := r.Request.Context()
	if r.who.has(people.RoleAdmin) {
		teams, _, err := s.prog.People.Teams(ctx, store.Cursor{}, maxTeams)
		return teams, err
	}
	return s.prog.People.Managed(ctx, r.who.Person)
}

// managed reads a person whom the visitor may manage; anybody else is not
// found, as is one who does not exist.
func (s *Server) managed(r *request, id string) (*people.Person, error) {
	if !asManager.allows(r.who) {
		return nil, programme.ErrNotFound
	}
	p, err := s.prog.People.Get(r.Request.Context(), id)
	if err != nil || r.who.has(people.RoleAdmin) {
		return p, err
	}
	may, err := s.prog.People.MayManage(r.Request.Context(), r.who.Person, p)
	if err == nil && !may {
		err = programme.ErrNotFound
	}
	return p, err
}

type teamPage struct {
	Team      *people.Team
	Teams     []teamTab
	Offerings []link
	Rows      []boardRow
	Tiles     []boardTile
	Next      string // URL of the next page
	First     string // URL of the first page, when this is another
}

type teamTab struct {
	Name, URL string
	Here      bool
}

type boardRow struct {
	Name, URL string
	Why       string
	Cells     []boardCell
}

type boardCell struct {
	Offering string
	State    state
}

// A boardTile counts what needs the manager.
type boardTile struct {
	Count       int
	What, Small string
	URL         string // the first person it concerns
}

// team is the board: reps × offerings, each cell with its state and reason.
func (s *Server) team(r *request) error {
	teams, err := s.teamsOf(r)
	if err != nil {
		return err
	}
	page := teamPage{}
	for _, t := range teams {
		here := t.ID == r.Query("team") || r.Query("team") == "" && page.Team == nil
		if here {
			page.Team = t
		}
		page.Teams = append(page.Teams, teamTab{t.Name, teamURL(t.ID), here})
	}
	if page.Team == nil && r.Query("team") != "" {
		return errNoPage
	}
	if page.Team == nil {
		return r.wide(200, "team", "Team", "team", page)
	}
	if err := s.fillBoard(r, &page); err != nil {
		return err
	}
	return r.wide(200, "team", page.Team.Name, "team", page)
}

// fillBoard reads one page of the team: its people and their records, two
// reads whatever the size of the company.
func (s *Server) fillBoard(r *request, page *teamPage) error {
	ctx := r.Request.Context()
	after, err := store.ParseCursor(r.Query("after"))
	if err != nil {
		return errNoPage
	}
	members, err := s.prog.People.Members(ctx, page.Team.ID, after, boardSize)
	if err != nil {
		return err
	}
	ids := make([]string, len(members.People))
	for i, p := range members.People {
		ids[i] = p.ID
	}
	records, err := s.prog.Records().GetAll(ctx, ids...)
	if err != nil {
		return err
	}
	for _, o := range r.lib().Offerings {
		page.Offerings = append(page.Offerings, link{o.URL, o.Title})
	}
	tiles := newTiles()
	for _, p := range members.People {
		page.Rows = append(page.Rows, s.boardRow(r, p, records[p.ID], tiles))
	}
	page.Tiles = tiles.list()
	if !members.Next.IsZero() {
		page.Next = teamURL(page.Team.ID) + "&after=" + members.Next.String()
	}
	if r.Query("after") != "" {
		page.First = teamURL(page.Team.ID)
	}
	return nil
}

func (s *Server) boardRow(r *request, p *people.Person, record *programme.Record, tiles *tiles) boardRow {
	st := programme.Recorded(p.ID, record)
	row := boardRow{Name: p.Name(), URL: personURL(p.ID)}
	if !p.Has(people.RoleRep) {
		row.Why = rolesInWords(r.say, p.Roles)
	}
	byOffering := map[string][]certify.Clearance{}
	for _, c := range r.lib().Certifications {
		cl := s.prog.Clearance(st, c)
		tiles.count(cl, row.URL)
		for _, id := range c.Offerings {
			byOffering[id] = append(byOffering[id], cl)
		}
	}
	for _, o := range r.lib().Offerings {
		row.Cells = append(row.Cells, boardCell{o.Title, r.stateOf(certify.Best(byOffering[o.ID]...), false)})
	}
	return row
}

// tiles count people, each once a tile.
type tiles struct {
	order []certify.State
	seen  map[certify.State][]string
}

func newTiles() *tiles {
	return &tiles{order: []certify.State{certify.Locked, certify.Waiting, certify.Expiring, certify.Expired}, seen: map[certify.State][]string{}}
}

func (t *tiles) count(cl certify.Clearance, who string) {
	if slices.Contains(t.order, cl.State) && !slices.Contains(t.seen[cl.State], who) {
		t.seen[cl.State] = append(t.seen[cl.State], who)
	}
}

func (t *tiles) list() []boardTile {
	words := map[certify.State][2]string{
		certify.Locked:   {"stuck", "no attempt left: have a talk, grant one"},
		certify.Waiting:  {"wait for your sign-off", "all else is done"},
		certify.Expiring: {"expire soon", "the renewal may start"},
		certify.Expired:  {"expired", "not cleared any more"},
	}
	var list []boardTile
	for _, state := range t.order {
		tile := boardTile{Count: len(t.seen[state]), What: words[state][0], Small: words[state][1]}
		if tile.Count > 0 {
			tile.URL = t.seen[state][0]
		}
		list = append(list, tile)
	}
	return list
}

type transcriptPage struct {
	ID, Name, Email, Team string
	Disabled              bool
	Lines                 []transcriptLine
	Exercises             []transcriptExercise
	Timeline              []timelineEntry
}

// A transcriptLine is one certification of the person.
type transcriptLine struct {
	Title, URL string
	State      state
	Steps      []stepLine
	SignOff    *signOffForm
}

type signOffForm struct {
	Certification string
	Criteria      []string
	Known         int
}

// A transcriptExercise is one quiz or scenario with its attempts and, where it
// helps, a grant.
type transcriptExercise struct {
	Key, Slug, Title, Sentence string // Slug: the key as the id of an element
	Attempts                   []attemptLine
	MayGrant                   bool
	Known                      int
}

// transcript shows all that a rep has done, to the rep's manager.
func (s *Server) transcript(r *request) error {
	p, err := s.managed(r, r.Param("person"))
	if err != nil {
		return err
	}
	page, err := s.transcriptOf(r, p)
	if err != nil {
		return err
	}
	return r.page(200, "transcript", p.Name(), "team", page)
}

func (s *Server) transcriptOf(r *request, p *people.Person) (*transcriptPage, error) {
	st, err := s.prog.StandingOf(r.Request.Context(), p.ID)
	if err != nil {
		return nil, err
	}
	page := &transcriptPage{ID: p.ID, Name: p.Name(), Email: p.Email, Disabled: p.Disabled}
	if t, err := s.prog.People.Team(r.Request.Context(), p.Team); err == nil {
		page.Team = t.Name
	} else if !errors.Is(err, people.ErrNotFound) {
		return nil, err
	}
	for _, c := range r.lib().Certifications {
		page.Lines = append(page.Lines, s.transcriptLine(r, st, c))
	}
	for _, e := range r.lib().Exercises() {
		if te := s.transcriptExercise(r, st, e); len(te.Attempts) > 0 {
			page.Exercises = append(page.Exercises, te)
		}
	}
	page.Timeline, err = s.timeline(r, st)
	return page, err
}

func (s *Server) transcriptLine(r *request, st *programme.Standing, c *certify.Certification) transcriptLine {
	cl := s.prog.Clearance(st, c)
	line := transcriptLine{Title: c.Title, URL: c.URL, State: r.stateOf(cl, false)}
	for _, ss := range certify.ProgressOf(c, &st.Evidence).Steps {
		line.Steps = append(line.Steps, r.stepLine(ss))
		if ss.Step.Kind == certify.SignOff && !ss.Done {
			line.SignOff = &signOffForm{c.ID, ss.Step.Criteria, countOf(st.Evidence.Signoffs, c.ID)}
		}
	}
	return line
}

func countOf(signoffs []certify.Signoff, certification string) int {
	n := 0
	for _, s := range signoffs {
		if s.Certification == certification {
			n++
		}
	}
	return n
}

func (s *Server) transcriptExercise(r *request, st *programme.Standing, e *content.Exercise) transcriptExercise {
	adm := s.prog.Admission(st, e.Rules())
	te := transcriptExercise{
		Key: e.Key(), Slug: strings.ReplaceAll(e.Key(), "/", "-"), Title: exerciseTitle(r.say, e), Known: adm.Granted,
		MayGrant: adm.Reason == quiz.CoolingDown || adm.Reason == quiz.UsedUp,
	}
	switch adm.Reason {
	case quiz.CoolingDown:
		te.Sentence = "Cooling down: the next attempt is free on " + moment(adm.FreeAt, r.zone()) + "."
	case quiz.UsedUp:
		te.Sentence = "No attempt is left. A talk about the clauses that went wrong, then one more attempt, is often all it takes."
	case quiz.InProgress:
		te.Sentence = "An attempt is open."
	}
	for _, t := range st.Evidence.Tries[e.Key()] {
		te.Attempts = append(te.Attempts, r.attemptLine(e.Key(), t))
	}
	return te
}

// grant gives one attempt more.
func (s *Server) grant(r *request) error {
	p, err := s.managed(r, r.Param("person"))
	if err != nil {
		return err
	}
	form, err := r.form()
	if err != nil {
		return err
	}
	known, err := strconv.Atoi(form.Get("known"))
	if err != nil {
		return errBadForm
	}
	if err := s.prog.Grant(r.Request.Context(), r.who.ID, p.ID, form.Get("quiz"), known, form.Get("note")); err != nil {
		return err
	}
	return r.see(personURL(p.ID) + "?done=granted")
}

// signOff records what the manager observed.
func (s *Server) signOff(r *request) error {
	p, err := s.managed(r, r.Param("person"))
	if err != nil {
		return err
	}
	form, err := r.form()
	if err != nil {
		return err
	}
	known, err := strconv.Atoi(form.Get("known"))
	if err != nil {
		return errBadForm
	}
	met := slices.Compact(slices.Sorted(slices.Values(form["met"])))
	_, err = s.prog.SignOff(r.Request.Context(), r.who.ID, p.ID, programme.SignOff{
		Certification: form.Get("certification"), Met: met, Note: form.Get("note"), Known: known,
	})
	if err != nil {
		return err
	}
	if r.signedOff(form.Get("certification"), len(met)) {
		return r.see(personURL(p.ID) + "?done=signed")
	}
	return r.see(personURL(p.ID) + "?done=observed")
}

func (r *request) signedOff(certification string, met int) bool {
	c := r.lib().Certification(certification)
	for i := range c.Steps {
		if c.Steps[i].Kind == certify.SignOff {
			return met == len(c.Steps[i].Criteria)
		}
	}
	return false
}
