package server_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// draftsComeBack: what was written comes back after a connection that broke while it was
// sent, until the server has taken it; it can be discarded, and goes with who wrote it.
func draftsComeBack(t *testing.T, b *browser) {
	site := newRig(t)
	const page, text = "/requests/new", "They publish at six."
	tb := b.as(t, site, phone, "rep3@demo.test").open(page)
	tb.expect("ERR_CONNECTION_RESET", "401 (Unauthorized)")
	chromedp.ListenTarget(tb.ctx, func(event any) {
		if e, ok := event.(*fetch.EventRequestPaused); ok {
			go func() {
				if e.Request.Method == http.MethodPost {
					_ = chromedp.Run(tb.ctx, fetch.FailRequest(e.RequestID, network.ErrorReasonConnectionReset))
				} else {
					_ = chromedp.Run(tb.ctx, fetch.ContinueRequest(e.RequestID))
				}
			}()
		}
	})
	writes := func() {
		t.Helper()
		tb.write("#aim", text)
		tb.write("#title", "Nationwide in 6 hours")
		tb.wait("it is kept", `sessionStorage.getItem("insidebox.drafts")?.includes("Nationwide")`)
	}
	empty := func() {
		t.Helper()
		tb.wait("nothing is restored", `document.querySelector("#aim").value === "" && !document.querySelector(".restored")`)
	}
	back := func() {
		t.Helper()
		tb.sees(".restored", "What you wrote here and did not send is back.")
		tb.wait("the text is back", `document.querySelector("#aim").value === %s && document.querySelector("#title").value === "Nationwide in 6 hours"`, text)
	}
	writes()
	tb.do(fetch.Enable().WithPatterns([]*fetch.RequestPattern{{URLPattern: "*/requests"}}))
	tb.click(".raise .button:not(.quiet, .plain)", "")
	tb.wait("the browser's own page", `location.protocol === "chrome-error:"`)
	tb.do(fetch.Disable())
	tb.visit(page)
	back()
	tb.noWider("a form with a draft", phone)

	// It is this person's alone, and on this page alone.
	tb.visit("/briefs/new")
	tb.wait("another form stays as it is", `!document.querySelector(".restored")`)
	tb.visit(page)
	back()
	tb.click(".restored button", "Discard it")
	empty()
	tb.visit(page)
	empty()

	// A form that is refused keeps it; the one that is taken doesn't.
	tb.expect("422 (Unprocessable Entity)")
	tb.write("#aim", text)
	tb.wait("it is kept", `sessionStorage.getItem("insidebox.drafts")?.includes("publish")`)
	tb.follow(".raise .button:not(.quiet, .plain)", "")
	tb.says("needs a change")
	tb.visit(page)
	tb.sees(".restored", "is back")
	tb.write("#title", "Nationwide in 6 hours")
	endSession(site, "rep3@demo.test")
	tb.follow(".raise .button:not(.quiet, .plain)", "")
	tb.signIn("rep3@demo.test")
	tb.follow("main button", "Send it now")
	tb.says(text)
	tb.visit(page)
	empty()

	writes()
	tb.click(".menu summary", "")
	tb.follow(".menu button", "Sign out")
	tb.visit("/login")
	tb.signIn("rep3@demo.test")
	tb.visit(page)
	empty()
}
