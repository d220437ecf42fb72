package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/store"
)

// A formStep is one form that somebody sends in the course of everyForm.
type formStep struct {
	route string // of the route table: "POST /me"
	who   string
	path  string
	form  url.Values
	takes []string // names that the form may have, beside those that it has here
	want  int
}

// everyForm sends each form of the site once with success, as other says, and
// returns the answers by route. The site has the content of variants "signoff".
func everyForm(site *rig, send func(*client, formStep) *answer) map[string]*answer {
	site.Helper()
	const lesson, north = "/courses/onboarding/the-box/reading-a-box", "/team/"
	answers := map[string]*answer{}
	do := func(s formStep) *answer {
		site.Helper()
		a := send(site.as(s.who), s)
		if s.want != 0 {
			a.want(s.want)
		}
		answers[s.route] = a
		return a
	}
	token, _, err := site.People.Invite(site.Context(), site.person("rep11@demo.test").ID)
	site.must(err)
	open := "/attempts/" + site.openAttempt("rep9@demo.test")
	play := site.beginPlay("rep9@demo.test", false)
	answered := site.answersTo(open, true)
	rep5, rep6 := site.person("rep5@demo.test").ID, site.person("rep6@demo.test").ID
	steps := []formStep{
		{"POST /login", "", "/login", signIn("rep@demo.test", demo.Password), []string{"next"}, 303},
		{"POST /welcome/:token", "", "/welcome/" + token, url.Values{"password": {"a long walk by the lake"}}, nil, 303},
		{"POST /setup/:token", "", "/setup/x", url.Values{"email": {"eve@x.test"}, "first": {"Eve"}, "password": {"a long walk by the lake"}}, []string{"last"}, 404},
		{"POST /me", "rep3@demo.test", "/me", url.Values{"first": {"Benjamin"}, "last": {"Osei"}, "zone": {""}}, []string{"language"}, 303},
		{"POST /me/password", "rep3@demo.test", "/me/password", url.Values{"current": {demo.Password}, "password": {"a long walk by the sea"}}, nil, 303},
		{"POST /me/sessions", "rep3@demo.test", "/me/sessions", url.Values{"session": {"x"}}, nil, 303},
		{"POST /logout", "rep12@demo.test", "/logout", nil, nil, 303},
		{"POST /courses/:course/:module/:lesson/done", "rep@demo.test", lesson + "/done", nil, []string{"undo"}, 303},
		{"POST /courses/:course/:module/:lesson/checks/:n", "rep@demo.test", lesson + "/checks/1", url.Values{"q": {"0"}}, nil, 200},
		{"POST /quizzes/:quiz/attempts", "rep@demo.test", "/quizzes/the-box-check/attempts", nil, nil, 303},
		{"POST /scenarios/:scenario/attempts", "rep@demo.test", callAt + "/attempts", nil, []string{"practice"}, 303},
		{"POST /attempts/:id/answers", "rep9@demo.test", open + "/answers", answered, nil, 303},
		{"POST /attempts/:id/submit", "rep9@demo.test", open + "/submit", nil, nil, 303},
		{"POST /attempts/:id/choose", "rep9@demo.test", "/attempts/" + play + "/choose", postedChoice{token: site.offers(play)[0].Token}.form(), nil, 303},
		{"POST /certifications/:id/renew", "rep7@demo.test", "/certifications/sell-records-search/renew", nil, nil, 303},
		{"POST /team/:person/grants", "manager@demo.test", north + rep5 + "/grants", url.Values{"quiz": {"the-box-check"}, "known": {"0"}, "note": {"We talked."}}, nil, 303},
		{"POST /team/:person/signoffs", "manager@demo.test", north + rep6 + "/signoffs", url.Values{"certification": {"sell-records-search"}, "known": {"0"}, "note": {"Heard one call."}}, []string{"met"}, 303},
		{"POST /admin/people", "admin@demo.test", "/admin/people", url.Values{"email": {"nora@x.test"}, "first": {"Nora"}}, []string{"last", "team", "roles"}, 201},
	}
	for _, s := range slices.Concat(steps, channelSteps(site), handoffSteps(site), briefSteps(site)) {
		do(s)
	}
	for _, row := range site.Server.Routes() {
		if name := row.Method + " " + row.Path; row.Method == http.MethodPost && answers[name] == nil {
			site.Errorf("everyForm sends nothing to %s", name)
		}
	}
	return answers
}

