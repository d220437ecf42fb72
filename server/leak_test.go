package server_test

import (
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"
)

// flipped is the sample library with other keys: in every item as many
// choices are right as before, but others; the reasons are gone and the
// feedback says something else. Scenarios lead to the same scenes with other
// effects: see flipScenario. Nothing that a learner sees before she submits, or
// before her first choice, has changed.
func flipped(t testing.TB) fs.FS {
	t.Helper()
	tree := sampleFiles(t)
	for path, file := range tree {
		switch {
		case strings.HasSuffix(path, ".scenario.md"):
			tree[path] = &fstest.MapFile{Data: []byte(flipScenario(string(file.Data)))}
		case strings.Contains(path, "courses/") && strings.HasSuffix(path, ".md"):
			tree[path] = &fstest.MapFile{Data: []byte(flipItems(string(file.Data)))}
		}
	}
	return tree
}

var (
	choices = regexp.MustCompile(`(?m)(?:^- \[[ x]\] .*\n(?:^ +> .*\n)*)+`)
	choice  = regexp.MustCompile(`(?m)^- \[([ x])\] (.*)\n(?:^ +> .*\n)*`)
)

// flipItems moves the marks of every list of choices on by one, cuts the
// reasons, and rewrites the feedback that follows the list.
func flipItems(text string) string {
	var b strings.Builder
	from := 0
	for _, at := range choices.FindAllStringIndex(text, -1) {
		b.WriteString(text[from:at[0]])
		list := choice.FindAllStringSubmatch(text[at[0]:at[1]], -1)
		for i, c := range list {
			before := list[(i+len(list)-1)%len(list)]
			b.WriteString("- [" + before[1] + "] " + c[2] + "\n")
		}
		from = at[1]
		if rest := text[from:]; strings.HasPrefix(rest, "\n> ") {
			b.WriteString("\n> Something else is said here.\n")
			from += 1 + strings.Index(rest[1:], "\n") + 1
		}
	}
	return b.String() + text[from:]
}

// TestKeysStayInside holds that until an attempt is submitted, every byte
// that leaves the server is the same whatever the key, the reasons and the
// feedback are.
func TestKeysStayInside(t *testing.T) {
	t.Parallel()
	const base = "http://learn.insidebox.test"
	two := twins{t: t, a: newRig(t, withBase(base)), b: newRig(t, withTree(flipped(t)), withBase(base))}
	two.differentKeys()
	// Not the author, who wrote the key and is told of its faults.
	for _, who := range []string{"", "rep@demo.test", "rep2@demo.test", "rep4@demo.test", "rep7@demo.test", "rep9@demo.test", "manager@demo.test", "care@demo.test", "admin@demo.test"} {
		two.as(who)
		two.readAll()
	}
	two.as("rep@demo.test")
	two.searchAll()
	two.takeQuiz()
}

// searchAll looks for every title, stem, choice, reason and feedback: whatever
// is found is the same whatever the key is, and never the quiz.
func (w *twins) searchAll() {
	w.t.Helper()
	asked := map[string]bool{}
	for _, q := range w.a.Prog.Shelf.Library().Quizzes() {
		for _, it := range q.Items {
			texts := []string{it.Title, it.Stem, it.Feedback}
			for _, o := range it.Options {
				texts = append(texts, o.Text, o.Reason)
			}
			for _, text := range texts {
				words := strings.Fields(tags.ReplaceAllString(text, " "))
				asked[strings.Join(words[:min(len(words), 6)], " ")] = true
			}
		}
	}
	if len(asked) < 100 {
		w.t.Errorf("%d texts of quizzes were looked for, want 100 or more", len(asked))
	}
	for text := range asked {
		for _, how := range []string{"", "fetch"} {
			w.as(w.who)
			w.ca, w.cb = w.ca.with("X-Requested-With", how), w.cb.with("X-Requested-With", how)
			a := w.both(func(c *client) *answer { return c.get("/search?q=" + url.QueryEscape(text)) }).want(http.StatusOK)
			for _, secret := range []string{`href="/quizzes/`, `href="/scenarios/`, `href="/attempts/`} {
				a.silent(secret)
			}
		}
	}
	w.as(w.who)
}

