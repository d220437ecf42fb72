package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// linkWalkers follow all links from home. The last column is a page that
// they must have come to, so that a walk that finds nothing is seen.
var linkWalkers = []struct{ who, reaches string }{
	{"rep2@demo.test", "/certificates/"},
	{"manager@demo.test", "/team/"},
	{"author@demo.test", "/author"},
	{"admin@demo.test", "/admin/people"},
}

// A visitedSite remembers which paths were looked at from all sides, so that
// a page which all roles see alike is looked at so once.
type visitedSite map[string]bool

// crawlAsEverybody follows all links in light and dark, on the phone and at
// the desk: no page is wider than its window, or makes the browser complain.
func crawlAsEverybody(t *testing.T, b *browser) {
	site := newRig(t)
	played, playing := "/attempts/"+site.playFatally("rep2@demo.test", false)+"/result", "/attempts/"+site.beginPlay("rep9@demo.test", false)
	site.drain()
	known := visitedSite{}
	for _, c := range linkWalkers {
		seen := b.as(t, site, phone, c.who).tab().followLinks(c.who, known)
		if !slices.ContainsFunc(seen, func(path string) bool { return strings.HasPrefix(path, c.reaches) }) {
			t.Errorf("the crawl of %s did not come to %s: %q", c.who, c.reaches, seen)
		}
	}
	b.as(t, site, phone, "rep2@demo.test").open(played).fits("rep2@demo.test: debrief")
	b.as(t, site, phone, "manager@demo.test").open(played).fits("manager@demo.test: debrief")
	b.as(t, site, phone, "rep9@demo.test").open(playing).fits("rep9@demo.test: a scene")
	otherStates(t, b, site)
	newPerson(t, b, site)
	wrongTurns(t, b.as(t, site, phone, "rep@demo.test").tab())
}

// otherStates looks at pages that a crawl does not lead to, or that say
// something else to somebody in another state.
func otherStates(t *testing.T, b *browser, site *rig) {
	t.Helper()
	login := b.window(t, site, phone).open("/login")
	login.fits("/login")
	for _, one := range []struct{ who, from, link string }{
		{"rep4@demo.test", quizAt, "a[href$='/result']"},                 // failed
		{"rep9@demo.test", "/", "a[href^='/attempts/']"},                 // in the middle of it
		{"rep7@demo.test", "/certificates", "a[href^='/certificates/']"}, // expired
	} {
		tb := b.as(t, site, phone, one.who).open(one.from)
		tb.fits(one.who + ": " + one.from)
		path := evaluate[string](tb, `document.querySelector(%s).getAttribute("href")`, one.link)
		tb.visit(path)
		tb.fits(one.who + ": " + path)
		if tb.count("form.sheet") > 0 {
			tb.visit(path + "/review")
			tb.fits(one.who + ": " + path + "/review")
		}
	}
}

// newPerson looks at the list of people after one was added: it shows a link
// that is long and has no spaces.
func newPerson(t *testing.T, b *browser, site *rig) {
	t.Helper()
	tb := b.as(t, site, phone, "admin@demo.test").open("/admin/people")
	tb.write("#email", "someone.new@demo.test")
	tb.follow("form[method=post] button", "Add and make a link")
	tb.says("Hand over this link")
	tb.fits("/admin/people, one added")
	welcome := b.window(t, site, phone).open(evaluate[string](tb, `new URL(document.querySelector(".notice code").textContent).pathname`))
	welcome.says("Choose your password")
	welcome.fits("/welcome")
}

// followLinks follows the links of all pages from home on, and returns the
// paths.
func (tb *tab) followLinks(who string, known visitedSite) []string {
	tb.Helper()
	queue, queued := []string{"/"}, map[string]bool{"/": true}
	for n := 0; n < len(queue); n++ {
		path := queue[n]
		if status := tb.visit(path); status != http.StatusOK {
			tb.Errorf("%s: %s answers %d", who, path, status)
			continue
		}
		if known[path] {
			tb.noWider(who+": "+path, phone)
		} else {
			tb.fits(who + ": " + path)
		}
		known[path] = path != "/" // home is another one for every role
		for _, link := range tb.linksOf() {
			if shape := linkShape(link); !queued[shape] {
				queued[shape] = true
				queue = append(queue, link)
			}
		}
	}
	return queue
}

