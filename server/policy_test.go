package server_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A policyRow says, independently of the route table, what each visitor gets
// from one route.
type policyRow struct {
	method, path string
	visits       []visit
	content      string // one of variants, where the sample library has no such step
}

// A visit is a request for one object, with who gets what: "200: rep2
// manager; 404: rest". Groups are everybody (all who are signed in), reps,
// managers, voices and rest; anybody includes who is not signed in. Who is
// not named and not signed in gets 303 for a GET and 401 for a POST.
type visit struct {
	what   string // "foreign" and "missing" are compared with each other
	params string // of the path, in order, with spaces between; ${…} as in world
	query  string // ${…} as in world
	form   string // ${…} as in world
	want   string
}

// visitors are all who ask, by the names that the policy uses.
var visitors = append(signedOut, "rep2", "rep3", "rep7", "rep9", "manager", "manager2", "author", "sales", "care", "ops", "admin", "demoted")

// signedOut are those without a session that holds: nobody has none, gone is
// switched off, ended was signed out from another device of hers by name, and
// swept with all others there.
var signedOut = []string{"nobody", "gone", "ended", "swept"}

var groups = map[string]string{
	"anybody":   strings.Join(visitors, " "),
	"everybody": strings.Join(visitors[len(signedOut):], " "),
	"rest":      strings.Join(visitors[len(signedOut):], " "),
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
var policy = slices.Concat(sitePolicy, channelPolicy, handoffPolicy, briefPolicy)

var sitePolicy = []policyRow{
	{method: "GET", path: "/healthz", visits: []visit{{want: "200: anybody"}}},
	{method: "GET", path: "/readyz", visits: []visit{{want: "200: anybody"}}},
	{method: "GET", path: "/favicon.ico", visits: []visit{{want: "302: anybody"}}},
	{method: "GET", path: "/static/*file", visits: []visit{{params: "css/app.css", want: "404: anybody"}, {params: "${css}", want: "200: anybody"}}},
	{method: "GET", path: "/assets/:hash/:name", visits: []visit{{params: "${asset}", want: "200: anybody"}, {params: "00 x.svg", want: "404: anybody"}}},
	{method: "GET", path: "/login", visits: []visit{{want: "200: anybody"}}},
	{method: "POST", path: "/login", visits: []visit{{form: "email=x&password=y", want: "422: anybody"}}},
	{method: "GET", path: "/setup/:token", visits: []visit{{params: "x", want: "404: anybody"}}},
	{method: "POST", path: "/setup/:token", visits: []visit{{params: "x", want: "404: anybody"}}},
	{method: "GET", path: "/welcome/:token", visits: []visit{{params: "x", want: "404: anybody"}, {params: "${welcome}", want: "200: anybody"}}},
	{method: "POST", path: "/welcome/:token", visits: []visit{{params: "x", want: "404: anybody"}, {params: "${welcome}", form: "password=short", want: "422: anybody"}}},
	{method: "GET", path: "/verify/:id", visits: []visit{{params: "${certificate}", want: "200: anybody"}, {params: "x", want: "404: anybody"}}},

	{method: "GET", path: "/", visits: []visit{{want: "200: everybody"}}},
	{method: "GET", path: "/me", visits: []visit{{want: "200: everybody"}}},
	{method: "POST", path: "/me", visits: []visit{{form: "zone=Nowhere", want: "422: everybody"}, {form: "first=A", want: "303: everybody"}}},
	{method: "POST", path: "/me/password", visits: []visit{{form: "current=x&password=a long enough phrase", want: "422: everybody"}}},
	{method: "POST", path: "/me/sessions", visits: []visit{{form: "session=x", want: "303: everybody"}}}, // whose they are: TestSessionsOfOthers
	{method: "POST", path: "/logout", visits: []visit{{want: "303: everybody"}}},

	{method: "GET", path: "/courses", visits: []visit{{want: "200: everybody"}}},
	{method: "GET", path: "/courses/:course", visits: []visit{{params: "onboarding", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},
	{method: "GET", path: "/courses/:course/:module", visits: []visit{{params: "onboarding the-box", want: "200: everybody"}, {params: "onboarding x", want: "404: everybody"}}},
	{method: "GET", path: "/courses/:course/:module/:lesson", visits: []visit{{params: lessonParams, want: "200: everybody"}, {params: "onboarding the-box x", want: "404: everybody"}}},
	{method: "POST", path: "/courses/:course/:module/:lesson/done", visits: []visit{{params: lessonParams, want: "303: everybody"}, {params: "onboarding the-box x", want: "404: everybody"}}},
	{method: "GET", path: "/courses/:course/:module/:lesson/checks/:n", visits: []visit{{params: lessonParams + " 1", want: "303: everybody"}, {params: lessonParams + " 9", want: "404: everybody"}}},
	{method: "POST", path: "/courses/:course/:module/:lesson/checks/:n", visits: []visit{{params: lessonParams + " 1", form: "q=0", want: "200: everybody"}, {params: lessonParams + " 9", want: "404: everybody"}}},

	{method: "GET", path: "/quizzes/:quiz", visits: []visit{{params: "the-box-check", want: "200: reps; 403: rest"}, {params: "x", want: "404: reps; 403: rest"}}},
	{method: "POST", path: "/quizzes/:quiz/attempts", visits: []visit{{params: "the-box-check", want: "303: rep3 rep9; 409: rep2 rep7; 403: rest"}, {params: "x", want: "404: reps; 403: rest"}}},
	{method: "GET", path: "/scenarios/:scenario", visits: []visit{{params: "first-call", want: "200: reps; 403: rest"}, {params: "x", want: "404: reps; 403: rest"}}},
	{method: "POST", path: "/scenarios/:scenario/attempts", visits: []visit{
		{params: "first-call", want: "303: rep3 rep7 rep9; 409: rep2; 403: rest"},
		{params: "first-call", form: "practice=yes", want: "303: reps; 403: rest"},
		{params: "x", want: "404: reps; 403: rest"},
		{params: "x", form: "practice=yes", want: "404: reps; 403: rest"},
	}},
	{method: "GET", path: "/attempts/:id", visits: []visit{
		{what: "foreign", params: "${open}", want: "200: rep9; 404: reps; 403: rest"},
		{params: "${graded}", want: "303: rep2; 404: reps; 403: rest"},
		{what: "foreign", params: "${playing}", want: "200: rep9; 404: reps; 403: rest"},
		{what: "foreign", params: "${played}", want: "303: rep2; 404: reps; 403: rest"},
		{what: "foreign", params: "${practising}", want: "200: rep9; 404: reps; 403: rest"},
		{what: "missing", params: "x", want: "404: reps; 403: rest"},
	}},
	{method: "GET", path: "/attempts/:id/review", visits: []visit{
		{what: "foreign", params: "${open}", want: "200: rep9; 404: reps; 403: rest"},
		{params: "${graded}", want: "303: rep2; 404: reps; 403: rest"},
		{what: "foreign", params: "${playing}", want: "404: reps; 403: rest"},
		{what: "foreign", params: "${practising}", want: "404: reps; 403: rest"},
		{what: "missing", params: "x", want: "404: reps; 403: rest"},
	}},
	{method: "POST", path: "/attempts/:id/answers", visits: []visit{
		{what: "foreign", params: "${open}", want: "303: rep9; 404: reps; 403: rest"},
		{params: "${graded}", want: "303: rep2; 404: reps; 403: rest"},
		{what: "foreign", params: "${playing}", want: "404: reps; 403: rest"},
		{what: "foreign", params: "${practising}", want: "404: reps; 403: rest"},
		{what: "missing", params: "x", want: "404: reps; 403: rest"},
	}},
	{method: "POST", path: "/attempts/:id/submit", visits: []visit{
		{what: "foreign", params: "${open}", want: "303: rep9; 404: reps; 403: rest"},
		{params: "${graded}", want: "303: rep2; 404: reps; 403: rest"},
		{what: "foreign", params: "${playing}", want: "404: reps; 403: rest"},
		{what: "foreign", params: "${practising}", want: "404: reps; 403: rest"},
		{what: "missing", params: "x", want: "404: reps; 403: rest"},
	}},
	{method: "POST", path: "/attempts/:id/choose", visits: []visit{
		{params: "${playing}", form: "step=0", want: "422: rep9; 404: reps; 403: rest"},
		{params: "${playing}", form: "step=0&choice=x", want: "409: rep9; 404: reps; 403: rest"},
		{what: "foreign", params: "${playing}", form: "step=0&choice=${choice}", want: "303: rep9; 404: reps; 403: rest"},
		{what: "foreign", params: "${practising}", form: "step=0&choice=${practice}", want: "303: rep9; 404: reps; 403: rest"},
		{what: "foreign", params: "${played}", form: "step=0&choice=x", want: "303: rep2; 404: reps; 403: rest"},
		{what: "foreign", params: "${open}", form: "step=0&choice=x", want: "404: reps; 403: rest"},
		{what: "foreign", params: "${graded}", form: "step=0&choice=x", want: "404: reps; 403: rest"},
		{what: "missing", params: "x", form: "step=0&choice=x", want: "404: reps; 403: rest"},
	}},
	{method: "GET", path: "/attempts/:id/result", visits: []visit{
		{what: "foreign", params: "${open}", want: "303: rep9; 404: rest"},
		{what: "foreign", params: "${graded}", want: "200: rep2 manager admin; 404: rest"},
		{what: "foreign", params: "${playing}", want: "303: rep9; 404: rest"},
		{what: "foreign", params: "${played}", want: "200: rep2 manager admin; 404: rest"},
		{what: "foreign", params: "${practising}", want: "303: rep9; 404: rest"},
		{what: "foreign", params: "${practised}", want: "200: rep2; 404: rest"},
		{what: "missing", params: "x", want: "404: everybody"},
	}},

	{method: "GET", path: "/certifications/:id", visits: []visit{{params: "sell-records-search", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},
	{method: "POST", path: "/certifications/:id/renew", visits: []visit{{params: "sell-records-search", want: "303: rep7; 409: reps; 403: rest"}, {params: "x", want: "404: reps; 403: rest"}}},
	{method: "GET", path: "/certificates", visits: []visit{{want: "200: everybody"}}},
	{method: "GET", path: "/certificates/:id", visits: []visit{
		{what: "foreign", params: "${certificate}", want: "200: rep2 manager admin; 404: rest"},
		{what: "missing", params: "x", want: "404: everybody"},
	}},

	{method: "GET", path: "/offerings", visits: []visit{{want: "200: everybody"}}},
	{method: "GET", path: "/offerings/:id", visits: []visit{
		{params: "records-search", want: "200: everybody"},
		{what: "foreign", params: "records-search", query: "team=team-north", want: "404: manager2; 200: rest"},
		{what: "foreign", params: "records-search", query: "team=team-south", want: "404: manager; 200: rest"},
		{what: "missing", params: "records-search", query: "team=x", want: "404: managers; 200: rest"},
		{params: "x", want: "404: everybody"},
	}},
	{method: "GET", path: "/can-sell", visits: []visit{{want: "200: everybody"}}},
	{method: "GET", path: "/practices/:id", visits: []visit{{params: "working-together", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},
	{method: "GET", path: "/changes", visits: []visit{{want: "200: everybody"}}},
	{method: "GET", path: "/search", visits: []visit{{want: "200: everybody"}}},
	{method: "GET", path: "/help", visits: []visit{{want: "200: everybody"}}},
	{method: "GET", path: "/help/:page", visits: []visit{{params: "glossary", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},

	{method: "GET", path: "/team", visits: []visit{
		{want: "200: managers admin; 403: rest"},
		{what: "foreign", query: "team=team-north", want: "200: manager admin; 404: manager2; 403: rest"},
		{what: "foreign", query: "team=team-south", want: "200: manager2 admin; 404: manager; 403: rest"},
		{what: "missing", query: "team=x", want: "404: managers admin; 403: rest"},
	}},
	{method: "GET", path: "/team/:person", visits: []visit{
		{what: "foreign", params: "${rep2}", want: "200: manager admin; 404: manager2; 403: rest"},
		{what: "foreign", params: "${rep7}", want: "200: manager2 admin; 404: manager; 403: rest"},
		{what: "foreign", params: "${manager}", want: "200: admin; 404: managers; 403: rest"}, // her own: she is in no team
		{what: "foreign", params: "${author}", want: "200: admin; 404: managers; 403: rest"},
		{what: "missing", params: "x", want: "404: managers admin; 403: rest"},
	}},
	{method: "POST", path: "/team/:person/grants", visits: []visit{
		{what: "foreign", params: "${rep5}", form: "quiz=the-box-check&known=0", want: "303: manager; 404: manager2; 409: admin; 403: rest"},
		{what: "foreign", params: "${rep10}", form: "quiz=the-box-check&known=0", want: "303: manager2; 404: manager; 409: admin; 403: rest"},
		{what: "foreign", params: "${manager}", form: "quiz=the-box-check&known=0", want: "409: admin; 404: managers; 403: rest"},
		{what: "missing", params: "x", form: "quiz=the-box-check&known=0", want: "404: managers admin; 403: rest"},
	}},
	{method: "POST", path: "/team/:person/signoffs", content: "signoff", visits: []visit{
		{what: "foreign", params: "${rep5}", form: "certification=sell-records-search&known=0&note=a", want: "303: manager; 404: manager2; 409: admin; 403: rest"},
		{what: "foreign", params: "${rep10}", form: "certification=sell-records-search&known=0&note=a", want: "303: manager2; 404: manager; 409: admin; 403: rest"},
		{what: "foreign", params: "${manager}", form: "certification=sell-records-search&known=0&note=a", want: "303: admin; 404: managers; 403: rest"},
		{what: "missing", params: "x", form: "certification=sell-records-search&known=0&note=a", want: "404: managers admin; 403: rest"},
	}},

	{method: "GET", path: "/author", visits: []visit{{want: "200: author admin; 403: rest"}}},
	{method: "GET", path: "/help/design", visits: []visit{{want: "200: author admin; 403: rest"}}},
	{method: "GET", path: "/admin/people", visits: []visit{{want: "200: admin; 403: rest"}}},
	{method: "GET", path: "/admin/profiles", visits: []visit{{want: "200: admin; 403: rest"}}},
	{method: "GET", path: "/admin/profiles/:profile", visits: []visit{{params: "heap", want: "200: admin; 403: rest"}, {params: "x", want: "404: admin; 403: rest"}}},
	{method: "POST", path: "/admin/people", visits: []visit{{form: "email=x", want: "422: admin; 403: rest"}}},
}

// TestPolicy walks every route as everybody, on objects of their own, of
// others, and on such that don't exist. A route without a policy fails.
func TestPolicy(t *testing.T) {
	t.Parallel()
	has := map[string]bool{}
	reading := newWorld(t, "") // looking changes nothing, so one site will do
	for _, row := range policy {
		has[row.method+" "+row.path] = true
		if row.method == http.MethodGet {
			t.Run(row.name(), func(t *testing.T) { row.hold(t, reading) })
			continue
		}
		t.Run(row.name(), func(t *testing.T) {
			t.Parallel()
			row.hold(t, newWorld(t, row.content))
		})
	}
	for _, row := range reading.Server.Routes() {
		if name := row.Method + " " + row.Path; !has[name] {
			t.Errorf("%s has no policy: say in this file who gets what", name)
		}
	}
}

// name is the row's as a test, such as "POST_attempts_id_answers".
func (row policyRow) name() string {
	return row.method + strings.NewReplacer("/", "_", ":", "", "*", "").Replace(row.path)
}

// hold asks as everybody and compares. A refusal writes nothing, and what is
// foreign can't be told from what does not exist.
func (row policyRow) hold(t *testing.T, w *world) {
	got := map[string]map[string][]*answer{"foreign": {}, "missing": {}}
	for _, v := range row.visits {
		path := fillPath(row.path, expandWith(w.vars, v.params))
		if v.query != "" {
			path += "?" + expandWith(w.vars, v.query)
		}
		for _, who := range visitors {
			want := v.expect(t, row, who)
			var a *answer
			cost := w.during(func() { a = w.askAs(who, row.method, path, expandWith(w.vars, v.form)) })
			if a.Code != want {
				t.Errorf("%s %s as %s: got %d, want %d (%s)", row.method, path, who, a.Code, want, v.want)
			}
			if row.silent(a, who) && len(cost.writes()) > 0 {
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

// silent tells whether an answer may write nothing: a refusal, whatever who is
// not signed in gets where one must be, and each page that is only looked at.
func (row policyRow) silent(a *answer, who string) bool {
	turnedAway := slices.Contains(signedOut, who) && strings.HasPrefix(a.Header.Get("Location"), "/login")
	return a.Code >= 400 || turnedAway || row.method == http.MethodGet
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
