package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keyboardOnly is the whole path of a rep without a mouse: from the sign-in
// through the lessons of the first module and its quiz to the certificate.
// Wherever Tab leads, the focus can be seen, and no update of a page loses it:
// at the desk, and on the phone, whose bars must not hide it.
func keyboardOnly(t *testing.T, b *browser) {
	for _, s := range []screen{desk, phone} {
		keyboardPath(t, b, s)
	}
}

func keyboardPath(t *testing.T, b *browser, s screen) {
	t.Helper()
	site := newRig(t)
	tb := b.window(t, site, s).open("/")
	tb.wait("start in the e-mail field", `document.activeElement.id === "email"`)
	tb.press("rep@demo.test")
	tb.tabTo("#password", "")
	tb.press("inside-the-box")
	tb.load(pressing(kb.Enter))
	tb.enterOn(".next-up a", "Start reading")
	tb.readByKeys()
	tb.skipToContent()
	tb.enterOn("main button", "Start")
	for i, q := range site.sheet(tb.attemptID()) {
		if q.multiple {
			tb.tickByKeys(q)
		} else {
			tb.selectByKeys(q)
		}
		tb.sees("[data-answered]", fmt.Sprintf("%d of 17 answered", i+1))
		tb.saved(q)
		tb.focusKept("an answer was saved")
	}
	tb.enterOn("[data-submit]", "Review and submit")
	tb.says("All 17 questions are answered")
	tb.tabTo("main button", "Submit")
	tb.load(pressing(" "))
	tb.says("Passed with 100 %")
	tb.enterOn("main a", "See your certificate")
	tb.says("This certifies that", "Robin Hale")
	tb.menuByKeys()
}

// readByKeys reads the lessons of the module up to the cover of its quiz: it
// answers the first self-check of each and marks it read.
func (tb *tab) readByKeys() {
	tb.Helper()
	lessons, checks := tb.lessonsOf("the-box"), 0
	for n := range lessons {
		if tb.count("form.check") > 0 {
			tb.checkByKeys()
			checks++
		}
		button := "Done, next lesson"
		if n == lessons-1 {
			button = "Done, on to the quiz"
		}
		tb.enterOn(".lesson-end button", button)
	}
	if tb.path() != quizAt || checks == 0 {
		tb.Fatalf("after %d lessons and %d self-checks by keyboard the tab is at %s, want one or more, and %s", lessons, checks, tb.path(), quizAt)
	}
}

// lessonsOf is how many lessons a module of the first path has.
func (tb *tab) lessonsOf(module string) int {
	tb.Helper()
	for _, c := range tb.site.Prog.Shelf.Library().Courses {
		for _, m := range c.Modules {
			if strings.HasSuffix(m.URL, "/"+module) {
				return len(m.Lessons)
			}
		}
	}
	tb.Fatalf("the library has no module %s", module)
	return 0
}

// checkByKeys answers a self-check: the verdict has the focus, and Tab goes
// on from there.
func (tb *tab) checkByKeys() {
	tb.Helper()
	tb.tabTo(".check .opt input", "")
	tb.press(" ")
	tb.focusKept("a choice was made")
	tb.tabTo(".check button", "Check my answer")
	tb.press(kb.Enter)
	tb.wait("the verdict has the focus", `document.activeElement.matches(".check .verdict") && document.activeElement.textContent.trim().length > 10`)
	tb.focusShown()
}

// enterOn goes to a link or button with Tab and presses Enter, which leads to
// another page.
func (tb *tab) enterOn(selector, text string) {
	tb.Helper()
	tb.tabTo(selector, text)
	tb.load(pressing(kb.Enter))
}

// focusKept holds that something of the page has the focus, where it can be
// seen.
func (tb *tab) focusKept(after string) {
	tb.Helper()
	if evaluate[bool](tb, `!document.activeElement || document.activeElement === document.body`) {
		tb.Errorf("the focus is lost after %s\n%s", after, tb.state())
	}
	tb.focusShown()
}