// linksOf are the paths of this site that the page links to.
func (tb *tab) linksOf() []string {
	tb.Helper()
	return evaluate[[]string](tb, `[...new Set([...document.querySelectorAll("a[href]:not([download])")].map((a) => new URL(a.href)).filter((u) => u.origin === location.origin).map((u) => u.pathname + u.search))]`)
}

// linkShape makes pages that differ in a person, attempt or certificate only
// one: of those a few are enough.
func linkShape(path string) string {
	for _, prefix := range []string{"/team/", "/attempts/", "/certificates/", "/verify/"} {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			return prefix + fmt.Sprint(rest[len(rest)-1]%2)
		}
	}
	return path
}

// fits looks at a page on the phone and at the desk, in the light and in the
// dark.
func (tb *tab) fits(page string) {
	tb.Helper()
	var grounds [2]string
	for i, scheme := range []string{"light", "dark"} {
		tb.do(schemed(scheme))
		grounds[i] = evaluate[string](tb, `getComputedStyle(document.body).backgroundColor`)
	}
	if grounds[0] == grounds[1] {
		tb.Errorf("%s: the ground is %s in the light and in the dark", page, grounds[0])
	}
	for _, s := range []screen{desk, phone} {
		tb.do(emulation.SetDeviceMetricsOverride(s.width, s.height, 1, s.phone))
		tb.noWider(page, s)
	}
	tb.do(schemed("light"))
}

// noWider looks whether a page fits the screen that it is shown on.
func (tb *tab) noWider(page string, s screen) {
	tb.Helper()
	if wide := evaluate[[]string](tb, tooWide, s.width); len(wide) > 0 {
		tb.Errorf("%s: wider than %d px: %q", page, s.width, wide)
	}
}

// tooWide names what makes a page wider than its window.
const tooWide = `((width) => document.documentElement.scrollWidth <= width ? [] :
	[...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 1).slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).concat("page"))(%s)`

// wrongTurns looks at the pages that say no.
func wrongTurns(t *testing.T, tb *tab) {
	t.Helper()
	tb.expect("404 (Not Found)", "403 (Forbidden)")
	for path, want := range map[string]int{"/nothing": 404, "/verify/nothing": 404, "/team": 403, "/attempts/nothing": 404} {
		if got := tb.visit(path); got != want {
			t.Errorf("%s answers %d, want %d", path, got, want)
		}
		tb.fits(path)
	}
}

// listeningTabHears proves that a tab fails its test for what it should.
func listeningTabHears(t *testing.T, b *browser) {
	tb := b.window(t, newRig(t), phone).open("/login")
	if list := tb.complaints(); len(list) > 0 {
		t.Fatalf("the sign-in page already makes the browser complain: %q", list)
	}
	tb.do(chromedp.Evaluate(`(() => {
		console.error("said an error");
		setTimeout(() => { throw new Error("thrown late"); });
		document.body.insertAdjacentHTML("beforeend", "<p style='width: 1000px'>wide</p>");
		new Image().src = "https://elsewhere.invalid/x.png";
		fetch("/nothing");
	})()`, nil))
	for _, what := range []string{"said an error", "thrown late", "Content Security Policy directive 'style-src", "elsewhere.invalid", "404 (Not Found)"} {
		if !tb.hears(what) {
			t.Errorf("the tab has not heard %q, only %q", what, tb.complaints())
		}
		tb.expect(what)
	}
	tb.do(chromedp.Evaluate(`document.querySelector("main").append(Object.assign(new Image(), { width: 700 }))`, nil))
	if evaluate[int](tb, `document.documentElement.scrollWidth`) > 390 && len(evaluate[[]string](tb, tooWide, 390)) == 0 {
		t.Error("a page that is too wide is not seen")
	}
}
