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

// waited lets the cool-down pass.
func (tb *tab) waited() { tb.site.Clock.Advance(24 * time.Hour) }

// granted has her manager grant an attempt, in a browser of her own.
func (tb *tab) granted() {
	tb.Helper()
	tb.site.drain()
	manager := tb.browser.as(tb.T, tb.site, tb.size, "manager@demo.test").open("/team")
	manager.sees(".board :is(td, .rep-call)", "Failed", "free again on 14 January 2027, 09:00")
	manager.follow(".board a", "Robin Hale")
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
	if s.phone { // her card: what she may sell
		chips := evaluate[[]string](manager, `[...document.querySelectorAll(".rep")].filter((r) => r.innerText.includes("Robin Hale")).flatMap((r) => [...r.querySelectorAll(".rep-sells li")].map((c) => c.innerText.trim()))`)
		if !slices.Equal(chips, []string{"Records search", "Express desk"}) {
			t.Errorf("her card says that she may sell %q", chips)
		}
	} else {
		cells := evaluate[[]string](manager, `[...document.querySelectorAll(".board tbody tr")].filter((r) => r.textContent.includes("Robin Hale")).flatMap((r) => [...r.querySelectorAll("td")].map((c) => c.innerText.replace(/\s+/g, " ")))`)
		cleared := slices.DeleteFunc(slices.Clone(cells), func(cell string) bool { return !strings.Contains(cell, "Cleared "+until) })
		if len(cleared) != 2 || len(cells) != len(site.Prog.Shelf.Library().Offerings) {
			t.Errorf("the board says %q of her, want Cleared %s for two offerings", cells, until)
		}
	}
	manager.follow(".board a", "Robin Hale")
	manager.says("Certified: Records search and express desk", "Passed “Inside the box” with 100 %", "Read “"+firstSteps+"”")
}
