package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// everyone are the people whose sites differ: reps in each state of
// progress, and each role.
var everyone = []string{
	"", "rep@demo.test", "rep2@demo.test", "rep3@demo.test", "rep4@demo.test", "rep5@demo.test", "rep6@demo.test",
	"rep7@demo.test", "rep8@demo.test", "rep9@demo.test", "rep10@demo.test", "rep12@demo.test", "manager@demo.test", "manager2@demo.test",
	"author@demo.test", "sales@demo.test", "care@demo.test", "ops@demo.test", "admin@demo.test",
}

// TestCrawl follows every link and fetches every resource from the home page
// on, as everyone: nothing leads to an error or to a page that the reader may
// not see, every fragment names an id, and every page is put together well.
func TestCrawl(t *testing.T) {
	t.Parallel()
	site := newRig(t, withLook(namedLook))
	played, playing := "/attempts/"+site.playFatally("rep2@demo.test", false), "/attempts/"+site.beginPlay("rep9@demo.test", false)
	practising, ended := "/attempts/"+site.beginPlay("rep9@demo.test", true), "/attempts/"+site.playFatally("rep3@demo.test", true)
	site.drain()
	comesTo := map[string][]string{
		"rep2@demo.test": {callAt, played + "/result"}, "rep9@demo.test": {callAt, playing, practising}, "manager@demo.test": {played + "/result"},
	}
	fetched := map[string]bool{} // files, the same for all
	kinds := newKinds(t)
	for _, who := range everyone {
		c := &crawl{t: t, client: site.as(who), who: who, pages: map[string]*crawled{}, files: fetched, kinds: kinds, styled: readStyled(t)}
		c.page("/", "the start")
		if who == "rep3@demo.test" {
			c.page(ended+"/result", "nowhere") // no page leads back to a practice run that is over
		}
		c.fragments()
		for _, path := range comesTo[who] {
			if c.pages[path] == nil {
				t.Errorf("%s: the crawl did not come to %s", who, path)
			}
		}
		if least := 6; who != "" && len(c.pages) < least {
			t.Errorf("%s: the crawl found %d pages, want %d or more", who, len(c.pages), least)
		}
	}
	t.Run("html-validate", kinds.validate)
}

// TestCrawlVariants does the same where other forms show: a sign-off that
// waits, a certification that
// is enforced later or has no end, a path of two modules.
func TestCrawlVariants(t *testing.T) {
	t.Parallel()
	kinds := newKinds(t)
	for _, name := range []string{"signoff", "enforced-later", "without-end", "relaxed", "two-modules"} {
		site := newRig(t, withTree(variants[name](t)), withLook(namedLook))
		rep := site.as("rep@demo.test")
		page := rep.post("/quizzes/the-box-check/attempts", nil).want(http.StatusSeeOther).Header.Get("Location")
		rep.post(page+"/submit", site.answersTo(page, true)).want(http.StatusSeeOther)
		site.drain()
		for _, who := range []string{"rep@demo.test", "manager@demo.test"} {
			c := &crawl{t: t, client: site.as(who), who: name + ": " + who, pages: map[string]*crawled{}, files: map[string]bool{}, kinds: kinds}
			c.page("/", "the start")
			c.fragments()
		}
	}
	t.Run("html-validate", kinds.validate)
}

// A crawl is one reader's way through the site.
type crawl struct {
	t      *testing.T
	client *client
	who    string
	pages  map[string]*crawled
	files  map[string]bool
	links  []fragmentLink
	kinds  *kinds
	styled styled // where classes have rules
}

type crawled struct {
	ids map[string]bool
}

// A fragmentLink is a link to a place on a page.
type fragmentLink struct{ from, path, fragment string }

func (c *crawl) errorf(format string, args ...any) {
	c.t.Helper()
	c.t.Errorf("as %q: %s", c.who, fmt.Sprintf(format, args...))
}

// page fetches a page, once, and goes on from there.
func (c *crawl) page(path, from string) {
	if c.pages[path] != nil {
		return
	}
	c.pages[path] = &crawled{}
	a := c.client.get(path)
	for range 3 {
		if a.Code == http.StatusSeeOther {
			a = c.client.get(a.Header.Get("Location"))
		}
	}
	if a.Code != http.StatusOK {
		c.errorf("%s, linked from %s, is answered %d", path, from, a.Code)
		return
	}
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		c.errorf("%s, linked from %s, is %s", path, from, a.Header.Get("Content-Type"))
		return
	}
	c.kinds.add(c.who+" "+path, a)
	if got := a.Header.Get("Content-Security-Policy"); got != strictPolicy {
		c.errorf("%s has the content security policy %q, want %q", path, got, strictPolicy)
	}
	c.pages[path].ids = pageIDs(a)
	if classes := c.styled.missing(a); len(classes) > 0 {
		c.errorf("%s links no style sheet with rules for the classes %v", path, classes)
	}
	for _, problem := range wellMade(a.doc()) {
		c.errorf("%s: %s", path, problem)
	}
	for n := range a.doc().Descendants() {
		c.element(path, n)
	}
}