// stored is everything in the store, by collection and id, without the salt
// and hash of passwords, which are drawn anew each time.
func (r *rig) stored() map[string]string {
	r.Helper()
	snapshot, err := r.driver.Snapshot(r.Context())
	r.must(err)
	all := map[string]string{}
	for _, schema := range snapshot.Schemas() {
		r.must(snapshot.Walk(r.Context(), schema.Name, func(d store.Doc) error {
			var fields map[string]any // maps are stored in no order; JSON is written in one
			r.must(json.Unmarshal([]byte(d.Body.String()), &fields))
			text, err := json.Marshal(fields)
			all[schema.Name+" "+d.ID] = passwordHash.ReplaceAllString(string(text), "?")
			return err
		}))
	}
	r.must(snapshot.Close())
	return all
}

var cookieEnd = regexp.MustCompile(`Expires=[^;]*; `)

var passwordHash = regexp.MustCompile(`\$argon2id[^"]*`)

// unlike lists the documents in which two stores differ.
func unlike(a, b map[string]string) (list []string) {
	keys := maps.Clone(a)
	maps.Copy(keys, b)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if a[key] != b[key] {
			list = append(list, fmt.Sprintf("%s:\n  %s\n  %s", key, a[key], b[key]))
		}
	}
	return list
}

// massAssigned are names that somebody would try beside those of a form.
var massAssigned = []string{
	"role", "Role", "roles", "Roles", "roles[]", "roles[0]", "IsAdmin", "is_admin", "isAdmin", "admin", "Admin", "_id", "id", "ID", "rev", "_rev",
	"team", "Team", "teams", "manages", "Manages", "disabled", "Disabled", "email", "Email", "email_key", "EmailKey", "Password", "PasswordHash", "password_hash",
	"Sessions", "link", "Link", "created", "person", "Person", "user", "user.roles", "person[roles]", "Person.Roles", "meta.id", "username", "idnumber",
	"state", "State", "passed", "Passed", "percent", "score", "result", "Result.Passed", "submitted", "number", "Number", "cycle", "Cycle", "live", "release", "seed",
	"pending", "by", "By", "at", "At", "until", "issued", "Met", "signed", "granted", "quiz_rev", "play", "path", "values", "fatal", "practised", "$set", "$set[roles]", "__proto__[admin]", "constructor.prototype.admin",
}

// TestMassAssignment: whatever else a form carries, what is stored is the
// same, byte for byte, as without it; and so is the answer.
func TestMassAssignment(t *testing.T) {
	t.Parallel()
	const base = "http://learn.insidebox.test"
	tree := variants["signoff"](t)
	plain, laden := newRig(t, withTree(tree), withBase(base)), newRig(t, withTree(tree), withBase(base))
	if d := unlike(plain.stored(), laden.stored()); len(d) > 0 {
		t.Fatalf("the two sites differ before anything was sent:\n%s", strings.Join(d, "\n"))
	}
	before := plain.stored()
	without := everyForm(plain, func(c *client, s formStep) *answer { return c.post(s.path, s.form) })
	with := everyForm(laden, func(c *client, s formStep) *answer {
		form := maps.Clone(s.form)
		if form == nil {
			form = url.Values{}
		}
		for _, name := range massAssigned {
			if _, has := s.form[name]; has || slices.Contains(s.takes, name) {
				continue
			}
			form[name] = []string{"admin", "true", "team-south"}
		}
		return c.post(s.path, form)
	})
	for route, a := range without {
		for _, one := range []*answer{a, with[route]} { // when a cookie ends is said by the machine's clock
			for i, cookie := range one.Header["Set-Cookie"] {
				one.Header["Set-Cookie"][i] = cookieEnd.ReplaceAllString(cookie, "")
			}
		}
		if d := difference(a, with[route]); d != "" {
			t.Errorf("%s is answered otherwise with more fields: %s", route, d)
		}
	}
	after := plain.stored()
	if d := unlike(after, laden.stored()); len(d) > 0 {
		t.Errorf("more fields are stored:\n%s", strings.Join(d, "\n"))
	}
	if d := unlike(before, after); len(d) < 12 {
		t.Errorf("the forms changed %d documents, want 12 or more: this test sees too little", len(d))
	}
}

