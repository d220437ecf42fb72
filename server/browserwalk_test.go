package server_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// The walk of a new rep, from her first sign-in to the certificate that her
// manager sees on the board.

const (
	lessonsAt  = "/courses/onboarding/the-box/"
	quizAt     = "/quizzes/the-box-check"
	asked      = 17 // questions of an attempt
	firstSteps = "Why promises come due"
)

// On the phone the second attempt is granted by her manager; at the desk she
// waits for it.
func walkOnPhone(t *testing.T, b *browser) { walkAll(t, b, phone, (*tab).granted) }

func walkOnDesk(t *testing.T, b *browser) { walkAll(t, b, desk, (*tab).waited) }

// walkWithoutScripts is the same path by forms alone.
func walkWithoutScripts(t *testing.T, b *browser) {
	site := newRig(t)
	w := b.window(t, site, phone)
	w.plain = true
	tb := w.open("/")
	tb.signIn("rep@demo.test")
	tb.readModule()
	tb.follow("main button", "Start")
	tb.answerByForm()
	tb.follow("main button", "Submit as it is")
	tb.says("Not passed", "Your next attempt is free on 14 January 2027, 09:00")
	site.Clock.Advance(24 * time.Hour)
	tb.visit(quizAt)
	tb.follow("main button", "Start")
	tb.answerAll(true)
	tb.follow("[data-submit]", "")
	tb.says("All 17 questions are answered")
	tb.follow("main button", "Submit")
	tb.says("Passed with 100 %")
	tb.follow("main a", "See your certificate")
	tb.says("This certifies that", "Robin Hale")
	seenByManager(t, b, site, desk, "until 14 January 2028")
}

func walkAll(t *testing.T, b *browser, s screen, secondAttempt func(*tab)) {
	site := newRig(t)
	tb := b.window(t, site, s).open("/")
	tb.says("Sign in", "Demo people")
	tb.signIn("rep@demo.test")
	tb.readModule()
	tb = tb.takeAndFail()
	secondAttempt(tb)
	tb.pass()
	until := "until " + site.Clock.Now().AddDate(1, 0, 0).Format("2 January 2006")
	tb.certificateAndCheck()
	seenByManager(t, b, site, s, until)
}

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
	tb.follow(".lesson-end button", "Done, next lesson")
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

// attemptID is the attempt whose sheet the tab shows.
func (tb *tab) attemptID() string {
	tb.Helper()
	return evaluate[string](tb, `document.querySelector("form.sheet").dataset.attempt`)
}

// choose clicks the choices of one question that a token names.
func (tb *tab) choose(q sheetQuestion, tokens []string) {
	tb.Helper()
	for _, token := range tokens {
		tb.click(`input[name="q.`+q.item+`"][value="`+token+`"]`, "")
	}
}

// saved waits until one question says that it is saved.
func (tb *tab) saved(q sheetQuestion) {
	tb.Helper()
	tb.sees("#q-"+q.item+" [data-saved]", "Saved 09:00:00")
}

// allSaved waits until nothing is on its way any more.
func (tb *tab) allSaved() {
	tb.Helper()
	tb.sees("[data-sheet-state]", "All saved")
}

// chosen are the tokens that are ticked on the sheet, in its order.
func (tb *tab) ticked() []string {
	tb.Helper()
	return evaluate[[]string](tb, `[...document.querySelectorAll(".sheet input:checked")].map((i) => i.value)`)
}

// takeAndFail starts the quiz and gives wrong answers, with a tab that is
// closed, a second one that is open and a question that is left out.
func (tb *tab) takeAndFail() *tab {
	tb.Helper()
	tb.follow("main button", "Start")
	id := tb.attemptID()
	sheet := tb.site.sheet(id)
	if len(sheet) != asked || tb.count("section.question") != asked {
		tb.Fatalf("the sheet has %d questions and shows %d, want %d", len(sheet), tb.count("section.question"), asked)
	}
	tb.sees("[data-answered]", "0 of 17 answered")
	tb.choose(sheet[0], sheet[0].wrong)
	tb.saved(sheet[0])
	tb.sees("[data-answered]", "1 of 17 answered")
	for _, q := range sheet[1:5] {
		tb.choose(q, q.wrong)
	}
	tb.sees("[data-answered]", "5 of 17 answered")
	tb.allSaved()
	tb = tb.comeBack()
	tb.twoTabs(sheet[0])
	for _, q := range sheet[5 : asked-1] {
		tb.choose(q, q.wrong)
	}
	tb.allSaved()
	tb.reviewAndSubmit(sheet[asked-1])
	tb.tellsOfFailure()
	return tb
}