func pageIDs(a *answer) map[string]bool {
	ids := map[string]bool{}
	for n := range a.doc().Descendants() {
		if id := attr(n, "id"); n.Type == html.ElementNode && id != "" {
			ids[id] = true
		}
	}
	return ids
}

// element follows what an element refers to.
func (c *crawl) element(path string, n *html.Node) {
	if n.Type != html.ElementNode {
		return
	}
	switch {
	case n.Data == "a" && hasAttr(n, "download"): // a file that is made while one waits
	case n.Data == "a" && hasAttr(n, "href"):
		c.link(path, attr(n, "href"))
	case n.Data == "form" && strings.EqualFold(attr(n, "method"), "get"):
		c.link(path, attr(n, "action"))
	case n.Data == "link" || n.Data == "use":
		c.file(path, attr(n, "href"))
	case hasAttr(n, "src"):
		c.file(path, attr(n, "src"))
	}
}

func (c *crawl) link(from, href string) {
	u, ok := c.local(from, href)
	if !ok {
		return
	}
	target := u.Path
	if u.RawQuery != "" {
		target += "?" + u.RawQuery
	}
	if strings.HasPrefix(target, "/assets/") {
		c.file(from, target)
		return
	}
	c.page(target, from)
	if u.Fragment != "" {
		c.links = append(c.links, fragmentLink{from, target, u.Fragment})
	}
}

// local resolves a reference; what leads elsewhere must be an https link.
func (c *crawl) local(from, ref string) (*url.URL, bool) {
	base, err := url.Parse(from)
	if err != nil {
		c.t.Fatal(err)
	}
	u, err := base.Parse(ref)
	if err != nil || ref == "" {
		c.errorf("%s: the reference %q can't be read: %v", from, ref, err)
		return nil, false
	}
	if u.Host != "" || u.Scheme != "" {
		if u.Scheme != "https" && u.Scheme != "mailto" {
			c.errorf("%s: %q leads to another site without https", from, ref)
		}
		return nil, false
	}
	return u, true
}

// file fetches a resource, once for all readers.
func (c *crawl) file(from, ref string) {
	u, ok := c.local(from, ref)
	if !ok {
		c.errorf("%s loads %q from elsewhere", from, ref)
		return
	}
	key := u.Path + "#" + u.Fragment
	if c.files[key] {
		return
	}
	c.files[key] = true
	a := c.client.get(u.Path)
	if a.Code != http.StatusOK || a.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		c.errorf("%s, loaded by %s, is answered %d, Cache-Control %q", u.Path, from, a.Code, a.Header.Get("Cache-Control"))
	}
	if u.Fragment != "" && !strings.Contains(a.Body, `id="`+u.Fragment+`"`) {
		c.errorf("%s: %s has no part with the id %q", from, u.Path, u.Fragment)
	}
}

// fragments holds that every fragment that was linked to is there.
func (c *crawl) fragments() {
	for _, l := range c.links {
		if target := c.pages[l.path]; target.ids != nil && !target.ids[l.fragment] {
			c.errorf("%s links to %s#%s, and there is no such id", l.from, l.path, l.fragment)
		}
	}
}

