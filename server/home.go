package server

import (
	"fmt"
	"maps"
	"slices"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/store"
)

// A nextUp is the one thing to do next.
type nextUp struct {
	Eyebrow, Title, Why string
	URL, Button         string
	Done, Total         int
	Of                  string
}

func (n *nextUp) lesson(ls *content.Lesson, begun bool) {
	n.Title, n.URL, n.Button = ls.Title, ls.URL, "Start reading"
	if begun {
		n.Button = "Continue"
	}
	n.Why = fmt.Sprintf("Lesson %d of %d in “%s”, %s.", ls.Number, len(ls.Module.Lessons), ls.Module.Title,
		plural(ls.Minutes, "minute", "minutes"))
}

func (n *nextUp) exercise(e *content.Exercise) {
	n.Title, n.URL, n.Button = exerciseTitle(e), e.URL(), "See the rules and start"
	n.Why = "The lessons are read. Show what you know."
	if e.Scenario != nil {
		n.Button = "See what it is about"
		n.Why = "Live through it before it is a customer. Practise first, as often as you like."
	}
}

// A sellLine is one offering, or certification, with where I stand.
type sellLine struct {
	Title, URL string
	State      state
}

type homePage struct {
	Greeting string
	Next     *nextUp
	FirstRun []firstStep
	Teams    []teamTile
	Sell     []sellLine
	Courses  []journey
	Others   int // courses for other functions, under Learn
	Author   string
}

// A firstStep is one thing a new installation still needs.
type firstStep struct {
	Done                bool
	Title, How, Command string
}

type teamTile struct {
	Name, URL, Count string
}

func (s *Server) home(r *request) error {
	page := homePage{Greeting: greeting(r.who.Person)}
	st, err := r.standing()
	if err != nil {
		return err
	}
	l := r.learner(st)
	mine, others := coursesFor(r.lib(), r.who)
	page.Others = len(others)
	for _, c := range mine {
		page.Courses = append(page.Courses, l.journey(c))
	}
	if r.who.has(people.RoleRep) {
		page.Next = r.nextFor(st, l, mine)
		page.Sell, _ = r.sellLines(st)
	}
	if page.Teams, err = s.teamTiles(r); err != nil {
		return err
	}
	if page.Next == nil && len(page.Teams) == 0 {
		page.Next = nextToRead(l, mine)
	}
	if r.who.has(people.RoleAuthor) {
		page.Author = s.contentInWords(r)
	}
	if r.who.has(people.RoleAdmin) {
		if page.FirstRun, err = s.firstRun(r); err != nil {
			return err
		}
	}
	return r.page(200, "home", "Home", "home", page)
}

// nextToRead is the next lesson of one who takes no quizzes; nil when all is
// read.
func nextToRead(l learner, courses []*content.Course) *nextUp {
	for _, c := range courses {
		if up := nextInCourse(l, c); up != nil {
			return up
		}
	}
	return nil
}

func greeting(p *people.Person) string {
	if p.First == "" {
		return "Hello"
	}
	return "Hello, " + p.First
}

// sellLines says, for each offering and each certification, where I stand.
func (r *request) sellLines(st *programme.Standing) (offerings, certifications []sellLine) {
	byOffering := map[string][]certify.Clearance{}
	for _, c := range r.lib().Certifications {
		cl := r.srv.prog.Clearance(st, c)
		certifications = append(certifications, sellLine{c.Title, c.URL, r.stateOf(cl, true)})
		for _, id := range c.Offerings {
			byOffering[id] = append(byOffering[id], cl)
		}
	}
	for _, o := range r.lib().Offerings {
		offerings = append(offerings, sellLine{o.Title, o.URL, r.stateOf(certify.Best(byOffering[o.ID]...), true)})
	}
	return offerings, certifications
}

// nextFor picks the one thing to do next: an open attempt, then the first
// step of the first certification where something can be done, then a
// lesson of a course, then what holds things up.
func (r *request) nextFor(st *programme.Standing, l learner, courses []*content.Course) *nextUp {
	if up := r.openAttempt(st); up != nil {
		return up
	}
	var held *nextUp
	for _, c := range r.lib().Certifications {
		cl := r.srv.prog.Clearance(st, c)
		switch cl.State {
		case certify.NotStarted, certify.InProgress:
			return r.stepUp(cl, c)
		case certify.NotEnforced:
			if cl.Next != nil {
				return r.stepUp(cl, c)
			}
		case certify.Expired, certify.Expiring:
			return r.renewUp(cl, c)
		case certify.Failed, certify.Locked, certify.Waiting:
			if held == nil {
				held = r.heldUp(cl, c)
			}
		}
	}
	for _, c := range courses {
		if up := nextInCourse(l, c); up != nil && (held == nil || up.URL != held.URL) {
			if held != nil && len(l.journey(c).Modules) > 0 && l.atExercise(c) {
				continue
			}
			return up
		}
	}
	if held != nil {
		return held
	}
	return &nextUp{
		Eyebrow: "All done", Title: "You are up to date", Why: "Nothing waits for you. Look up what is inside the box before your next call.",
		URL: "/offerings", Button: "Look at the offerings",
	}
}

// atExercise reports whether what is next in the course is a quiz or scenario.
func (l learner) atExercise(c *content.Course) bool {
	lesson, e := l.next(c)
	return lesson == nil && e != nil
}

