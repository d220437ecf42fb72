package server_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// The list of a sheet's questions, and the keys that go through them.

// sheetByList goes by the list of questions: on the phone it comes up from
// below, on the desk it stands beside them.
func sheetByList(t *testing.T, b *browser) {
	site := newRig(t)
	tb, sheet := begun(t, b, site, "rep@demo.test")
	tb.wait("the script is there", `document.querySelector("[data-answered]").textContent.includes("0 of 17") && document.documentElement.classList.contains("js")`)
	tb.click("[data-jump-open]", "")
	tb.wait("the list comes up", `document.querySelector("#jump").matches(":popover-open")`)
	tb.noWider("the list of questions", phone)
	last := sheet[len(sheet)-1]
	tb.click(`[data-jump="`+last.item+`"] a`, "")
	tb.wait("the list goes, and the question is there", `!document.querySelector("#jump").matches(":popover-open") && location.hash === %s`, "#q-"+last.item)
	tb.choose(last, last.wrong)
	tb.saved(last)
	tb.wait("the list calls the question answered", `document.querySelector(%s)?.textContent === "answered"`, `.answered[data-jump="`+last.item+`"] [data-jump-state]`)
	if n := tb.count("#jump .answered"); n != 1 {
		t.Errorf("the list calls %d questions answered, want 1", n)
	}
	if sizes := evaluate[[]string](tb, `[...new Set([...document.querySelectorAll("#jump .jump-title")].map((e) => getComputedStyle(e).fontSize))]`); len(sizes) != 1 {
		t.Errorf("the list has titles in the sizes %v, want one, answered or not", sizes)
	}
	if done := evaluate[float64](tb, `document.querySelector("[data-progress]").value`); done != 1 {
		t.Errorf("the bar stands at %v, want 1", done)
	}
	sheetByLetters(t, b.as(t, site, desk, "rep@demo.test").open("/attempts/"+tb.attemptID()), sheet)
}

// sheetByLetters goes by n and p, and chooses by digits.
func sheetByLetters(t *testing.T, tb *tab, sheet []sheetQuestion) {
	t.Helper()
	tb.sees("[data-sheet-state]", "All saved")
	tb.sees("#jump .answered [data-jump-state]", "answered")
	in := func(q sheetQuestion) {
		t.Helper()
		tb.wait("be in "+q.item, `document.activeElement.closest("[data-item]")?.dataset.item === %s`, q.item)
		tb.focusShown()
	}
	tb.press("n")
	in(sheet[0])
	tb.press("n")
	in(sheet[1])
	tb.press("p")
	in(sheet[0])
	tb.press("p") // nothing is before the first
	in(sheet[0])
	tb.press("2")
	tb.saved(sheet[0])
	if !evaluate[bool](tb, `document.querySelector(%s).checked`, "#q-"+sheet[0].item+" .opt:nth-child(2) input") {
		t.Errorf("the digit 2 has not chosen the second choice\n%s", tb.state())
	}
	for i, q := range sheet {
		if !q.multiple {
			continue
		}
		tb.click(`#q-`+q.item+` .opt:first-child`, "")
		before := tb.tickedIn(q)
		tb.press(kb.ArrowDown)
		tb.wait("be at the second box", `document.activeElement.closest(".opt") === document.querySelector(%s)`, "#q-"+q.item+" .opt:nth-child(2)")
		if got := tb.tickedIn(q); len(got) != len(before) {
			t.Errorf("an arrow has ticked a box of question %d: %q, before %q", i+1, got, before)
		}
		return
	}
}