// wellMade lists what is wrong with how a page is put together.
func wellMade(doc *html.Node) (problems []string) {
	say := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	ids, labels := map[string]int{}, map[string]bool{}
	count := map[string]int{}
	var refs []string
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Namespace == "" { // a drawing has a title of its own
			count[n.Data]++
		}
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		if n.Data == "label" {
			labels[attr(n, "for")] = true
		}
		for _, name := range []string{"aria-labelledby", "aria-describedby"} {
			refs = append(refs, strings.Fields(attr(n, name))...)
		}
		if hasAttr(n, "style") || strings.HasPrefix(attr(n, "href"), "javascript:") || n.Data == "style" || n.Data == "script" && (!hasAttr(n, "src") || strings.TrimSpace(textRaw(n)) != "") {
			say("<%s> has inline style or script, which the policy forbids", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				say("<%s> has the inline handler %s", n.Data, a.Key)
			}
		}
		if n.Data == "html" && attr(n, "lang") == "" {
			say("<html> has no lang")
		}
		if n.Data == "title" && strings.TrimSpace(strings.Split(textOf(n), "·")[0]) == "" {
			say("the title is empty")
		}
		if n.Data == "button" && !hasAttr(n, "type") && !within(n, "form") {
			say("<button>%s is in no form and has no type", textOf(n))
		}
		if n.Data == "fieldset" && attr(n, "aria-labelledby") == "" && (firstElement(n) == nil || firstElement(n).Data != "legend") {
			say("<fieldset class=%q> has no legend, and no heading names it", attr(n, "class"))
		}
		if n.Data == "img" && !hasAttr(n, "alt") {
			say("<img src=%q> has no alt", attr(n, "src"))
		}
		if (n.Data == "a" || n.Data == "button" || n.Data == "summary") && nameless(n) {
			say("<%s href=%q> has no text", n.Data, attr(n, "href"))
		}
	}
	for n := range doc.Descendants() {
		if isControl(n) && !labelled(n, labels) {
			say("<%s name=%q> has no label", n.Data, attr(n, "name"))
		}
	}
	for _, one := range []string{"h1", "title", "main", "html"} {
		if count[one] != 1 {
			say("there are %d <%s>, want 1", count[one], one)
		}
	}
	for id, n := range ids {
		if n > 1 {
			say("the id %q is there %d times", id, n)
		}
	}
	for _, ref := range refs {
		if ids[ref] == 0 {
			say("an element is named by the id %q, which is not there", ref)
		}
	}
	slices.Sort(problems)
	return slices.Compact(problems)
}

func nameless(n *html.Node) bool {
	return strings.TrimSpace(textRaw(n)) == "" && attr(n, "aria-label") == ""
}

func isControl(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	switch n.Data {
	case "select", "textarea":
		return true
	case "input":
		return !slices.Contains([]string{"hidden", "submit", "button", "image", "reset"}, attr(n, "type"))
	}
	return false
}

func labelled(n *html.Node, labels map[string]bool) bool {
	if attr(n, "aria-label") != "" || attr(n, "aria-labelledby") != "" || attr(n, "id") != "" && labels[attr(n, "id")] {
		return true
	}
	return within(n, "label")
}

// within reports whether an element of this name holds the node.
func within(n *html.Node, name string) bool {
	for p := range n.Ancestors() {
		if p.Type == html.ElementNode && p.Data == name {
			return true
		}
	}
	return false
}

func firstElement(n *html.Node) *html.Node {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode {
			return c
		}
	}
	return nil
}

// TestWellMadeFindsFaults proves that the crawl sees what is wrong.
func TestWellMadeFindsFaults(t *testing.T) {
	t.Parallel()
	const good = `<!doctype html><html lang="en"><title>A</title><main><h1 id="a">A</h1><label>x <input name="x"></label></main></html>`
	for body, want := range map[string]string{
		good: "",
		strings.Replace(good, ` lang="en"`, "", 1):                                "no lang",
		strings.Replace(good, "<title>A", "<title> · insidebox", 1):               "the title is empty",
		strings.Replace(good, "<h1 id=\"a\">A</h1>", "", 1):                       "0 <h1>",
		strings.Replace(good, "</main>", "<p id=a></p></main>", 1):                `the id "a" is there 2 times`,
		strings.Replace(good, "</main>", "<input name=y></main>", 1):              `<input name="y"> has no label`,
		strings.Replace(good, "</main>", "<a href=/x></a></main>", 1):             "has no text",
		strings.Replace(good, "</main>", "<img src=/x></main>", 1):                "has no alt",
		strings.Replace(good, "</main>", `<p style="a"></main>`, 1):               "inline style",
		strings.Replace(good, "</main>", `<p onclick="a"></main>`, 1):             "inline handler",
		strings.Replace(good, "</main>", `<script>a()</script>`, 1):               "inline style or script",
		strings.Replace(good, "</main>", `<style>a{}</style>`, 1):                 "inline style or script",
		strings.Replace(good, "</main>", `<p aria-labelledby=q>`, 1):              `the id "q", which is not there`,
		strings.Replace(good, "</main>", `<button>b</button></main>`, 1):          "is in no form and has no type",
		strings.Replace(good, "</main>", `<fieldset>b</fieldset>`, 1):             "has no legend",
		strings.Replace(good, "</main>", `<textarea></textarea>`, 1):              "<textarea",
		strings.Replace(good, "</main>", `<select name=s></select>`, 1):           "<select",
		strings.Replace(good, "</main>", "<svg><title>B</title></svg></main>", 1): "",
		strings.Replace(good, "</main>", "<title>B</title></main>", 1):            "2 <title>",
	} {
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(wellMade(doc), "\n")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", body, got, want)
		}
	}
}
