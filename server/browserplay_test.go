package server_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Plays of a scenario, and what can come between a choice and the server.

// A playTab shows a play of which the test knows all choices.
type playTab struct {
	*tab
	id   string
	path []postedChoice // to a pass

	touched time.Time // as the events of touches say
}

// playing is a play that this person has just started, before the first
// choice.
func playing(t *testing.T, b *browser, s screen) *playTab {
	t.Helper()
	site := newRig(t)
	tb := b.as(t, site, s, "rep@demo.test").open(callAt)
	return tb.startPlay("Start, it counts")
}

// startPlay presses a button of the cover.
func (tb *tab) startPlay(button string) *playTab {
	tb.Helper()
	tb.follow("main button", button)
	return tb.thePlay()
}

// thePlay is the play that the tab shows.
func (tb *tab) thePlay() *playTab {
	tb.Helper()
	if !tb.plain {
		tb.wait("the script is there", `document.querySelector("[data-live]")`)
	}
	p := &playTab{tab: tb, touched: time.Now(), id: evaluate[string](tb, `document.querySelector("[data-scene]").dataset.attempt`)}
	p.path = tb.site.path(p.id, bestPath)
	return p
}

// in is the same play in another tab.
func (p *playTab) in(tb *tab) *playTab {
	p.Helper()
	if !tb.plain {
		tb.wait("the script is there", `document.querySelector("[data-live]")`)
	}
	return &playTab{tab: tb, id: p.id, path: p.path}
}

// moves is how many choices the server has.
func (p *playTab) moves() int {
	p.Helper()
	_, play := p.site.scenarioOf(p.id)
	return len(play.Path)
}

// made stops the test when the server has not exactly these choices of the
// path that passes.
func (p *playTab) made(n int) {
	p.Helper()
	s, play := p.site.scenarioOf(p.id)
	var got, want []string
	for _, m := range play.Path {
		got = append(got, s.Scene(m.Scene).Choices[m.Choice].Text)
	}
	for _, c := range p.path[:n] {
		want = append(want, c.text)
	}
	if !slices.Equal(got, want) {
		p.Fatalf("the server has the choices %q, want %q\n%s", got, want, p.state())
	}
}

// button is the selector of the choice to make at a step.
func (p *playTab) button(step int) string { return fmt.Sprintf(`button[value=%q]`, p.path[step].token) }

// otherButton is the selector of another choice that is open in the scene.
func (p *playTab) otherButton(step int) string {
	p.Helper()
	return fmt.Sprintf(`button[value=%q]`, evaluate[string](p.tab, `[...document.querySelectorAll("button[name=choice]")].find((b) => b.value !== %s).value`, p.path[step].token))
}

// stands waits until the tab shows this step, with the focus on its heading
// and the choice that led there in sight.
func (p *playTab) stands(step int) {
	p.Helper()
	p.wait(fmt.Sprintf("see step %d with the focus on its heading", step),
		`document.querySelectorAll("[data-scene]").length === 1 && document.querySelector("[data-scene]").dataset.step === %s && document.activeElement.matches("[data-scene-title]")`, fmt.Sprint(step))
	if top := evaluate[float64](p.tab, `(document.querySelector(".scene > .said") ?? document.activeElement).getBoundingClientRect().top`); top < -1 || top > float64(p.size.height)/2 {
		p.Errorf("step %d begins %v px below the top of the window", step, top)
	}
}

// tap touches an element, a second after the touch before: two that come sooner
// at one place are a double one.
func (p *playTab) tap(selector string) {
	p.Helper()
	at := p.find(selector, "")
	p.touched = p.touched.Add(time.Second)
	when := input.TimeSinceEpoch(p.touched)
	finger := []*input.TouchPoint{{X: at.X, Y: at.Y}}
	p.do(input.DispatchTouchEvent(input.TouchStart, finger).WithTimestamp(&when), input.DispatchTouchEvent(input.TouchEnd, []*input.TouchPoint{}).WithTimestamp(&when))
}

// passed looks at the debrief of a play that has passed by the best path.
func (p *playTab) passed() {
	p.Helper()
	p.at("/attempts/" + p.id + "/result")
	p.says("Passed", "How it ended", "Choice by choice", "Your path", "This is the best path there is.", "By clause")
	p.made(len(p.path))
	p.noWider("debrief", p.size)
}

