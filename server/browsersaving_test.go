package server_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/insidebox/insidebox/people"
)

// Answers and what can come between them and the server.

// begun is an attempt that this person has just started, and the tab that
// shows its sheet.
func begun(t *testing.T, b *browser, site *rig, email string) (*tab, []sheetQuestion) {
	t.Helper()
	at := site.as(email).post(quizAt+"/attempts", nil).want(303).Header.Get("Location")
	tb := b.as(t, site, phone, email).open(at)
	return tb, site.sheet(tb.attemptID())
}

// stands reports how often the question's answer was saved on the server.
func (tb *tab) stands(q sheetQuestion) int64 {
	tb.Helper()
	for _, one := range tb.site.sheet(evaluate[string](tb, `location.pathname.split("/")[2]`)) {
		if one.item == q.item {
			return one.saves
		}
	}
	tb.Fatalf("the attempt has no question %s", q.item)
	return 0
}

// noNetwork are the parameters of Network.emulateNetworkConditionsByRule. It
// says twice whether there is a network: browsers differ in where they look,
// and pass over what they don't know.
type noNetwork struct {
	Offline bool                  `json:"offline"`
	Rules   []*network.Conditions `json:"matchedNetworkConditions"`
}

// offline takes the network away from the tab, or gives it back.
func (tb *tab) offline(yes bool) {
	tb.Helper()
	all := []*network.Conditions{{Offline: yes, DownloadThroughput: -1, UploadThroughput: -1}}
	tb.do(chromedp.ActionFunc(func(ctx context.Context) error {
		return cdp.Execute(ctx, network.CommandEmulateNetworkConditionsByRule, noNetwork{yes, all}, nil)
	}), network.OverrideNetworkState(yes, 0, -1, -1))
}

func answersSurviveOffline(t *testing.T, b *browser) {
	tb, sheet := begun(t, b, newRig(t), "rep@demo.test")
	tb.expect("ERR_INTERNET_DISCONNECTED")
	tb.choose(sheet[0], sheet[0].wrong)
	tb.saved(sheet[0])

	tb.offline(true)
	tb.sees(".notice.warning svg.icon")
	tb.sees(".notice.warning", "You are offline. Your answers are kept on this page and sent when the connection is back.")
	tb.choose(sheet[1], sheet[1].wrong)
	tb.choose(sheet[2], sheet[2].wrong)
	tb.sees("#q-"+sheet[2].item+" [data-saved]", "Not saved yet")
	tb.sees("[data-sheet-state]", "2 answers are not sent yet")
	tb.sees("[data-answered]", "3 of 17 answered")
	tb.click("[data-submit]", "")
	tb.sees(".notice.error", "Some answers have not reached the server yet, so nothing was submitted.")
	if tb.stands(sheet[1]) != 0 {
		t.Error("an answer has reached the server without a network")
	}

	tb.offline(false)
	tb.saved(sheet[1])
	tb.saved(sheet[2])
	tb.wait("the notice goes", `!document.querySelector("[data-notice=connection]")`)
	if tb.stands(sheet[1]) != 1 || tb.stands(sheet[2]) != 1 {
		t.Error("what the page calls saved is not on the server")
	}
	reloadOffline(t, tb, sheet[3:5])
}

// reloadOffline answers without a network and loses the page: this device
// has kept the answers, and sends them once the page is back.
func reloadOffline(t *testing.T, tb *tab, questions []sheetQuestion) {
	t.Helper()
	sheet := tb.path()
	tb.offline(true)
	for _, q := range questions {
		tb.choose(q, q.wrong)
		tb.sees("#q-"+q.item+" [data-saved]", "Not saved yet")
		if tb.stands(q) != 0 {
			t.Error("an answer has reached the server without a network")
		}
	}
	tb.do(page.Reload())
	tb.wait("leave the page", `!document.querySelector("form.sheet")`)
	if !slices.Contains(tb.asked(), "beforeunload") {
		t.Error("the page was left without a question while answers were not saved")
	}
	tb.offline(false)
	tb.visit(sheet)
	for _, q := range questions {
		tb.saved(q)
		if !slices.Equal(tb.tickedIn(q), q.wrong) || tb.stands(q) != 1 {
			t.Errorf("after the reload %s is answered with %q on the page and saved %d times on the server", q.item, tb.tickedIn(q), tb.stands(q))
		}
	}
	tb.sees("[data-answered]", "5 of 17 answered")
}

