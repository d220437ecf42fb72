package server

import (
	"net/url"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// What the customer requires beside what was sold, part by part.

// A handoffPart is one part of the requirements.
type handoffPart struct {
	Number int
	Many   bool // there are others
	Sold   []link
	Tier   string
	Lost   bool          // nobody has said what was sold, or the standard has lost it
	Asked  [][]askedLine // when it is lost
	Only   string        // titles of the offerings that were asked for by name
	Limits []againstLine
	Unsold []unsoldLine
}

// An againstLine is one dimension: what is required, and what was sold.
type againstLine struct {
	limitLine
	Settled bool // it is not held, and a decided request settles it
}

// A unsoldLine is a limit that was not sold, and how it is settled.
type unsoldLine struct {
	Part     int // from 0
	Name     string
	Label    string
	Says     string
	Settled  bool
	Request  *requestLine // that is named for it
	RaiseURL string
	Choices  []choice // requests that may be named
	Field    string   // of its form
}

// A needRow is one part as fields, with what was sold for it.
type needRow struct {
	raisePart
	Field string
	Sold  []choice
	More  bool // for one part more
}

func (s *Server) handoffParts(r *request, h *programme.Handoff, requests []*programme.Request, undecided []standard.Undecided) (list []handoffPart) {
	m := matcher{r, nil, r.today()}
	for i, part := range programme.HandoffParts(r.lib().Book(r.today()), &h.Handoff) {
		v := handoffPart{Number: i + 1, Many: len(h.Parts) > 1, Lost: part.Gone, Tier: part.Sold.Tier, Only: r.onlyTitles(part.Asked.Only)}
		if part.Gone {
			v.Asked = r.askedLines([]standard.Asked{part.Asked})
			if part.Sold.Base != "" {
				v.Sold = r.offeringsByID(append([]string{part.Sold.Base}, part.Sold.AddOns...))
			}
			list = append(list, v)
			continue
		}
		for _, o := range part.Miss.Offerings() {
			v.Sold = append(v.Sold, m.linkTo(o))
		}
		held := m.tier(part.Miss.Choice, part.Miss.Promise, part.Need, part.Miss.Lacks)
		v.Tier = held.Name
		for _, line := range held.Limits {
			v.Limits = append(v.Limits, againstLine{limitLine: line})
		}
		for _, lack := range part.Miss.Lacks {
			v.Unsold = append(v.Unsold, s.unsoldLine(r, h, requests, undecided, i, lack))
		}
		for n := range v.Limits {
			v.Limits[n].Settled = slices.ContainsFunc(v.Unsold, func(b unsoldLine) bool { return b.Label == v.Limits[n].Label && b.Settled })
		}
		list = append(list, v)
	}
	return list
}

// unsoldLine is a limit that was not sold: which request settles it, or may.
func (s *Server) unsoldLine(r *request, h *programme.Handoff, requests []*programme.Request, undecided []standard.Undecided, part int, lack standard.Lack) unsoldLine {
	b := unsoldLine{
		Part: part, Name: lack.Dimension, Label: r.labelOf(lack.Dimension), RaiseURL: raiseURL(h.Account, h.Parts[part]),
		Settled: !slices.Contains(undecided, standard.Undecided{Part: part, Dimension: lack.Dimension}),
		Field:   "request-" + needName(part+1, lack.Dimension),
	}
	named := h.SettledBy(part, lack.Dimension)
	for _, q := range requests {
		if q.ID == named {
			line := r.requestLine(q, lineNames{})
			b.Request = &line
		}
		if s.prog.MaySettle(q, &h.Handoff, part, lack.Dimension) {
			b.Choices = append(b.Choices, choice{q.ID, q.Title + " · " + r.requestState(q).Word, q.ID == named})
		}
	}
	return b
}

// soldValue writes a choice's tier into a form: "base+add-on/tier".
func soldValue(s standard.Sold) string {
	if s.Base == "" {
		return ""
	}
	return strings.Join(append([]string{s.Base}, s.AddOns...), "+") + "/" + s.Tier
}

// readSold reads it back; "" is the zero Sold.
func readSold(text string) standard.Sold {
	choice, tier, _ := strings.Cut(text, "/")
	ids := strings.Split(choice, "+")
	s := standard.Sold{Base: ids[0], Tier: tier}
	if len(ids) > 1 {
		s.AddOns = ids[1:]
	}
	return s
}

// soldChoices is what may have been sold for a part: what holds it and what comes
// nearest, then all that can be sold. What the sheet says now is always among it.
func (r *request) soldChoices(part standard.Asked, now standard.Sold) (list []choice) {
	book := r.lib().Book(r.today())
	chosen := soldValue(now)
	add := func(c standard.Choice, tier string) {
		var titles []string
		sold := standard.Sold{Base: c.Base.ID, Tier: tier}
		for _, o := range c.Offerings() {
			titles = append(titles, o.Title)
		}
		for _, a := range c.AddOns {
			sold.AddOns = append(sold.AddOns, a.ID)
		}
		value := soldValue(sold)
		if !slices.ContainsFunc(list, func(c choice) bool { return c.Value == value }) {
			list = append(list, choice{value, strings.Join(titles, " + ") + ": " + r.lib().TierName(tier), value == chosen})
		}
	}
	if need, err := part.Need(book.Dimensions()); err == nil && len(need)+len(part.Only) > 0 {
		if m, err := book.Match(need, part.Only...); err == nil {
			for _, f := range m.Fits {
				for _, t := range f.Tiers {
					add(f.Choice, t.Tier)
				}
			}
			for _, miss := range m.Misses {
				add(miss.Choice, miss.Tier)
			}
		}
	}
	for _, one := range book.Sellable() {
		add(one.Choice, one.Tier)
	}
	if chosen != "" && !slices.ContainsFunc(list, func(c choice) bool { return c.Value == chosen }) {
		list = append(list, choice{chosen, chosen, true})
	}
	return list
}

// needRows are the requirements as fields; fields says what is in them.
func (r *request) needRows(fields url.Values, wrong problems) (rows []needRow) {
	parts, _ := r.lib().Lexicon().ReadAsked(fields, r.tongue())
	read := 0
	for number := 1; number <= standard.MaxParts; number++ {
		row := needRow{raisePart: raisePart{Number: number}, Field: soldField(number)}
		given := r.raiseOnly(&row.raisePart, fields, wrong[needName(number, standard.OnlyField)])
		for _, dim := range r.lib().Dimensions {
			name := needName(number, dim.Name)
			value := strings.Join(fields[name], ", ")
			given = given || strings.Trim(value, ", ") != ""
			row.Fields = append(row.Fields, r.needField(name, dim, value, wrong[name]))
		}
		var part standard.Asked
		if given && len(wrong) == 0 && read < len(parts) {
			part, read = parts[read], read+1
		}
		row.Sold, row.More = r.soldChoices(part, readSold(fields.Get(row.Field))), !given && number > 1
		rows = append(rows, row)
		if !given {
			break
		}
	}
	return rows
}

// readRequirements reads the form of the requirements: the parts in which something
// is given, and what was sold for each.
func (r *request) readRequirements(form url.Values) (parts []standard.Asked, sold []standard.Sold, found problems) {
	found = problems{}
	parts, wrong := r.lib().Lexicon().ReadAsked(form, r.tongue())
	for number := 1; number <= standard.MaxParts; number++ {
		only, named := standard.Written(standard.OnlyField, form, number)
		given := named != ""
		if wrong[only] != nil {
			found[only] = r.t("sell.only.unknown")
		}
		for _, dim := range r.lib().Dimensions {
			name := needName(number, dim.Name)
			given = given || strings.Trim(strings.Join(form[name], ","), ", ") != ""
			if wrong[name] != nil {
				found[name] = r.badValue(dim, wrong[name])
			}
		}
		if given {
			sold = append(sold, readSold(form.Get(soldField(number))))
		}
	}
	return parts, sold, found
}
