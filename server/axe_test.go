package server_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// webTool reads a file of the packages that look at pages (.ci/web), or says
// how to get them.
func webTool(t testing.TB, name string) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("..", ".ci", "web", "node_modules", name))
	if err == nil {
		_, err = os.Stat(file)
	}
	if err != nil {
		t.Skipf("%s is missing: run .ci/webtools, which installs it or says how to get it", name)
	}
	return file
}

// everyPageIsAccessible lets axe-core look at every view of the gallery, in
// the light and in the dark, on the phone and at the desk, by the rules of
// WCAG 2.2 AA and its own best practice. Where INSIDEBOX_SCREENSHOTS names a
// folder, it takes pictures instead.
func everyPageIsAccessible(t *testing.T, b *browser) {
	folder := os.Getenv("INSIDEBOX_SCREENSHOTS")
	axe := ""
	if folder == "" {
		axe = readText(t, webTool(t, "axe-core/axe.min.js"))
	}
	site := newRig(t, withLook(namedLook))
	seen := map[string]bool{}
	for i, v := range views {
		tb := b.shows(t, site, v)
		tb.wait("have all of the page", `document.readyState === "complete"`)
		if page := evaluate[string](tb, `document.querySelector("[data-page]")?.dataset.page ?? ""`); page != v.page {
			t.Errorf("the view %s shows the template %q, want %q\n%s", v.name(), page, v.page, tb.state())
		} else {
			seen[page] = true
		}
		if folder != "" {
			tb.shoot(folder, v)
		} else {
			tb.calm(v)
			// One pass in the light and one in the dark, each on another
			// screen; the next view has it the other way round.
			tb.axe(axe, v, "light", [...]screen{phone, desk}[i%2])
			tb.axe(axe, v, "dark", [...]screen{desk, phone}[i%2])
		}
		tb.close()
		tb.silence()
	}
	for _, page := range templateNames(t) {
		if !seen[page] {
			t.Errorf("no view has shown the template %s", page)
		}
	}
	if folder != "" {
		writeGallery(t, folder)
	}
}

// shows opens a view.
func (b *browser) shows(t *testing.T, site *rig, v view) *tab {
	t.Helper()
	place := v.at(site, v.who)
	w := b.window(t, site, phone)
	if v.who != "" {
		w.enter(v.who)
	}
	tb := w.tab()
	want := v.code
	if want == 0 {
		want = 200
	} else {
		tb.expect("Failed to load resource")
	}
	if got := tb.visit(place); got != want {
		t.Errorf("the view %s, %s, is answered %d, want %d", v.name(), place, got, want)
	}
	if v.act != nil {
		v.act(tb)
	}
	return tb
}

// on shows the page on a screen in a colour scheme.
func (tb *tab) on(scheme string, s screen) {
	tb.Helper()
	tb.do(
		schemed(scheme),
		emulation.SetDeviceMetricsOverride(s.width, s.height, 1, s.phone),
		emulation.SetTouchEmulationEnabled(s.phone),
	)
}

// A violation is what axe found, at one element.
type violation struct{ Rule, Impact, Help, Target, Fix, More string }

// axeRun asks for violations only, of the rules with these tags.
const axeRun = `(async () => {
	const found = await axe.run(document, { resultTypes: ["violations"], runOnly: { type: "tag", values:
		["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } });
	if (found.passes.length < 5) throw new Error("axe has looked at next to nothing");
	return JSON.stringify(found.violations.flatMap((v) => v.nodes.map((n) => ({
		Rule: v.id, Impact: v.impact, Help: v.help, Target: n.target.flat().join(" "), Fix: n.failureSummary.replace(/\s+/g, " "), More: v.helpUrl }))));
})()`

// violations runs axe in the page, past its content security policy.
func (tb *tab) violations(axe string) (list []violation) {
	tb.Helper()
	var found string
	await := func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
	if !evaluate[bool](tb, `typeof axe === "object"`) {
		tb.do(chromedp.Evaluate(axe+"; true", nil))
	}
	tb.do(chromedp.Evaluate(axeRun, &found, await))
	if err := json.Unmarshal([]byte(found), &list); err != nil {
		tb.Fatalf("read what axe found: %v", err)
	}
	return list
}

func (tb *tab) axe(axe string, v view, scheme string, s screen) {
	tb.Helper()
	tb.on(scheme, s)
	for _, f := range tb.violations(axe) {
		tb.Errorf("%s, %s, %d px: %s (%s): %s\n  at   %s\n  fix  %s\n  see  %s", v.name(), scheme, s.width, f.Rule, f.Impact, f.Help, f.Target, f.Fix, f.More)
	}
}

// calm holds that nothing moves for those who asked for less motion, as all
// tabs of the tests do.
func (tb *tab) calm(v view) {
	tb.Helper()
	for _, moving := range evaluate[[]string](tb, moves) {
		tb.Errorf("%s: with reduced motion %s still moves", v.name(), moving)
	}
}

const moves = `[document.documentElement, ...document.body.querySelectorAll("*")].flatMap((e) => ["", "::before", "::after"].flatMap((part) => {
	const s = getComputedStyle(e, part);
	const long = (list) => list.split(",").some((d) => parseFloat(d) > 0.01);
	return long(s.transitionDuration) || long(s.animationDuration) || s.scrollBehavior === "smooth" ? [e.outerHTML.slice(0, 80) + part] : [];
})).slice(0, 3)`

// axeSeesFaults proves that axe runs and fails a page for what it should, and
// that motion is seen where it is allowed.
func axeSeesFaults(t *testing.T, b *browser) {
	axe := readText(t, webTool(t, "axe-core/axe.min.js"))
	tb := b.window(t, newRig(t), phone).open("/login")
	tb.do(chromedp.Evaluate(`(() => {
		const add = (tag, text, set = {}) => document.querySelector("main").append(Object.assign(document.createElement(tag), { textContent: text }, set));
		add("button", "");
		add("img", "", { src: "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" });
		add("p", "pale", { id: "pale" });
		add("h6", "deep");
		document.querySelector("#pale").style.color = "#ddd";
		document.querySelector("#pale").style.background = "#fff";
	})()`, nil))
	var rules []string
	for _, f := range tb.violations(axe) {
		rules = append(rules, f.Rule)
	}
	for _, want := range []string{"button-name", "image-alt", "color-contrast", "heading-order"} {
		if !slices.Contains(rules, want) {
			t.Errorf("axe has not seen the fault %s, only %s", want, strings.Join(rules, ", "))
		}
	}
	tb.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "no-preference"}}))
	if len(evaluate[[]string](tb, moves)) == 0 {
		t.Error("nothing moves for those who did not ask for less motion, so the look at the others sees nothing")
	}
}