// asked are the questions that the page asked when it was left.
func (tb *tab) asked() []string {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	return slices.Clone(tb.dialogs)
}

// endSession ends the session that a window was given, on the server.
func endSession(site *rig, email string) {
	site.Helper()
	_, cookie := site.cookie(email)
	person, secret, _ := people.SplitCookie(cookie)
	site.must(site.People.SignOut(site.Context(), person, secret))
}

func sessionEndsWhileAnswering(t *testing.T, b *browser) {
	site := newRig(t)
	tb, sheet := begun(t, b, site, "rep@demo.test")
	tb.expect("401 (Unauthorized)")
	tb.choose(sheet[0], sheet[0].wrong)
	tb.saved(sheet[0])
	endSession(site, "rep@demo.test")
	tb.choose(sheet[1], sheet[1].wrong)
	tb.sees(".notice.error", "You have been signed out. Your answers are kept on this page; sign in again and they are sent.")
	tb.choose(sheet[2], sheet[2].wrong)
	tb.sees("[data-sheet-state]", "2 answers are not sent yet")
	if tb.stands(sheet[1]) != 0 {
		t.Error("an answer was saved for somebody who is signed out")
	}
	second := tb.newTab(".notice.error a", "Sign in")
	second.at("/login")
	second.signIn("rep@demo.test")
	second.at("/attempts/")
	second.close()
	tb.do(page.BringToFront())
	tb.saved(sheet[1])
	tb.saved(sheet[2])
	tb.wait("the notice goes", `!document.querySelector("[data-notice=signed-out]")`)
	if tb.count("[data-conflict]") != 0 || tb.stands(sheet[1]) != 1 || tb.stands(sheet[2]) != 1 {
		t.Errorf("after signing in again the answers are not on the server once each\n%s", tb.state())
	}
}

func sessionEndsBeforePlainForm(t *testing.T, b *browser) {
	site := newRig(t)
	at := site.as("rep@demo.test").post(quizAt+"/attempts", nil).want(303).Header.Get("Location")
	w := b.as(t, site, phone, "rep@demo.test")
	w.plain = true
	tb := w.open(at)
	tb.expect("401 (Unauthorized)")
	sheet := site.sheet(tb.attemptID())
	for _, q := range sheet[:3] {
		tb.choose(q, q.wrong)
	}
	endSession(site, "rep@demo.test")
	if status := tb.follow("[data-submit]", ""); status != 401 {
		t.Errorf("a form without a session got %d, want 401", status)
	}
	tb.says("You were signed out meanwhile. Sign in, and your answers are saved.")
	tb.signIn("rep@demo.test")
	tb.says("Your answers were carried over and are saved.", "3 of 17 answered")
	for _, q := range sheet[:3] {
		if !slices.Equal(tb.tickedIn(q), q.wrong) {
			t.Errorf("%s is answered with %q, want %q", q.item, tb.tickedIn(q), q.wrong)
		}
	}
}

// dropAcknowledgements lets the next requests to an address reach the server
// and loses its answers to them on the way back.
func (tb *tab) dropAcknowledgements(address string, n int64) {
	tb.Helper()
	var dropped atomic.Int64
	chromedp.ListenTarget(tb.ctx, func(event any) {
		paused, ok := event.(*fetch.EventRequestPaused)
		if !ok {
			return
		}
		var then chromedp.Action = fetch.ContinueResponse(paused.RequestID)
		if dropped.Add(1) <= n {
			then = fetch.FailRequest(paused.RequestID, network.ErrorReasonConnectionReset)
		}
		go func() { _ = chromedp.Run(tb.ctx, then) }()
	})
	tb.do(fetch.Enable().WithPatterns([]*fetch.RequestPattern{{URLPattern: address, RequestStage: fetch.RequestStageResponse}}))
}

