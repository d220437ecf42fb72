package programme

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// Whom a comment names, and how she hears of it.

// tellCall lets one person find the request in which she is named, until she knows.
func (p *Programme) tellCall(ctx context.Context, q *Request, person string, call standard.Call) error {
	t := &Tiding{Meta: store.Meta{ID: store.HomeID(person) + p.id("mention", q.ID, person)}, Person: person, Request: q.ID, Open: call.Open(), Decided: p.now(), Call: call}
	for range 2 { // it may be inserted meanwhile
		_, err := p.tidings.Update(ctx, t.ID, func(t *Tiding) error {
			grown := standard.Call{Last: max(t.Last, call.Last), Seen: max(t.Call.Seen, call.Seen)}
			if grown == t.Call {
				return store.ErrNoChange
			}
			t.Call, t.Open = grown, grown.Open()
			return nil
		})
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := p.tidings.Insert(ctx, t); !errors.Is(err, store.ErrExists) {
			return err
		}
	}
	return nil
}

// maxMentions bounds how many people a comment names, so that one can't make the
// store look for hundreds.
const maxMentions = 10

// mentions finds the people whom a text names by @ and their name: by their
// first name alone those who take part in the request, by their whole name
// anybody. What names nobody, or more than one, stays text.
func (p *Programme) mentions(ctx context.Context, q *Request, text string) (list []standard.Mention, err error) {
	if !strings.Contains(text, "@") {
		return nil, nil
	}
	part, err := p.Persons(ctx, q.Participants()...)
	if err != nil {
		return nil, err
	}
	for _, piece := range strings.Split(text, "@")[1:] {
		if len(list) >= maxMentions {
			break
		}
		words := namedIn(piece)
		for n := len(words); n > 0; n-- {
			name := strings.Join(words[:n], " ")
			one, err := p.named(ctx, name, part)
			if err != nil {
				return nil, err
			}
			if one != nil {
				list = append(list, standard.Mention{Text: "@" + name, Person: one.ID})
				break
			}
		}
	}
	return list, nil
}

// namedIn are the words behind an @ that may be a name, three at most.
func namedIn(piece string) (words []string) {
	if piece == "" || unicode.IsSpace([]rune(piece)[0]) {
		return nil
	}
	for _, w := range strings.Split(piece, " ") {
		clean := strings.TrimRightFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
		if clean == "" || strings.ContainsAny(clean, "\n\t") {
			break
		}
		if words = append(words, clean); len(words) == 3 || clean != w {
			break
		}
	}
	return words
}

// named is the one person of that name.
func (p *Programme) named(ctx context.Context, name string, part map[string]*people.Person) (found *people.Person, err error) {
	key := people.FoldName(name)
	for _, one := range part {
		if !one.Disabled && (people.FoldName(one.First) == key || people.FoldName(one.Name()) == key) {
			if found != nil {
				return nil, nil
			}
			found = one
		}
	}
	if found != nil || !strings.Contains(name, " ") {
		return found, nil
	}
	list, _, err := p.People.Search(ctx, name)
	for _, one := range list {
		if people.FoldName(one.Name()) == key && !one.Disabled {
			if found != nil {
				return nil, nil
			}
			found = one
		}
	}
	return found, err
}

// Participants are all who have done something in a request or must hear of it.
func (q *Request) Participants() []string {
	ids := []string{q.Raiser, q.Delegate()}
	for _, v := range q.Voices {
		ids = append(ids, v.By)
	}
	for _, c := range q.Comments {
		ids = append(ids, c.By)
		for _, m := range c.Mentions {
			ids = append(ids, m.Person)
		}
	}
	for _, d := range q.Delegations {
		ids = append(ids, d.By, d.To)
	}
	if q.Decision != nil {
		ids = append(ids, q.Decision.By)
	}
	for _, p := range q.Promotions {
		ids = append(ids, p.By)
	}
	return append(ids, q.Concerned...)
}
