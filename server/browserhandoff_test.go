package server_test

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// handoffInTwoRounds walks a contract from the account to both signatures: the rep on
// her phone, operations at a desk. What was sold is not what the customer wants; nobody
// signs that. They agree, sales signs, operations is not comfortable yet; in the second
// round both sign.
func handoffInTwoRounds(t *testing.T, b *browser) {
	site := newRig(t)
	sales := b.window(t, site, phone).open("/login")
	sales.signIn("rep2@demo.test")
	at := sales.beginsHandoff()
	sales.refusedWhileUndecided(at)

	sales.requires("24 h")
	sales.wait("nothing is beyond what was sold", `!document.querySelector("#needs tr.lacks")`)
	sales.asks("Who answers on Saturdays?", "operations")
	sales.sees(".blocked", "1 question is open.")
	sales.noWider("the sheet", phone)

	operations := b.window(t, site, desk).open("/login")
	operations.signIn("ops@demo.test")
	operations.follow(`.waiting-line a[href="`+at+`"]`, "a question for Operations is open")
	operations.answers("Customer care, until noon.")

	sales.visit(at)
	sales.follow("#signatures button", "Sign for Sales")
	sales.says("The sheet is signed for your side.")
	sales.sees("#signatures .side-sign", "Sales", "Signed")

	operations.visit("/")
	operations.follow(`.waiting-line a[href="`+at+`"]`, "waits for your signature")
	operations.sees("#signatures button", "Sign for Operations")
	operations.asks("Who trains the night shift?", "sales")
	operations.sees("#signatures .side-sign", "Sales", "Signed an earlier sheet")
	operations.meetsAgain("The night shift has not been trained.")
	operations.says("Round 2")

	sales.visit("/")
	sales.follow(`.waiting-line a[href="`+at+`"]`, "a question for Sales is open")
	sales.sees("#rounds", "Round 1", "The night shift has not been trained.", "Open then:", "Who trains the night shift?", "Round 2")
	sales.answers("Olu does, on 2 February.")
	sales.follow("#signatures button", "Sign for Sales")

	operations.visit(at)
	operations.follow("#signatures button", "Sign for Operations")
	operations.says("Signed by both")
	for _, tb := range []*tab{sales, operations} {
		tb.visit(at)
		tb.sees("#rounds li:nth-child(2)", "Round 2", "Sales: Ana Ruiz", "Operations: Olu Adeyemi")
		if n := tb.count("#rounds .rounds > li"); n != 2 {
			t.Errorf("the history has %d rounds, want two", n)
		}
		if n := tb.count("#signatures button, #needs form"); n != 0 {
			t.Errorf("%d forms are left on a sheet that both have signed", n)
		}
	}
	operations.printsSigned()
}

// beginsHandoff begins a handoff from the account, and returns where it is.
func (tb *tab) beginsHandoff() string {
	tb.Helper()
	tb.visit("/accounts")
	tb.follow("main a", "Larkspur Lending")
	tb.follow(`main a[href^="/handoffs/new?"]`, "")
	tb.write("#title", "Searches for the branch in Peoria")
	tb.do(chromedp.SetValue("#signed", "2027-01-11", chromedp.ByQuery))
	tb.follow("main form .actions button", "Begin it")
	tb.says("The handoff is begun.", "Round 1", "Sold: Records search")
	return evaluate[string](tb, `location.pathname`)
}

// refusedWhileUndecided requires more than was sold: the difference stands out, nobody
// can sign, and a signature that is sent all the same is refused, with the way to raise
// what nobody has decided.
func (tb *tab) refusedWhileUndecided(at string) {
	tb.Helper()
	tb.requires("12 h")
	tb.sees("#needs tr.lacks", "12 h", "24 h", "12 h too much")
	if lacks, held := evaluate[string](tb, `getComputedStyle(document.querySelector("#needs tr.lacks td")).backgroundColor`),
		evaluate[string](tb, `getComputedStyle(document.querySelector("#needs tr:not(.lacks) td")).backgroundColor`); lacks == held {
		tb.Errorf("a limit that does not hold looks like one that does: %s", lacks)
	}
	tb.sees(".blocked", "1 limit is beyond what was sold, and not decided.")
	if n := tb.count("#signatures form"); n != 1 { // the one by which they meet again
		tb.Errorf("%d forms beside the signatures while something is not decided", n)
	}
	tb.expect("409 (Conflict)")
	const forged = `(() => {
		const form = document.createElement("form");
		form.method = "post";
		form.action = location.pathname + "/sign";
		for (const [name, value] of [["function", "sales"], ["known", document.querySelector("#needs input[name=known]").value]]) {
			form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
		}
		document.body.append(form);
		form.submit();
	})()`
	if status := tb.load(chromedp.Evaluate(forged, nil)); status != 409 {
		tb.Errorf("a signature under what nobody has decided answers %d", status)
	}
	tb.says("nobody has decided on it")
	tb.follow(`#needs a[href^="/requests/new?"]`, "Raise a request for it")
	tb.wait("the need is in the request", `document.querySelector("#turnaround").value === "12 h" && document.querySelector("#account").selectedOptions[0].textContent.startsWith("Larkspur")`)
	tb.visit(at)
}

// requires writes another turnaround into the requirements.
func (tb *tab) requires(turnaround string) {
	tb.Helper()
	tb.click("#needs summary", "Write down what they require")
	tb.click("#turnaround", "")
	tb.press("a", input.ModifierCtrl)
	tb.do(input.InsertText(turnaround))
	tb.follow("#needs .wide-form .actions button", "Save")
}

// asks gives an open question to a function.
func (tb *tab) asks(question, owner string) {
	tb.Helper()
	tb.click("#questions summary", "Ask a question")
	tb.write("#question", question)
	tb.do(chromedp.SetValue("#owner", owner, chromedp.ByQuery))
	tb.follow("#questions form .actions button", "Add")
	tb.sees("#questions .sheet-line", question, "open")
}

// answers answers the question that is open.
func (tb *tab) answers(answer string) {
	tb.Helper()
	tb.click("#questions summary", "Answer it")
	tb.write("#questions textarea[name=answer]", answer)
	tb.follow("#questions .actions button", "Answer it")
	tb.sees("#questions .answer-given", answer)
}

// meetsAgain ends the round without both signatures.
func (tb *tab) meetsAgain(why string) {
	tb.Helper()
	tb.click("#signatures summary", "We have to meet again")
	tb.write("#why", why)
	tb.follow("#signatures form .actions button", "Begin the next round")
}

// printsSigned opens what is printed of a sheet that both have signed.
func (tb *tab) printsSigned() {
	tb.Helper()
	tb.do(emulation.SetEmulatedMedia().WithMedia("print"))
	tb.sees("#signatures", "Ana Ruiz", "Olu Adeyemi")
	tb.sees("#needs", "24 h")
	if n := evaluate[int](tb, `[...document.querySelectorAll("form, button, summary, nav")].filter((e) => e.checkVisibility()).length`); n > 0 {
		tb.Errorf("%d forms, buttons, folds or ways are printed", n)
	}
	tb.do(emulation.SetEmulatedMedia(), chromedp.ActionFunc(func(ctx context.Context) error {
		file, _, err := page.PrintToPDF().Do(ctx)
		if err == nil && len(pdfPage.FindAll(file, -1)) == 0 {
			tb.Error("nothing is printed")
		}
		return err
	}))
}
