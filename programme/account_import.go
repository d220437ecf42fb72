package programme

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// AccountColumns are those of a file of accounts; name must be there.
var AccountColumns = []string{"name", "crm_id", "sales", "operations"}

// An AccountRow is what became of a row, or would.
type AccountRow struct {
	Line    int
	Name    string
	Action  people.Action
	Changes []people.FieldChange // from what to what
	Reason  string               // why it was rejected

	cells []string
	cover standard.Cover
	found *Account
}

// Account is the id of the account that the row is about, "" when there was none.
func (row *AccountRow) Account() string {
	if row.found == nil {
		return ""
	}
	return row.found.ID
}

// An AccountImport is a file of accounts with what it says.
type AccountImport struct {
	Unknown []string // columns that were not looked at
	Rows    []*AccountRow
	table   *people.Table
}

// Count counts the rows of which this became.
func (in *AccountImport) Count(a people.Action) (n int) {
	for _, row := range in.Rows {
		if row.Action == a {
			n++
		}
	}
	return n
}

// WriteRejected writes the rejected rows as CSV, with the reason, to be mended
// and imported again. Nothing in it is a formula for a spreadsheet.
func (in *AccountImport) WriteRejected(w io.Writer) error {
	var list []people.Refusal
	for _, row := range in.Rows {
		if row.Action == people.Rejected {
			list = append(list, people.Refusal{Line: row.Line, Cells: row.cells, Reason: row.Reason})
		}
	}
	return in.table.WriteRejected(w, list)
}

// PlanAccounts reads a file of accounts (CSV as people's rosters, columns
// AccountColumns; sales and operations are e-mail addresses) and says what it
// would do. A row is about the account of that name; an empty cell leaves alone
// what is there. It writes nothing. The error is about the file as a whole.
func (p *Programme) PlanAccounts(ctx context.Context, file io.Reader) (*AccountImport, error) {
	table, err := people.ReadTable(file, AccountColumns)
	if err != nil {
		return nil, err
	}
	if err := table.Need("name", AccountColumns); err != nil {
		return nil, err
	}
	in := &AccountImport{Unknown: table.Unknown, table: table}
	names, crms := map[string]int{}, map[string]int{}
	for _, line := range table.Rows {
		row := &AccountRow{Line: line.Line, cells: line.Cells}
		in.Rows = append(in.Rows, row)
		var reason string
		if line.Err != nil {
			reason = line.Err.Error()
		} else if reason, err = p.planAccount(ctx, table, line, row); err != nil {
			return nil, err
		}
		if reason == "" {
			reason = twice(names, people.FoldName(row.Name), row.Line, "names this account")
		}
		if reason == "" && row.cover.CRM != "" {
			reason = twice(crms, row.cover.CRM, row.Line, "has this CRM id")
		}
		if reason != "" {
			row.Action, row.Reason = people.Rejected, reason
		}
	}
	return in, nil
}

// twice says that an earlier row has the same.
func twice(seen map[string]int, key string, line int, says string) string {
	if before := seen[key]; before > 0 {
		return fmt.Sprintf("Line %d %s already.", before, says)
	}
	seen[key] = line
	return ""
}

// planAccount works out one row; reason is why it is rejected.
func (p *Programme) planAccount(ctx context.Context, table *people.Table, line people.TableRow, row *AccountRow) (reason string, err error) {
	var invalid *standard.Invalid
	row.Name, row.cover.CRM, err = standard.CheckAccount(table.Cell(line, "name"), table.Cell(line, "crmid"))
	if errors.As(err, &invalid) {
		return accountReason(invalid), nil
	}
	key := people.FoldName(row.Name)
	if people.Slug(row.Name) == "" {
		return accountReason(&standard.Invalid{Field: "name", Code: "letter"}), nil
	}
	a, err := p.Account(ctx, p.accountID(key))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	before := standard.Cover{}
	if row.Action = people.Added; a != nil {
		row.found, before, row.Action = a, a.Now(), people.Changed
	}
	if row.cover.CRM == "" {
		row.cover.CRM = before.CRM
	} else if reason, err = p.crmOfAnother(ctx, row.cover.CRM, p.accountID(key)); reason != "" || err != nil {
		return reason, err
	}
	for _, side := range []struct {
		column string
		f      standard.Function
		to     *string
		was    string
	}{{"sales", standard.Sales, &row.cover.Sales, before.Sales}, {"operations", standard.Operations, &row.cover.Operations, before.Operations}} {
		if *side.to, reason, err = p.coverByEmail(ctx, table.Cell(line, side.column), side.f, side.was); reason != "" || err != nil {
			return reason, err
		}
	}
	row.diff(before)
	if a != nil && len(row.Changes) == 0 {
		row.Action = people.Unchanged
	}
	return "", p.sayPeople(ctx, row)
}