// skipToContent presses Tab once and Enter: the first stop of a page leads
// past its navigation.
func (tb *tab) skipToContent() {
	tb.Helper()
	tb.press(kb.Tab)
	tb.focusShown()
	if !evaluate[bool](tb, `document.activeElement.matches(".skip") && document.activeElement.getBoundingClientRect().top >= 0`) {
		tb.Errorf("the first Tab does not show a link that skips to the content\n%s", tb.state())
	}
	tb.press(kb.Enter)
	tb.wait("be at the content", `document.activeElement.id === "main"`)
}

// selectByKeys goes to a group of radio buttons and on to the right one with
// the arrow.
func (tb *tab) selectByKeys(q sheetQuestion) {
	tb.Helper()
	tb.tabTo(fmt.Sprintf("[name=%q]", "q."+q.item), "")
	tb.press(" ")
	for range 10 {
		if slices.Equal(tb.tickedIn(q), q.right) {
			return
		}
		tb.press(kb.ArrowDown)
		tb.focusShown()
	}
	tb.Fatalf("the arrow does not reach the right choice of %s\n%s", q.item, tb.state())
}

// tickByKeys goes to each right box and ticks it with Space.
func (tb *tab) tickByKeys(q sheetQuestion) {
	tb.Helper()
	for _, token := range q.right {
		tb.tabTo(fmt.Sprintf("[value=%q]", token), "")
		tb.press(" ")
	}
	if got := tb.tickedIn(q); !slices.Equal(got, q.right) {
		tb.Errorf("%q are ticked, want %q", got, q.right)
	}
}

// menuByKeys opens the menu of the top bar, closes it with Escape and signs
// out by it.
func (tb *tab) menuByKeys() {
	tb.Helper()
	tb.skipToContent()
	for range 20 {
		if evaluate[bool](tb, `document.activeElement.matches(".menu summary")`) {
			break
		}
		tb.press(kb.Tab, input.ModifierShift)
		tb.focusShown()
	}
	tb.press(kb.Enter)
	tb.wait("the menu opens", `document.querySelector(".menu").open`)
	tb.press(kb.Escape)
	tb.wait("Escape closes the menu, and the focus stays with it", `!document.querySelector(".menu").open && document.activeElement.matches(".menu summary")`)
	tb.press(kb.Enter)
	tb.tabTo(".menu button", "Sign out")
	tb.load(pressing(kb.Enter))
	tb.says("You are signed out.")
}

// pressing is an action that presses keys.
func pressing(list string) chromedp.Action { return chromedp.KeyEvent(list) }

// tabTo presses Tab until an element that fits has the focus. Every stop on
// the way must show it.
func (tb *tab) tabTo(selector, text string) {
	tb.Helper()
	for range 120 {
		tb.press(kb.Tab)
		tb.focusShown()
		if evaluate[bool](tb, `document.activeElement.matches(%s) && document.activeElement.textContent.includes(%s)`, selector, text) {
			return
		}
	}
	tb.Fatalf("Tab does not reach a %s that says %q\n%s", selector, text, tb.state())
}

// focusShown stops the test when one can't see what has the focus: no ring,
// out of sight, or hidden behind something else. The ring of a choice is
// drawn around the whole choice.
func (tb *tab) focusShown() {
	tb.Helper()
	problem := evaluate[string](tb, `(() => {
		const e = document.activeElement;
		if (!e || e === document.body || e.id === "main") return "";
		const ring = e.matches(".opt input") ? e.closest(".opt") : e;
		const style = getComputedStyle(ring);
		if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return "has no ring: " + style.outline;
		const box = ring.getClientRects()[0];
		const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
		if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return "is out of sight";
		const top = document.elementFromPoint(x, y);
		return ring.contains(top) ? "" : "is hidden behind " + top?.outerHTML.slice(0, 80);
	})()`)
	if problem != "" {
		tb.Fatalf("what has the focus %s\n%s", problem, tb.state())
	}
}