var tags = regexp.MustCompile(`<[^>]*>`)

// twins are two sites that are asked the same.
type twins struct {
	t        *testing.T
	a, b     *rig
	ca, cb   *client
	who      string
	compared int
}

func (w *twins) as(who string) {
	w.who, w.ca, w.cb = who, w.a.as(who), w.b.as(who)
}

// differentKeys proves that the twins do differ in every key, and in no more
// than a learner must not see.
func (w *twins) differentKeys() {
	w.t.Helper()
	la, lb := w.a.Prog.Shelf.Library(), w.b.Prog.Shelf.Library()
	for i, q := range la.Quizzes() {
		for j, it := range q.Items {
			other := lb.Quizzes()[i].Items[j]
			if it.ID != other.ID || slices.Equal(it.Key(), other.Key()) || len(it.Key()) != len(other.Key()) || it.Stem != other.Stem || it.Rev == other.Rev {
				w.t.Fatalf("item %s is not flipped as it should be: keys %v and %v", it.ID, it.Key(), other.Key())
			}
			if it.Feedback != "" && it.Feedback == other.Feedback {
				w.t.Fatalf("the feedback of item %s is the same", it.ID)
			}
		}
	}
	checks := 0
	for i, ls := range la.Lessons() {
		for j, it := range ls.Checks {
			checks++
			if slices.Equal(it.Key(), lb.Lessons()[i].Checks[j].Key()) {
				w.t.Fatalf("self-check %d of %s is not flipped", j+1, ls.ID)
			}
		}
	}
	if checks == 0 || len(la.Quizzes()) == 0 {
		w.t.Fatal("there is nothing to flip")
	}
}

// both asks both and compares.
func (w *twins) both(ask func(*client) *answer) *answer {
	w.t.Helper()
	a, b := ask(w.ca), ask(w.cb)
	if d := difference(a, b); d != "" {
		w.t.Errorf("as %q: %s depends on the key: %s", w.who, a.Asked, d)
	}
	w.noHashes(a)
	w.compared++
	return a
}

// noHashes holds that nothing computed from a key is in the answer. A
// certificate names the release on purpose: it comes after the submit.
func (w *twins) noHashes(a *answer) {
	w.t.Helper()
	if strings.Contains(a.Asked, " /certificates/") || strings.Contains(a.Asked, " /verify/") {
		return
	}
	lib := w.a.Prog.Shelf.Library()
	hashes := []string{lib.Hash}
	for _, q := range lib.Quizzes() {
		hashes = append(hashes, q.Rev)
		for _, it := range q.Items {
			hashes = append(hashes, it.Rev)
		}
	}
	for _, sc := range lib.Scenarios() {
		hashes = append(hashes, sc.Rev)
	}
	var all strings.Builder
	_ = a.Header.Write(&all)
	all.WriteString(a.Body)
	for _, h := range hashes {
		if strings.Contains(all.String(), h[:8]) {
			w.t.Errorf("as %q: %s holds the hash %s, which depends on the key", w.who, a.Asked, h[:12])
		}
	}
}

// readAll follows every link of both at the same time, but for the author's
// page, which names the release, and for what tells how busy the program is.
func (w *twins) readAll() {
	w.t.Helper()
	seen, todo := map[string]bool{}, []string{"/"}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		if seen[path] || path == "/author" || strings.HasPrefix(path, "/admin/profiles") || strings.HasPrefix(path, "http") {
			continue
		}
		seen[path] = true
		a := w.both(func(c *client) *answer { return c.get(path) })
		if to := a.Header.Get("Location"); to != "" {
			todo = append(todo, to)
		}
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for n := range a.doc().Descendants() {
			if n.Type == html.ElementNode && n.Data == "a" {
				href, _, _ := strings.Cut(attr(n, "href"), "#")
				if strings.HasPrefix(href, "/") {
					todo = append(todo, href)
				}
			}
		}
	}
}

