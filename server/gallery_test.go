package server_test

import (
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/server"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/templates"
)

// The gallery: every page template in the states that look different, each
// as the person who uses it. What looks at pages goes through this list: axe,
// html-validate, the screenshots. A template without a line here fails.

// A view is a page as somebody sees it.
type view struct {
	page  string // the template: pages/PAGE.html
	state string // in a word or two; "" where there is one only
	who   string // "" is nobody
	at    func(r *rig, who string) string
	act   func(tb *tab) // what the person does there; nil is nothing
	code  int           // status; 0 is 200
}

// name is the view's name in messages and files.
func (v view) name() string {
	return strings.TrimSuffix(v.page+"-"+strings.ReplaceAll(v.state, " ", "-"), "-")
}

var views = []view{
	{page: "login", at: to("/login")},
	{page: "login", state: "refused", at: to("/login"), act: (*tab).signInBadly},
	{page: "welcome", at: invited("new@demo.test")},
	{page: "welcome", state: "refused", at: invited("newer@demo.test"), act: (*tab).chooseBadPassword},
	{page: "error", state: "not found", who: "rep@demo.test", at: to("/nothing"), code: http.StatusNotFound},
	{page: "error", state: "forbidden", who: "rep@demo.test", at: to("/team"), code: http.StatusForbidden},

	{page: "home", state: "new rep", who: "rep@demo.test", at: to("/")},
	{page: "home", state: "halfway", who: "rep3@demo.test", at: to("/")},
	{page: "home", state: "cleared", who: "rep2@demo.test", at: to("/")},
	{page: "home", state: "manager", who: "manager@demo.test", at: to("/")},
	{page: "home", state: "admin", who: "admin@demo.test", at: to("/")},
	{page: "me", who: "rep3@demo.test", at: to("/me")},
	{page: "me", state: "refused", who: "rep3@demo.test", at: to("/me"), act: (*tab).changePasswordBadly},

	{page: "help", who: "rep3@demo.test", at: to("/help")},
	{page: "help-page", state: "rep", who: "rep3@demo.test", at: to("/help/rep")},
	{page: "help-page", state: "glossary", who: "rep3@demo.test", at: to("/help/glossary")},
	{page: "help-page", state: "keyboard", who: "rep3@demo.test", at: to("/help/keyboard")},
	{page: "lesson", state: "keys", who: "rep3@demo.test", at: to(benchLesson), act: (*tab).askForKeys},
	{page: "help-design", who: "author@demo.test", at: to("/help/design")},

	{page: "courses", who: "rep3@demo.test", at: to("/courses")},
	{page: "courses", state: "no course", who: "admin@demo.test", at: to("/courses")},
	{page: "course", who: "rep3@demo.test", at: to("/courses/onboarding")},
	{page: "module", who: "rep3@demo.test", at: to("/courses/onboarding/the-box")},
	{page: "lesson", who: "rep3@demo.test", at: to(benchLesson)},
	{page: "lesson", state: "check answered", who: "rep@demo.test", at: to(benchLesson), act: (*tab).answerACheck},

	{page: "quiz", state: "may start", who: "rep@demo.test", at: to(quizAt)},
	{page: "quiz", state: "must wait", who: "rep4@demo.test", at: to(quizAt)},
	{page: "sheet", who: "rep9@demo.test", at: linked("/", `^/attempts/`)},
	{page: "review", who: "rep9@demo.test", at: reviewed},
	{page: "result", state: "passed", who: "rep2@demo.test", at: linked(quizAt, `/result$`)},
	{page: "result", state: "failed", who: "rep4@demo.test", at: linked(quizAt, `/result$`)},

	{page: "scenario", state: "may start", who: "rep@demo.test", at: to(scenarioAt)},
	{page: "scenario", state: "was played", who: "rep8@demo.test", at: to(scenarioAt)},
	{page: "play", state: "first scene", who: "rep@demo.test", at: started(scenarioAt)},
	{page: "play", state: "second scene", who: "rep3@demo.test", at: started(scenarioAt), act: (*tab).chooseFirst},
	{page: "debrief", state: "failed", who: "rep8@demo.test", at: linked(scenarioAt, `/result$`)},
	{page: "debrief", state: "passed", who: "rep7@demo.test", at: linked(scenarioAt, `/result$`)},

	{page: "certificates", who: "rep2@demo.test", at: to("/certificates")},
	{page: "certificates", state: "none yet", who: "rep@demo.test", at: to("/certificates")},
	{page: "certificate", who: "rep2@demo.test", at: linked("/certificates", `^/certificates/`)},
	{page: "certificate", state: "expired", who: "rep7@demo.test", at: expiredCertificate},
	{page: "certification", state: "halfway", who: "rep3@demo.test", at: linked("/certificates", `^/certifications/`)},
	{page: "certification", state: "to renew", who: "rep6@demo.test", at: linked("/certificates", `^/certifications/sell-records`)},
	{page: "verify", at: verified},
	{page: "verify", state: "nothing", at: to("/verify/nothing"), code: http.StatusNotFound},

	{page: "offerings", who: "rep2@demo.test", at: to("/offerings")},
	{page: "compare", who: "rep2@demo.test", at: to("/offerings?compare=records-search&compare=employment-checks&compare=watch-alerts")},
	{page: "offering", who: "rep2@demo.test", at: linked("/offerings", `^/offerings/records-search$`)},
	{page: "can-sell", who: "rep2@demo.test", at: to("/can-sell")},
	{page: "can-sell", state: "inside", who: "rep2@demo.test", at: to("/can-sell?turnaround=12h&scope=in-state&volume=3000")},
	{page: "can-sell", state: "combination", who: "rep2@demo.test", at: to("/can-sell?turnaround=5h&scope=in-state&customisation=own-portal")},
	{page: "can-sell", state: "outside", who: "rep2@demo.test", at: to("/can-sell?turnaround=12h&scope=nationwide&volume=3000&customisation=own-portal")},
	{page: "can-sell", state: "in parts", who: "rep2@demo.test", at: to("/can-sell?turnaround=12h&scope=in-state&volume=12+per+month&2.turnaround=2d&2.scope=nationwide,international")},
	{page: "can-sell", state: "a sentence", who: "rep2@demo.test", at: to("/can-sell?q=12h+turnaround,+nationwide,+3,000+a+month,+own+portal,+by+Friday")},
	{page: "can-sell", state: "an offering by name", who: "rep2@demo.test", at: to("/can-sell?q=certified+copies+in+2+days")},
	{page: "can-sell", state: "refused", who: "rep2@demo.test", at: to("/can-sell?turnaround=soon"), code: http.StatusUnprocessableEntity},
	{page: "practice", who: "rep2@demo.test", at: linked("/offerings", `^/practices/`)},
	{page: "changes", who: "rep2@demo.test", at: to("/changes")},

	{page: "search", who: "rep2@demo.test", at: to("/search")},
	{page: "search", state: "found", who: "rep2@demo.test", at: to("/search?q=turnaround")},
	{page: "search", state: "found nothing", who: "rep2@demo.test", at: to("/search?q=zeppelin")},

	{page: "accounts", who: "rep2@demo.test", at: to("/accounts")},
	{page: "accounts", state: "nobody found", who: "rep2@demo.test", at: to("/accounts?q=zeppelin")},
	{page: "account", who: "rep2@demo.test", at: linked("/accounts?q=larkspur", `^/accounts/\w+$`)},
	{page: "account", state: "gap", who: "care@demo.test", at: linked("/accounts?q=tallow", `^/accounts/\w+$`)},

	{page: "home", state: "request waits", who: "care@demo.test", at: to("/")},
	{page: "requests", who: "care@demo.test", at: to("/requests")},
	{page: "requests", state: "decided", who: "rep2@demo.test", at: to("/requests?state=decided")},
	{page: "request-new", who: "rep2@demo.test", at: to("/requests/new")},
	{page: "request-new", state: "precedents", who: "rep2@demo.test", at: to("/requests/new?turnaround=6h&scope=nationwide&2.turnaround=24h&2.scope=in-state")},
	{page: "request-new", state: "refused", who: "rep2@demo.test", at: to("/requests/new"), act: (*tab).raiseBadly},
	{page: "kept", who: "rep2@demo.test", at: to("/requests/new"), act: (*tab).raiseSignedOut},
	{page: "request", state: "open", who: "rep2@demo.test", at: requestWith("12 hours")},
	{page: "request", state: "voice wanted", who: "care@demo.test", at: requestWith("12 hours")},
	{page: "request", state: "voice refused", who: "care@demo.test", at: requestWith("12 hours"), act: (*tab).speakBadly},
	{page: "request", state: "to decide", who: "ops@demo.test", at: ripe, act: (*tab).chooseException},
	{page: "request", state: "exception", who: "manager2@demo.test", at: requestWith("storm")},
	{page: "request", state: "named", who: "ops@demo.test", at: requestWith("12 hours")},
	{page: "request", state: "declined", who: "rep8@demo.test", at: requestWith("2 hours")},

	{page: "limits", who: "ops@demo.test", at: to("/insights/limits")},
	{page: "promote", who: "author@demo.test", at: promoteWith("storm")},
	{page: "unclear", who: "ops@demo.test", at: to("/insights/clauses")},
	{page: "offering", state: "unclear", who: "rep3@demo.test", at: to("/offerings/records-search")},
	{page: "limit", who: "author@demo.test", at: to("/insights/limits/records-search/volume")},
	{page: "limit", state: "nobody asked", who: "ops@demo.test", at: to("/insights/limits/watch-alerts/notice")},

	{page: "handoffs", who: "rep2@demo.test", at: to("/handoffs")},
	{page: "handoffs", state: "done", who: "ops@demo.test", at: to("/handoffs?state=done")},
	{page: "handoff-new", who: "rep2@demo.test", at: newHandoff},
	{page: "handoff-new", state: "which account", who: "rep2@demo.test", at: to("/handoffs/new")},
	{page: "handoff-new", state: "refused", who: "rep2@demo.test", at: newHandoff, act: (*tab).beginBadly},
	{page: "handoff", state: "under way", who: "rep2@demo.test", at: handoffWith("Thursdays")},
	{page: "handoff", state: "read only", who: "rep3@demo.test", at: handoffWith("Thursdays")},
	{page: "handoff", state: "requirements", who: "ops@demo.test", at: handoffWith("Thursdays"), act: (*tab).openRequirements},
	{page: "handoff", state: "to sign", who: "ops@demo.test", at: signable},
	{page: "handoff", state: "signed", who: "ops@demo.test", at: handoffWith("every loan")},

	{page: "home", state: "brief waits", who: "rep9@demo.test", at: to("/")},
	{page: "briefs", who: "ops@demo.test", at: to("/briefs")},
	{page: "briefs", state: "to judge", who: "rep9@demo.test", at: to("/briefs")},
	{page: "briefs", state: "over", who: "rep2@demo.test", at: to("/briefs?state=over")},
	{page: "brief-new", who: "rep2@demo.test", at: newBriefOf},
	{page: "brief-new", state: "nobody known", who: "rep11@demo.test", at: to("/briefs/new")},
	{page: "brief-new", state: "refused", who: "rep2@demo.test", at: newBriefOf, act: (*tab).askBadly},
	{page: "brief", state: "to answer", who: "ops@demo.test", at: briefWith("Peoria")},
	{page: "brief", state: "something missing", who: "ops@demo.test", at: briefWith("Peoria"), act: (*tab).lackSomething},
	{page: "brief", state: "sent", who: "rep2@demo.test", at: briefWith("Peoria"), act: (*tab).openCompletion},
	{page: "brief", state: "to complete", who: "rep7@demo.test", at: briefWith("storm season")},
	{page: "brief", state: "agreed", who: "care@demo.test", at: briefWith("They stay")},
	{page: "brief", state: "to judge", who: "rep9@demo.test", at: briefWith("compliance")},
	{page: "brief", state: "worth it", who: "rep3@demo.test", at: briefWith("complete order")},

	{page: "team", who: "manager@demo.test", at: to("/team")},
	{page: "transcript", state: "may grant", who: "manager@demo.test", at: transcriptOf("rep4@demo.test")},
	{page: "transcript", state: "sign-off waits", who: "manager@demo.test", at: transcriptOf("rep2@demo.test")},
	{page: "transcript", state: "nothing yet", who: "manager@demo.test", at: transcriptOf("rep@demo.test")},
	{page: "author", who: "author@demo.test", at: to("/author")},
	{page: "people", who: "admin@demo.test", at: to("/admin/people")},
	{page: "profiles", who: "admin@demo.test", at: to("/admin/profiles")},
	{page: "people", state: "refused", who: "admin@demo.test", at: to("/admin/people"), act: (*tab).addBadly},
}

