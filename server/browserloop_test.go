package server_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/insidebox/insidebox/content"
)

// requestBecomesStandard walks one need from "outside" to a clause that holds it: a
// rep asks, raises it, three voices speak, operations decides, all who are concerned
// hear of it, the limit shows among those asked to bend, an author promotes it, git
// puts the patch on, and the rep gets another answer.
func requestBecomesStandard(t *testing.T, b *browser) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, content.Sample()); err != nil {
		t.Fatal(err)
	}
	site := newRig(t, withFolder(dir))
	const need = "/can-sell?volume=6500+per+month&scope=nationwide"
	rep := b.as(t, site, phone, "rep3@demo.test").open(need)
	rep.says("Outside")
	rep.follow("main .sell-next a", "Raise a request")
	rep.write("#aim", "They look at every old loan once a year, all in one month.")
	rep.write("#sum", "65,000")
	rep.follow(".raise .button:not(.quiet)", "Send it to the three voices")
	rep.says("65,000 USD a year", "0 of 3 voices")
	at := rep.path()

	for who, voice := range map[string]string{"sales": "We are asked for it by others, too.", "care": "Nobody calls for a single one.", "ops": "The second shift can carry it."} {
		tb := b.as(t, site, desk, who+"@demo.test").open("/requests")
		tb.sees(".request-line.call", "Your voice")
		tb.visit(at)
		tb.click(`.voice-form input[value="support"]`, "")
		tb.write(`.voice-form textarea[name="changes"]`, voice)
		tb.follow(".voice-form button", "Give your voice")
		tb.says(voice)
	}
	ops := b.as(t, site, desk, "ops@demo.test").open(at)
	ops.chooseException()
	ops.write("#reason", "The new shift has been there since the autumn.")
	ops.write("#conditions", "In one month of the year.")
	ops.wait("fill in the last day", `(document.querySelector("#until").value = "2027-06-30") && true`)
	ops.follow(".decide-form button", "Decide it")
	ops.says("Approved exception", "In one month of the year.")
	ops.site.drain()
	ops.visit("/insights/limits")
	ops.sees("main tr", "Volume · Records search")
	ops.follow("main tr a", "Volume · Records search")
	ops.says("6,500 per month")

	rep.visit("/")
	rep.sees("main", "1 request waits for you")
	rep.visit(at)
	rep.follow(".ack button", "I know it")
	rep.visit(need)
	rep.sees(".sell-before", "Approved exception")

	author := b.as(t, site, desk, "author@demo.test").open(at)
	author.follow("main a", "Promote to the standard")
	author.says("Volume is moved already: 5,000 per month becomes 6,500 per month.", "What they asked for is then:", "Inside", "Nothing is found against it.")
	patch := author.taken("main button", "Take the change as a patch")
	if out, err := exec.Command("git", "-C", dir, "apply", "--unsafe-paths", "--directory=.", patch).CombinedOutput(); err != nil {
		t.Fatalf("git apply: %v\n%s", err, out)
	}
	site.reload()
	author = author.open(at) // in a tab of its own: the download is not over when its answer is there
	author.says("took it for a change of Records search: Volume.")
	author.says("It reads otherwise since.")
	author.visit("/offerings/records-search#volume")
	author.says("6,500 per month")
	rep.visit(need)
	rep.says("Inside")
}

// taken is the file that a form gives out by a button, as the page's own browser gets
// it. The button is clicked before, so that what a click does is seen, too.
func (tb *tab) taken(button, text string) (file string) {
	tb.Helper()
	// The click becomes a download, and no page comes of it: that has to be over, or it
	// would be taken for what becomes of the next page.
	at := tb.find(button, text)
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.MouseClickXY(at.X, at.Y)); err == nil || !strings.Contains(err.Error(), "net::ERR_ABORTED") {
		tb.Fatalf("the click on %q leads to a page (%v), want a download", text, err)
	}
	tb.do(chromedp.Evaluate(`(() => {
		const button = document.querySelector('button[data-file]');
		fetch(button.form.action, { method: "POST", body: new URLSearchParams(new FormData(button.form, button)) })
			.then(async (answer) => { window.taken = [answer.headers.get("Content-Disposition"), await answer.text()]; });
	})()`, nil))
	got := waitFor[[]string](tb, "take the file", "window.taken")
	if !strings.HasPrefix(got[0], "attachment; ") {
		tb.Fatalf("no file: %q", got)
	}
	file = filepath.Join(tb.TempDir(), "change.patch")
	if err := os.WriteFile(file, []byte(got[1]), 0o600); err != nil {
		tb.Fatal(err)
	}
	return file
}
