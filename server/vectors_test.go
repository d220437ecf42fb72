package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/insidebox/insidebox/programme/demo"
)

// vectors are texts that have run as a script somewhere.
var vectors = []string{
	`<script>alert(1)</script>`, `</script><script>alert(1)</script>`, `</title><script>alert(1)</script>`, `</textarea><script>alert(1)</script>`, `</option></select><script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`, `'><img src=x onerror=alert(1)>`, `" onmouseover="alert(1)`, `' onfocus='alert(1)' autofocus='`, "` onmouseover=alert(1) `",
	`<svg/onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><animate onbegin=alert(1) attributeName=x>`, `<svg><a xlink:href="javascript:alert(1)"><text y=9>x</text></a>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<iframe srcdoc="<script>alert(1)</script>">`, `<iframe src=javascript:alert(1)>`, `<object data="data:text/html,<script>alert(1)</script>">`, `<embed src="javascript:alert(1)">`,
	`<a href="javascript:alert(1)">x</a>`, `<a href="java&#x09;script:alert(1)">x</a>`, `javascript:alert(1)`, `javascript&colon;alert(1)`, `java&Tab;script&colon;alert(1)`, `data:text/html,<script>alert(1)</script>`, `vbscript:msgbox(1)`,
	`[x](javascript:alert(1))`, `[x](javascript&colon;alert(1))`, `[x](data:text/html;base64,PHNjcmlwdD4=)`, `![x](javascript:alert(1))`, `<javascript:alert(1)>`, `[x]( "onclick=alert(1)")`,
	`<base href=//evil.example>`, `<meta http-equiv=refresh content="0;url=javascript:alert(1)">`, `<link rel=stylesheet href=//evil.example>`, `<style>@import'//evil.example'</style>`, `<form action=//evil.example><button>x`,
	`<details open ontoggle=alert(1)>`, `<body onload=alert(1)>`, `<input autofocus onfocus=alert(1)>`, `<x onclick=alert(1)>`, `<!--><img src=x onerror=alert(1)>-->`, `<![CDATA[<script>alert(1)</script>]]>`, `<?xml-stylesheet href="javascript:alert(1)"?>`,
	`&lt;script&gt;alert(1)&lt;/script&gt;`, `&#60;script&#62;alert(1)`, `%3Cscript%3Ealert(1)%3C/script%3E`, `\u003cscript\u003ealert(1)`, `+ADw-script+AD4-alert(1)`, "\u2028<script>alert(1)</script>", "＜script＞alert(1)＜/script＞", "<scr\u00adipt>alert(1)</scr\u00adipt>", "\u202e>tpircs<", "<ſcript>alert(1)</ſcript>", `<scr<script>ipt>alert(1)</script>`,
	`{{7*7}}{{constructor.constructor('alert(1)')()}}`, `${alert(1)}`, `<%= alert(1) %>`, `#{alert(1)}`, `{{template "page"}}`, `{{define "page"}}{{end}}`, `{onclick=alert(1)}`, `%s%d%!`,
}

// harmful lists what in a page could run, load or send something that is not
// this site's own.
func harmful(doc *html.Node) (problems []string) {
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script":
			if !strings.HasPrefix(attr(n, "src"), "/static/") || strings.TrimSpace(textRaw(n)) != "" {
				problems = append(problems, "a script that is not ours")
			}
		case "link":
			if !strings.HasPrefix(attr(n, "href"), "/static/") {
				problems = append(problems, "loads "+attr(n, "href"))
			}
		case "style", "iframe", "frame", "object", "embed", "applet", "base", "animate", "set", "foreignobject", "math", "portal", "noscript":
			problems = append(problems, "a <"+n.Data+">")
		case "meta":
			if hasAttr(n, "http-equiv") {
				problems = append(problems, "a <meta http-equiv>")
			}
		}
		for _, a := range n.Attr {
			problems = append(problems, harmfulAttr(n.Data, a)...)
		}
	}
	slices.Sort(problems)
	return slices.Compact(problems)
}

