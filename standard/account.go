package standard

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Function is one of the three that keep a promise together, and that have a
// voice each when one is to be stretched.
type Function string

// The functions.
const (
	Sales      Function = "sales"
	Care       Function = "care"
	Operations Function = "operations"
)

// Functions lists them in the order in which they are shown.
func Functions() []Function { return []Function{Sales, Care, Operations} }

// OwnerOf reads who owns an offering; what is none of the three functions, as
// when the library says nothing, is operations.
func OwnerOf(text string) Function {
	if f := Function(strings.ToLower(strings.TrimSpace(text))); slices.Contains(Functions(), f) {
		return f
	}
	return Operations
}

// Limits of what is written about an account or a request, in characters, and
// of how much of it there may be.
const (
	MaxTitle = 140
	MaxText  = 2000
	MaxNotes = 400
	MaxKept  = 100 // requirement sheets of an account
)

// An Account is a customer, with one person from sales and one from
// operations who share what they learn. What was written is never changed;
// corrections are added.
type Account struct {
	Name         string
	CRM          string // the customer's id in the CRM; may be empty
	Sales        string // id of the person from sales; empty: nobody yet
	Operations   string // id of the person from operations
	Covered      []Cover
	Notes        []Note
	Requirements []Requirements
}

// A Cover is who has looked after an account from a time on, and its id in
// the CRM. The last one holds.
type Cover struct {
	Sales, Operations, CRM string
	By                     string // who said so
	At                     time.Time
}

// A Note is something that one learned about a customer.
type Note struct {
	Side Function `bson:",omitempty"` // which side learned it; empty: of no side
	Text string
	By   string
	At   time.Time
}

// Says reports whether two notes say the same, whenever they were written.
func (n Note) Says(m Note) bool {
	n.At, m.At = time.Time{}, time.Time{}
	return n == m
}

// Requirements are what a customer asked for, kept from an answer, with what
// the answer was on that day.
type Requirements struct {
	Parts   []Asked
	Verdict Verdict
	By      string
	At      time.Time
}

// A Holder is what a rule must know of a person: that there is one, and what
// she may do.
type Holder struct {
	Known, Disabled bool
	Roles           []string
}

func (h Holder) has(roles ...string) bool {
	return h.Known && !h.Disabled && slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(h.Roles, r) })
}

// Covers reports whether a person can look after an account for a function:
// for sales as a rep, manager or reviewer for sales, for operations as a
// reviewer for operations.
func (h Holder) Covers(f Function) bool {
	if f == Operations {
		return h.has(string(Operations))
	}
	return h.has("rep", "manager", string(Sales))
}

// A GapReason says why nobody looks after an account for a function.
type GapReason string

// The reasons.
const (
	NobodyNamed GapReason = "missing"  // nobody is named
	SwitchedOff GapReason = "disabled" // her account here is switched off
	LeftTheRole GapReason = "left"     // she doesn't hold such a role any more
)

// A Gap is a function without anybody who looks after the account.
type Gap struct {
	Function Function
	Reason   GapReason
}

// Gaps are the functions in which double coverage is broken.
func Gaps(sales, operations Holder) (list []Gap) {
	for _, side := range []struct {
		f Function
		h Holder
	}{{Sales, sales}, {Operations, operations}} {
		switch {
		case side.h.Covers(side.f):
		case !side.h.Known:
			list = append(list, Gap{side.f, NobodyNamed})
		case side.h.Disabled:
			list = append(list, Gap{side.f, SwitchedOff})
		default:
			list = append(list, Gap{side.f, LeftTheRole})
		}
	}
	return list
}

// MayWrite reports whether a person may write to the account: its two people,
// as long as they look after it, managers, admins, and the reviewers.
func (a *Account) MayWrite(id string, h Holder) bool {
	return h.has("manager", "admin", string(Sales), string(Care), string(Operations)) ||
		id == a.Sales && h.Covers(Sales)
}