func (r *request) openAttempt(st *programme.Standing) *nextUp {
	if len(st.Open) == 0 {
		return nil
	}
	key := slices.Min(slices.Collect(maps.Keys(st.Open)))
	up := &nextUp{
		Eyebrow: "You were in the middle of it", Title: "Quiz: " + r.exerciseName(key),
		Why: "Your answers are kept. Go on where you left off.", URL: attemptURL(st.Open[key]), Button: "Continue the quiz",
	}
	if isScenario(key) {
		up.Title, up.Button = "Scenario: "+r.exerciseName(key), "Continue the scenario"
		up.Why = "Your choices are kept. Go on where you left off."
	}
	return up
}

func (r *request) stepUp(cl certify.Clearance, c *certify.Certification) *nextUp {
	up := &nextUp{Eyebrow: "Next for you", Done: cl.Done, Total: cl.Total, Of: c.Title}
	switch cl.Next.Kind {
	case certify.ReadLesson:
		if ls := r.lib().Lesson(cl.Next.Ref); ls != nil {
			up.lesson(ls, cl.Done > 0)
		}
	case certify.PassQuiz, certify.PlayScenario:
		if e := r.lib().Exercise(cl.Next.Ref); e != nil {
			up.exercise(e)
		}
	default:
		up.Title, up.Why = cl.Next.Title, "Your manager signs this off with you. Ask for a time."
	}
	return up
}

func (r *request) renewUp(cl certify.Clearance, c *certify.Certification) *nextUp {
	if cl.Renewing && cl.Next != nil {
		up := r.stepUp(cl, c)
		up.Eyebrow = "Your renewal"
		return up
	}
	when := "ends on "
	if cl.State == certify.Expired {
		when = "ended on "
	}
	return &nextUp{
		Eyebrow: "Time to renew", Title: c.Title, Why: "Your certificate " + when + r.lastDay(cl.Until) + ".",
		URL: c.URL, Button: "See what renewing takes",
	}
}

func (r *request) heldUp(cl certify.Clearance, c *certify.Certification) *nextUp {
	up := &nextUp{Eyebrow: "For now", Title: cl.Next.Title, Done: cl.Done, Total: cl.Total, Of: c.Title, URL: cl.Next.URL, Button: "See what you can do"}
	switch cl.State {
	case certify.Failed:
		up.Why = "Your next attempt is free on " + moment(cl.FreeAt, r.zone()) + ". Until then, the lessons behind your mistakes are the best use of ten minutes."
	case certify.Locked:
		up.Why = "Your attempts are used up. Your manager can grant you another one at once."
	default:
		up.Why = "All else is done. Your manager signs this off with you: ask for a time."
	}
	return up
}

// teamTiles are the teams whose board the visitor may see.
func (s *Server) teamTiles(r *request) ([]teamTile, error) {
	teams, err := s.teamsOf(r)
	if err != nil {
		return nil, err
	}
	var tiles []teamTile
	for _, t := range teams {
		n, err := s.prog.People.CountMembers(r.Request.Context(), t.ID, 1000)
		if err != nil {
			return nil, err
		}
		tiles = append(tiles, teamTile{t.Name, teamURL(t.ID), plural(n, "person", "people")})
	}
	return tiles, nil
}

func (s *Server) contentInWords(r *request) string {
	findings := s.prog.Shelf.Findings()
	errs := s.brokenCount()
	switch {
	case errs > 0:
		return "The content on disk has " + plural(errs, "error", "errors") + ". Learners see the last good version."
	case len(findings) > 0:
		return "The content is served, with " + plural(len(findings), "warning", "warnings") + "."
	default:
		return fmt.Sprintf("The content is served and has no findings: %s, %s, %s.",
			plural(len(r.lib().Lessons()), "lesson", "lessons"), plural(len(r.lib().Exercises()), "quiz or scenario", "quizzes and scenarios"),
			plural(len(r.lib().Clauses()), "clause", "clauses"))
	}
}

// firstRun lists what a new installation still needs; nil when it has all.
func (s *Server) firstRun(r *request) ([]firstStep, error) {
	ctx := r.Request.Context()
	teams, _, err := s.prog.People.Teams(ctx, store.Cursor{}, 1)
	if err != nil {
		return nil, err
	}
	page, err := s.prog.People.List(ctx, store.Cursor{}, 2)
	if err != nil {
		return nil, err
	}
	steps := []firstStep{
		{Done: true, Title: "Make yourself the admin", How: "That is you."},
		{Done: len(page.People) > 1, Title: "Bring in your people", How: "One by one under People, or all at once from a CSV file:", Command: "insidebox people import people.csv --dry-run"},
		{Done: len(teams) > 0, Title: "Give each team its manager", How: "The columns team and manager of the CSV file do it."},
		{Done: s.ownContent(r), Title: "Make the content yours", How: "Copy the sample library, write your own standard, check it and serve it:", Command: "insidebox check my-content && insidebox serve --content my-content"},
	}
	for _, step := range steps {
		if !step.Done {
			return steps, nil
		}
	}
	return nil, nil
}

// ownContent reports whether the library is another than the sample.
func (s *Server) ownContent(r *request) bool { return r.lib().Note == "" }
