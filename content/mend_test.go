package content

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const figureTarget = `(../../../standard/records-search.md#turnaround "figure: nationwide.turnaround")`

// mend loads a library with a lesson in it, and makes the mends.
func mend(base map[string]string, lesson string) (after string, mended, findings []Finding) {
	_, findings = Load(tree(overlay(base, map[string]string{lessonFile: lesson})), Options{Now: testNow})
	findings = slices.DeleteFunc(findings, func(f Finding) bool { return f.File != lessonFile })
	text, mended := Mended([]byte(lesson), findings)
	return string(text), mended, findings
}

// TestMendedText holds what is written where the figure was another one: the
// figure in the place of the text, and nothing else in the whole file.
func TestMendedText(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	tests := map[string]struct{ before, after string }{
		"plain":             {"Within [20 h]" + figureTarget + ".", "Within [24 h]" + figureTarget + "."},
		"nothing":           {"Within []" + figureTarget + ".", "Within [24 h]" + figureTarget + "."},
		"emphasis":          {"[**20 h**]" + figureTarget, "[**24 h**]" + figureTarget},
		"both emphases":     {"[***20 h***]" + figureTarget, "[***24 h***]" + figureTarget},
		"code":              {"[`20 h`]" + figureTarget, "[`24 h`]" + figureTarget},
		"in emphasis":       {"*[20 h]" + figureTarget + "*", "*[24 h]" + figureTarget + "*"},
		"part emphasised":   {"[about *20* h]" + figureTarget, "[24 h]" + figureTarget},
		"over two lines":    {"[20\nh]" + figureTarget, "[24 h]" + figureTarget},
		"in a quotation":    {"> [20\n> h]" + figureTarget, "> [24 h]" + figureTarget},
		"an entity":         {"[20&nbsp;h]" + figureTarget, "[24 h]" + figureTarget},
		"brackets":          {`[20 \[h\]]` + figureTarget, "[24 h]" + figureTarget},
		"letters before":    {"Für – 👍 [20 h]" + figureTarget, "Für – 👍 [24 h]" + figureTarget},
		"two in a line":     {"[20 h]" + figureTarget + " [1 h]" + figureTarget, "[24 h]" + figureTarget + " [24 h]" + figureTarget},
		"one of two":        {"[24 h]" + figureTarget + " [1 h]" + figureTarget, "[24 h]" + figureTarget + " [24 h]" + figureTarget},
		"another writing":   {"[24h]" + figureTarget, "[24h]" + figureTarget},
		"a table":           {"| a | b |\n|--|--|\n| [20 h]" + figureTarget + " | c |", "| a | b |\n|--|--|\n| [24 h]" + figureTarget + " | c |"},
		"a list":            {"1. a\n   - [20 h]" + figureTarget, "1. a\n   - [24 h]" + figureTarget},
		"an alert":          {"> [!NOTE]\n> [20 h]" + figureTarget, "> [!NOTE]\n> [24 h]" + figureTarget},
		"a footnote":        {"a[^1]\n\n[^1]: [20 h]" + figureTarget, "a[^1]\n\n[^1]: [24 h]" + figureTarget},
		"a full reference":  {"[20 h][f]\n\n[f]: " + figureTarget[1:len(figureTarget)-1], "[24 h][f]\n\n[f]: " + figureTarget[1:len(figureTarget)-1]},
		"a set":             {`[nowhere](../../../standard/records-search.md#scope "figure: nationwide.scope")`, `[in-state, nationwide](../../../standard/records-search.md#scope "figure: nationwide.scope")`},
		"beside an error":   {"[lost](nowhere.md) [20 h]" + figureTarget, "[lost](nowhere.md) [24 h]" + figureTarget},
		"a self-check":      {"```check\nWithin [20 h]" + figureTarget + "?\n\n- [x] A\n- [ ] [1 h]" + figureTarget + "\n  > No.\n```", "```check\nWithin [24 h]" + figureTarget + "?\n\n- [x] A\n- [ ] [24 h]" + figureTarget + "\n  > No.\n```"},
		"code is only code": {"`[20 h]" + figureTarget + "`", "`[20 h]" + figureTarget + "`"},

		// what only the author can mend
		"a heading":            {"## Within [20 h]" + figureTarget, "## Within [20 h]" + figureTarget},
		"a reference's name":   {"[20 h]\n\n[20 h]: " + figureTarget[1:len(figureTarget)-1], "[20 h]\n\n[20 h]: " + figureTarget[1:len(figureTarget)-1]},
		"the name in brackets": {"[20 h][]\n\n[20 h]: " + figureTarget[1:len(figureTarget)-1], "[20 h][]\n\n[20 h]: " + figureTarget[1:len(figureTarget)-1]},
	}
	for name, test := range tests {
		for ends, write := range map[string]func(string) string{
			"\\n":       func(s string) string { return s },
			"\\r\\n":    func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
			"BOM, \\n":  func(s string) string { return "\ufeff" + s },
			"BOM, \\rn": func(s string) string { return "\ufeff" + strings.ReplaceAll(s, "\n", "\r\n") },
		} {
			before, want := write(lessonText(test.before+"\n")), write(lessonText(test.after+"\n"))
			after, mended, findings := mend(base, before)
			if after != want {
				t.Errorf("%s, %s: mended to\n%q\nwant\n%q\n%v", name, ends, after, want, findings)
			}
			if (len(mended) == 0) != (before == want) {
				t.Errorf("%s, %s: %d mended: %v", name, ends, len(mended), findings)
			}
		}
	}
}

