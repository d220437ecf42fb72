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

// maxMentions bounds how many people a comment names, and maxSearches how often the
// store is asked for them: each @ that names nobody could be a name of two words or of
// three, so that one comment could make it look hundreds of times.
const (
	maxMentions = 10
	maxSearches = 2 * maxMentions
)

// A caller finds the people whom a comment names.
type caller struct {
	*Programme
	part     map[string][]*people.Person // who take part, by first and by whole name
	searches int                         // of the store, so far
}

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
	c := &caller{Programme: p, part: byNames(part)}
	for _, piece := range strings.Split(text, "@")[1:] {
		if len(list) >= maxMentions {
			break
		}
		words := namedIn(piece)
		for n := len(words); n > 0; n-- {
			name := strings.Join(words[:n], " ")
			one, err := c.named(ctx, name)
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

// byNames are those who are not disabled, by their first and by their whole names.
func byNames(who map[string]*people.Person) map[string][]*people.Person {
	names := map[string][]*people.Person{}
	for _, one := range who {
		if one.Disabled {
			continue
		}
		first, whole := people.FoldName(one.First), people.FoldName(one.Name())
		names[first] = append(names[first], one)
		if whole != first {
			names[whole] = append(names[whole], one)
		}
	}
	return names
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
func (c *caller) named(ctx context.Context, name string) (found *people.Person, err error) {
	key := people.FoldName(name)
	switch part := c.part[key]; {
	case len(part) == 1:
		return part[0], nil
	case len(part) > 1, !strings.Contains(name, " "), c.searches >= maxSearches:
		return nil, nil
	}
	c.searches++
	list, _, err := c.People.Search(ctx, name)
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
