package server_test

import (
	"slices"
)

// The sheet of an attempt, as the walk fills it in.

// attemptID is the attempt whose sheet the tab shows.
func (tb *tab) attemptID() string {
	tb.Helper()
	return evaluate[string](tb, `document.querySelector("form.sheet").dataset.attempt`)
}

// choose clicks the choices of one question that a token names.
func (tb *tab) choose(q sheetQuestion, tokens []string) {
	tb.Helper()
	for _, token := range tokens {
		tb.click(`input[name="q.`+q.item+`"][value="`+token+`"]`, "")
	}
}

// saved waits until one question says that it is saved.
func (tb *tab) saved(q sheetQuestion) {
	tb.Helper()
	tb.sees("#q-"+q.item+" [data-saved]", "Saved 09:00:00")
}

// allSaved waits until nothing is on its way any more.
func (tb *tab) allSaved() {
	tb.Helper()
	tb.sees("[data-sheet-state]", "All saved")
}

// chosen are the tokens that are ticked on the sheet, in its order.
func (tb *tab) ticked() []string {
	tb.Helper()
	return evaluate[[]string](tb, `[...document.querySelectorAll(".sheet input:checked")].map((i) => i.value)`)
}

// takeAndFail starts the quiz and gives wrong answers, with a tab that is
// closed, a second one that is open and a question that is left out.
func (tb *tab) takeAndFail() *tab {
	tb.Helper()
	tb.follow("main button", "Start")
	id := tb.attemptID()
	sheet := tb.site.sheet(id)
	if len(sheet) != asked || tb.count("section.question") != asked {
		tb.Fatalf("the sheet has %d questions and shows %d, want %d", len(sheet), tb.count("section.question"), asked)
	}
	tb.sees("[data-answered]", "0 of 17 answered")
	tb.choose(sheet[0], sheet[0].wrong)
	tb.saved(sheet[0])
	tb.sees("[data-answered]", "1 of 17 answered")
	for _, q := range sheet[1:5] {
		tb.choose(q, q.wrong)
	}
	tb.sees("[data-answered]", "5 of 17 answered")
	tb.allSaved()
	tb = tb.comeBack()
	tb.twoTabs(sheet[0])
	for _, q := range sheet[5 : asked-1] {
		tb.choose(q, q.wrong)
	}
	tb.allSaved()
	tb.reviewAndSubmit(sheet[asked-1])
	tb.tellsOfFailure()
	return tb
}

// comeBack closes the tab and finds everything again in another one.
func (tb *tab) comeBack() *tab {
	tb.Helper()
	before := tb.ticked()
	tb.close()
	tb.silence()
	tb = tb.open("/")
	tb.sees(".next-up", "You were in the middle of it")
	tb.follow(".next-up a", "Continue the quiz")
	tb.says("5 of 17 answered", "Saved 09:00:00")
	if got := tb.ticked(); !slices.Equal(got, before) {
		tb.Errorf("after coming back %q are ticked, want %q", got, before)
	}
	return tb
}

// twoTabs answers a question differently in a second tab: the first one
// shows what was saved there and overwrites nothing.
func (tb *tab) twoTabs(q sheetQuestion) {
	tb.Helper()
	tb.expect("409 (Conflict)")
	second := tb.open("/attempts/" + tb.attemptID())
	theirs, mine := second.others(q)
	second.choose(q, []string{theirs})
	second.allSaved()
	tb.choose(q, []string{mine})
	tb.sees("#q-"+q.item+" [data-conflict]", "You answered this in another window at 09:00:00. That answer is shown; here you had chosen choice")
	if !evaluate[bool](tb, `document.activeElement.matches("[data-conflict]")`) {
		tb.Errorf("the note on a conflict has not got the focus\n%s", tb.state())
	}
	want := second.tickedIn(q)
	if got := tb.tickedIn(q); !slices.Equal(got, want) || !slices.Contains(got, theirs) {
		tb.Errorf("after a conflict %q is ticked, want the other tab's %q", got, want)
	}
	if n := tb.stands(q); n != 2 {
		tb.Errorf("the question was saved %d times, want 2: the second tab's answer was overwritten", n)
	}
	tb.choose(q, []string{mine}) // now she knows, and means it
	tb.saved(q)
	second.close()
	second.silence()
}

// others are two choices of a question that are not ticked.
func (tb *tab) others(q sheetQuestion) (one, another string) {
	tb.Helper()
	list := evaluate[[]string](tb, `[...document.querySelectorAll('input[name="q.' + %s + '"]:not(:checked)')].map((i) => i.value)`, q.item)
	return list[0], list[1]
}

func (tb *tab) tickedIn(q sheetQuestion) []string {
	tb.Helper()
	return evaluate[[]string](tb, `[...document.querySelectorAll('input[name="q.' + %s + '"]:checked')].map((i) => i.value)`, q.item)
}

// reviewAndSubmit finds the question that was left out on the review page,
// answers it and submits.
func (tb *tab) reviewAndSubmit(left sheetQuestion) {
	tb.Helper()
	tb.follow("[data-submit]", "Review and submit")
	tb.says("One question has no answer", "An unanswered question counts as not right.")
	tb.follow(".review .links a", "Question 17")
	if hash := evaluate[string](tb, `location.hash`); hash != "#q-"+left.item {
		tb.Errorf("the review leads to %s, want #q-%s", hash, left.item)
	}
	tb.choose(left, left.wrong)
	tb.saved(left)
	tb.follow("[data-submit]", "Review and submit")
	tb.says("All 17 questions are answered", "Once you submit, they can't be changed any more.")
	tb.follow("main button", "Submit")
}

// tellsOfFailure reads what a failed attempt says: why, when and how to try again.
func (tb *tab) tellsOfFailure() {
	tb.Helper()
	tb.says("Not passed", "You needed 80 %.", "Your next attempt is free on 14 January 2027, 09:00.",
		"You have 2 attempts left.", "your manager can grant an attempt at once", "By clause", "Your answer")
	if n := tb.count(".reviewed .key"); n != 0 {
		tb.Errorf("a failed attempt shows the key of %d questions", n)
	}
	if tb.count(".clauses a.read") == 0 || tb.count(".reviewed .read a") == 0 {
		tb.Errorf("a failed attempt names no lesson to read")
	}
	tb.follow("main a", "When and how to try again")
	tb.says("Take a breath", "1 of 3 used", "Not passed")
	tb.sees("main", "free on 14 January 2027, 09:00")
	if evaluate[bool](tb, `[...document.querySelectorAll("main button")].some((b) => b.textContent.includes("Start"))`) {
		tb.Errorf("the cover of a quiz that must wait has a button to start it")
	}
}

// answerAll answers every question of the sheet.
func (tb *tab) answerAll(right bool) {
	tb.Helper()
	for _, q := range tb.site.sheet(tb.attemptID()) {
		tokens := q.wrong
		if right {
			tokens = q.right
		}
		tb.choose(q, tokens)
	}
}

// answerByForm gives a few wrong answers and saves them by the form's button.
func (tb *tab) answerByForm() {
	tb.Helper()
	sheet := tb.site.sheet(tb.attemptID())
	for _, q := range sheet[:4] {
		tb.choose(q, q.wrong)
	}
	tb.follow(".sheet-bar button.nojs-only", "Save")
	tb.says("4 of 17 answered", "Saved 09:00:00")
	tb.choose(sheet[4], sheet[4].wrong)
	tb.follow("[data-submit]", "Review and submit")
	tb.says("12 questions have no answer")
}