func lostAcknowledgement(t *testing.T, b *browser) {
	tb, sheet := begun(t, b, newRig(t), "rep@demo.test")
	tb.expect("ERR_CONNECTION_RESET")
	tb.dropAcknowledgements("*/answers", 1)
	i := slices.IndexFunc(sheet, func(q sheetQuestion) bool { return !q.multiple })
	q := sheet[i]
	tb.choose(q, q.wrong)
	tb.sees("#q-"+q.item+" [data-saved]", "Not saved yet")
	tb.sees("[data-sheet-state]", "1 answer is not sent yet")
	if tb.stands(q) != 1 {
		t.Fatal("the server has not saved the answer whose acknowledgement is to be lost")
	}
	tb.choose(q, q.right) // she thinks again before it is sent again
	tb.saved(q)
	if n := tb.count("[data-conflict]"); n != 0 {
		t.Errorf("a lost acknowledgement is shown as a conflict with herself\n%s", tb.state())
	}
	if got := tb.tickedIn(q); !slices.Equal(got, q.right) || tb.stands(q) != 2 {
		t.Errorf("the page shows %q and the server has saved %d times, want %q and 2", got, tb.stands(q), q.right)
	}
}

// answeredBeforeScript answers on a slow line, while the script that saves is
// still on its way: the answer is saved all the same.
func answeredBeforeScript(t *testing.T, b *browser) {
	site := newRig(t)
	at := site.as("rep@demo.test").post(quizAt+"/attempts", nil).want(303).Header.Get("Location")
	tb := b.as(t, site, phone, "rep@demo.test").tab()
	held := make(chan fetch.RequestID, 1)
	chromedp.ListenTarget(tb.ctx, func(event any) {
		if paused, ok := event.(*fetch.EventRequestPaused); ok {
			held <- paused.RequestID
		}
	})
	tb.do(fetch.Enable().WithPatterns([]*fetch.RequestPattern{{URLPattern: "*/js/save-queue*", RequestStage: fetch.RequestStageRequest}}))
	tb.do(chromedp.Evaluate(script(`location.href = %s`, site.URL+at), nil))
	late := <-held
	tb.wait("have the sheet", `document.querySelector("form.sheet .sheet-bar")`)
	q := site.sheet(tb.attemptID())[0]
	tb.choose(q, q.wrong)
	if tb.stands(q) != 0 || tb.count(".saved:not(:empty)") != 0 {
		t.Error("an answer was saved before the script that saves was there")
	}
	tb.do(fetch.ContinueRequest(late))
	tb.saved(q)
	tb.sees("[data-answered]", "1 of 17 answered")
	if tb.stands(q) != 1 {
		t.Errorf("the early answer was saved %d times, want once", tb.stands(q))
	}
}

func submitTwiceAndGoBack(t *testing.T, b *browser) {
	site := newRig(t)
	tb := b.as(t, site, phone, "rep@demo.test").open(quizAt)
	tb.twice("main button", "Start")
	tb.at("/attempts/")
	id := tb.attemptID()
	q := site.sheet(id)[0]
	tb.choose(q, q.wrong)
	tb.saved(q)
	tb.follow("[data-submit]", "")
	tb.twice("main button", "Submit as it is")
	tb.at("/attempts/" + id + "/result")
	tb.says("Not passed: 0 %")
	for _, page := range []string{"review", "sheet"} {
		tb.do(chromedp.Evaluate(`window.left = true; history.back()`, nil))
		tb.wait("come from the "+page+" to the result again", `!window.left && document.readyState === "complete"`)
		if at := tb.path(); !strings.HasSuffix(at, id+"/result") {
			t.Errorf("back to the %s shows %s, want the result\n%s", page, at, tb.state())
		}
	}
	tb.visit(quizAt)
	tb.says("1 of 3 used")
	if n := tb.count(".attempts > li"); n != 1 {
		t.Errorf("two clicks made %d attempts, want 1", n)
	}
}
