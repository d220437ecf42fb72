package server_test

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"github.com/insidebox/insidebox/people"
)

// barHolds looks at the bar of places on windows between the phone and the
// widest: nothing in it lies on something else or is cut, and every place is
// in it or under "More".
func barHolds(t *testing.T, b *browser) {
	site := newRig(t)
	all := people.AllRoles()
	_, err := site.Prog.People.Add(context.Background(), people.NewPerson{Email: "all@demo.test", First: "Maximiliane", Last: "Oberhofer-Lindqvist", Roles: all})
	site.must(err)
	for _, who := range []string{"rep2@demo.test", "author@demo.test", "admin@demo.test", "all@demo.test"} {
		for _, tongue := range []string{"en", "de"} {
			p := site.person(who)
			_, err := site.Prog.People.SetProfile(context.Background(), p.ID, people.Profile{First: p.First, Last: p.Last, Language: tongue})
			site.must(err)
			tb := b.as(t, site, desk, who).open("/courses")
			for _, width := range []int64{360, 390, 700, 761, 820, 912, 1024, 1041, 1120, 1180, 1241, 1280, 1301, 1366, 1401, 1440, 1541, 1600, 1920} {
				tb.do(emulation.SetDeviceMetricsOverride(width, 800, 1, false))
				tb.noWider("the bar", screen{width: width})
				if found := evaluate[[]string](tb, barFaults); len(found) > 0 {
					t.Errorf("%s, %s, at %d: %q", who, tongue, width, found)
				}
			}
			moreOpens(t, tb)
		}
	}
}

// moreOpens goes to the last place by the menu that has it.
func moreOpens(t *testing.T, tb *tab) {
	t.Helper()
	tb.do(emulation.SetDeviceMetricsOverride(1024, 800, 1, false))
	last := evaluate[string](tb, `[...document.querySelectorAll(".places > a")].at(-1).textContent.trim()`)
	tb.click(".places-more > summary", "")
	tb.follow(".places-more a", last)
	tb.sees(".places-more > summary.here")
	if here := evaluate[string](tb, `document.querySelector(".places-more [aria-current]")?.textContent ?? ""`); here != last {
		t.Errorf("the menu led to %q, want %q", here, last)
	}
}

// barFaults names what lies on something else in the bar, what is cut off, and
// the places that are neither in it nor under "More".
const barFaults = `(() => {
	const bar = document.querySelector(".top"), found = [], seen = (e) => e.getClientRects().length > 0;
	const parts = [...bar.querySelectorAll(".mark, .places > a, .places-more > summary, .find, .find-go, .menu > summary")].filter(seen);
	const box = new Map(parts.map((e) => [e, e.getBoundingClientRect()]));
	for (const [i, a] of parts.entries()) for (const b of parts.slice(i + 1)) {
		const one = box.get(a), other = box.get(b);
		if (one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1) found.push(a.outerHTML.slice(0, 60) + " lies on " + b.outerHTML.slice(0, 60));
	}
	for (const e of parts) if (e.matches("a, summary") && e.getBoundingClientRect().height > 64) found.push(e.outerHTML.slice(0, 60) + " takes two lines");
	const more = bar.querySelector(".places-more"), under = more && seen(more.querySelector("summary"));
	for (const e of bar.querySelectorAll(".places > a")) if (!seen(e) && !(under && [...more.querySelectorAll("a")].some((m) => m.href === e.href))) found.push(e.href + " is nowhere");
	return found;
})()`
