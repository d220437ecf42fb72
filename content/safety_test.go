package content

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// allowedHTML lists every element that rendered text may hold, with its
// attributes. What isn't here must not come out, whatever goes in.
var allowedHTML = map[string][]string{
	"p": {"class"}, "br": nil, "hr": nil, "strong": nil, "em": nil, "del": nil, "code": {"class"},
	"pre": {"class", "tabindex"}, "span": {"class", "role", "aria-label"}, "sup": {"id"},
	"h1": {"id"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
	"ul": nil, "ol": {"start"}, "li": {"id"}, "dl": nil, "dt": nil, "dd": nil,
	"blockquote": {"cite"}, "div": {"class", "role", "tabindex"}, "figure": {"class"}, "figcaption": nil,
	"table": nil, "thead": nil, "tbody": nil, "tr": nil, "th": {"align"}, "td": {"align"},
	"a":   {"href", "title", "class", "rel", "role"},
	"img": {"src", "alt", "width", "height", "loading"},
}

// Classes and roles are ours; only a language may come from the author.
var allowedClass = regexp.MustCompile(`^(|figure|chroma|alert alert-[a-z]+|alert-title|clause-quote|table|task|footnotes|footnote-ref|footnote-backref|language-.*|[a-z0-9]{1,3})$`)

var allowedAddress = regexp.MustCompile(`^(/$|/(changes|courses|quizzes|offerings|practices|certifications|assets)([/#]|$)|#|(?i:https?://[^/@]|mailto:))`)

// judgeHTML finds what must not be in rendered text.
func judgeHTML(text string) error {
	tokens := html.NewTokenizer(strings.NewReader(text))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			if err := tokens.Err(); !errors.Is(err, io.EOF) {
				return err
			}
			return nil
		case html.CommentToken, html.DoctypeToken:
			return fmt.Errorf("a comment or doctype: %s", tokens.Raw())
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := judgeTag(tokens.Token()); err != nil {
				return err
			}
		}
	}
}

func judgeTag(tag html.Token) error {
	attributes, known := allowedHTML[tag.Data]
	if !known {
		return fmt.Errorf("an element %s", tag)
	}
	for _, a := range tag.Attr {
		switch {
		case !slices.Contains(attributes, a.Key):
			return fmt.Errorf("an attribute %s in %s", a.Key, tag)
		case (a.Key == "href" || a.Key == "cite") && !allowedAddress.MatchString(a.Val):
			return fmt.Errorf("an address %q in %s", a.Val, tag)
		case a.Key == "src" && !strings.HasPrefix(a.Val, "/assets/"):
			return fmt.Errorf("an image %q in %s", a.Val, tag)
		case a.Key == "class" && !allowedClass.MatchString(a.Val):
			return fmt.Errorf("a class %q in %s", a.Val, tag)
		}
	}
	return nil
}

// smallLibrary and smallOffering are as little as a lesson can lean on.
const (
	smallLibrary  = "---\ncompany: A\ntitle: B\ntime-zone: UTC\ncalendar: {week: mon-fri, hours: \"08:00-18:00\"}\ndimensions:\n  turnaround: {kind: no-more-than, unit: h, label: C}\n---\n"
	smallOffering = "---\nid: records-search\ntitle: Records <search>\nowner: operations\ntiers: [{name: nationwide, turnaround: 24h}]\n---\nText.\n\n## Turnaround\n\nThe *clock* & more.\n\n### Its end\n\nText.\n"
)

// renderAnything renders Markdown as a lesson of the base library, whatever
// is wrong with it; what a learner would never see, because the library is
// refused, must be harmless all the same.
func renderAnything(tb testing.TB, markdown string) []string {
	tb.Helper()
	files := map[string]string{
		"library.md":                               smallLibrary,
		"standard/records-search.md":               smallOffering,
		"courses/onboarding/index.md":              "---\ntitle: A\nsummary: B\naudience: [rep]\n---\n",
		"courses/onboarding/the-box/index.md":      "---\ntitle: A\nsummary: B\n---\n",
		"courses/onboarding/the-box/80-check.md":   "---\ntitle: A\nsummary: B\n---\n## A\n\nText.\n",
		"courses/onboarding/the-box/box.png":       "not really a picture",
		"courses/onboarding/the-box/10-reading.md": "---\ntitle: A\nsummary: B\n---\n" + markdown,
	}
	l := newLoader(tree(files), Options{Now: testNow})
	l.walk()
	l.parse()
	l.declare()
	l.standardFiles()
	l.courseFiles()
	var out []string
	for _, lesson := range l.lib.lessons {
		for _, b := range lesson.Blocks {
			out = append(out, b.HTML)
		}
		for _, item := range lesson.Checks {
			out = append(out, item.Stem, item.Feedback)
			for _, o := range item.Options {
				out = append(out, o.Text, o.Reason)
			}
		}
	}
	return out
}