// diff lists what the row changes.
func (row *AccountRow) diff(before standard.Cover) {
	for _, f := range [][3]string{{"crm_id", before.CRM, row.cover.CRM}, {"sales", before.Sales, row.cover.Sales}, {"operations", before.Operations, row.cover.Operations}} {
		if f[1] != f[2] {
			row.Changes = append(row.Changes, people.FieldChange{Field: f[0], Old: f[1], New: f[2]})
		}
	}
}

// sayPeople puts addresses in place of ids in the changes.
func (p *Programme) sayPeople(ctx context.Context, row *AccountRow) error {
	var ids []string
	for _, c := range row.Changes {
		if c.Field != "crm_id" {
			ids = append(ids, c.Old, c.New)
		}
	}
	who, err := p.Persons(ctx, ids...)
	if err != nil {
		return err
	}
	for i, c := range row.Changes {
		if one := who[c.Old]; one != nil {
			row.Changes[i].Old = one.Email
		}
		if one := who[c.New]; one != nil {
			row.Changes[i].New = one.Email
		}
	}
	return nil
}

// crmOfAnother says that another account has this id in the CRM.
func (p *Programme) crmOfAnother(ctx context.Context, crm, account string) (reason string, err error) {
	list, _, err := p.accounts.Find(ctx, store.Query{Index: "crm", Eq: []store.Key{store.String(crm)}, Limit: 2})
	if err != nil {
		return "", fmt.Errorf("look for the CRM id: %w", err)
	}
	for _, a := range list {
		if a.ID != account {
			return fmt.Sprintf("The CRM id is that of the account %q.", a.Name), nil
		}
	}
	return "", nil
}

// coverByEmail finds who is to look after an account; an empty cell leaves whom
// it was.
func (p *Programme) coverByEmail(ctx context.Context, email string, f standard.Function, was string) (id, reason string, err error) {
	if email == "" {
		return was, "", nil
	}
	one, err := p.People.ByEmail(ctx, email)
	if errors.Is(err, people.ErrNotFound) {
		return "", fmt.Sprintf("%s: nobody has the address %q.", f, email), nil
	}
	if err != nil {
		return "", "", err
	}
	if one.ID != was && !Holder(one).Covers(f) {
		return "", fmt.Sprintf("%s: %s can't look after an account for %s: %s.", f, one.Name(), f, neededFor(f)), nil
	}
	return one.ID, "", nil
}

func neededFor(f standard.Function) string {
	if f == standard.Operations {
		return "that takes the role operations"
	}
	return "that takes the role rep, manager or sales"
}

// accountReason says an Invalid in a sentence, as the command line does.
func accountReason(i *standard.Invalid) string {
	switch i.Code {
	case "missing":
		return "The row has no name."
	case "long":
		return fmt.Sprintf("The column %s is longer than %d characters.", i.Field, i.Most)
	case "control":
		return fmt.Sprintf("The column %s contains a control character.", i.Field)
	case "letter":
		return "A name needs a letter or a digit."
	}
	return strings.ToUpper(i.Field[:1]) + i.Field[1:] + " is not accepted."
}

// ApplyAccounts does what was planned and says of each row what became of it.
// The same file a second time changes nothing. What was changed by somebody
// else since it was planned is rejected, and left as it is.
func (p *Programme) ApplyAccounts(ctx context.Context, in *AccountImport, progress func(done, total int)) error {
	for i, row := range in.Rows {
		var err error
		row.cover.At = p.now()
		switch row.Action {
		case people.Added:
			_, err = p.addAccount(ctx, row.Name, row.cover)
		case people.Changed:
			_, err = p.accounts.Update(ctx, row.found.ID, func(a *Account) error {
				if len(a.Covered) != len(row.found.Covered) {
					return ErrStale
				}
				if !a.SetCover(row.cover) {
					return store.ErrNoChange
				}
				return nil
			})
		}
		var invalid *standard.Invalid
		switch {
		case errors.Is(err, ErrStale), errors.Is(err, ErrInvalid), errors.As(err, &invalid):
			row.Action, row.Reason = people.Rejected, "The account or its people were changed meanwhile. Import the row again."
		case err != nil:
			return fmt.Errorf("line %d: %w", row.Line, err)
		}
		if progress != nil {
			progress(i+1, len(in.Rows))
		}
	}
	return nil
}
