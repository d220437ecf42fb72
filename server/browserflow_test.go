package server_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var question = stroke("?", "Slash", "?", 191)

const firstLesson = "/courses/onboarding/the-box/why-promises-come-due"

const theDialog = `document.querySelector("dialog[open]")`

// keysExplained opens the list of keys where one is, gets back to where one
// was, and switches single keys off for good.
func keysExplained(t *testing.T, b *browser) {
	tb := b.as(t, newRig(t), desk, "rep@demo.test").open(firstLesson)
	before := tb.path()
	tb.click(".menu summary", "") // something has the focus
	tb.press(kb.Escape)
	tb.do(question)
	tb.wait("the keys are shown", theDialog+`?.contains(document.activeElement)`)
	tb.sees("dialog", "Keys on this page", "the next lesson", "show the keys of this page")
	if hidden := evaluate[[]string](tb, `[...document.querySelectorAll("dialog section")].filter((s) => !s.checkVisibility()).map((s) => s.querySelector("h3").textContent)`); len(hidden) != 2 {
		t.Errorf("in a lesson %q are left out, want those of quizzes and scenarios", hidden)
	}
	tb.press("n")
	if got := tb.path(); got != before {
		t.Fatalf("a key reaches the page behind the dialog: it is at %s", got)
	}
	tb.press(kb.Escape)
	tb.wait("Escape closes it, and the focus is back", `!document.querySelector("dialog") && document.activeElement.matches(".menu summary")`)

	tb.do(question)
	tb.click("dialog .tick", "Single keys do something")
	tb.click("dialog .close", "")
	tb.wait("the cross closes it", `!document.querySelector("dialog")`)
	tb.do(question)
	tb.press("n")
	tb.do(slash)
	if evaluate[bool](tb, `document.activeElement.matches("input") || Boolean(document.querySelector("dialog"))`) || tb.path() != before {
		t.Errorf("single keys still do something\n%s", tb.state())
	}
	tb.visit("/help/keyboard")
	tb.wait("the page remembers it", `document.querySelector("[data-keys-switch]").checked === false`)
	tb.click(".tick", "Single keys do something")
	tb.visit(firstLesson)
	tb.load(stroke("n", "KeyN", "n", 78))
	if tb.path() == before {
		t.Error("n does not go on, though single keys are on again")
	}
}

// askForKeys opens the dialog of keys, for the gallery.
func (tb *tab) askForKeys() {
	tb.Helper()
	tb.do(question)
	tb.sees("dialog[open]", "Keys on this page")
}

// sentOnce holds a form's answer back: a second click sends nothing, a line
// says that something is under way, and afterwards the form may be sent again.
func sentOnce(t *testing.T, b *browser) {
	tb := b.as(t, newRig(t), desk, "rep@demo.test").open("/me")
	sent, seen := make(chan fetch.RequestID, 10), make(chan bool, 1)
	chromedp.ListenTarget(tb.ctx, func(event any) {
		if e, ok := event.(*fetch.EventRequestPaused); ok && e.Request.Method == http.MethodPost {
			sent <- e.RequestID
		} else if ok {
			seen <- true
		}
	})
	tb.do(emulation.SetEmulatedMedia(), fetch.Enable().WithPatterns([]*fetch.RequestPattern{{URLPattern: "*/me"}, {URLPattern: "*/healthz"}}))
	tb.write("#first", "Rob")
	// A browser on its way to the next page answers no questions; so the page
	// itself tells what it shows meanwhile.
	evaluate[any](tb, `new MutationObserver((_, watch) => {
		if (!document.querySelector(".way-line") || document.querySelector("form[action='/me'] button").ariaDisabled !== "true") return;
		watch.disconnect();
		fetch("/healthz");
	}).observe(document.body, { childList: true })`)
	evaluate[any](tb, `addEventListener("submit", (event) => { sessionStorage.clicks = (sessionStorage.clicks ?? "") + (event.defaultPrevented ? "held " : "sent "); })`)
	tb.twice("form[action='/me'] button", "Save")
	first := <-sent
	select {
	case <-seen:
	case <-time.After(patience):
		t.Error("no line shows that the form is under way, or its button does not wait")
	}
	tb.load(fetch.ContinueRequest(first))
	tb.says("Saved.")
	select {
	case <-sent:
		t.Error("the form was sent more than once")
	default:
	}
	if clicks := evaluate[string](tb, `sessionStorage.clicks`); clicks != "sent held " {
		t.Errorf("two clicks on the button did %q", clicks)
	}
	tb.wait("the button has the focus again, and may be pressed", `document.activeElement.textContent === "Save" && !document.activeElement.ariaDisabled && !document.querySelector(".way-line")`)
	tb.do(fetch.Disable())
	tb.follow("form[action='/me'] button", "Save")
	tb.says("Saved.")
}