func playByTouch(t *testing.T, b *browser) {
	p := playing(t, b, phone)
	last := len(p.path) - 1
	for step := range p.path {
		p.noWider(fmt.Sprintf("step %d", step), phone)
		p.tap(p.button(step))
		if step < last {
			p.stands(step + 1)
			if n := p.count(".beats > li"); n != step+1 {
				t.Errorf("after %d choices the story so far has %d scenes", step+1, n)
			}
		}
	}
	p.passed()
	p.visit(callAt)
	p.says("There is nothing more to do here.", "Played")
	practice := p.startPlay("Practise")
	practice.sees(".meters", "Margin", "Homework")
	practice.tap(practice.button(0))
	practice.stands(1)
	practice.made(1)
}

// playByKeys plays without a mouse: digits lead to the choices, Enter makes
// them, and the focus is at the heading of the next scene then.
func playByKeys(t *testing.T, b *browser) {
	site := newRig(t)
	tb := b.as(t, site, desk, "rep@demo.test").open(callAt)
	tb.tabTo("main button", "Start, it counts")
	tb.load(pressing(kb.Enter))
	p := tb.thePlay()
	last := len(p.path) - 1
	for step := range p.path {
		if step == 1 { // the choices can be reached by Tab, too
			p.tabTo(p.button(step), "")
		} else {
			p.pressDigitOf(step)
		}
		p.focusShown()
		p.press(kb.Enter)
		if step < last {
			p.stands(step + 1)
		}
	}
	p.passed()
	p.digitsPassOver()
}

// pressDigitOf presses the number that stands before the choice.
func (p *playTab) pressDigitOf(step int) {
	p.Helper()
	p.press(evaluate[string](p.tab, `document.querySelector(%s).querySelector(".choice-no").textContent`, p.button(step)))
	if got := evaluate[string](p.tab, `document.activeElement.value ?? ""`); got != p.path[step].token {
		p.Fatalf("the number of the choice of step %d does not lead to it\n%s", step, p.state())
	}
}

// digitsPassOver presses the numbers of a choice that can't be made and of
// one that is not there.
func (p *playTab) digitsPassOver() {
	p.Helper()
	p.visit(callAt)
	practice := p.startPlay("Practise")
	practice.press("1")
	practice.press(kb.Enter)
	practice.stands(1)
	greyed := evaluate[int](p.tab, `[...document.querySelectorAll(".choice-list > li")].findIndex((li) => li.querySelector(".greyed"))`) + 1
	if greyed == 0 {
		p.Fatalf("no choice is greyed out after the first\n%s", p.state())
	}
	practice.press(fmt.Sprint(greyed))
	practice.press("9")
	practice.press(kb.Enter)
	practice.stands(1)
	if practice.moves() != 1 {
		p.Error("Enter has made a choice though no choice had the focus")
	}
}

// playWithoutScripts plays by forms alone; a choice that is posted after the
// session has ended goes through the sign-in.
func playWithoutScripts(t *testing.T, b *browser) {
	site := newRig(t)
	w := b.as(t, site, phone, "rep@demo.test")
	w.plain = true
	p := w.open(callAt).startPlay("Start, it counts")
	p.expect("401 (Unauthorized)", "409 (Conflict)")
	p.follow(p.button(0), "")
	p.made(1)
	second := p.in(w.open("/attempts/" + p.id))
	other := second.otherButton(1)
	p.follow(p.button(1), "")
	second.expect("409 (Conflict)")
	if status := second.follow(other, ""); status != 409 {
		t.Errorf("a choice at a step that is past got %d, want 409", status)
	}
	second.says("The story went on in another window of yours. This is where it stands.")
	second.follow(second.button(2), "")
	p.follow(p.button(2), "") // the same choice once more is no conflict
	p.made(3)

	endSession(site, "rep@demo.test")
	if status := p.follow(p.button(3), ""); status != 401 {
		t.Errorf("a choice without a session got %d, want 401", status)
	}
	p.made(3)
	p.signIn("rep@demo.test")
	p.says("Your choice was carried over and is made.")
	p.made(4)
	for step := 4; step < len(p.path); step++ {
		p.follow(p.button(step), "")
	}
	p.passed()
}

