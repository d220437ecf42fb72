package quiz

import "slices"

// Kind says how an item is answered.
type Kind string

const (
	// Single is a choice of exactly one option.
	Single Kind = "single"
	// Multiple is a choice of any number of options.
	Multiple Kind = "multiple"
)

// An Item is one question with its key. Once sealed it never changes: a
// change makes another revision of the same id. HTML in it was rendered
// from the author's Markdown and is safe to send as it stands.
type Item struct {
	ID       string   // stable, unique in the library, such as "q-nationwide-noon"
	Rev      string   // Revision of the fields below, set by Seal
	Kind     Kind     // single or multiple
	Title    string   // the heading, plain text, shown to the learner
	Critical bool     // a wrong answer fails the attempt, whatever the score
	Partial  bool     // right minus wrong over the number right, not below 0
	Clauses  []string // ids of the clauses it tests, at least one
	Stem     string   // HTML of the question
	Options  []Option // in the author's order
	Feedback string   // HTML shown with the feedback whatever the answer; may be empty

	proved *Item // this very item, when its Rev was computed from the fields above; a copy is not proved
}

// An Option is one choice of an item.
type Option struct {
	Text   string // HTML
	Right  bool   // part of the key
	Reason string // HTML: why this choice fails; part of the key; may be empty
}

// Seal sets the item's revision and returns the item.
func (it *Item) Seal() *Item {
	it.Rev = it.Revision()
	it.proved = it
	return it
}

// Prove notes that the item is at its revision, if it is: then no grading has
// to compute that again. An item that was changed afterwards has to be sealed.
func (it *Item) Prove() {
	if it.Revision() == it.Rev {
		it.proved = it
	}
}

// at returns the revision that the item is truly at.
func (it *Item) at() string {
	if it.proved == it {
		return it.Rev
	}
	return it.Revision()
}

// Key returns the indices of the right options, ascending.
func (it *Item) Key() []int {
	var key []int
	for i, o := range it.Options {
		if o.Right {
			key = append(key, i)
		}
	}
	return key
}

// Covers reports whether the item tests the clause.
func (it *Item) Covers(clause string) bool { return slices.Contains(it.Clauses, clause) }
