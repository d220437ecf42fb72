package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

// A policyRow says, independently of the route table, what each visitor gets
// from one route.
type policyRow struct {
	method, path string
	visits       []visit
}

// A visit is a request for one object, with who gets what: "200: rep2
// manager; 404: rest". Groups are everybody (all who are signed in), reps,
// managers, voices and rest; anybody includes who is not signed in. Who is
// not named and not signed in gets 303 for a GET and 401 for a POST.
type visit struct {
	what   string // "own", "foreign", "missing" are compared with each other
	params string // of the path, in order, with spaces between; ${…} as in world
	form   string // ${…} as in world
	want   string
}

// visitors are all who ask, by the names that the policy uses.
var visitors = []string{"nobody", "gone", "rep2", "rep3", "rep7", "rep9", "manager", "manager2", "author", "sales", "care", "ops", "admin", "demoted"}

var groups = map[string]string{
	"anybody":   strings.Join(visitors, " "),
	"everybody": strings.Join(visitors[2:], " "),
	"rest":      strings.Join(visitors[2:], " "),
	"reps":      "rep2 rep3 rep7 rep9",
	"managers":  "manager manager2",
	"voices":    "sales care ops",
}

const lessonParams = "onboarding the-box reading-a-box"

// policy is who may do what. rep2, rep3 and rep9's open attempt: rep2 and rep3
// are in Team North, which manager manages; rep7 and rep9 are in Team South,
// which manager2 manages; gone is switched off; demoted was manager, author
// and admin a moment ago and is a reviewer now. rep2 has played a scenario and
// practised it to the end; rep9 is in the middle of both.
var policy = []policyRow{
	{"GET", "/healthz", []visit{{want: "200: anybody"}}},
	{"GET", "/readyz", []visit{{want: "200: anybody"}}},
	{"GET", "/favicon.ico", []visit{{want: "302: anybody"}}},
	{"GET", "/static/*file", []visit{{params: "css/app.css", want: "404: anybody"}, {params: "${css}", want: "200: anybody"}}},
	{"GET", "/assets/:hash/:name", []visit{{params: "${asset}", want: "200: anybody"}, {params: "00 x.svg", want: "404: anybody"}}},
	{"GET", "/login", []visit{{want: "200: anybody"}}},
	{"POST", "/login", []visit{{form: "email=x&password=y", want: "422: anybody"}}},
	{"GET", "/setup/:token", []visit{{params: "x", want: "404: anybody"}}},
	{"POST", "/setup/:token", []visit{{params: "x", want: "404: anybody"}}},
	{"GET", "/welcome/:token", []visit{{params: "x", want: "404: anybody"}, {params: "${welcome}", want: "200: anybody"}}},
	{"POST", "/welcome/:token", []visit{{params: "x", want: "404: anybody"}, {params: "${welcome}", form: "password=short", want: "422: anybody"}}},
	{"GET", "/verify/:id", []visit{{params: "${certificate}", want: "200: anybody"}, {params: "x", want: "404: anybody"}}},

	{"GET", "/", []visit{{want: "200: everybody"}}},
	{"GET", "/me", []visit{{want: "200: everybody"}}},
	{"POST", "/me", []visit{{form: "zone=Nowhere", want: "422: everybody"}, {form: "first=A", want: "303: everybody"}}},
	{"POST", "/me/password", []visit{{form: "current=x&password=a long enough phrase", want: "422: everybody"}}},
	{"POST", "/me/sessions", []visit{{form: "session=x", want: "303: everybody"}}},
	{"POST", "/logout", []visit{{want: "303: everybody"}}},

	{"GET", "/courses", []visit{{want: "200: everybody"}}},
	{"GET", "/courses/:course", []visit{{params: "onboarding", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},
	{"GET", "/courses/:course/:module", []visit{{params: "onboarding the-box", want: "200: everybody"}, {params: "onboarding x", want: "404: everybody"}}},
	{"GET", "/courses/:course/:module/:lesson", []visit{{params: lessonParams, want: "200: everybody"}, {params: "onboarding the-box x", want: "404: everybody"}}},
	{"POST", "/courses/:course/:module/:lesson/done", []visit{{params: lessonParams, want: "303: everybody"}, {params: "onboarding the-box x", want: "404: everybody"}}},
	{"GET", "/courses/:course/:module/:lesson/checks/:n", []visit{{params: lessonParams + " 1", want: "303: everybody"}, {params: lessonParams + " 9", want: "404: everybody"}}},
	{"POST", "/courses/:course/:module/:lesson/checks/:n", []visit{{params: lessonParams + " 1", form: "q=0", want: "200: everybody"}, {params: lessonParams + " 9", want: "404: everybody"}}},

	{"GET", "/quizzes/:quiz", []visit{{params: "the-box-check", want: "200: reps; 403: rest"}, {params: "x", want: "404: reps; 403: rest"}}},
	{"POST", "/quizzes/:quiz/attempts", []visit{{params: "the-box-check", want: "303: rep3 rep9; 409: rep2 rep7; 403: rest"}, {params: "x", want: "404: reps; 403: rest"}}},
	{"GET", "/scenarios/:scenario", []visit{{params: "first-call", want: "200: reps; 403: rest"}, {params: "x", want: "404: reps; 403: rest"}}},
	{"POST", "/scenarios/:scenario/attempts", []visit{
		{params: "first-call", want: "303: rep3 rep7 rep9; 409: rep2; 403: rest"},
		{params: "first-call", form: "practice=yes", want: "303: reps; 403: rest"},
		{params: "x", want: "404: reps; 403: rest"},
		{params: "x", form: "practice=yes", want: "404: reps; 403: rest"},
	}},
	{"GET", "/attempts/:id", []visit{
		{what: "foreign", params: "${open}", want: "200: rep9; 404: reps; 403: rest"},
		{params: "${graded}", want: "303: rep2; 404: reps; 403: rest"},
		{what: "foreign", params: "${playing}", want: "200: rep9; 404: reps; 403: rest"},
		{what: "foreign", params: "${played}", want: "303: rep2; 404: reps; 403: rest"},
		{what: "foreign", params: "${practising}", want: "200: rep9; 404: reps; 403: rest"},
		{what: "missing", params: "x", want: "404: reps; 403: rest"},
	}},
	{"GET", "/attempts/:id/review", []visit{
		{what: "foreign", params: "${open}", want: "200: rep9; 404: reps; 403: rest"},
		{params: "${graded}", want: "303: rep2; 404: reps; 403: rest"},
		{what: "foreign", params: "${playing}", want: "404: reps; 403: rest"},
		{what: "foreign", params: "${practising}", want: "404: reps; 403: rest"},
		{what: "missing", params: "x", want: "404: reps; 403: rest"},
	}},
	{"POST", "/attempts/:id/answers", []visit{
		{what: "foreign", params: "${open}", want: "303: rep9; 404: reps; 403: rest"},
		{params: "${graded}", want: "303: rep2; 404: reps; 403: rest"},
		{what: "foreign", params: "${playing}", want: "404: reps; 403: rest"},
		{what: "foreign", params: "${practising}", want: "404: reps; 403: rest"},
		{what: "missing", params: "x", want: "404: reps; 403: rest"},
	}},
	{"POST", "/attempts/:id/submit", []visit{
		{what: "foreign", params: "${open}", want: "303: rep9; 404: reps; 403: rest"},
		{params: "${graded}", want: "303: rep2; 404: reps; 403: rest"},
		{what: "foreign", params: "${playing}", want: "404: reps; 403: rest"},
		{what: "foreign", params: "${practising}", want: "404: reps; 403: rest"},
		{what: "missing", params: "x", want: "404: reps; 403: rest"},
	}},
	{"POST", "/attempts/:id/choose", []visit{
		{params: "${playing}", form: "step=0", want: "422: rep9; 404: reps; 403: rest"},
		{params: "${playing}", form: "step=0&choice=x", want: "409: rep9; 404: reps; 403: rest"},
		{what: "foreign", params: "${playing}", form: "step=0&choice=${choice}", want: "303: rep9; 404: reps; 403: rest"},
		{what: "foreign", params: "${practising}", form: "step=0&choice=${practice}", want: "303: rep9; 404: reps; 403: rest"},
		{what: "foreign", params: "${played}", form: "step=0&choice=x", want: "303: rep2; 404: reps; 403: rest"},
		{what: "foreign", params: "${open}", form: "step=0&choice=x", want: "404: reps; 403: rest"},
		{what: "foreign", params: "${graded}", form: "step=0&choice=x", want: "404: reps; 403: rest"},
		{what: "missing", params: "x", form: "step=0&choice=x", want: "404: reps; 403: rest"},
	}},
	{"GET", "/attempts/:id/result", []visit{
		{what: "foreign", params: "${open}", want: "303: rep9; 404: rest"},
		{what: "foreign", params: "${graded}", want: "200: rep2 manager admin; 404: rest"},
		{what: "foreign", params: "${playing}", want: "303: rep9; 404: rest"},
		{what: "foreign", params: "${played}", want: "200: rep2 manager admin; 404: rest"},
		{what: "foreign", params: "${practising}", want: "303: rep9; 404: rest"},
		{what: "foreign", params: "${practised}", want: "200: rep2; 404: rest"},
		{what: "missing", params: "x", want: "404: everybody"},
	}},

	{"GET", "/certifications/:id", []visit{{params: "sell-records-search", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},
	{"POST", "/certifications/:id/renew", []visit{{params: "sell-records-search", want: "303: rep7; 409: reps; 403: rest"}, {params: "x", want: "404: reps; 403: rest"}}},
	{"GET", "/certificates", []visit{{want: "200: everybody"}}},
	{"GET", "/certificates/:id", []visit{
		{what: "foreign", params: "${certificate}", want: "200: rep2 manager admin; 404: rest"},
		{what: "missing", params: "x", want: "404: everybody"},
	}},

	{"GET", "/offerings", []visit{{want: "200: everybody"}}},
	{"GET", "/offerings/:id", []visit{{params: "records-search", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},
	{"GET", "/can-sell", []visit{{want: "200: everybody"}}},
	{"GET", "/practices/:id", []visit{{params: "working-together", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},
	{"GET", "/changes", []visit{{want: "200: everybody"}}},
	{"GET", "/search", []visit{{want: "200: everybody"}}},
	{"GET", "/help", []visit{{want: "200: everybody"}}},
	{"GET", "/help/:page", []visit{{params: "glossary", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},

	{"GET", "/team", []visit{{want: "200: managers admin; 403: rest"}}},
	{"GET", "/team/:person", []visit{
		{what: "foreign", params: "${rep2}", want: "200: manager admin; 404: manager2; 403: rest"},
		{what: "foreign", params: "${rep7}", want: "200: manager2 admin; 404: manager; 403: rest"},
		{what: "foreign", params: "${author}", want: "200: admin; 404: managers; 403: rest"},
		{what: "missing", params: "x", want: "404: managers admin; 403: rest"},
	}},
	{"POST", "/team/:person/grants", []visit{
		{what: "foreign", params: "${rep5}", form: "quiz=the-box-check&known=0", want: "303: manager; 404: manager2; 409: admin; 403: rest"},
		{what: "missing", params: "x", form: "quiz=the-box-check&known=0", want: "404: managers admin; 403: rest"},
	}},
	{"POST", "/team/:person/signoffs", []visit{
		{what: "foreign", params: "${rep5}", form: "certification=sell-records-search&known=0", want: "404: managers admin; 403: rest"},
		{what: "missing", params: "x", form: "certification=sell-records-search&known=0", want: "404: managers admin; 403: rest"},
	}},

	{"GET", "/author", []visit{{want: "200: author admin; 403: rest"}}},
	{"GET", "/help/design", []visit{{want: "200: author admin; 403: rest"}}},
	{"GET", "/admin/people", []visit{{want: "200: admin; 403: rest"}}},
	{"GET", "/admin/profiles", []visit{{want: "200: admin; 403: rest"}}},
	{"GET", "/admin/profiles/:profile", []visit{{params: "heap", want: "200: admin; 403: rest"}, {params: "x", want: "404: admin; 403: rest"}}},
	{"POST", "/admin/people", []visit{{form: "email=x", want: "422: admin; 403: rest"}}},
}

// TestPolicy walks every route as everybody, on objects of their own, of
// others, and on such that don't exist. A route without a policy fails.
func TestPolicy(t *testing.T) {
	t.Parallel()
	has := map[string]bool{}
	reading := newWorld(t) // looking changes nothing, so one site will do
	for _, row := range policy {
		has[row.method+" "+row.path] = true
		if row.method == http.MethodGet {
			row.hold(t, reading)
			continue
		}
		t.Run(row.method+strings.NewReplacer("/", "_", ":", "", "*", "").Replace(row.path), func(t *testing.T) {
			t.Parallel()
			row.hold(t, newWorld(t))
		})
	}
	for _, row := range reading.Server.Routes() {
		if name := row.Method + " " + row.Path; !has[name] {
			t.Errorf("%s has no policy: say in this file who gets what", name)
		}
	}
}

// hold asks as everybody and compares. A refusal writes nothing, and what is
// foreign can't be told from what does not exist.
func (row policyRow) hold(t *testing.T, w *world) {
	got := map[string]map[string][]*answer{"foreign": {}, "missing": {}}
	for _, v := range row.visits {
		path := fillPath(row.path, expandWith(w.vars, v.params))
		for _, who := range visitors {
			want := v.expect(t, row, who)
			var a *answer
			cost := w.during(func() { a = w.askAs(who, row.method, path, expandWith(w.vars, v.form)) })
			if a.Code != want {
				t.Errorf("%s %s as %s: got %d, want %d (%s)", row.method, path, who, a.Code, want, v.want)
			}
			if a.Code >= 400 && len(cost.writes()) > 0 {
				t.Errorf("%s %s as %s is answered %d and writes: %v", row.method, path, who, a.Code, cost)
			}
			if seen := got[v.what]; seen != nil && a.Code == http.StatusNotFound {
				seen[who] = append(seen[who], a)
			}
		}
	}
	for who, missing := range got["missing"] {
		for _, foreign := range got["foreign"][who] {
			if d := difference(foreign, missing[0]); d != "" {
				t.Errorf("%s and %s as %s tell apart what is foreign and what does not exist: %s", foreign.Asked, missing[0].Asked, who, d)
			}
		}
	}
}

// expect is what the visitor is to get.
func (v visit) expect(t *testing.T, row policyRow, who string) int {
	t.Helper()
	for _, part := range strings.Split(v.want, "; ") {
		code, names, _ := strings.Cut(part, ": ")
		for _, name := range strings.Fields(names) {
			if name == who || strings.Contains(" "+groups[name]+" ", " "+who+" ") {
				n, err := strconv.Atoi(code)
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
		}
	}
	if row.method == http.MethodGet {
		return http.StatusSeeOther
	}
	return http.StatusUnauthorized
}

// A world is a site with a browser for each visitor, and names for what the
// policy's paths speak of.
type world struct {
	*rig
	browsers map[string]*client
	vars     map[string]string
}

// newWorld adds one who is demoted while she is signed in.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{rig: newRig(t), browsers: map[string]*client{}}
	for _, who := range visitors {
		if who != "nobody" && who != "demoted" {
			w.browsers[who] = w.as(who + "@demo.test")
		}
	}
	w.browsers["nobody"] = w.as("nobody")
	w.browsers["demoted"] = w.demote()
	w.vars = w.names()
	return w
}

func (w *world) demote() *client {
	w.Helper()
	ctx := w.Context()
	const email = "ops2@demo.test"
	p, err := w.People.Add(ctx, people.NewPerson{
		Email: email, First: "Dee", Last: "Moted", Team: "team-north",
		Roles: []people.Role{people.RoleRep, people.RoleManager, people.RoleAuthor, people.RoleOperations, people.RoleAdmin},
	})
	w.must(err)
	_, err = w.People.AddManager(ctx, "team-north", p.ID)
	w.must(err)
	c := w.as(email)
	c.get("/admin/people").want(http.StatusOK)
	c.get("/team").want(http.StatusOK)
	_, err = w.People.SetRoles(ctx, p.ID, []people.Role{people.RoleOperations})
	w.must(err)
	return c
}

func (w *world) names() map[string]string {
	w.Helper()
	token, _, err := w.People.Invite(w.Context(), w.person("rep11@demo.test").ID)
	w.must(err)
	page := w.browsers["rep2"].get("/courses/onboarding/the-box/reading-a-box")
	st := w.standing("rep2@demo.test")
	vars := map[string]string{
		"welcome":     token,
		"css":         between(page.Body, `rel="stylesheet" href="/static/`, `"`),
		"asset":       strings.Replace(between(page.Body, `src="/assets/`, `"`), "/", " ", 1),
		"graded":      st.Evidence.Tries["the-box-check"][0].Attempt,
		"certificate": st.Evidence.Held[0].Certificate,
		"open":        w.openAttempt("rep9@demo.test"),
	}
	for _, name := range []string{"rep2", "rep5", "rep7", "author"} {
		vars[name] = w.person(name + "@demo.test").ID
	}
	vars["played"], vars["practised"] = w.playFatally("rep2@demo.test", false), w.playFatally("rep2@demo.test", true)
	vars["playing"], vars["practising"] = w.beginPlay("rep9@demo.test", false), w.beginPlay("rep9@demo.test", true)
	vars["choice"], vars["practice"] = w.offers(vars["playing"])[0].Token, w.offers(vars["practising"])[0].Token
	return vars
}

// askAs asks as one of the visitors. For GET it holds that HEAD is answered
// with the same status and no body.
func (w *world) askAs(who, method, path, form string) *answer {
	w.Helper()
	c := w.browsers[who]
	if method == http.MethodPost {
		values, err := url.ParseQuery(strings.ReplaceAll(form, " ", "+"))
		w.must(err)
		return c.post(path, values)
	}
	a := c.get(path)
	if head := c.head(path); head.Code != a.Code || head.Body != "" {
		w.Errorf("HEAD %s as %s: got %d with %d bytes, want %d with none", path, who, head.Code, len(head.Body), a.Code)
	}
	return a
}

func (r *rig) standing(email string) *programme.Standing {
	r.Helper()
	st, err := r.Prog.StandingOf(r.Context(), r.person(email).ID)
	r.must(err)
	return st
}

// openAttempt is the id of the attempt that the person has open.
func (r *rig) openAttempt(email string) string {
	r.Helper()
	for _, t := range r.standing(email).Evidence.Tries["the-box-check"] {
		if t.State == quiz.Open {
			return t.Attempt
		}
	}
	r.Fatalf("%s has no attempt open", email)
	return ""
}

// between is what stands between the first from and the next to.
func between(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return text
}

func expandWith(vars map[string]string, text string) string {
	return variable.ReplaceAllStringFunc(text, func(v string) string { return vars[v[2:len(v)-1]] })
}

// fillPath puts parameters into a route's path, in order.
func fillPath(pattern, params string) string {
	values := strings.Fields(params)
	parts := strings.Split(pattern, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, ":") || strings.HasPrefix(part, "*") {
			parts[i], values = values[0], values[1:]
		}
	}
	return strings.Join(parts, "/")
}