// MayAdd reports whether a person may add an account: whoever deals with
// customers or looks after those who do. A rep adds those that are her own.
func MayAdd(h Holder) (may, onlyOwn bool) {
	if h.has("manager", "admin", string(Sales), string(Care), string(Operations)) {
		return true, false
	}
	return h.has("rep"), true
}

// Now is who looks after the account and its CRM's id, as the history has it.
func (a *Account) Now() Cover { return Cover{Sales: a.Sales, Operations: a.Operations, CRM: a.CRM} }

// SetCover changes who looks after the account, and keeps who did before. It
// reports whether that is anything new.
func (a *Account) SetCover(c Cover) bool {
	if a.Sales == c.Sales && a.Operations == c.Operations && a.CRM == c.CRM && len(a.Covered) > 0 {
		return false
	}
	a.Sales, a.Operations, a.CRM = c.Sales, c.Operations, c.CRM
	a.Covered = append(a.Covered, c)
	return true
}

// An Invalid says which field of a form can't be right, and why, by a code:
// "missing", "long", "control", "unknown" and what else the functions here say
// they give.
type Invalid struct {
	Field, Code string
	Most        int // of characters, with "long"
}

// Error says it in English, for logs and the command line.
func (i *Invalid) Error() string { return i.Field + ": " + i.Code }

// unseen reports whether nobody sees a character, but for what it does to others: it
// turns them round, or tells two names apart that look the same.
func unseen(r rune) bool {
	switch r {
	case '\u200b', '\u2060', '\ufeff', '\u00ad': // of no width
		return true
	}
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' // directions
}

// text checks what somebody wrote: trimmed, not too long, and there if it must be. What
// nobody sees is left out.
func text(field, written string, most int, must bool) (string, error) {
	if !utf8.ValidString(written) {
		return "", &Invalid{Field: field, Code: "control"}
	}
	written = strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, written)
	written = strings.TrimSpace(strings.ReplaceAll(written, "\r\n", "\n"))
	switch {
	case must && written == "":
		return "", &Invalid{Field: field, Code: "missing"}
	case utf8.RuneCountInString(written) > most:
		return "", &Invalid{Field: field, Code: "long", Most: most}
	case strings.ContainsFunc(written, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return "", &Invalid{Field: field, Code: "control"}
	}
	return written, nil
}

// oneLine is text without line breaks.
func oneLine(field, written string, most int, must bool) (string, error) {
	return text(field, strings.Join(strings.Fields(written), " "), most, must)
}

// CheckAccount returns an account's name and CRM id, trimmed, or an Invalid of
// "name" or "crm_id": "missing", "long", or "letter" for a name without one.
func CheckAccount(name, crm string) (cleanName, cleanCRM string, err error) {
	if cleanName, err = oneLine("name", name, 100, true); err != nil {
		return "", "", err
	}
	if cleanCRM, err = oneLine("crm_id", crm, 100, false); err != nil {
		return "", "", err
	}
	return cleanName, cleanCRM, nil
}

// AddNote adds a note. Its Invalid is of "text" or "side"; full reports that
// there is no room for more.
func (a *Account) AddNote(n Note) error {
	var err error
	if n.Text, err = text("text", n.Text, MaxText, true); err != nil {
		return err
	}
	if n.Side != "" && !slices.Contains(Functions(), n.Side) {
		return &Invalid{Field: "side", Code: "unknown"}
	}
	if len(a.Notes) >= MaxNotes {
		return &Invalid{Field: "text", Code: "full"}
	}
	a.Notes = append(a.Notes, n)
	return nil
}

// Keep adds a requirement sheet. Its Invalid is of "need": "missing" when
// nothing is asked for, "full" when there is no room for more.
func (a *Account) Keep(r Requirements) error {
	if len(r.Parts) == 0 {
		return &Invalid{Field: "need", Code: "missing"}
	}
	if len(a.Requirements) >= MaxKept {
		return &Invalid{Field: "need", Code: "full"}
	}
	a.Requirements = append(a.Requirements, r)
	return nil
}
