package demo

import "context"

// doubt lets a few people say what they find unclear about the standard, and one
// of it be answered.
func (w *world) doubt(ctx context.Context) error {
	for _, d := range []struct {
		days         int
		email        string
		clause, text string
	}{
		{19, "rep3@demo.test", "records-search/scope", "A customer in Ohio wants our Illinois registers only. Is that in-state?"},
		{6, "rep2@demo.test", "records-search/turnaround", "When is an order complete, if the date of birth comes an hour later by phone?"},
		{5, "rep7@demo.test", "records-search/turnaround", ""},
		{3, "care@demo.test", "records-search/turnaround", "Does the clock stand still while we ask them for what is missing?"},
		{2, "rep4@demo.test", "working-together/handoff", "Who invites, sales or operations?"},
	} {
		clause := w.shelf.Library().Clause(d.clause)
		if clause == nil {
			continue
		}
		who, err := w.at(ctx, d.days, d.email)
		if err != nil {
			return err
		}
		known, err := w.prog.Doubted(ctx, clause.ID)
		if err != nil {
			return err
		}
		if answered := d.clause == "records-search/scope"; answered && known {
			continue
		}
		if err := w.prog.AskClause(ctx, who, clause, d.text); err != nil {
			return err
		}
		if d.clause != "records-search/scope" {
			continue
		}
		ops, err := w.at(ctx, d.days-1, "ops@demo.test")
		if err != nil {
			return err
		}
		if err := w.prog.AnswerDoubts(ctx, ops, clause.ID, "Yes. What counts is where the register is kept. Where the customer sits makes no difference.", w.now); err != nil {
			return err
		}
	}
	return nil
}