const scenarioAt = "/scenarios/angry-at-9-05"

// TestGalleryHasEveryTemplate holds the list against the folder.
func TestGalleryHasEveryTemplate(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	names := map[string]bool{}
	for _, v := range views {
		listed[v.page] = true
		if names[v.name()] {
			t.Errorf("there are two views %q; give one another state", v.name())
		}
		names[v.name()] = true
	}
	if there := templateNames(t); !slices.Equal(slices.Sorted(maps.Keys(listed)), there) {
		t.Errorf("the gallery shows %q\nand the templates are %q; give each a line in views", slices.Sorted(maps.Keys(listed)), there)
	}
}

// templateNames are the names of all page templates, sorted.
func templateNames(t testing.TB) (names []string) {
	t.Helper()
	files, err := fs.Glob(templates.FS(), "pages/*.html")
	if err != nil || len(files) == 0 {
		t.Fatalf("list the page templates: %d found, %v", len(files), err)
	}
	for _, file := range files {
		names = append(names, strings.TrimSuffix(path.Base(file), ".html"))
	}
	slices.Sort(names)
	return names
}

// namedLook are the pages as they are, but that each says which template it
// was made of, at its end: <i hidden data-page="home">. So a test knows what it looked at.
func namedLook() (server.Look, error) {
	l, err := look()
	if err != nil {
		return l, err
	}
	tree := fstest.MapFS{}
	err = fs.WalkDir(l.Templates, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(l.Templates, name)
		text := string(data)
		if dir, base := path.Split(name); dir == "pages/" {
			page := strings.TrimSuffix(base, ".html")
			text = strings.Replace(text, `{{define "main"}}`, `{{define "main of `+page+`"}}`, 1)
			text += `{{define "main"}}{{template "main of ` + page + `" .}}<i hidden data-page="` + page + `"></i>{{end}}`
		}
		tree[name] = &fstest.MapFile{Data: []byte(text)}
		return err
	})
	l.Templates = tree
	return l, err
}

