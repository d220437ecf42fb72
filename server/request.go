package server

import (
	"net/url"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// The outside-the-box channel: the list of requests. Everybody signed in may read
// all of them, for what was decided once is the answer to the next who asks.

// How many requests a page lists, and how many of those that wait for somebody.
const (
	requestsSize = 30
	waitingSize  = 30
)

type requestsPage struct {
	Waiting []requestLine
	Decided bool // the list is of decided ones
	List    []requestLine
	Next    string
	First   string // URL of the first page, when this is another one
}

// A requestLine is a request at a glance.
type requestLine struct {
	Title, URL   string
	State        state
	Account, Who string
	When         string
	For          *state // what it waits for from the visitor
}

func (s *Server) requests(r *request) error {
	ctx := r.Request.Context()
	after, err := store.ParseCursor(r.Query("after"))
	which := r.Query("state")
	if err != nil || which != "" && which != "decided" {
		return errNoPage
	}
	page := requestsPage{Decided: which == "decided"}
	list, next, err := s.prog.Requests(ctx, !page.Decided, after, requestsSize)
	if err != nil {
		return noPlace(err)
	}
	base := url.Values{}
	if page.Decided {
		base.Set("state", "decided")
	}
	page.First, page.Next = pageLinks("/requests", base, after, next)
	var waiting []programme.Waiting
	if after.IsZero() && !page.Decided {
		if waiting, err = s.prog.Waiting(ctx, r.who.Person, waitingSize); err != nil {
			return err
		}
	}
	all := slices.Clone(list)
	for _, w := range waiting {
		all = append(all, w.Request)
	}
	names, err := s.namesFor(r, all)
	if err != nil {
		return err
	}
	for _, q := range list {
		page.List = append(page.List, r.requestLine(q, names))
	}
	for _, w := range waiting {
		line := r.requestLine(w.Request, names)
		line.For = &state{Kind: "owed", Icon: "clock", Word: r.t("request.for." + string(w.For))}
		page.Waiting = append(page.Waiting, line)
	}
	return r.page(200, "requests", r.t("request.title"), "requests", page)
}

// lineNames are the people and accounts that lines name.
type lineNames struct {
	who      map[string]*people.Person
	accounts map[string]*programme.Account
}

func (s *Server) namesFor(r *request, list []*programme.Request) (names lineNames, err error) {
	var who, accounts []string
	for _, q := range list {
		who, accounts = append(who, q.Raiser), append(accounts, q.Account)
	}
	if names.who, err = s.prog.Persons(r.Request.Context(), who...); err != nil {
		return names, err
	}
	names.accounts, err = s.prog.AccountsByID(r.Request.Context(), accounts...)
	return names, err
}

func (r *request) requestLine(q *programme.Request, names lineNames) requestLine {
	line := requestLine{Title: q.Title, URL: requestURL(q.ID), State: r.requestState(q), Who: nameOf(names.who, q.Raiser), When: dayIn(r.say, q.Raised, r.zone())}
	if a := names.accounts[q.Account]; a != nil {
		line.Account = a.Name
	}
	return line
}

// requestState says where a request stands.
func (r *request) requestState(q *programme.Request) state {
	if d := q.Decision; d != nil {
		word := r.t("request.outcome." + string(d.Outcome))
		switch d.Outcome {
		case standard.InsideAfterAll:
			return state{Kind: "inside", Icon: "ok", Word: word, Why: dayIn(r.say, d.At, r.zone())}
		case standard.Exception:
			if !q.InForce(standard.DayOf(r.now, r.lib().Location)) {
				return state{Kind: "none", Icon: "clock", Word: r.t("request.state.exception-over"), Why: r.t("request.until", "Day", sayDay(r.say, d.Until))}
			}
			return state{Kind: "outside", Icon: "out", Word: word, Why: r.t("request.until", "Day", sayDay(r.say, d.Until))}
		default:
			return state{Kind: "none", Icon: "cross", Word: word, Why: dayIn(r.say, d.At, r.zone())}
		}
	}
	missing := q.Missing()
	switch {
	case len(missing) == 0:
		return state{Kind: "owed", Icon: "half", Word: r.t("request.state.ready"), Why: r.t("request.state.decides", "Function", r.functionName(q.Owner))}
	case q.Overdue(r.now):
		return state{Kind: "outside", Icon: "warning", Word: r.t("request.state.overdue"), Why: r.t("request.state.missing", "Functions", r.functionNames(missing))}
	default:
		return state{Kind: "owed", Icon: "clock", Word: r.t("request.state.voices", "In", 3-len(missing)), Why: r.t("request.state.due", "When", momentIn(r.say, q.Due, r.zone()))}
	}
}

func (r *request) functionName(f standard.Function) string { return r.t("function." + string(f)) }

func (r *request) functionNames(list []standard.Function) string {
	var names []string
	for _, f := range list {
		names = append(names, r.functionName(f))
	}
	return r.list(names)
}

// waitingNow is how many requests wait for the visitor, for the line on the
// home page; zero says nothing.
func (s *Server) waitingNow(r *request) (int, error) {
	list, err := s.prog.Waiting(r.Request.Context(), r.who.Person, waitingSize)
	return len(list), err
}

// An exceptionLine is an exception in force, on the card of what it is for.
type exceptionLine struct{ Title, URL, Until string }

// exceptionsOn are the exceptions in force at a place.
func (s *Server) exceptionsOn(r *request, place programme.Place) (lines []exceptionLine, err error) {
	list, err := s.prog.ExceptionsOf(r.Request.Context(), place, requestsSize)
	for _, one := range list {
		lines = append(lines, exceptionLine{one.Title, requestURL(one.Request), r.t("request.until", "Day", r.lastDay(one.Until.Add(-1)))})
	}
	return lines, err
}

// offeringsByID are offerings by id as links; what the library has lost goes by
// its id.
func (r *request) offeringsByID(ids []string) (links []link) {
	for _, id := range ids {
		if o := r.lib().Offering(id); o != nil {
			links = append(links, link{o.URL, o.Title})
		} else {
			links = append(links, link{"", id})
		}
	}
	return links
}

// dayField reads a day of a form; empty is the zero day.
func dayField(text string) (standard.Day, error) {
	if strings.TrimSpace(text) == "" {
		return standard.Day{}, nil
	}
	return standard.ParseDay(strings.TrimSpace(text))
}

// today is the day in the library's time zone.
func (r *request) today() standard.Day { return standard.DayOf(r.now, r.lib().Location) }
