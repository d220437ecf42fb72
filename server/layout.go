package server

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/static"
	"github.com/insidebox/insidebox/templates/words"
)

// A layout is what the frame of every page shows.
type layout struct {
	Title   string
	Lang    string
	Company string
	Note    string        // such as "a sample; no such company exists"
	Day     string        // of the standard that is shown
	Class   string        // of <body>
	Sheets  []string      // style sheets besides the one of every page
	Wide    string        // class of <main>: "", "narrow", "wide"
	Top     template.HTML // the bar with places and menu; empty when nobody is signed in
	Marked  template.HTML // a mark where the notices come, on a page that is cut
	Notice  *notice
	Dev     bool
	Broken  int // errors in the content's last load, for authors
}

// A notice is one sentence at the top of a page.
type notice struct{ Kind, Icon, Sentence string }

// A place is one entry of the navigation.
type place struct {
	URL, Icon, Name, Section string
	More                     bool // beyond the four that a phone's bar has room for
	Here                     bool
}

// top is what the bar at the top of a page shows.
type top struct {
	Places []place
	More   []place // those of the places that the phone's bar has no room for
	What   string  // roles in words
	Find   bool    // a field to search in; the search page has its own
}

// inBar is how many places the phone's bar has room for; the rest is under
// "More".
const inBar = 4

// places lists where a person of these roles can go.
func places(say *words.Language, roles []people.Role, section string) []place {
	has := func(r people.Role) bool { return slices.Contains(roles, r) }
	list := []place{{URL: "/", Icon: "home", Name: say.T("top.home"), Section: "home"}}
	manages := has(people.RoleManager) || has(people.RoleAdmin)
	if manages {
		list = append(list, place{URL: "/team", Icon: "people", Name: say.T("top.team"), Section: "team"})
	}
	list = append(list,
		place{URL: "/courses", Icon: "book", Name: say.T("top.learn"), Section: "learn"},
		place{URL: "/can-sell", Icon: "sell", Name: say.T("top.sell"), Section: "sell"},
		place{URL: "/offerings", Icon: "box", Name: say.T("top.offerings"), Section: "offerings"})
	list = append(list, place{URL: "/requests", Icon: "inbox", Name: say.T("request.title"), Section: "requests"})
	if has(people.RoleRep) {
		list = append(list, place{URL: "/certificates", Icon: "certificate", Name: say.T("top.certificates"), Section: "certificates"})
	}
	if asAnalyst.allows(&visitor{Person: &people.Person{Roles: roles}}) {
		list = append(list, place{URL: "/insights", Icon: "chart", Name: say.T("insights.title"), Section: "insights"})
	}
	if has(people.RoleAuthor) || has(people.RoleAdmin) {
		list = append(list, place{URL: "/author", Icon: "edit", Name: say.T("top.author"), Section: "author"})
	}
	if has(people.RoleAdmin) {
		list = append(list, place{URL: "/admin/people", Icon: "user", Name: say.T("top.people"), Section: "admin"})
	}
	for i := range list {
		list[i].More = i >= inBar
		list[i].Here = list[i].Section == section
	}
	return list
}

func rolesInWords(say *words.Language, roles []people.Role) string {
	list := make([]string, len(roles))
	for i, r := range roles {
		list[i] = say.T("role." + string(r))
	}
	return strings.Join(list, ", ")
}

func initials(p *people.Person) string {
	var out []rune
	for _, part := range []string{p.First, p.Last} {
		for _, r := range part {
			out = append(out, r)
			break
		}
	}
	if len(out) == 0 {
		out = []rune(p.Email)[:1]
	}
	return strings.ToUpper(string(out))
}

// layout fills the frame for this request.
func (r *request) layout(title, section string) (layout, error) {
	lay := r.view.frame(r.say, title)
	lay.Dev = r.srv.cfg.Dev
	lay.Notice = noticeFor(r.say, r.Query("done"))
	if r.who == nil {
		lay.Class = "bare"
		return lay, nil
	}
	bar, err := r.topBar(section)
	lay.Top = bar
	lay.Broken = r.brokenFor()
	return lay, err
}

// brokenFor is how many errors the content on disk has, for those who can
// mend them.
func (r *request) brokenFor() int {
	if r.who.has(people.RoleAuthor) || r.who.has(people.RoleAdmin) {
		return r.srv.brokenCount()
	}
	return 0
}

// frame is the part of the layout that is the same for everybody.
func (v *view) frame(say *words.Language, title string) layout {
	lib := v.lib
	return layout{
		Title: title, Lang: say.Tag, Company: lib.Company, Note: lib.Note,
		Day: sayDay(say, lib.Day),
	}
}

func (s *Server) brokenCount() int {
	if broken, _ := s.prog.Shelf.Broken(); !broken {
		return 0
	}
	n := 0
	for _, f := range s.prog.Shelf.Findings() {
		if f.Error {
			n++
		}
	}
	return n
}

// notices are what a page may say after a form did something; the form's
// redirect names one of them. Their sentences are among the words.
var notices = map[string]notice{
	"granted": success, "signed": success, "certified": success, "saved": success, "password": success, "ended": success,
	"raised": success, "voice": success, "commented": success, "delegated": success, "decided": success, "acknowledged": success,
	"doubted": success, "doubt-withdrawn": info, "doubts-answered": success,
	"handoff-begun": success, "handoff-signed": success, "handoff-again": success,
	"brief-sent": success, "brief-answered": success, "brief-again": success, "brief-closed": success, "brief-judged": success,
	"account-added": success, "noted": success, "requirements-kept": success,
	"chosen": success, "kept": success, "renewed": success, "ready": success,
	"observed": info, "signedout": info, "undone": info,
}

var (
	success = notice{Kind: "success", Icon: "ok"}
	info    = notice{Kind: "info", Icon: "info"}
)

func noticeFor(say *words.Language, key string) *notice {
	n, ok := notices[key]
	if !ok {
		return nil
	}
	n.Sentence = say.T("notice." + key)
	return &n
}

// nextQuery is the query that sends a sign-in back to a page.
func nextQuery(next string) string {
	if next == "/" || next == "" {
		return ""
	}
	return "?next=" + url.QueryEscape(next)
}

// funcs are the functions that templates may call.
func funcs(files *static.Files) template.FuncMap {
	return template.FuncMap{
		"asset": files.URL,
		"icon": func(name string) template.HTML {
			return template.HTML(`<svg class="icon" aria-hidden="true"><use href="` + //nolint:gosec // our own names
				template.HTMLEscapeString(files.URL("icons.svg")) + `#` + template.HTMLEscapeString(name) + `"/></svg>`)
		},
		"html":    func(s string) template.HTML { return template.HTML(s) }, //nolint:gosec // rendered by the content room
		"plural":  plural,
		"field":   func(name string, p problems) fieldError { return fieldError{name, p[name]} },
		"problem": func(name, sentence string) fieldError { return fieldError{name, sentence} },
		"newPassword": func(label, hint string, least int, p problems) passwordField {
			return passwordField{fieldError{"password", p["password"]}, label, hint, least}
		},
		"inc":  func(n int) int { return n + 1 },
		"mark": mark,
	}
}

// fieldError is what the "field-error" partial shows.
type fieldError struct{ Field, Sentence string }

// passwordField is what the "new-password" partial shows.
type passwordField struct {
	fieldError
	Label, Hint string
	Least       int // characters
}

// plural is "1 lesson", "3 lessons".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// zone is the time zone in which this visitor sees times.
func (r *request) zone() *time.Location {
	if r.who == nil {
		return r.lib().Location
	}
	return r.who.Location(r.lib().Location)
}
