package server_test

import (
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The parts of the search field that a test looks at.
const (
	findField = `document.querySelector("form[data-find] input")`
	findOpen  = findField + `.getAttribute("aria-expanded") === "true"`
	findHere  = `(document.getElementById(` + findField + `.getAttribute("aria-activedescendant") ?? "") ?? { textContent: "" }).textContent`
)

// stroke presses a key as a keyboard does: one event that says the key and the
// character, so that a page which takes the one gets no other.
func stroke(key, code, text string, number int64) chromedp.Action {
	event := func(kind input.KeyType) *input.DispatchKeyEventParams {
		return input.DispatchKeyEvent(kind).WithKey(key).WithCode(code).WithWindowsVirtualKeyCode(number)
	}
	return chromedp.Tasks{event(input.KeyDown).WithText(text), event(input.KeyUp)}
}

var (
	slash = stroke("/", "Slash", "/", 191)
	enter = stroke("Enter", "Enter", "\r", 13)
)

// searchByKeys finds a clause from any page, without a mouse.
func searchByKeys(t *testing.T, b *browser) {
	tb := b.as(t, newRig(t), desk, "rep@demo.test").open("/courses")
	tb.do(slash)
	tb.wait("the field has the focus", findField+` === document.activeElement && `+findField+`.role === "combobox"`)
	tb.focusShown()
	tb.press("turn")
	tb.wait("suggestions open", findOpen)
	if evaluate[string](tb, findHere) != "" {
		t.Error("a suggestion is chosen before an arrow was pressed")
	}
	tb.press(kb.ArrowDown)
	tb.wait("the first suggestion is chosen", `document.querySelectorAll("[role=option]")[0].ariaSelected === "true" && document.querySelectorAll("[aria-selected=true]").length === 1`)
	tb.press(kb.ArrowUp)
	tb.wait("back in the field", findHere+` === ""`)
	tb.press(kb.ArrowUp)
	tb.wait("around to the last", findHere+`.includes("All results")`)
	tb.press(kb.Escape)
	tb.wait("Escape closes and keeps what was typed", `!(`+findOpen+`) && document.querySelector(".found-panel").hidden && `+findField+`.value === "turn"`)
	tb.press(kb.ArrowDown)
	tb.wait("an arrow opens it again", findOpen)
	at := evaluate[int](tb, `[...document.querySelectorAll("[role=option]")].findIndex((o) => new URL(o.href).pathname === "/offerings/records-search" && o.hash === "#turnaround")`)
	if at < 0 {
		t.Fatalf("the turnaround of records search is not suggested\n%s", tb.state())
	}
	for range at + 1 {
		tb.press(kb.ArrowDown)
	}
	tb.load(enter)
	tb.wait("be at the clause", `location.pathname === "/offerings/records-search" && location.hash === "#turnaround"`)

	tb.do(slash)
	tb.press("nationwide")
	tb.wait("suggestions open", findOpen)
	tb.load(enter) // with none chosen, all results
	tb.at("/search")
	tb.sees("mark", "nationwide")
	tb.do(slash)
	tb.wait("the page's own field has the focus", `document.activeElement.id === "q"`)
}

// searchAnswersInOrder holds that the answer to an earlier key never replaces
// that to a later one, and that a search without a connection says so.
func searchAnswersInOrder(t *testing.T, b *browser) {
	tb := b.as(t, newRig(t), desk, "rep@demo.test").open("/offerings")
	// The first answer is held back, and what was to abort it is kept from it:
	// the page must see by itself that it is late.
	evaluate[any](tb, `(() => {
		const real = fetch;
		window.fetch = (url, options) => {
			if (new URL(url, location).searchParams.get("q") !== "con") return real(url, options);
			window.heldBack = true;
			return new Promise((answer) => { window.letGo = () => real(url, { headers: options.headers }).then(answer); });
		};
	})()`)
	tb.do(slash)
	tb.press("con")
	tb.wait("the first search is under way", `window.heldBack === true`)
	tb.press("sent")
	tb.wait("the second is answered", findOpen+` && [...document.querySelectorAll("[role=option]")].every((o) => o.hash !== "#customisation")`)
	before := evaluate[string](tb, `document.querySelector(".found-panel").innerHTML`)
	// Whoever waits for the first answer hears of it before the page that was
	// asked for after it is here.
	evaluate[any](tb, `window.letGo().then(() => fetch("/search")).then((page) => page.text()).then(() => { window.late = true; }) && null`)
	tb.wait("the first answer has come", `window.late === true`)
	if after := evaluate[string](tb, `document.querySelector(".found-panel").innerHTML`); after != before {
		t.Errorf("a late answer replaced a newer one:\n%s", after)
	}

	tb.expect("ERR_INTERNET_DISCONNECTED")
	tb.offline(true)
	tb.press(" form")
	tb.sees(".found-panel", "You are offline")
	tb.offline(false)
	tb.press("s")
	tb.wait("no more said", `!document.querySelector(".found-panel").textContent.includes("offline")`)
}

// searchOnPhone finds by touch, where the bar has no room for a field.
func searchOnPhone(t *testing.T, b *browser) {
	tb := b.as(t, newRig(t), phone, "rep@demo.test").open("/")
	tb.follow(".find-go", "")
	tb.at("/search")
	tb.write("#q", "consent")
	tb.wait("suggestions open", findOpen)
	tb.noWider("/search with suggestions", phone)
	tb.follow("[role=option]", "Employment checks")
	tb.wait("be at what was tapped", `location.pathname.startsWith("/offerings/employment-checks") || location.pathname.startsWith("/courses/")`)
}
