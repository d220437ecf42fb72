package server

import (
	"strconv"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
)

type homePage struct {
	Greeting string
	Glance   string // for a rep: what she may sell and what expires, in a sentence
	Next     *nextUp
	FirstRun *firstRun
	Teams    []teamNow
	AllTeams string // more teams than are shown, in words
	Sell     *sellList
	Courses  []journey
	Others   string // courses for other functions, under Learn
	Content  *contentNow
	News     []changeView
	Waiting  string        // requests that wait for the visitor, in words
	Handoffs []homeHandoff // that wait for her, one by one
	Briefs   string        // meeting briefs that do
	Nothing  bool          // nothing of all this: say what to do
}

func (s *Server) home(r *request) error {
	page := homePage{Greeting: r.greeting()}
	st, err := r.standing()
	if err != nil {
		return err
	}
	l := r.learner(st)
	mine, others := coursesFor(r.lib(), r.who)
	for _, c := range mine {
		page.Courses = append(page.Courses, l.journey(c))
	}
	page.Others = r.othersInWords(len(mine), len(others))
	if r.who.has(people.RoleRep) {
		page.Next = r.nextFor(st, l, mine)
		page.Sell = r.sellList(st)
		page.Glance = r.sellGlance(page.Sell)
	}
	if err := s.fillTeams(r, &page); err != nil {
		return err
	}
	if page.Next == nil && len(page.Teams) == 0 {
		page.Next = nextToRead(l, mine)
	}
	waiting, err := s.waitingNow(r)
	if err != nil {
		return err
	}
	if waiting > 0 {
		page.Waiting = r.t("request.home", "N", waiting)
	}
	if page.Handoffs, err = s.handoffsNow(r); err != nil {
		return err
	}
	if page.Briefs, err = s.briefsWaiting(r); err != nil {
		return err
	}
	if r.who.has(people.RoleAuthor) {
		page.Content = s.contentNow(r)
	}
	if r.reviews() {
		page.News = recent(r.changeViews(func(string) bool { return true }))
	}
	if r.who.has(people.RoleAdmin) {
		if page.FirstRun, err = s.firstRun(r); err != nil {
			return err
		}
	}
	page.Nothing = page.Next == nil && page.FirstRun == nil && page.Waiting+page.Briefs == "" && len(page.Handoffs) == 0 && page.Content == nil && len(page.Teams)+len(page.Courses)+len(page.News) == 0
	return r.page(200, "home", r.t("home.title"), "home", page)
}

func (r *request) greeting() string {
	if r.who.First == "" {
		return r.t("home.hello")
	}
	return r.t("home.hello-name", "Name", r.who.First)
}

func (r *request) othersInWords(mine, others int) string {
	switch {
	case others == 0:
		return ""
	case mine == 0:
		return r.t("home.others.only", "N", others)
	default:
		return r.t("home.others.too", "N", others)
	}
}

// A sellLine is one offering with where I stand.
type sellLine struct {
	Title, URL string
	State      state
}

// A sellList is all offerings by how I stand: what I may sell, what is on the
// way or needs something from me, and what has not begun.
type sellList struct {
	Cleared, Going, Later []sellLine
	Expires               []string // of what I may sell, what ends first and soon
	ExpiresOn             string
}

// certificationLines are all certifications with where I stand.
func (r *request) certificationLines(st *programme.Standing) []sellLine {
	var list []sellLine
	for _, c := range r.lib().Certifications {
		list = append(list, sellLine{c.Title, c.URL, r.stateOf(r.srv.prog.Clearance(st, c), true)})
	}
	return list
}

// All counts them.
func (l *sellList) All() int { return len(l.Cleared) + len(l.Going) + len(l.Later) }

// Many reports whether there are more than read well in half a page's width.
func (l *sellList) Many() bool { return len(l.Cleared)+len(l.Going) > 10 }

func (r *request) sellList(st *programme.Standing) *sellList {
	list := &sellList{}
	var expiring []sellLine
	var first time.Time
	for _, o := range r.lib().Offerings {
		cl := r.bestFor(st, o.ID)
		line := sellLine{o.Title, o.URL, r.stateOf(cl, true)}
		switch cl.State {
		case certify.Expiring:
			expiring = append(expiring, line)
			if first.IsZero() || cl.Until.Before(first) {
				first, list.Expires, list.ExpiresOn = cl.Until, nil, r.lastDay(cl.Until)
			}
			if cl.Until.Equal(first) {
				list.Expires = append(list.Expires, o.Title)
			}
		case certify.Cleared, certify.NotEnforced, certify.Issuing:
			list.Cleared = append(list.Cleared, line)
		case certify.Waiting, certify.Expired, certify.Failed, certify.Locked, certify.InProgress:
			list.Going = append(list.Going, line)
		default:
			list.Later = append(list.Later, line)
		}
	}
	list.Cleared = append(expiring, list.Cleared...)
	if list.All() == 0 {
		return nil
	}
	return list
}

// sellGlance is what one would ask first, in a sentence or two.
func (r *request) sellGlance(list *sellList) string {
	if list == nil {
		return ""
	}
	if len(list.Cleared) == 0 {
		return r.t("home.glance.none")
	}
	say := r.t("home.glance.cleared", "Cleared", len(list.Cleared), "N", list.All())
	if n := len(list.Expires); n > 0 {
		say += " " + r.t("home.glance.expires", "Offerings", r.list(list.Expires), "Day", list.ExpiresOn, "N", n)
	}
	return say
}

// reviews reports whether the visitor speaks for a function about the
// standard, or writes it, and wants to know what is new in it.
func (r *request) reviews() bool {
	return len(r.who.Reviewer()) > 0 || r.who.has(people.RoleAuthor)
}

// A contentNow is the state of the content, for its authors.
type contentNow struct {
	Kind, Icon, Word string
	Sentence         string
	Counts           []fact
	Findings         []content.Finding // the first few, errors before warnings
	More             int               // of them beyond
}

// fewFindings is how many findings the home page shows.
const fewFindings = 3

func (s *Server) contentNow(r *request) *contentNow {
	errs, warnings := s.brokenCount(), []content.Finding(nil)
	now := &contentNow{Kind: "inside", Icon: "ok", Word: r.t("home.content.good"), Sentence: r.t("home.content.no-findings")}
	for _, f := range s.prog.Shelf.Findings() {
		if f.Error {
			now.Findings = append(now.Findings, f)
		} else {
			warnings = append(warnings, f)
		}
	}
	now.Findings = append(now.Findings, warnings...)
	switch {
	case errs > 0:
		now.Kind, now.Icon, now.Word, now.Sentence = "fatal", "fatal", r.t("home.content.broken"), r.t("home.content.errors", "N", errs)
	case len(now.Findings) > 0:
		now.Kind, now.Icon, now.Word, now.Sentence = "outside", "warning", r.t("home.content.to-look-at"), r.t("home.content.warnings", "N", len(now.Findings))
	}
	if more := len(now.Findings) - fewFindings; more > 0 {
		now.Findings, now.More = now.Findings[:fewFindings], more
	}
	lib := r.lib()
	now.Counts = []fact{
		{r.t("home.content.lessons"), strconv.Itoa(len(lib.Lessons()))},
		{r.t("home.content.exercises"), strconv.Itoa(len(lib.Exercises()))},
		{r.t("home.content.clauses"), strconv.Itoa(len(lib.Clauses()))},
	}
	return now
}
