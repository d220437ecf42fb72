package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

// A world is a site with a browser for each visitor, and names for what the
// policy's paths speak of.
type world struct {
	*rig
	browsers map[string]*client
	vars     map[string]string
}

// newWorld adds one who is demoted while she is signed in, and two sessions
// that are ended from another device.
func newWorld(t testing.TB, variant string, options ...option) *world {
	t.Helper()
	if variant != "" {
		options = append(options, withTree(variants[variant](t)))
	}
	w := &world{rig: newRig(t, options...), browsers: map[string]*client{}}
	for _, who := range visitors {
		switch who {
		case "nobody", "ended", "swept":
			w.browsers[who] = w.as("nobody")
		case "demoted":
			w.browsers[who] = w.demote()
		default:
			w.browsers[who] = w.as(who + "@demo.test")
		}
	}
	w.endElsewhere()
	w.vars = w.names()
	return w
}

// endElsewhere signs somebody in on two more devices and ends both sessions
// from her first one: one with all others that there are, the other by its name.
func (w *world) endElsewhere() {
	w.Helper()
	const email = "rep12@demo.test"
	here := w.as(email)
	for _, who := range []string{"swept", "ended"} {
		p, cookie, err := w.People.OpenSession(w.Context(), w.person(email).ID, "Firefox/140 Android")
		w.must(err)
		name, _ := w.cookie(email)
		there := w.browsers[who]
		there.cookies[name] = cookie
		there.get("/me").want(http.StatusOK)
		form := url.Values{}
		if who == "ended" {
			form.Set("session", p.Sessions[len(p.Sessions)-1].ID)
		}
		here.post("/me/sessions", form).leadsTo("/me?done=ended")
		there.cookies[name] = cookie // a browser that doesn't know yet
	}
	here.get("/me").want(http.StatusOK)
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
	for _, name := range []string{"rep2", "rep5", "rep7", "rep10", "manager", "author"} {
		vars[name] = w.person(name + "@demo.test").ID
	}
	vars["played"], vars["practised"] = w.playFatally("rep2@demo.test", false), w.playFatally("rep2@demo.test", true)
	vars["playing"], vars["practising"] = w.beginPlay("rep9@demo.test", false), w.beginPlay("rep9@demo.test", true)
	accounts, _, err := w.Prog.MyAccounts(w.Context(), vars["rep2"], 1)
	w.must(err)
	vars["account"] = accounts[0].ID
	vars["request"], vars["decided"] = w.requestWith("12 hours").ID, w.requestWith("storm").ID
	vars["handoff"], vars["handedover"] = w.handoffWith("Thursdays").ID, w.handoffWith("every loan").ID
	vars["briefwaits"], vars["briefback"] = w.briefWith("Peoria").ID, w.briefWith("storm season").ID
	vars["briefon"], vars["briefover"] = w.briefWith("They stay").ID, w.briefWith("compliance").ID
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