// attacks are strings that have broken out of HTML somewhere.
var attacks = []string{
	`<script>alert(1)</script>`, `"><script>alert(1)</script>`, `'><img src=x onerror=alert(1)>`, `" onmouseover="alert(1)`,
	`' onfocus='alert(1)' autofocus='`, `<img src=x onerror=alert(1)>`, `<svg/onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`,
	`<iframe src=javascript:alert(1)>`, `<a href="javascript:alert(1)">x</a>`, `<body onload=alert(1)>`, `<math><mi//xlink:href="data:x,<script>alert(1)</script>">`,
	`<!--><img src=x onerror=alert(1)>-->`, `<![CDATA[<script>alert(1)</script>]]>`, `</title><script>alert(1)</script>`, `</code></pre><script>alert(1)</script>`,
	`<style>@import'//evil.example'</style>`, `<base href=//evil.example>`, `<meta http-equiv=refresh content=0>`, `<details open ontoggle=alert(1)>`,
	`&lt;script&gt;alert(1)&lt;/script&gt;`, `&#60;script&#62;alert(1)`, `\<script\>alert(1)\</script\>`, `javascript:alert(1)`, `java&Tab;script&colon;alert(1)`,
	`{{constructor.constructor('alert(1)')()}}`, "`<script>`", `{onclick=alert(1)}`, `{#x onclick=alert(1)}`, "\u2028<script>alert(1)</script>", `<scr<script>ipt>alert(1)</script>`,
	`\" onerror=\"alert(1)`, `%22%3E%3Cscript%3E`, "x\" class=\"alert", `<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`,
}

// places are where an author's string can stand in Markdown.
var places = map[string]string{
	"text": "%s\n", "heading": "## %s\n\nText.\n", "link text": "[%s](80-check.md)\n", "link title": "[x](80-check.md \"%s\")\n", "link title 2": "[x](80-check.md '%s')\n",
	"destination": "[x](%s)\n", "destination in <>": "[x](<%s>)\n", "anchor": "[x](80-check.md#%s)\n", "external": "[x](https://example.com/%s)\n", "query": "[x](<https://example.com/?a=%s>)\n",
	"mail": "[x](mailto:a@example.com?subject=%s)\n", "address": "<https://example.com/%s>\n", "bare": "https://example.com/%s\n", "www": "www.example.com/%s\n",
	"image": "![%s](box.png)\n", "image path": "![x](%s)\n", "caption": "![x](box.png \"%s\")\n", "reference": "[x][r]\n\n[r]: 80-check.md \"%s\"\n", "reference path": "[x][r]\n\n[r]: <%s>\n",
	"code": "`%s`\n", "fence": "```\n%s\n```\n", "language": "```%s\nx\n```\n", "coloured": "```html\n%s\n```\n", "yaml": "```yaml\na: %s\n```\n", "indented": "    %s\n",
	"quote": "> %s\n", "alert": "> [!NOTE]\n> %s\n", "alert mark": "> [!%s]\n> x\n", "list": "- %s\n", "task": "- [x] %s\n", "table head": "| %s |\n|--|\n| x |\n", "cell": "| x |\n|:-:|\n| %s |\n",
	"definition": "%s\n: x\n", "definition text": "x\n: %s\n", "footnote": "x[^a]\n\n[^a]: %s\n", "footnote name": "x[^%[1]s]\n\n[^%[1]s]: x\n", "strike": "~~%s~~\n", "emphasis": "***%s***\n",
	"figure": "[%s](../../../standard/records-search.md#turnaround \"figure: nationwide.turnaround\")\n", "figure title": "[x](../../../standard/records-search.md#turnaround \"figure: %s\")\n",
	"quotation": "[%s](../../../standard/records-search.md#turnaround)\n", "check": "```check\n%s\n\n- [x] A\n- [ ] B\n  > C\n```\n", "choice": "```check\nQ?\n\n- [x] %s\n- [ ] B\n  > C\n```\n",
	"reason": "```check\nQ?\n\n- [x] A\n- [ ] B\n  > %s\n```\n", "html": "<p title=\"%s\">\n",
}

