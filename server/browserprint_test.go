package server_test

import (
	"context"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// pdfPage is a page in a PDF as Chromium writes it.
var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

// handoffOnPaper prints a handoff that is under way: the sheet is one page, with
// the half hour and room for two signatures, and without a form.
func handoffOnPaper(t *testing.T, b *browser) {
	site := newRig(t)
	tb := b.as(t, site, desk, "ops@demo.test").open(handoffWith("Thursdays")(site, ""))
	tb.sees("#needs")
	tb.do(emulation.SetEmulatedMedia().WithMedia("print"))
	tb.sees("#agenda", "10 min")
	tb.sees("#signatures .sign-here")
	onOnePage(t, tb)
}

// briefOnPaper prints a brief that waits for an answer: both goals and what belongs to
// them are one page, without a form.
func briefOnPaper(t *testing.T, b *browser) {
	site := newRig(t)
	tb := b.as(t, site, desk, "ops@demo.test").open(briefWith("Peoria")(site, ""))
	tb.do(emulation.SetEmulatedMedia().WithMedia("print"))
	tb.sees("#goals", "Peoria")
	tb.sees("#said", "Two of them ordered")
	onOnePage(t, tb)
}

// cardsOnPaper prints what a rep takes along to a customer: no button is on it.
func cardsOnPaper(t *testing.T, b *browser) {
	site := newRig(t)
	tb := b.as(t, site, desk, "rep2@demo.test").tab()
	for path, says := range map[string]string{
		"/can-sell?turnaround=12h&scope=nationwide":                   "Outside the box",
		"/offerings/records-search":                                   "Records search",
		"/offerings?compare=records-search&compare=employment-checks": "Side by side",
	} {
		tb.visit(path)
		tb.says(says)
		tb.do(emulation.SetEmulatedMedia().WithMedia("print"))
		for _, button := range evaluate[[]string](tb, `[...document.querySelectorAll("button")].filter((e) => e.checkVisibility()).map((e) => e.outerHTML)`) {
			t.Errorf("%s: printed with %s", path, button)
		}
		tb.do(emulation.SetEmulatedMedia())
	}
}

// onOnePage holds that the tab's page, as it is printed, has no forms and one page.
func onOnePage(t *testing.T, tb *tab) {
	t.Helper()
	if n := evaluate[int](tb, `[...document.querySelectorAll("form, button, summary")].filter((e) => e.checkVisibility()).length`); n > 0 {
		t.Errorf("%d forms, buttons or folds are printed", n)
	}
	tb.do(emulation.SetEmulatedMedia())
	tb.do(chromedp.ActionFunc(func(ctx context.Context) error {
		const a4Width, a4Height = 8.27, 11.69 // inches
		file, _, err := page.PrintToPDF().WithPaperWidth(a4Width).WithPaperHeight(a4Height).Do(ctx)
		if pages := len(pdfPage.FindAll(file, -1)); err == nil && pages != 1 {
			t.Errorf("it prints on %d pages, want one", pages)
		}
		return err
	}))
}
