package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Looking at a page, and using it.

// evaluate evaluates an expression in the page.
func evaluate[T any](tb *tab, expression string, args ...any) (value T) {
	tb.Helper()
	tb.do(chromedp.Evaluate(script(expression, args...), &value))
	return value
}

// script puts arguments into an expression, each as a literal of JavaScript.
func script(expression string, args ...any) string {
	literals := make([]any, len(args))
	for i, a := range args {
		text, err := json.Marshal(a)
		if err != nil {
			panic(err)
		}
		literals[i] = string(text)
	}
	return fmt.Sprintf(expression, literals...)
}

// waitFor waits until an expression holds, over any page that comes and
// goes, and returns its value.
func waitFor[T any](tb *tab, what, expression string, args ...any) (value T) {
	tb.Helper()
	// It looks once a frame's time, and comes back now and then, so that a
	// page that went away can't keep it waiting.
	look := `(async () => {
		for (let n = 0; n < 100; n += 1) {
			const value = (` + script(expression, args...) + `);
			if (value) return JSON.stringify(value);
			await new Promise((next) => setTimeout(next, 16));
		}
		return "";
	})()`
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	await := func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
	for {
		var found string
		err := chromedp.Run(ctx, chromedp.Evaluate(look, &found, await))
		if err == nil && found != "" {
			if err := json.Unmarshal([]byte(found), &value); err != nil {
				tb.Fatalf("%s: %v", what, err)
			}
			return value
		}
		if thrown := (*runtime.ExceptionDetails)(nil); errors.As(err, &thrown) {
			tb.Fatalf("%s: %v in\n%s", what, err, look)
		}
		if ctx.Err() != nil {
			tb.Fatalf("waited in vain: %s\n%s", what, tb.state())
		}
	}
}

// wait waits until an expression holds.
func (tb *tab) wait(what, expression string, args ...any) {
	tb.Helper()
	waitFor[any](tb, what, expression, args...)
}

// sees waits until an element that fits the selector is in sight and says
// all of the texts.
func (tb *tab) sees(selector string, texts ...string) {
	tb.Helper()
	tb.wait(fmt.Sprintf("see %s say %q", selector, texts),
		`[...document.querySelectorAll(%s)].some((e) => e.checkVisibility() && %s.every((t) => e.textContent.replace(/\s+/g, " ").includes(t)))`,
		selector, append([]string{}, texts...))
}

// says stops the test when the page, as it is now, does not say the texts.
func (tb *tab) says(texts ...string) {
	tb.Helper()
	for _, text := range texts {
		if !evaluate[bool](tb, `document.body.innerText.replace(/\s+/g, " ").includes(%s)`, text) {
			tb.Fatalf("%q is missing\n%s", text, tb.state())
		}
	}
}

// count is how many elements of the page fit the selector.
func (tb *tab) count(selector string) int {
	tb.Helper()
	return evaluate[int](tb, `document.querySelectorAll(%s).length`, selector)
}

// path is where the tab is, without the host.
func (tb *tab) path() string {
	tb.Helper()
	return evaluate[string](tb, `location.pathname + location.search`)
}

// at waits until the tab is at a place that begins so, and has it whole.
func (tb *tab) at(path string) {
	tb.Helper()
	tb.wait("be at "+path, `location.pathname.startsWith(%s) && document.readyState === "complete"`, path)
}

// state describes the page for the message of a failure.
func (tb *tab) state() string {
	ctx, cancel := context.WithTimeout(tb.ctx, 5*time.Second)
	defer cancel()
	var text string
	err := chromedp.Run(ctx, chromedp.Evaluate(`location.href + "\n" + (document.activeElement?.outerHTML.slice(0, 200) ?? "") + "\n" + document.body.innerText`, &text))
	if err != nil {
		text = "the page can't be read: " + err.Error()
	}
	return fmt.Sprintf("page: %s\ncomplaints: %q", brief(text), tb.complaints())
}

// A point is a place in the window.
type point struct{ X, Y float64 }

// pointing finds an element by selector and text, brings it into sight and
// says where it can be clicked: where it is not hidden by something else.
const pointing = `(() => {
	const said = (e) => e.textContent.replace(/\s+/g, " ").trim();
	for (const e of document.querySelectorAll(%s)) {
		if (!e.checkVisibility() || !said(e).includes(%s)) continue;
		e.scrollIntoView({ block: "center", behavior: "instant" });
		const box = e.getClientRects()[0];
		if (!box) continue;
		const at = { X: box.x + box.width / 2, Y: box.y + box.height / 2 };
		const top = document.elementFromPoint(at.X, at.Y);
		if (top && (e.contains(top) || top.closest("label")?.control === e)) return at;
	}
	return null;
})()`

// find waits for an element that can be clicked.
func (tb *tab) find(selector, text string) point {
	tb.Helper()
	if tb.plain { // timers stand still there, and pages are whole once loaded
		at := evaluate[*point](tb, pointing, selector, text)
		if at == nil {
			tb.Fatalf("there is no %s that says %q\n%s", selector, text, tb.state())
		}
		return *at
	}
	return waitFor[point](tb, fmt.Sprintf("find %s that says %q", selector, text), pointing, selector, text)
}

// click clicks the first element in sight that fits the selector and says
// the text.
func (tb *tab) click(selector, text string) {
	tb.Helper()
	at := tb.find(selector, text)
	tb.do(chromedp.MouseClickXY(at.X, at.Y))
}

// follow clicks and waits for the page that it leads to.
func (tb *tab) follow(selector, text string) int {
	tb.Helper()
	at := tb.find(selector, text)
	return tb.load(chromedp.MouseClickXY(at.X, at.Y))
}

// twice clicks twice, as fast as one can.
func (tb *tab) twice(selector, text string) {
	tb.Helper()
	at := tb.find(selector, text)
	tb.do(chromedp.MouseClickXY(at.X, at.Y), chromedp.MouseClickXY(at.X, at.Y, chromedp.ClickCount(2)))
}

// press presses keys, one after another; capitals of kb are single keys.
func (tb *tab) press(keys string, modifiers ...input.Modifier) {
	tb.Helper()
	tb.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

// write clicks into a field and types.
func (tb *tab) write(selector, text string) {
	tb.Helper()
	tb.click(selector, "")
	tb.do(input.InsertText(text))
}

// newTab clicks what opens a new tab, and returns that tab.
func (tb *tab) newTab(selector, text string) *tab {
	tb.Helper()
	opened := chromedp.WaitNewTarget(tb.ctx, func(info *target.Info) bool { return info.URL != "" })
	tb.click(selector, text)
	select {
	case id := <-opened:
		return tb.attach(chromedp.NewContext(tb.browser.ctx, chromedp.WithTargetID(id)))
	case <-time.After(patience):
		tb.Fatalf("no tab opened\n%s", tb.state())
		return nil
	}
}

// signIn fills the sign-in form, as demo people do.
func (tb *tab) signIn(email string) {
	tb.Helper()
	tb.write("#email", email)
	tb.write("#password", "inside-the-box")
	tb.follow("main button", "Sign in")
}