// operators are what a store that takes operators from a form would obey.
var operators = []string{"$ne", "$gt", "$gte", "$in", "$nin", "$exists", "$regex", "$where", "$or", "", "0"}

// operatorValues are texts that mean something to some store or interpreter.
var operatorValues = []string{
	`{"$ne":null}`, `{"$gt":""}`, `[$ne]`, `' OR '1'='1`, `' OR 1=1 --`, `"; DROP TABLE documents; --`, `x' UNION SELECT * FROM documents --`,
	`$where: sleep(1)`, `'; return true; var x='`, `.*`, `%`, `_`, `*`, `\`, `'`, `"`, "`id`", `$(id)`, `{{7*7}}`, `${7*7}`,
}

// TestOperatorsAreText: a field with an operator in its name is no field, on
// any form, and a value is text: nobody signs in by one, finds anybody by one,
// or breaks anything.
func TestOperatorsAreText(t *testing.T) {
	t.Parallel()
	tree := variants["signoff"](t)
	site := newRig(t, withTree(tree), withBase("http://learn.insidebox.test"))
	answers := map[string]map[string]*answer{}
	for _, operator := range operators {
		answers[operator] = map[string]*answer{}
		everyForm(site, func(c *client, s formStep) *answer {
			if len(s.form) == 0 || s.route == "POST /me/sessions" || s.route == "POST /attempts/:id/answers" || strings.HasPrefix(s.route, "POST /courses") {
				return &answer{t: t, Code: s.want, Header: http.Header{}} // without its fields it does something: an answer of none, all sessions
			}
			form := url.Values{}
			for name, values := range s.form {
				form[name+"["+operator+"]"] = values
			}
			cost := site.during(func() { answers[operator][s.route] = c.post(s.path, form) })
			a := answers[operator][s.route]
			if a.Code < 400 || a.Code >= 500 || len(cost.writes()) > 0 || len(a.Cookies) > 0 {
				t.Errorf("%s with fields such as %v: got %d, cookies %v, wrote %v", s.route, slices.Sorted(maps.Keys(form)), a.Code, a.Cookies, cost.writes())
			}
			return &answer{t: t, Code: s.want, Header: http.Header{}}
		})
	}
	for _, value := range operatorValues {
		for _, form := range []url.Values{signIn(value, demo.Password), signIn("rep@demo.test", value), signIn(value, value)} {
			if a := site.as("").post("/login", form); a.Code != http.StatusUnprocessableEntity && a.Code != http.StatusTooManyRequests || len(a.Cookies) > 0 {
				t.Errorf("signing in with %v: got %d, cookies %v", form, a.Code, a.Cookies)
			}
		}
		for _, path := range []string{"/team?team=", "/team?after=", "/team?state=", "/offerings/records-search?team=", "/offerings/records-search?after=", "/admin/people?after=", "/team/", "/attempts/", "/certificates/", "/verify/", "/welcome/"} {
			if a := site.as("manager@demo.test").get(path + url.QueryEscape(value)); a.Code < 400 || a.Code >= 500 {
				t.Errorf("%s%s: got %d, want a refusal", path, value, a.Code)
			}
		}
		found := site.as("admin@demo.test").get("/admin/people?q=" + url.QueryEscape(value)).want(http.StatusOK)
		if strings.Contains(found.text(), "rep2@demo.test") {
			t.Errorf("the search for %q finds somebody", value)
		}
		site.as("rep@demo.test").get("/search?q=" + url.QueryEscape(value)).want(http.StatusOK)
		site.as("rep@demo.test").get("/can-sell?" + url.Values{"turnaround": {value}, "scope": {value}, "on": {value}, value: {value}}.Encode()).want(http.StatusUnprocessableEntity)
	}
	for _, query := range []string{"q[$ne]=x", "q[$where]=1", "q[]=rep", "team[$ne]=x", "after[$gt]=", "state[$ne]=x"} {
		for _, path := range []string{"/admin/people", "/team", "/search", "/offerings/records-search"} {
			c := site.as("admin@demo.test")
			if d := difference(c.get(path), c.get(path+"?"+url.QueryEscape(query[:strings.Index(query, "=")])+query[strings.Index(query, "="):])); d != "" {
				t.Errorf("%s?%s means something: %s", path, query, d)
			}
		}
	}
}