// TestMendedElsewhere holds that a file which changed meanwhile is left alone
// where it did.
func TestMendedElsewhere(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	_, _, findings := mend(base, lessonText("A [20 h]"+figureTarget+" and [21 h]"+figureTarget+".\n"))
	changed := lessonText("A [30 h]" + figureTarget + " and [21 h]" + figureTarget + ".\n")
	after, mended := Mended([]byte(changed), findings)
	want := lessonText("A [30 h]" + figureTarget + " and [24 h]" + figureTarget + ".\n")
	if string(after) != want || len(mended) != 1 {
		t.Errorf("mended %d: %q", len(mended), after)
	}
	if after, mended := Mended([]byte("short"), findings); string(after) != "short" || len(mended) != 0 {
		t.Errorf("another file became %q", after)
	}
}

// TestManyMends holds that one run mends all, however many there are, and
// however much else is wrong.
func TestManyMends(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	text := lessonText(strings.Repeat("```nolanguage\n```\n\n", 150) + strings.Repeat("[20 h]"+figureTarget+"\n\n", 500))
	after, mended, _ := mend(base, text)
	if len(mended) != 500 || strings.Contains(after, "20 h") {
		t.Errorf("%d mended, want 500", len(mended))
	}
}

// TestMendIsIdempotent writes figures into anything Markdown has, and holds
// that one mend leaves no figure to mend, that a second one changes nothing,
// and that nothing but the texts of links changes.
func TestMendIsIdempotent(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	words := rapid.SampledFrom([]string{
		"20 h", "24 h", "", "about 3 days", "**20 h**", "`20 h`", "*20* h", "_x_", `20 \] h`, "20&amp;h", "20\nh", "~~20~~", "<b>", "a|b", "![x](y.png)", "Zürich", "[x]",
	})
	target := rapid.SampledFrom([]string{
		figureTarget, `(../../../standard/records-search.md#scope "figure: in-state.scope")`, `(../../../standard/records-search.md "figure: common.volume")`,
		`(../../../standard/express-desk.md 'figure: express.turnaround')`, `(nowhere.md "figure: a.b")`, "[ref]", "",
	})
	shape := rapid.SampledFrom([]string{
		"%s\n\n", "Within %s.\n\n", "- %s\n", "> %s\n\n", "| a |\n|--|\n| %s |\n\n", "*%s*\n\n", "    %s\n\n", "```check\n%s?\n\n- [x] A\n- [ ] B\n  > C\n```\n\n", "```\n%s\n```\n\n", "1. a\n\n   %s\n\n", "%s",
	})
	ends := rapid.SampledFrom([]string{"\n", "\r\n"})
	rapid.Check(t, func(t *rapid.T) {
		var body strings.Builder
		for range rapid.IntRange(1, 8).Draw(t, "parts") {
			fmt.Fprintf(&body, shape.Draw(t, "shape"), "["+words.Draw(t, "text")+"]"+target.Draw(t, "target"))
		}
		body.WriteString("\n\n[ref]: ../../../standard/records-search.md#turnaround \"figure: nationwide.turnaround\"\n")
		before := strings.ReplaceAll(lessonText(body.String()), "\n", ends.Draw(t, "ends"))
		after, mended, _ := mend(base, before)
		again, more, left := mend(base, after)
		if again != after || len(more) > 0 {
			t.Fatalf("a second mend changes\n%q\nto\n%q", after, again)
		}
		for _, f := range left {
			if f.Fixable() {
				t.Fatalf("left after the mend of %d: %v\n%q\n%q", len(mended), f, before, after)
			}
		}
		if n := strings.Count(before, "figure:"); strings.Count(after, "figure:") != n {
			t.Fatalf("more than the texts of links changed:\n%q\n%q", before, after)
		}
		if strings.Contains(before, "\r\n") && strings.Contains(strings.ReplaceAll(after, "\r\n", ""), "\n") {
			t.Fatalf("line ends changed:\n%q\n%q", before, after)
		}
	})
}