func playOffline(t *testing.T, b *browser) {
	p := playing(t, b, phone)
	p.expect("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_RESET")
	p.click(p.button(0), "")
	p.stands(1)

	p.offline(true)
	other := p.otherButton(1)
	p.click(p.button(1), "")
	p.sees(".notice.warning svg.icon")
	p.sees(".notice.warning", "You are offline. Your choice is kept on this device and sent when the connection is back.")
	p.sees("[data-play-state]", "Not sent yet")
	p.click(other, "") // none but the first one counts
	p.made(1)
	p.offline(false)
	p.stands(2)
	p.made(2)
	p.wait("the notice goes", `!document.querySelector("[data-notice=connection]")`)

	p.offline(true)
	p.click(p.button(2), "")
	p.sees("[data-play-state]", "Not sent yet")
	p.made(2)
	p.do(page.Reload())
	p.wait("leave the page", `!document.querySelector("[data-scene]")`)
	p.offline(false)
	p.visit("/attempts/" + p.id)
	p.sees(`[data-scene][data-step="3"][data-live]`)
	p.made(3)

	p.dropAcknowledgements("*/choose", 1)
	p.click(p.button(3), "")
	p.stands(4)
	p.made(4)
	if kept := evaluate[int](p.tab, `localStorage.length`); kept != 0 {
		t.Errorf("the device still keeps %d choices after all were made", kept)
	}
}

func playInTwoTabs(t *testing.T, b *browser) {
	p := playing(t, b, phone)
	p.expect("409 (Conflict)", "ERR_INTERNET_DISCONNECTED")
	second := p.in(p.open("/attempts/" + p.id))
	second.expect("409 (Conflict)")
	other := second.otherButton(0)
	p.click(p.button(0), "")
	p.stands(1)
	second.click(other, "") // an old page: nothing is overwritten
	second.sees(".scene [role=alert]", "The story went on in another window of yours. This is where it stands.")
	second.stands(1)
	second.made(1)

	second.click(second.button(1), "")
	second.stands(2)
	p.click(p.button(1), "") // the same choice is no conflict
	p.stands(2)
	p.made(2)
	if p.count(".scene [role=alert]") != 0 {
		t.Errorf("the same choice in two windows is shown as a conflict\n%s", p.state())
	}

	p.offline(true) // one waits for the connection, the other one goes on
	other = p.otherButton(2)
	p.click(other, "")
	p.sees("[data-play-state]", "Not sent yet")
	second.click(second.button(2), "")
	second.stands(3)
	p.offline(false)
	p.sees(".scene [role=alert]", "The story went on in another window of yours.")
	p.stands(3)
	p.made(3)
}

func playTwiceAndGoBack(t *testing.T, b *browser) {
	p := playing(t, b, desk)
	p.twice(p.button(0), "")
	p.stands(1)
	p.made(1)

	// The second click of a double click, with the next scene there already: it
	// chooses nothing there, and takes the focus from nowhere.
	at := p.find(p.otherButton(1), "")
	p.do(chromedp.MouseClickXY(at.X, at.Y, chromedp.ClickCount(2)))
	if !evaluate[bool](p.tab, `document.activeElement.matches("[data-scene-title]")`) {
		t.Errorf("the second press took the focus from the scene's title\n%s", p.state())
	}
	p.click(p.button(1), "")
	p.stands(2)
	p.made(2)

	p.do(chromedp.Evaluate(`window.left = true; history.back()`, nil))
	p.wait("come back to the cover", `!window.left && document.readyState === "complete" && location.pathname === %s && document.querySelector("main a.button")`, callAt)
	p.says("An attempt is open", "1 of 3 used")
	p.follow("main a", "Continue")
	p = p.in(p.tab)
	p.made(2)
	for step := 2; step < len(p.path)-1; step++ {
		p.click(p.button(step), "")
		p.stands(step + 1)
	}
	p.twice(p.button(len(p.path)-1), "")
	p.passed()
	p.do(chromedp.Evaluate(`window.left = true; history.back()`, nil))
	p.wait("come from the last scene to the debrief again", `!window.left && document.readyState === "complete"`)
	p.passed()
	p.visit(callAt)
	p.says("1 of 3 used")
}

func sessionEndsWhilePlaying(t *testing.T, b *browser) {
	p := playing(t, b, phone)
	p.expect("401 (Unauthorized)")
	p.click(p.button(0), "")
	p.stands(1)
	endSession(p.site, "rep@demo.test")
	p.click(p.button(1), "")
	p.sees(".notice.error", "You have been signed out. Your choice is kept on this device; sign in again and it is sent.")
	p.sees("[data-play-state]", "Not sent yet")
	p.made(1)
	signIn := p.newTab(".notice.error a", "Sign in")
	signIn.at("/login")
	signIn.signIn("rep@demo.test")
	signIn.at("/attempts/")
	second := p.in(signIn)
	second.stands(2) // what this device keeps is sent from there
	second.close()
	p.do(page.BringToFront())
	p.stands(2)
	p.made(2)
	p.wait("the notice goes", `!document.querySelector("[data-notice=signed-out]")`)
	p.click(p.button(2), "")
	p.stands(3)
	p.made(3)
}