// comeBack closes the tab and finds everything again in another one.
func (tb *tab) comeBack() *tab {
	tb.Helper()
	before := tb.ticked()
	tb.close()
	tb.silence()
	tb = tb.open("/")
	tb.sees(".next-up", "You were in the middle of it")
	tb.follow(".next-up a", "Continue the quiz")
	tb.says("5 of 17 answered", "Saved 09:00:00")
	if got := tb.ticked(); !slices.Equal(got, before) {
		tb.Errorf("after coming back %q are ticked, want %q", got, before)
	}
	return tb
}

// twoTabs answers a question differently in a second tab: the first one
// shows what was saved there and overwrites nothing.
func (tb *tab) twoTabs(q sheetQuestion) {
	tb.Helper()
	tb.expect("409 (Conflict)")
	second := tb.open("/attempts/" + tb.attemptID())
	theirs, mine := second.others(q)
	second.choose(q, []string{theirs})
	second.allSaved()
	tb.choose(q, []string{mine})
	tb.sees("#q-"+q.item+" [data-conflict]", "You answered this in another window at 09:00:00. That answer is shown; here you had chosen choice")
	if !evaluate[bool](tb, `document.activeElement.matches("[data-conflict]")`) {
		tb.Errorf("the note on a conflict has not got the focus\n%s", tb.state())
	}
	want := second.tickedIn(q)
	if got := tb.tickedIn(q); !slices.Equal(got, want) || !slices.Contains(got, theirs) {
		tb.Errorf("after a conflict %q is ticked, want the other tab's %q", got, want)
	}
	if i := slices.IndexFunc(tb.site.sheet(tb.attemptID()), func(one sheetQuestion) bool { return one.item == q.item }); tb.site.sheet(tb.attemptID())[i].saves != 2 {
		tb.Errorf("the second tab's answer was overwritten")
	}
	tb.choose(q, []string{mine}) // now she knows, and means it
	tb.saved(q)
	second.close()
	second.silence()
}

// others are two choices of a question that are not ticked.
func (tb *tab) others(q sheetQuestion) (one, another string) {
	tb.Helper()
	list := evaluate[[]string](tb, `[...document.querySelectorAll('input[name="q.' + %s + '"]:not(:checked)')].map((i) => i.value)`, q.item)
	return list[0], list[1]
}

func (tb *tab) tickedIn(q sheetQuestion) []string {
	tb.Helper()
	return evaluate[[]string](tb, `[...document.querySelectorAll('input[name="q.' + %s + '"]:checked')].map((i) => i.value)`, q.item)
}

// reviewAndSubmit finds the question that was left out on the review page,
// answers it and submits.
func (tb *tab) reviewAndSubmit(left sheetQuestion) {
	tb.Helper()
	tb.follow("[data-submit]", "Review and submit")
	tb.says("One question has no answer", "An unanswered question counts as not right.")
	tb.follow(".review .links a", "Question 17")
	if hash := evaluate[string](tb, `location.hash`); hash != "#q-"+left.item {
		tb.Errorf("the review leads to %s, want #q-%s", hash, left.item)
	}
	tb.choose(left, left.wrong)
	tb.saved(left)
	tb.follow("[data-submit]", "Review and submit")
	tb.says("All 17 questions are answered", "Once you submit, they can't be changed any more.")
	tb.follow("main button", "Submit")
}

// tellsOfFailure reads what a failed attempt says: why, when and how to try again.
func (tb *tab) tellsOfFailure() {
	tb.Helper()
	tb.says("Not passed", "You needed 80 %.", "Your next attempt is free on 14 January 2027, 09:00.",
		"You have 2 attempts left.", "your manager can grant an attempt at once", "By clause", "Your answer")
	if n := tb.count(".reviewed .key"); n != 0 {
		tb.Errorf("a failed attempt shows the key of %d questions", n)
	}
	if tb.count(".clauses a.read") == 0 || tb.count(".reviewed .read a") == 0 {
		tb.Errorf("a failed attempt names no lesson to read")
	}
	tb.follow("main a", "When and how to try again")
	tb.says("Take a breath", "1 of 3 used", "Not passed")
	tb.sees("main", "free on 14 January 2027, 09:00")
	if evaluate[bool](tb, `[...document.querySelectorAll("main button")].some((b) => b.textContent.includes("Start"))`) {
		tb.Errorf("the cover of a quiz that must wait has a button to start it")
	}
}