// to is a place that everybody finds at the same address.
func to(place string) func(*rig, string) string {
	return func(*rig, string) string { return place }
}

// linked is the first place that a page links to and that has this shape.
func linked(from, shape string) func(*rig, string) string {
	return func(r *rig, who string) string {
		r.Helper()
		page := r.as(who).get(from).want(http.StatusOK)
		for _, a := range page.all("a[href]") {
			if href := attr(a, "href"); regexp.MustCompile(shape).MatchString(href) {
				return href
			}
		}
		r.Fatalf("%s has no link like %s for %s; the demo person has another story now\n%s", from, shape, who, page.text())
		return ""
	}
}

// started is a play or an attempt that has just begun.
func started(cover string) func(*rig, string) string {
	return func(r *rig, who string) string {
		r.Helper()
		return r.as(who).post(cover+"/attempts", url.Values{"practice": {"yes"}}).want(http.StatusSeeOther).Header.Get("Location")
	}
}

// reviewed is the page before the submission of an open attempt.
func reviewed(r *rig, who string) string {
	r.Helper()
	return linked("/", `^/attempts/`)(r, who) + "/review"
}

// invited is the page of an invitation: the admin adds somebody.
func invited(email string) func(*rig, string) string {
	return func(r *rig, _ string) string {
		r.Helper()
		added := r.as("admin@demo.test").post("/admin/people", url.Values{"email": {email}, "roles": {"rep"}})
		link := regexp.MustCompile(`/welcome/[\w.-]+`).FindString(added.Body)
		if link == "" {
			r.Fatalf("adding somebody shows no link: %d\n%s", added.Code, added.text())
		}
		return link
	}
}