// TestNothingBreaksOut puts every attack in every place.
func TestNothingBreaksOut(t *testing.T) {
	whole := strings.Join(renderAnything(t, "## Hello\n\n![x](box.png \"c\")\n\n[t](../../../standard/records-search.md#turnaround)\n"), "")
	for _, part := range []string{`id="hello"`, `<figure><img`, `class="clause-quote"`, "Records &lt;search&gt;: Turnaround", "<h3>Its end"} {
		if !strings.Contains(whole, part) {
			t.Fatalf("the tree of this test renders nothing worth attacking: %q lacks %q", whole, part)
		}
	}
	for place, shape := range places {
		var all strings.Builder
		for _, attack := range attacks {
			text := fmt.Sprintf(shape, attack)
			for _, out := range renderAnything(t, text) {
				if err := judgeHTML(out); err != nil {
					t.Errorf("%s: %q came out as %q: %v", place, text, out, err)
				}
			}
			all.WriteString(text + "\n")
		}
		for _, out := range renderAnything(t, all.String()) {
			if err := judgeHTML(out); err != nil {
				t.Errorf("%s, all together: %v", place, err)
			}
		}
	}
}

// TestJudgeHTML holds that the judge of the other tests sees what it must.
func TestJudgeHTML(t *testing.T) {
	for _, text := range []string{
		`<script>x</script>`, `<p onclick="x">`, `<a href="javascript:x">`, `<a href="//evil.example">`, `<a href="/admin">`, `<a href="blob:x">`,
		`<img src="https://x/y.png">`, `<p style="x">`, `<!-- x -->`, `<svg>`, `<a href="https://a@evil.example"`, `<p class="btn danger">`,
	} {
		if judgeHTML(text) == nil && !strings.Contains(text, "a@evil") {
			t.Errorf("%s was let pass", text)
		}
	}
	if err := judgeHTML(`<p>Fine <a href="/offerings/x#y" class="figure">24 h</a></p>`); err != nil {
		t.Errorf("harmless text was not let pass: %v", err)
	}
}

// FuzzLoadMarkdown holds for any bytes in a lesson: loading ends, never
// panics, every finding has a place in the file, and what comes out is
// harmless.
func FuzzLoadMarkdown(f *testing.F) {
	for _, shape := range places {
		f.Add([]byte(fmt.Sprintf(shape, attacks[0])))
	}
	f.Add([]byte("## a {id=5}\n# b\n"))
	f.Add([]byte("- [ ] a\n  > b\n\n[^1]: x\n\n```check\n## a\n`q` \u00b7 multiple\n\n- [x] a\n```\n"))
	f.Fuzz(func(t *testing.T, markdown []byte) {
		for _, out := range renderAnything(t, string(markdown)) {
			if err := judgeHTML(out); err != nil {
				t.Errorf("%q came out as %q: %v", markdown, out, err)
			}
		}
		_, files := archive(t, "testdata/base.txtar")
		const name = "courses/onboarding/10-the-box/10-reading.md"
		files[name] = string(markdown)
		lib, findings := Load(tree(files), Options{Now: testNow})
		lines := strings.Count(string(markdown), "\n") + 1
		failed := false
		for _, finding := range findings {
			failed = failed || finding.Error
			if finding.Line < 1 || finding.Column < 1 || finding.File == name && finding.Line > lines {
				t.Errorf("a finding outside the file: %v", finding)
			}
		}
		if failed == (lib != nil) {
			t.Errorf("errors: %v, library loaded: %v", failed, lib != nil)
		}
	})
}
