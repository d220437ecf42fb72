package server_test

import "github.com/chromedp/cdproto/network"

// What somebody does on a page of the gallery before it is looked at.

// raiseBadly sends the form without the aim, with a link that is none.
func (tb *tab) raiseBadly() {
	tb.expect("Failed to load resource")
	tb.write("#title", "Nationwide in 6 hours")
	tb.write("#links", "the brief")
	tb.follow(".raise .button:not(.quiet)", "")
}

// raiseSignedOut raises a request with the session gone, and signs in again.
func (tb *tab) raiseSignedOut() {
	tb.expect("401 (Unauthorized)")
	tb.write("#title", "Nationwide in 6 hours")
	tb.write("#aim", "They publish at six, and the night desk needs the copy before that.")
	tb.do(network.ClearBrowserCookies())
	tb.follow(".raise .button:not(.quiet)", "")
	tb.signIn("rep2@demo.test")
}

// speakBadly gives a voice that says nothing.
func (tb *tab) speakBadly() {
	tb.expect("Failed to load resource")
	tb.click(`.voice-form input[value="propose"]`, "")
	tb.follow(".voice-form button", "")
}

// chooseException shows what belongs to an exception.
func (tb *tab) chooseException() {
	tb.click(`.decide-form input[value="exception"]`, "")
	tb.sees(".decide-form .for-exception")
}

// signInBadly gives a wrong password.
func (tb *tab) signInBadly() {
	tb.expect("Failed to load resource")
	tb.write("#email", "rep@demo.test")
	tb.write("#password", "outside-the-box")
	tb.follow("main button", "Sign in")
}

// chooseBadPassword chooses one that is too short.
func (tb *tab) chooseBadPassword() {
	tb.expect("Failed to load resource")
	tb.write("#password", "short")
	tb.follow("main form button", "")
}

// changePasswordBadly gives a wrong current password and a new one too short.
func (tb *tab) changePasswordBadly() {
	tb.expect("Failed to load resource")
	tb.write("#current", "no")
	tb.write("#password", "short")
	tb.follow(`form[action="/me/password"] button`, "")
}

// addBadly adds a person without an address.
func (tb *tab) addBadly() {
	tb.expect("Failed to load resource")
	tb.write("#email", "nobody")
	tb.follow("form[method=post] button", "Add and make a link")
}

// answerACheck answers the first self-check of a lesson.
func (tb *tab) answerACheck() {
	tb.click(".check .opt input", "")
	tb.click(".check button", "Check my answer")
	tb.sees(".check .verdict")
}

// chooseFirst makes the first choice of a scene.
func (tb *tab) chooseFirst() {
	before := evaluate[string](tb, `document.querySelector("[data-scene]").dataset.step`)
	tb.click("button.choice", "")
	// Whole: before its script runs, a choice is a form, whose page comes bit by bit.
	tb.wait("see the next scene", `document.readyState === "complete" && ![undefined, %s].includes(document.querySelector("[data-scene]")?.dataset.step)`, before)
}
