package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// What a lesson may weigh on its way to the reader, headers included, in
// bytes: the first time, with all that belongs to it, and again.
const (
	firstViewLimit  = 90_000
	secondViewLimit = 15_000
)

// pageWeight opens the heaviest lesson of the sample library in a browser
// that has never been here, and once more.
func pageWeight(t *testing.T, b *browser) {
	site := newRig(t)
	lesson := heaviestLesson(site)
	tb := b.as(t, site, phone, "rep3@demo.test").tab()
	s := weigh(tb)
	tb.visit(lesson)
	first, parts := s.total(tb)
	tb.visit(lesson)
	second, again := s.total(tb)
	t.Logf("page weight of %s: first view %.1f KB (bar 90), second view %.1f KB (bar 15)", lesson, float64(first)/1000, float64(second)/1000)
	t.Logf("first: %s", strings.Join(parts, ", "))
	t.Logf("second: %s", strings.Join(again, ", "))
	if first >= firstViewLimit {
		t.Errorf("the first view of %s weighs %d bytes, want less than %d: %q", lesson, first, firstViewLimit, parts)
	}
	if second >= secondViewLimit {
		t.Errorf("the second view of %s weighs %d bytes, want less than %d: %q", lesson, second, secondViewLimit, again)
	}
	if len(parts) < 5 {
		t.Errorf("a first view of a page, its style, script, font and icons was only %q", parts)
	}
}

// heaviestLesson is the one with the most bytes, pictures included.
func heaviestLesson(r *rig) (heaviest string) {
	r.Helper()
	c := r.as("rep3@demo.test").with("Accept-Encoding", "gzip")
	plain := r.as("rep3@demo.test")
	most := 0
	for _, course := range r.Prog.Shelf.Library().Courses {
		for _, m := range course.Modules {
			for _, l := range m.Lessons {
				weight := len(c.get(l.URL).want(http.StatusOK).Body)
				for _, img := range plain.get(l.URL).all("img[src]") {
					weight += len(c.get(attr(img, "src")).want(http.StatusOK).Body)
				}
				if weight > most {
					heaviest, most = l.URL, weight
				}
			}
		}
	}
	return heaviest
}

// A scale adds up what a tab is sent. The tab's lock guards it.
type scale struct {
	paths  map[network.RequestID]string
	came   map[string]bool
	weight map[string]float64
}

func weigh(tb *tab) *scale {
	s := &scale{map[network.RequestID]string{}, map[string]bool{}, map[string]float64{}}
	chromedp.ListenTarget(tb.ctx, func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err == nil && u.Scheme != "data" {
				tb.learn(func() { s.paths[e.RequestID] = u.Path })
			}
		case *network.EventLoadingFinished:
			tb.learn(func() {
				if path, ok := s.paths[e.RequestID]; ok {
					s.came[path] = true
					s.weight[path] += e.EncodedDataLength
				}
			})
		}
	})
	return s
}

// belongs are the paths of all that the page loads.
const belongs = `document.fonts.status === "loaded" && [location.href, ...[...document.querySelectorAll("link[href]:not([rel=icon]), script[src], img[src], use")].map((e) =>
	new URL(e.getAttribute("href") ?? e.getAttribute("src"), location.href).href), ...performance.getEntriesByType("resource").map((e) => e.name)].map((u) => new URL(u)).filter((u) => u.protocol !== "data:").map((u) => u.pathname)`

// total waits until all that belongs to the page has come, and returns what
// it weighed, in all and each. The scale starts anew after it.
func (s *scale) total(tb *tab) (bytes int, each []string) {
	tb.Helper()
	want := waitFor[[]string](tb, "have the whole page", belongs)
	if !tb.until(func() bool {
		return !slices.ContainsFunc(want, func(path string) bool { return !s.came[path] })
	}) {
		tb.Fatalf("not all of %q has come\n%s", want, tb.state())
	}
	icon := evaluate[string](tb, `new URL(document.querySelector("link[rel=icon]").href).pathname`)
	iconBytes := len(tb.site.as("").with("Accept-Encoding", "gzip").get(icon).want(http.StatusOK).Body)
	tb.learn(func() {
		if s.weight[want[0]] > 0 && !s.came[icon] && len(s.weight) > 1 {
			s.weight[icon] = float64(iconBytes) // a browser without a window does not ask for it
		}
		for path, n := range s.weight {
			bytes += int(n)
			if n > 0 {
				each = append(each, fmt.Sprintf("%s %.1f KB", path[strings.LastIndex(path, "/")+1:], n/1000))
			}
		}
		clear(s.came)
		clear(s.weight)
	})
	slices.Sort(each)
	return bytes, each
}