// harmfulAttr judges one attribute.
func harmfulAttr(tag string, a html.Attribute) (problems []string) {
	if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" {
		return []string{fmt.Sprintf("<%s %s=%q>", tag, a.Key, a.Val)}
	}
	if !slices.Contains([]string{"href", "src", "action", "formaction", "poster", "data", "srcset", "background", "ping", "cite"}, a.Key) {
		return nil
	}
	u, err := url.Parse(strings.TrimSpace(a.Val))
	fine := err == nil && u.Host == "" && u.Scheme == "" && !strings.HasPrefix(u.Path, "//") && !strings.Contains(u.Path, `\`)
	if tag == "a" && err == nil && (u.Scheme == "https" || u.Scheme == "mailto") {
		fine = u.Hostname() != "evil.example"
	}
	if !fine {
		return []string{fmt.Sprintf("<%s %s=%q>", tag, a.Key, a.Val)}
	}
	return nil
}

// TestHarmfulIsSeen proves that the judge sees what must not be.
func TestHarmfulIsSeen(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`<script>x()</script>`, `<script src="//evil.example/x.js"></script>`, `<p onclick="x">`, `<a href="javascript:x">`, `<a href=" java&#x09;script:x">`, `<a href="data:x">`, `<form action="//evil.example">`,
		`<button formaction="https://evil.example">`, `<iframe>`, `<svg><animate>`, `<p style="x">`, `<base href="/x">`, `<img src="https://evil.example/x">`, `<link href="//evil.example">`, `<meta http-equiv="refresh">`, `<svg><a xlink:href="javascript:x">`,
	} {
		doc, err := html.Parse(strings.NewReader("<!doctype html><body>" + body))
		if err != nil {
			t.Fatal(err)
		}
		if len(harmful(doc)) == 0 {
			t.Errorf("%s is let pass", body)
		}
	}
	site := newRig(t)
	if got := harmful(site.as("rep@demo.test").get("/courses/onboarding/the-box/reading-a-box").doc()); len(got) > 0 {
		t.Errorf("an ordinary page: %v", got)
	}
}

// TestScriptsOfPeople puts every vector into everything that people type or
// their browsers send, and looks at every page that shows it.
func TestScriptsOfPeople(t *testing.T) {
	t.Parallel()
	site := newRig(t, withTree(variants["signoff"](t)))
	const known = "/team/"
	manager, admin := site.as("manager@demo.test"), site.as("admin@demo.test")
	rep5 := known + site.person("rep5@demo.test").ID
	shown := map[string]int{}
	for i, vector := range vectors {
		look := func(a *answer) {
			t.Helper()
			if a.Code >= 500 {
				t.Errorf("%s with %q: %d", a.Asked, vector, a.Code)
			}
			if got := harmful(a.doc()); len(got) > 0 {
				t.Errorf("%s with %q: %v", a.Asked, vector, got)
			}
			folded := strings.Join(strings.Fields(strings.ReplaceAll(vector, "\u2028", " ")), " ")
			for n := range a.doc().Descendants() {
				if n.Type == html.TextNode && strings.Contains(strings.Join(strings.Fields(n.Data), " "), folded) || attr(n, "value") == vector {
					path, _, _ := strings.Cut(a.Asked, "?")
					shown[path]++
					break
				}
			}
		}
		rep := site.as("rep4@demo.test").with("User-Agent", strings.Map(printableASCII, vector))
		name := url.Values{"first": {vector}, "last": {vector}}
		look(rep.post("/me", name))
		look(rep.post("/me", url.Values{"first": {vector}, "zone": {vector}, "language": {vector}}))
		look(rep.post("/login", signIn("rep4@demo.test", demo.Password)))
		for _, path := range []string{"/", "/me", "/courses/onboarding/the-box/reading-a-box", "/offerings/records-search", "/search?q=" + url.QueryEscape(vector), "/can-sell?" + url.Values{"turnaround": {vector}, "scope": {vector}, "on": {vector}, vector: {vector}}.Encode(), "/?done=" + url.QueryEscape(vector)} {
			look(rep.get(path))
		}
		look(manager.post(rep5+"/grants", url.Values{"quiz": {"the-box-check"}, "known": {fmt.Sprint(i)}, "note": {vector}}))
		look(manager.post(rep5+"/signoffs", url.Values{"certification": {"sell-records-search"}, "known": {fmt.Sprint(i)}, "note": {vector}}))
		look(manager.post(rep5+"/grants", url.Values{"quiz": {vector}, "known": {"0"}}))
		for _, path := range []string{"/team", "/team?team=" + url.QueryEscape(vector), known + site.person("rep4@demo.test").ID, rep5, "/offerings/records-search"} {
			look(manager.get(path))
		}
		for _, form := range []url.Values{{"email": {vector}, "first": {vector}, "last": {vector}, "team": {vector}, "roles": {vector}}, {"email": {fmt.Sprintf("x%d@x.test", i)}, "first": {vector}, "last": {vector}}} {
			look(admin.post("/admin/people", form))
		}
		look(admin.get("/admin/people?q=" + url.QueryEscape(vector)))
		nobody := site.as("")
		look(nobody.get("/login?next=" + url.QueryEscape("/"+vector)))
		look(nobody.post("/login", url.Values{"email": {vector}, "password": {vector}, "next": {"/" + vector}, "carry." + vector: {vector}}))
		look(nobody.post("/attempts/x/answers", url.Values{"q." + vector: {vector}, vector: {vector}}))
		look(nobody.post("/attempts/"+url.PathEscape(vector)+"/submit", url.Values{"q.a": {vector}}))
		look(nobody.get("/" + url.PathEscape(vector)).want(http.StatusNotFound))
		look(nobody.get("/verify/" + url.PathEscape(vector)))
	}
	for _, path := range []string{"GET /", "GET /me", "GET /search", "GET /admin/people", "GET /team", "GET " + rep5, "POST /admin/people", "POST /login", "POST /me"} {
		if shown[path] < len(vectors)/3 {
			t.Errorf("%s showed %d of %d texts as they are: this test sees too little", path, shown[path], len(vectors))
		}
	}
}

// printableASCII is what may stand in a header.
func printableASCII(r rune) rune {
	if r < 0x20 || r > 0x7e {
		return '?'
	}
	return r
}
