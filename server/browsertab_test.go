package server_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// patience is how long a test waits for one thing to come about. It is long
// because machines are shared; nothing waits for longer than it must.
const patience = 30 * time.Second

// A tab is one page of a window.
type tab struct {
	*window
	ctx   context.Context
	close func()

	mu       sync.Mutex
	heard    []string        // what went wrong, as the browser says it
	expected []string        // parts of what may go wrong
	dialogs  []string        // questions that the page asked when it was left
	answered map[string]bool // paths that were answered
	news     chan struct{}   // closed at the next event
}

// enter gives the window a session of this person.
func (w *window) enter(email string) {
	w.Helper()
	name, value := w.site.cookie(email)
	cookie := &network.CookieParam{Name: name, Value: value, URL: w.site.URL, HTTPOnly: true, SameSite: network.CookieSameSiteLax}
	err := storage.SetCookies([]*network.CookieParam{cookie}).WithBrowserContextID(w.context).
		Do(cdp.WithExecutor(w.browser.ctx, chromedp.FromContext(w.browser.ctx).Browser))
	w.site.must(err)
}

// tab opens an empty tab.
func (w *window) tab() *tab {
	w.Helper()
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(w.context).WithNewWindow(true).
		Do(cdp.WithExecutor(w.browser.ctx, chromedp.FromContext(w.browser.ctx).Browser))
	w.site.must(err)
	return w.attach(chromedp.NewContext(w.browser.ctx, chromedp.WithTargetID(id)))
}

// attach makes a tab of a new target: of the window's screen, calm, listening.
func (w *window) attach(ctx context.Context, closeTab func()) *tab {
	w.Helper()
	tb := &tab{window: w, ctx: ctx, close: closeTab, answered: map[string]bool{}, news: make(chan struct{})}
	w.Cleanup(func() {
		closeTab()
		tb.silence()
	})
	chromedp.ListenTarget(ctx, tb.listen)
	w.site.must(chromedp.Run(ctx)) // the first run must have no deadline: the tab listens as long as its context lives
	tb.do(
		emulation.SetDeviceMetricsOverride(w.size.width, w.size.height, 1, w.size.phone),
		emulation.SetTouchEmulationEnabled(w.size.phone),
		emulation.SetScriptExecutionDisabled(w.plain),
		schemed("light"),
	)
	return tb
}

// schemed is an action that asks for the light or the dark, without motion.
func schemed(scheme string) chromedp.Action {
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	})
}

// open opens a tab on a path of the site.
func (w *window) open(path string) *tab {
	w.Helper()
	tb := w.tab()
	tb.visit(path)
	return tb
}

// listen notes what the browser says of the page.
func (tb *tab) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		tb.hear("exception: " + e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if slices.Contains([]runtime.APIType{runtime.APITypeError, runtime.APITypeWarning, runtime.APITypeAssert}, e.Type) {
			tb.hear(fmt.Sprintf("console.%s: %s", e.Type, argumentsOf(e)))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			tb.hear(fmt.Sprintf("%s %s: %s %s", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "data" && "http://"+u.Host != tb.site.URL {
			tb.hear("request elsewhere: " + e.Request.URL)
		}
	case *network.EventResponseReceived:
		if u, err := url.Parse(e.Response.URL); err == nil {
			tb.learn(func() { tb.answered[u.Path] = true })
		}
	case *page.EventJavascriptDialogOpening:
		tb.learn(func() { tb.dialogs = append(tb.dialogs, string(e.Type)) })
		go func() { _ = chromedp.Run(tb.ctx, page.HandleJavaScriptDialog(true)) }()
	}
}

func argumentsOf(e *runtime.EventConsoleAPICalled) string {
	words := make([]string, len(e.Args))
	for i, a := range e.Args {
		words[i] = string(a.Value) + a.Description
	}
	return strings.Join(words, " ")
}

func (tb *tab) hear(what string) {
	tb.learn(func() { tb.heard = append(tb.heard, what) })
}

// learn notes something and wakes whoever waits for it.
func (tb *tab) learn(note func()) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	note()
	close(tb.news)
	tb.news = make(chan struct{})
}

// until waits for something that the tab learns, and reports whether it came.
func (tb *tab) until(holds func() bool) bool {
	late := time.After(patience)
	for {
		tb.mu.Lock()
		done, news := holds(), tb.news
		tb.mu.Unlock()
		if done {
			return true
		}
		select {
		case <-news:
		case <-late:
			return false
		}
	}
}

// hears waits for a complaint.
func (tb *tab) hears(part string) bool {
	return tb.until(func() bool {
		return slices.ContainsFunc(tb.heard, func(what string) bool { return strings.Contains(what, part) })
	})
}

// expect says that the browser may complain of this, as of a refused answer.
func (tb *tab) expect(parts ...string) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	tb.expected = append(tb.expected, parts...)
}

// complaints are what the browser said and the test did not expect.
func (tb *tab) complaints() (list []string) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	for _, what := range tb.heard {
		if !slices.ContainsFunc(tb.expected, func(part string) bool { return strings.Contains(what, part) }) {
			list = append(list, what)
		}
	}
	return list
}

// hasHeard waits until a path was answered to this tab.
func (tb *tab) hasHeard(path string) {
	tb.Helper()
	if !tb.until(func() bool { return tb.answered[path] }) {
		tb.Fatalf("waited in vain for an answer from %s\n%s", path, tb.state())
	}
}

// forget makes hasHeard wait for the next answer.
func (tb *tab) forget(path string) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	delete(tb.answered, path)
}

// silence fails the test when the browser complained.
func (tb *tab) silence() {
	tb.Helper()
	for _, what := range tb.complaints() {
		tb.Errorf("the browser complains: %s", what)
	}
}

// do runs actions in the tab and stops the test when one fails.
func (tb *tab) do(actions ...chromedp.Action) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		tb.Fatalf("%v\n%s", err, tb.state())
	}
}

// load runs actions that lead to another page, waits until it is there and
// returns its status.
func (tb *tab) load(actions ...chromedp.Action) int {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	res, err := chromedp.RunResponse(ctx, actions...)
	if err != nil {
		tb.Fatalf("wait for the next page: %v\n%s", err, tb.state())
	}
	if res == nil {
		return 0 // a place on the same page
	}
	return int(res.Status)
}

// visit goes to a path of the site and returns the page's status.
func (tb *tab) visit(path string) int {
	tb.Helper()
	return tb.load(chromedp.ActionFunc(func(ctx context.Context) error {
		_, _, failure, _, err := page.Navigate(tb.site.URL + path).Do(ctx)
		if err == nil && failure != "" {
			err = errors.New(failure)
		}
		return err
	}))
}
