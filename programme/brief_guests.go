package programme

import (
	"context"
	"fmt"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/store"
)

// Guests are those of the people with these ids whom somebody can bring along to a
// meeting, in the order of the ids, each once.
func (p *Programme) Guests(ctx context.Context, by *people.Person, ids ...string) (list []*people.Person, err error) {
	ids = someIDs(ids)
	who, err := p.Persons(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read whom one can bring along: %w", err)
	}
	for _, id := range ids {
		if one := who[id]; id != by.ID && Holder(one).ComesAlong() {
			list = append(list, one)
		}
	}
	return list, nil
}

// FindGuests are those whom somebody can bring along among the people whose name or
// address begins with the text. more says that there were too many people to look
// at all of them.
func (p *Programme) FindGuests(ctx context.Context, by *people.Person, text string) (list []*people.Person, more bool, err error) {
	found, more, err := p.People.Search(ctx, text)
	if err != nil {
		return nil, false, err
	}
	for _, one := range found {
		if one.ID != by.ID && Holder(one).ComesAlong() {
			list = append(list, one)
		}
	}
	return list, more, nil
}

// LastGuests are the ids of those to whom somebody sent her last briefs.
func (p *Programme) LastGuests(ctx context.Context, sender string, limit int) (ids []string, err error) {
	list, err := p.briefsBy(ctx, store.Query{Index: "sender", Eq: []store.Key{store.String(sender)}, Desc: true, Limit: limit})
	for _, b := range list {
		ids = append(ids, b.Guest)
	}
	return ids, err
}