// staysInPlace: a form at the foot of a page leads back to where it stands,
// and what it says at the top is said in sight.
func staysInPlace(t *testing.T, b *browser) {
	site := newRig(t)
	b.window(t, site, desk).open("/login").signIn("rep@demo.test") // a second session, to end
	w := b.as(t, site, phone, "rep@demo.test")
	tb := w.open("/me")
	tb.find("form[action='/me/sessions'] button", "Sign out")
	before := evaluate[float64](tb, `scrollY`)
	if before < 200 {
		t.Fatalf("the form is so far up (%v) that nothing is proved", before)
	}
	tb.follow("form[action='/me/sessions'] button", "Sign out")
	tb.wait("the page is where it was", `Math.abs(scrollY - %s) < 200 && scrollY > 100`, before)
	tb.sees(".toast", "Signed out")
}

// linkInSight: the link for who was added is shown once, so it is in sight and has
// the focus, although the form stands at the foot of the page; a button copies it.
func linkInSight(t *testing.T, b *browser) {
	site := newRig(t)
	tb := b.as(t, site, phone, "admin@demo.test").open("/admin/people")
	tb.write("#email", "wim@demo.test")
	tb.find(".add-person button", "Add and make a link")
	if at := evaluate[float64](tb, `scrollY`); at < 200 {
		t.Fatalf("the form is so far up (%v) that nothing is proved", at)
	}
	tb.follow(".add-person button", "Add and make a link")
	tb.wait("the link is in sight", `(() => {
		const seen = document.querySelector(".added code").getBoundingClientRect();
		return seen.top > 0 && seen.bottom < innerHeight && document.activeElement.matches(".added");
	})()`)
	tb.noWider("who was added", phone)
	evaluate[any](tb, `navigator.clipboard.writeText = async (text) => { window.copied = text; }`)
	tb.click(".added button", "Copy")
	tb.wait("it is copied, and said", `window.copied.includes("/welcome/") && document.querySelector(".added button").textContent === "Copied"`)
}

// connectionLost: any page says that it is offline, holds a form back so that
// nothing typed is lost, and takes it back by itself.
func connectionLost(t *testing.T, b *browser) {
	tb := b.as(t, newRig(t), phone, "rep@demo.test").open("/me")
	tb.expect("ERR_INTERNET_DISCONNECTED")
	tb.offline(true)
	tb.sees(".notices", "You are offline. You can read on here")
	tb.write("#first", "Robina")
	tb.click("form[action='/me'] button", "Save")
	tb.wait("the form stays, filled in", `document.querySelector("#first").value.includes("Robina") && document.querySelectorAll("[data-notice=offline]").length === 1`)
	tb.noWider("/me, offline", phone)
	tb.offline(false)
	tb.sees(".toast", "You are back online.")
	tb.wait("the notice goes", `!document.querySelector("[data-notice]")`)
	tb.follow("form[action='/me'] button", "Save")
	tb.says("Saved.")
}

// nothingJumps adds up what moves by itself while pages load.
func nothingJumps(t *testing.T, b *browser) {
	site := newRig(t)
	for _, one := range []struct {
		who   string
		paths []string
	}{
		{"rep2@demo.test", []string{"/", firstLesson, "/offerings/records-search"}},
		{"manager@demo.test", []string{"/", "/team"}},
		{"author@demo.test", []string{"/help", "/help/design"}},
	} {
		for _, size := range []screen{phone, desk} {
			tb := b.as(t, site, size, one.who).tab()
			for _, path := range one.paths {
				tb.visit(path)
				if moved := tb.moved(); moved > 10 {
					t.Errorf("%s, %s at %d: what stands moves by itself, by %d thousandths", one.who, path, size.width, moved)
				}
			}
			// What does move is seen.
			evaluate[any](tb, `document.querySelector("main").prepend(Object.assign(document.createElement("p"), { textContent: "late ".repeat(400) }))`)
			if moved := tb.moved(); moved <= 10 {
				t.Errorf("a paragraph that comes late moves the page by %d thousandths only: nothing is measured", moved)
			}
		}
	}
}

// moved is how much has moved by itself since the page began, in thousandths
// of what browsers call a layout shift.
func (tb *tab) moved() int {
	tb.Helper()
	text := waitFor[string](tb, "the font and two frames", `await (async () => {
		await document.fonts.ready;
		for (let n = 0; n < 2; n += 1) await new Promise((next) => requestAnimationFrame(next));
		const seen = new PerformanceObserver(() => {});
		seen.observe({ type: "layout-shift", buffered: true });
		return "sum " + Math.round(1000 * seen.takeRecords().reduce((sum, entry) => sum + entry.value, 0));
	})()`)
	n, err := strconv.Atoi(strings.TrimPrefix(text, "sum "))
	tb.site.must(err)
	return n
}
