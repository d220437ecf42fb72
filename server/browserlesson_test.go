package server_test

import (
	"regexp"
	"strings"
)

// Reading, as the walk does it.

// readModule goes from home through all lessons of the first module to the
// cover of its quiz, as the pages lead.
func (tb *tab) readModule() {
	tb.says("Hello, Robin", "Next for you", "What I may sell", "Not started")
	if n := tb.count(".next-up"); n != 1 {
		tb.Fatalf("home shows %d next things, want the one", n)
	}
	tb.sees(".next-up h2", firstSteps)
	tb.follow(".next-up a", "Start reading")
	seen := tb.readLesson()
	tb.readToTheEnd()
	tb.follow(".lesson-end button", "Done, next lesson")
	if !tb.plain {
		tb.wait("tick the lesson just read", `document.querySelector(".path .done a.just-read")?.pathname === %s`, lessonsAt+"why-promises-come-due")
	}
	seen.add(tb.readLesson())
	tb.follow(".lesson-end button", "Done, next lesson")
	tb.follow(".top .mark", "") // she stops here, and comes back another day
	tb.sees(".next-up h2", "Combine before you bend")
	tb.follow(".next-up a", "Continue")
	seen.add(tb.readLesson())
	seen.complete(tb)
	tb.follow(".lesson-end button", "Done, on to the quiz")
	if tb.path() != quizAt {
		tb.Fatalf("the last lesson leads to %s, want %s", tb.path(), quizAt)
	}
	tb.says("You may start", "To pass", "80 %", "0 of 3 used", "wait 24 hours, then 7 days", "None yet.")
}

// readToTheEnd scrolls down, and on the phone the bar says how far one is.
func (tb *tab) readToTheEnd() {
	tb.Helper()
	evaluate[bool](tb, `scrollTo(0, 0) ?? true`)
	if tb.plain || !tb.size.phone {
		return
	}
	tb.wait("say that nothing is read", `document.querySelector("[data-read-so-far]").value === 0`)
	evaluate[bool](tb, `scrollTo(0, document.body.scrollHeight) ?? true`)
	tb.wait("say that all is read", `document.querySelector("[data-read-so-far]").value === 1`)
}

// A module of lessons has, taken together, one of each of these.
var lessonParts = []string{".alert .alert-title", "pre.chroma span", "figure img", "form.check", ".clause-quote blockquote", "a.figure", ".table table"}

type partsSeen map[string]int

func (p partsSeen) add(other partsSeen) {
	for part, n := range other {
		p[part] += n
	}
}

func (p partsSeen) complete(tb *tab) {
	tb.Helper()
	for _, part := range lessonParts {
		if p[part] == 0 {
			tb.Errorf("no lesson of the module has a %s", part)
		}
	}
}

// readLesson looks at everything that a lesson is made of.
func (tb *tab) readLesson() partsSeen {
	tb.Helper()
	seen := partsSeen{}
	for _, part := range lessonParts {
		seen[part] = tb.count(part)
	}
	tb.contentsLead()
	if broken := evaluate[[]string](tb, `[...document.images].filter((i) => !i.complete || i.naturalWidth === 0 || !i.alt).map((i) => i.src)`); len(broken) > 0 {
		tb.Errorf("figures without a picture, or without words for it: %q", broken)
	}
	if unlike := evaluate[int](tb, `[...document.querySelectorAll("pre.chroma")].filter((p) => new Set([...p.querySelectorAll("span")].map((s) => getComputedStyle(s).color)).size < 2).length`); unlike > 0 {
		tb.Errorf("%d pieces of code are of one colour", unlike)
	}
	for _, figure := range evaluate[[]string](tb, `[...document.querySelectorAll("a.figure")].map((a) => a.textContent + " " + a.getAttribute("href"))`) {
		if !regexp.MustCompile(`^\d[\d,.]* \w.* /offerings/[\w-]+#[\w-]+$`).MatchString(figure) {
			tb.Errorf("the live figure %q is not a number with a unit that leads to its clause", figure)
		}
	}
	for _, source := range evaluate[[]string](tb, `[...document.querySelectorAll(".clause-quote")].map((q) => q.querySelector("blockquote").innerText.length > 40 ? new URL(q.querySelector("figcaption a").href).pathname : "empty")`) {
		if !strings.HasPrefix(source, "/offerings/") && !strings.HasPrefix(source, "/practices/") {
			tb.Errorf("a quoted clause leads to %q", source)
		}
	}
	if seen["form.check"] > 0 {
		tb.checkYourself()
	}
	return seen
}

// contentsLead follows an entry of the table of contents, where this size
// has it.
func (tb *tab) contentsLead() {
	tb.Helper()
	list := ".contents[data-contents] a"
	if tb.size.phone {
		tb.click(".contents-phone summary", "On this page")
		list = ".contents-phone a"
	}
	tb.click(list, "")
	at := evaluate[float64](tb, `document.getElementById(location.hash.slice(1)).getBoundingClientRect().top`)
	if at < 0 || at > float64(tb.size.height)/2 {
		tb.Errorf("the first entry of the contents leads to a heading %v px below the top of the window", at)
	}
}

// checkYourself answers a self-check: wrong, then right.
func (tb *tab) checkYourself() {
	tb.Helper()
	before := tb.path()
	tb.click(".check .opt input", "")
	if tb.plain {
		tb.follow(".check button", "Check my answer")
		tb.says("Not quite.", "Right is:")
		tb.visit(before)
		return
	}
	tb.click(".check button", "Check my answer")
	tb.sees(".check .verdict", "Right is:")
	if !evaluate[bool](tb, `document.activeElement.matches(".check .verdict")`) {
		tb.Errorf("the verdict of a self-check has not got the focus\n%s", tb.state())
	}
	if tb.path() != before {
		tb.Errorf("a self-check led away to %s", tb.path())
	}
	right := evaluate[string](tb, `document.querySelector(".check .verdict ul li").textContent.trim()`)
	tb.click(".check .opt", right)
	tb.click(".check button", "Check my answer")
	tb.sees(".check .verdict.right", "That is right.")
}
