package server_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// # Browser tests
//
// One Chromium serves them all; each test has sites, people and browser
// contexts of its own, so that they run side by side. What a test does is
// what a person does: real clicks where the mouse would be, real keys. It
// never sleeps: it waits for what the page should show, up to a deadline.
//
// Every tab listens. A console error, a script's exception, a breach of the
// content security policy or a request to another host fails its test, unless
// the test has said that it expects that one.

// browserTests are the tests, the longest first.
var browserTests = []struct {
	name string
	run  func(t *testing.T, b *browser)
}{
	{"crawl", crawlAsEverybody},
	{"gallery", everyPageIsAccessible},
	{"walk on a phone", walkOnPhone},
	{"walk on a desk", walkOnDesk},
	{"walk without scripts", walkWithoutScripts},
	{"keyboard only", keyboardOnly},
	{"a request becomes standard", requestBecomesStandard},
	{"offline", answersSurviveOffline},
	{"session ends while answering", sessionEndsWhileAnswering},
	{"session ends before a plain form", sessionEndsBeforePlainForm},
	{"answered before the script", answeredBeforeScript},
	{"lost acknowledgement", lostAcknowledgement},
	{"submit twice and go back", submitTwiceAndGoBack},
	{"sheet by its list and by letters", sheetByList},
	{"play by touch", playByTouch},
	{"play by keys", playByKeys},
	{"play without scripts", playWithoutScripts},
	{"play offline", playOffline},
	{"play in two tabs", playInTwoTabs},
	{"play twice and go back", playTwiceAndGoBack},
	{"session ends while playing", sessionEndsWhilePlaying},
	{"author at work", authorAtWork},
	{"search by keys", searchByKeys},
	{"search answers in order", searchAnswersInOrder},
	{"search on a phone", searchOnPhone},
	{"page weight", pageWeight},
	{"keys explained", keysExplained},
	{"handoff in two rounds", handoffInTwoRounds},
	{"handoff on paper", handoffOnPaper},
	{"brief on paper", briefOnPaper},
	{"cards on paper", cardsOnPaper},
	{"sent once", sentOnce},
	{"stays in place", staysInPlace},
	{"link in sight", linkInSight},
	{"connection lost", connectionLost},
	{"drafts come back", draftsComeBack},
	{"nothing jumps", nothingJumps},
	{"bar holds", barHolds},
	{"long words", longWords},
	{"what a listening tab hears", listeningTabHears},
	{"what axe sees", axeSeesFaults},
}

// TestBrowser runs every browser test in one Chromium.
func TestBrowser(t *testing.T) {
	t.Parallel()
	b := startBrowser(t)
	for _, test := range browserTests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, b)
		})
	}
}

// A browser is a running Chromium.
type browser struct {
	ctx context.Context // of its first tab, which stays empty
}

// findBrowser is the path of Chromium or Chrome: what INSIDEBOX_CHROMIUM
// names, else the first one on PATH.
func findBrowser(t *testing.T) string {
	t.Helper()
	if name := os.Getenv("INSIDEBOX_CHROMIUM"); name != "" {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatalf("INSIDEBOX_CHROMIUM is %q, which can't be run (%v); name a Chromium or Chrome, or unset it", name, err)
		}
		return path
	}
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("Chromium is missing: INSIDEBOX_CHROMIUM is not set and none of %s is on PATH; .ci/browser says how to get it", strings.Join(names, ", "))
	return ""
}

// startBrowser starts Chromium with a profile of its own and stops it when
// the test and its parts have ended.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(findBrowser(t)),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.WSURLReadTimeout(time.Minute),
	)
	// The parts run after this function's context would have ended.
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, kill := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	t.Cleanup(kill)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) }) // asks it to close, so that it leaves nothing behind
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return &browser{ctx: ctx}
}

// A screen is a device that people hold or sit before.
type screen struct {
	width, height int64
	phone         bool
}

var (
	phone = screen{390, 844, true}
	desk  = screen{1440, 900, false}
)

// A window is a browser context: cookies and storage of one person at one
// site, shared by its tabs.
type window struct {
	*testing.T
	browser *browser
	site    *rig
	size    screen
	plain   bool // scripts are switched off
	context cdp.BrowserContextID
}

// window opens a browser context in which nobody is signed in.
func (b *browser) window(t *testing.T, site *rig, s screen) *window {
	t.Helper()
	of := cdp.WithExecutor(b.ctx, chromedp.FromContext(b.ctx).Browser)
	id, err := target.CreateBrowserContext().Do(of)
	if err != nil {
		t.Fatalf("open a browser context: %v", err)
	}
	t.Cleanup(func() { _ = target.DisposeBrowserContext(id).Do(of) })
	return &window{T: t, browser: b, site: site, size: s, context: id}
}

// as opens a window in which this person is signed in, without the form.
func (b *browser) as(t *testing.T, site *rig, s screen, email string) *window {
	t.Helper()
	w := b.window(t, site, s)
	w.enter(email)
	return w
}