// expiredCertificate is one whose end has come.
func expiredCertificate(r *rig, who string) string {
	r.Helper()
	c := r.as(who)
	for _, a := range c.get("/certificates").want(http.StatusOK).all("a[href]") {
		if href := attr(a, "href"); strings.HasPrefix(href, "/certificates/") && strings.Contains(c.get(href).text(), "Expired on") {
			return href
		}
	}
	r.Fatalf("%s has no certificate that has expired", who)
	return ""
}

// verified is the public page of a certificate in force.
func verified(r *rig, _ string) string {
	r.Helper()
	return "/verify/" + path.Base(linked("/certificates", `^/certificates/`)(r, "rep2@demo.test"))
}

// requestWith is the demo's request that has this in its title.
func requestWith(words string) func(*rig, string) string {
	return func(r *rig, _ string) string { return "/requests/" + r.requestWith(words).ID }
}

func promoteWith(words string) func(*rig, string) string {
	return func(r *rig, _ string) string { return "/requests/" + r.requestWith(words).ID + "/promote" }
}

func (r *rig) requestWith(words string) *programme.Request {
	r.Helper()
	for _, open := range []bool{true, false} {
		list, _, err := r.Prog.Requests(r.Context(), open, store.Cursor{}, 100)
		r.must(err)
		for _, q := range list {
			if strings.Contains(q.Title, words) {
				return q
			}
		}
	}
	r.Fatalf("there is no request with %q in its title; the demo has another story now", words)
	return nil
}

// ripe is a request for which the voices are in, but for operations, which may
// be overdue: so that it can be decided, whoever looks.
func ripe(r *rig, _ string) string {
	r.Helper()
	ctx := r.Context()
	q, err := r.Prog.Raise(ctx, r.person("rep3@demo.test"), programme.Raised{Once: "ripe", Request: standard.Request{
		Title: "Reports in Portuguese", Aim: "Their branch in Lisbon reads them.", Offering: "records-search", Limits: []string{"customisation"},
	}})
	r.must(err)
	for i, who := range []string{"sales", "care", "ops"} {
		f := standard.Functions()[i]
		v := standard.Voice{Function: f, Stand: standard.Support, Text: "It is a small thing, and they are a large customer.", Changes: "Somebody has to read Portuguese."}
		if err := r.Prog.Speak(ctx, r.person(who+"@demo.test"), q.ID, v, 0); err != nil && !errors.Is(err, programme.ErrStale) {
			r.Fatal(err)
		}
	}
	return "/requests/" + q.ID
}

// transcriptOf is what a manager sees of a rep.
func transcriptOf(email string) func(*rig, string) string {
	return func(r *rig, _ string) string { return "/team/" + r.person(email).ID }
}
