package content

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestSampleLoads holds that the sample library has nothing for check to
// say about, and that all of its HTML is harmless and leads somewhere.
func TestSampleLoads(t *testing.T) {
	lib, findings := Load(Sample(), Options{Now: testNow})
	for _, f := range findings {
		t.Errorf("%v", f)
	}
	if lib == nil {
		t.Fatal("the sample library does not load")
	}
	if c := lib.BriefClause; c == nil || c.ID != "working-together/bring-operations" {
		t.Errorf("the page of meeting briefs leads to %+v", c)
	}
	pages := pagesOf(lib)
	anchors := map[string]bool{}
	for address, texts := range pages {
		anchors[address] = true
		for _, text := range texts {
			for _, id := range attributesOf(text, "id") {
				if anchors[address+"#"+id] {
					t.Errorf("%s has the anchor %s twice", address, id)
				}
				anchors[address+"#"+id] = true
			}
		}
	}
	for _, c := range lib.Clauses() {
		anchors[c.URL] = true // the page of an offering gives each clause its heading
	}
	for _, o := range lib.Offerings { // and these two theirs
		anchors[o.URL+"#fits"], anchors[o.URL+"#history"] = o.Fits != "", o.History != ""
	}
	for address, texts := range pages {
		for _, text := range texts {
			if err := judgeHTML(text); err != nil {
				t.Errorf("%s: %v", address, err)
			}
			for _, link := range append(attributesOf(text, "href"), attributesOf(text, "src")...) {
				if strings.HasPrefix(link, "#") {
					link = address + link
				}
				if strings.HasPrefix(link, "/") && !anchors[link] && lib.Asset(link) == nil {
					t.Errorf("%s leads to %s, which is nowhere", address, link)
				}
			}
		}
	}
}

// pagesOf lists the rendered text of every address of a library.
func pagesOf(lib *Library) map[string][]string {
	pages := map[string][]string{"/": {lib.About}, "/changes": nil}
	for _, o := range lib.Offerings {
		pages[o.URL] = []string{o.Intro, o.Fits, o.History}
		for _, c := range o.Clauses {
			pages[o.URL] = append(pages[o.URL], c.HTML)
		}
	}
	for _, p := range lib.Practices {
		pages[p.URL] = []string{p.Intro}
		for _, c := range p.Clauses {
			pages[p.URL] = append(pages[p.URL], c.HTML)
		}
	}
	for _, course := range lib.Courses {
		pages[course.URL] = []string{course.Intro}
		for _, m := range course.Modules {
			pages[m.URL] = []string{m.Intro}
		}
	}
	for _, lesson := range lib.Lessons() {
		pages[lesson.URL] = nil
		for _, b := range lesson.Blocks {
			pages[lesson.URL] = append(pages[lesson.URL], b.HTML)
		}
		for _, item := range lesson.Checks {
			pages[lesson.URL] = append(pages[lesson.URL], item.Stem, item.Feedback)
		}
	}
	for _, q := range lib.Quizzes() {
		pages[q.URL] = []string{q.Intro}
		for _, item := range q.Items {
			pages[q.URL] = append(pages[q.URL], item.Stem, item.Feedback)
			for _, o := range item.Options {
				pages[q.URL] = append(pages[q.URL], o.Text, o.Reason)
			}
		}
	}
	for _, s := range lib.Scenarios() {
		pages[s.URL] = []string{s.Intro}
		for _, scene := range s.Scenes {
			pages[s.URL] = append(pages[s.URL], scene.HTML)
			for _, c := range scene.Choices {
				pages[s.URL] = append(pages[s.URL], c.Text, c.Debrief)
			}
		}
	}
	for _, c := range lib.Certifications {
		pages[c.URL] = []string{c.Text}
	}
	for _, c := range lib.Changes {
		pages["/changes"] = append(pages["/changes"], c.Why)
		for _, line := range c.Lines {
			pages["/changes"] = append(pages["/changes"], line.HTML)
		}
	}
	return pages
}

// attributesOf lists the values of an attribute in HTML.
func attributesOf(text, name string) []string {
	var values []string
	tokens := html.NewTokenizer(strings.NewReader(text))
	for tokens.Next() != html.ErrorToken {
		for _, a := range tokens.Token().Attr {
			if a.Key == name {
				values = append(values, a.Val)
			}
		}
	}
	return values
}