// waited lets the cool-down pass.
func (tb *tab) waited() { tb.site.Clock.Advance(24 * time.Hour) }

// granted has her manager grant an attempt, in a browser of her own.
func (tb *tab) granted() {
	tb.Helper()
	tb.site.drain()
	manager := tb.browser.as(tb.T, tb.site, tb.size, "manager@demo.test").open("/team")
	manager.sees(".board td", "Failed", "free again on 14 January 2027, 09:00")
	manager.follow(".board th a", "Robin Hale")
	manager.write(`form[action$="/grants"] input[name=note]`, "We went through the clauses together.")
	manager.follow(`form[action$="/grants"] button`, "Grant one attempt more")
	manager.says("One attempt more is granted. It is free at once.", "granted by Mara Kendrick", "We went through the clauses together.")
}

// pass takes the next attempt and answers everything right.
func (tb *tab) pass() {
	tb.Helper()
	tb.visit(quizAt)
	tb.follow("main button", "Start")
	tb.answerAll(true)
	tb.allSaved()
	tb.follow("[data-submit]", "Review and submit")
	tb.follow("main button", "Submit")
	tb.says("Passed with 100 %", "By clause")
	tb.follow("main a", "See your certificate")
}

// answerAll answers every question of the sheet.
func (tb *tab) answerAll(right bool) {
	tb.Helper()
	for _, q := range tb.site.sheet(tb.attemptID()) {
		tokens := q.wrong
		if right {
			tokens = q.right
		}
		tb.choose(q, tokens)
	}
}

// answerByForm gives a few wrong answers and saves them by the form's button.
func (tb *tab) answerByForm() {
	tb.Helper()
	sheet := tb.site.sheet(tb.attemptID())
	for _, q := range sheet[:4] {
		tb.choose(q, q.wrong)
	}
	tb.follow(".sheet-bar button.nojs-only", "Save")
	tb.says("4 of 17 answered", "Saved 09:00:00")
	tb.choose(sheet[4], sheet[4].wrong)
	tb.follow("[data-submit]", "Review and submit")
	tb.says("12 questions have no answer")
}

var pageOfPDF = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

// certificateAndCheck prints the certificate and looks at its check page as
// somebody who is not signed in.
func (tb *tab) certificateAndCheck() {
	tb.Helper()
	tb.says("This certifies that", "Robin Hale", "Certified on", "Valid until")
	for name, paper := range map[string][2]float64{"A4": {8.27, 11.69}, "Letter": {8.5, 11}} {
		for _, css := range []bool{true, false} { // what the page asks for, or the printer's own way
			var pdf []byte
			tb.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
				pdf, _, err = page.PrintToPDF().WithPaperWidth(paper[0]).WithPaperHeight(paper[1]).
					WithPrintBackground(true).WithPreferCSSPageSize(css).Do(ctx)
				return err
			}))
			if n := len(pageOfPDF.FindAll(pdf, -1)); n != 1 {
				tb.Errorf("on %s the certificate prints on %d pages, want 1", name, n)
			}
		}
	}
	check := evaluate[string](tb, `new URL(document.querySelector(".cert-url").textContent).pathname`)
	public := tb.browser.window(tb.T, tb.site, tb.size).open(check)
	public.says("This certificate is in force", "Robin Hale", "Records search", "Express desk")
}

// seenByManager looks at the board and the transcript.
func seenByManager(t *testing.T, b *browser, site *rig, s screen, until string) {
	t.Helper()
	site.drain()
	manager := b.as(t, site, s, "manager@demo.test").open("/team")
	cells := evaluate[[]string](manager, `[...document.querySelectorAll(".board tbody tr")].filter((r) => r.textContent.includes("Robin Hale")).flatMap((r) => [...r.querySelectorAll("td")].map((c) => c.innerText.replace(/\s+/g, " ")))`)
	if len(cells) != 2 || !strings.Contains(cells[0], "Cleared "+until) || !strings.Contains(cells[1], "Cleared "+until) {
		t.Errorf("the board says %q of her, want Cleared %s for two offerings", cells, until)
	}
	manager.follow(".board th a", "Robin Hale")
	manager.says("Certified: Records search and express desk", "Passed “Inside the box” with 100 %", "Read “"+firstSteps+"”")
}