// takeQuiz takes the quiz up to the submit, with everything that can go wrong.
func (w *twins) takeQuiz() {
	w.t.Helper()
	w.as("rep3@demo.test")
	post := func(path string, form url.Values) *answer {
		w.t.Helper()
		return w.both(func(c *client) *answer { return c.post(path, form) })
	}
	get := func(path string) *answer {
		w.t.Helper()
		return w.both(func(c *client) *answer { return c.get(path) })
	}
	page := post("/quizzes/the-box-check/attempts", nil).want(http.StatusSeeOther).Header.Get("Location")
	get("/quizzes/the-box-check").says("Continue")
	f := get(page).want(http.StatusOK).form(page + "/answers")
	for _, n := range get(page).all("section.question") {
		item := attr(n, "data-item")
		options := optionsOf(n)
		form := url.Values{"q." + item: options[:1], "rev." + item: {"0"}}
		w.ca, w.cb = w.ca.with("X-Requested-With", "fetch"), w.cb.with("X-Requested-With", "fetch")
		post(page+"/answers", form).want(http.StatusNoContent)
		form["q."+item] = options[1:2]
		post(page+"/answers", form).want(http.StatusConflict)
		w.as(w.who)
		post(page+"/answers", form).want(http.StatusConflict)
		form["q."+item] = []string{"nothing"}
		post(page+"/answers", form).want(http.StatusUnprocessableEntity)
	}
	get(page).says("17 of 17 answered")
	get(page + "/review").want(http.StatusOK)
	get("/").says("You were in the middle of it")
	get("/team").want(http.StatusForbidden)
	w.as("")
	post(page+"/submit", f.values).want(http.StatusUnauthorized)
	w.as("rep3@demo.test")
	f = get(page).form(page + "/answers")
	a, b := w.ca.post(page+"/submit", f.values), w.cb.post(page+"/submit", f.values)
	if a, b = w.ca.follow(a), w.cb.follow(b); difference(a, b) == "" {
		w.t.Error("the results are the same though the keys differ: this test sees nothing")
	}
	if w.compared < 200 {
		w.t.Errorf("%d answers were compared, want 200 or more", w.compared)
	}
}

// optionsOf are the values that a question offers.
func optionsOf(question *html.Node) (values []string) {
	for n := range question.Descendants() {
		if kind := attr(n, "type"); n.Type == html.ElementNode && (kind == "radio" || kind == "checkbox") {
			values = append(values, attr(n, "value"))
		}
	}
	return values
}

// TestManagersSeeNoKey: a manager reads how her rep answered, also where the
// rep herself is told all, and neither what was right nor why.
func TestManagersSeeNoKey(t *testing.T) {
	t.Parallel()
	site := newRig(t, withTree(variants["relaxed"](t)))
	for _, right := range []bool{true, false} {
		rep := site.as("rep@demo.test")
		if !right {
			rep = site.as("rep11@demo.test")
		}
		page := rep.post("/quizzes/the-box-check/attempts", nil).want(http.StatusSeeOther).Header.Get("Location")
		rep.post(page+"/submit", site.answersTo(page, right)).leadsTo(page + "/result")
		hers := rep.get(page + "/result").want(http.StatusOK)
		theirs := site.as(map[bool]string{true: "manager@demo.test", false: "manager2@demo.test"}[right]).get(page + "/result").want(http.StatusOK)
		a, err := site.Prog.Attempt(t.Context(), strings.TrimPrefix(page, "/attempts/"))
		site.must(err)
		items, err := site.Prog.Items(t.Context(), a)
		site.must(err)
		if len(hers.all("li.opt.key")) == 0 || len(theirs.all("li.opt.key")) > 0 {
			t.Errorf("all right: %v: the key is marked %d times for her and %d times for her manager", right, len(hers.all("li.opt.key")), len(theirs.all("li.opt.key")))
		}
		told := 0
		for _, it := range items {
			secrets := []string{it.Feedback}
			for _, o := range it.Options {
				if o.Right && right { // of what was wrong all choices are listed, as the question had them
					secrets = append(secrets, o.Text)
				}
			}
			for _, secret := range secrets {
				if len(secret) < 25 { // a time or a number may stand elsewhere, too
					continue
				}
				if strings.Contains(hers.Body, secret) {
					told++
				}
				theirs.silent(secret)
			}
		}
		if told < 5 {
			t.Errorf("all right: %v: the rep herself is told %d of the keys, want 5 or more: this test sees nothing", right, told)
		}
	}
}
