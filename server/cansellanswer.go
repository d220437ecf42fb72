package server

import (
	"fmt"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/standard"
)

// A partAnswer is what the standard says to one part of a need.
type partAnswer struct {
	verdict    standard.Verdict
	Title      string      // "Part 2", when there are several
	Named      []namedView // offerings that are meant alone
	Understood []understood
	Unread     string // of a sentence
	Waived     bool   // nothing of it is a doubt
	Speaks     []spokenClause
	Verdict    verdictView
	Fits       []fitView
	Misses     []missView
	Beyond     []string
	Others     []otherView // what holds it, where what is named doesn't
	Coming     []comingAnswer
}

// A fitView is a choice that holds the need.
type fitView struct {
	Base     link
	AddOns   []broughtView
	Tiers    []heldTier
	Calendar string    // what was compared by the calendar
	Cleared  []whoSell // of a rep
}

// A broughtView is an add-on with what it brings to this need.
type broughtView struct {
	link
	Brings []string
}

// A heldTier is a tier with its figure for each dimension that was asked for.
type heldTier struct {
	Name   string
	Limits []limitLine
}

// A limitLine is one limit beside what is needed.
type limitLine struct {
	Label, URL    string
	Held          bool
	Value, Needed string
	Says          string // what is lacking
}

// whoSell says whether the visitor may sell an offering.
type whoSell struct {
	link
	State *state
}

// A missView is a tier that comes near.
type missView struct {
	Base   link
	AddOns []link
	heldTier
}

// A comingAnswer is what the answer becomes on a later day.
type comingAnswer struct{ Day, Says, URL string }

func (a *matcher) part(part askedPart, all []askedPart) (partAnswer, error) {
	book := a.lib().Book(a.day)
	m, err := book.MatchReading(part.reading())
	if err != nil {
		return partAnswer{}, fmt.Errorf("match a need: %w", err)
	}
	one := partAnswer{verdict: m.Verdict, Verdict: a.verdict(m), Unread: part.unread, Named: a.named(part, all), Others: a.others(m)}
	if says := a.namedVerdict(m, part); says != "" && m.Verdict != standard.Open { // then it says what to ask
		one.Verdict.Lede = says
	}
	if len(all) > 1 {
		one.Title = a.t("sell.part", "Number", part.number)
	}
	for _, dim := range a.lib().Dimensions {
		if v, asked := part.need[dim.Name]; asked {
			one.Understood = append(one.Understood, a.understood(dim, v, part))
		}
	}
	one.Waived, one.Speaks = !part.reading().Open(), a.speaks(m, part)
	if one.Waived && len(part.read.Loose) > 0 {
		one.Unread = "" // "about" is said beside its figure
	}
	for _, f := range m.Fits {
		one.Fits = append(one.Fits, a.fit(f, part.need))
	}
	for _, miss := range m.Misses {
		one.Misses = append(one.Misses, a.miss(miss, part.need))
	}
	for _, b := range m.Beyond {
		one.Beyond = append(one.Beyond, a.beyondWords(b))
	}
	one.Coming, err = a.coming(m, part, all)
	return one, err
}

// verdict puts a match into words.
func (a *matcher) verdict(m standard.Match) verdictView {
	switch m.Verdict {
	case standard.Inside:
		return verdictView{"inside", "ok", a.t("sell.inside"), a.t("sell.inside-lede")}
	case standard.Combination:
		return verdictView{"inside", "plus", a.t("sell.combination"), a.t("sell.combination-lede")}
	case standard.Open:
		return verdictView{"open", "help", a.t("sell.open"), a.openWords(m)}
	}
	if len(m.Misses) == 0 {
		return verdictView{"outside", "out", a.t("sell.outside"), a.t("sell.nothing-near")}
	}
	return verdictView{"outside", "out", a.t("sell.outside-by", "N", len(m.Misses[0].Lacks)), a.t("sell.outside-lede")}
}

func (a *matcher) linkTo(o *standard.Offering) link {
	return link{a.offeringOf(o).URL, o.Title}
}

func (a *matcher) fit(f standard.Fit, need standard.Need) fitView {
	view := fitView{Base: a.linkTo(f.Base)}
	for _, addOn := range f.AddOns {
		view.AddOns = append(view.AddOns, broughtView{a.linkTo(addOn), a.brings(f, addOn, need)})
	}
	for _, p := range f.Tiers {
		view.Tiers = append(view.Tiers, a.tier(f.Choice, p, need, nil))
	}
	var labels []string
	for _, dim := range a.lib().Dimensions {
		if slices.Contains(f.Calendar, dim.Name) {
			labels = append(labels, dim.Label)
		}
	}
	if len(labels) > 0 {
		view.Calendar = a.t("sell.by-calendar", "Labels", strings.Join(labels, ", "))
	}
	if a.standing != nil {
		for _, o := range f.Offerings() {
			view.Cleared = append(view.Cleared, whoSell{a.linkTo(o), a.offeringState(a.standing, o.ID)})
		}
	}
	return view
}

// brings says what an add-on brings to a need, and what it adds whether wanted
// or not.
func (a *matcher) brings(f standard.Fit, addOn *standard.Offering, need standard.Need) (lines []string) {
	for _, p := range f.Tiers {
		if slices.ContainsFunc(addOn.Tiers, func(t standard.Tier) bool { return t.Name == p.Tier }) {
			lines = append(lines, a.t("sell.brings-tier", "Tier", a.lib().TierName(p.Tier)))
		}
	}
	for _, dim := range a.lib().Dimensions {
		widens := addOn.Widens[dim.Name].On(a.day)
		brought := slices.DeleteFunc(slices.Clone(widens.Set), func(v string) bool { return !slices.Contains(need[dim.Name].Set, v) })
		if len(brought) > 0 {
			lines = append(lines, a.t("sell.brings", "Label", dim.Label, "Values", a.figure(dim, standard.Value{Set: brought})))
		}
		if adds := addOn.Adds[dim.Name].On(a.day); !adds.IsZero() {
			lines = append(lines, a.t("offering.adds", "Label", dim.Label, "Value", a.figure(dim, adds)))
		}
	}
	return lines
}

// tier is what a tier says to each dimension of the need.
func (a *matcher) tier(choice standard.Choice, p standard.Promise, need standard.Need, lacks []standard.Lack) heldTier {
	t := heldTier{Name: a.lib().TierName(p.Tier)}
	for _, dim := range a.lib().Dimensions {
		v, asked := need[dim.Name]
		if !asked {
			continue
		}
		line := limitLine{Label: dim.Label, Held: true, Needed: a.figure(dim, v)}
		if limit := p.Values[dim.Name]; !limit.IsZero() {
			line.Value = a.figure(dim, limit)
		}
		if c := a.lib().StatedAt(choice, p.Tier, dim.Name); c != nil {
			line.URL = c.URL
		}
		for _, l := range lacks {
			if l.Dimension == dim.Name {
				line.Held, line.Says = false, a.lackWords(dim, l)
			}
		}
		t.Limits = append(t.Limits, line)
	}
	return t
}

// lackWords says by how much a limit is missed.
func (a *matcher) lackWords(dim standard.Dimension, l standard.Lack) string {
	switch {
	case l.Limit.IsZero():
		return a.t("sell.lack.unstated")
	case l.By.IsZero():
		return a.t("sell.lack.incomparable")
	case dim.Kind == standard.AllOf:
		return a.t("sell.lack.set", "Values", a.figure(dim, l.By))
	case l.Calendar:
		return a.t("sell.lack.calendar", "By", a.tongue().Gap(l.By))
	case dim.Kind == standard.NoLessThan:
		return a.t("sell.lack.short", "By", a.tongue().Gap(l.By))
	}
	return a.t("sell.lack.over", "By", a.tongue().Gap(l.By))
}

func (a *matcher) miss(m standard.Miss, need standard.Need) missView {
	view := missView{Base: a.linkTo(m.Base), heldTier: a.tier(m.Choice, m.Promise, need, m.Lacks)}
	for _, addOn := range m.AddOns {
		view.AddOns = append(view.AddOns, a.linkTo(addOn))
	}
	return view
}

// beyondWords says of what is nowhere in the standard that it is.
func (a *matcher) beyondWords(b standard.Beyond) string {
	dim, _ := a.lib().Book(a.day).Dimension(b.Dimension)
	switch {
	case dim.Kind == standard.AllOf:
		return a.t("sell.beyond.set", "Label", dim.Label, "Values", a.figure(dim, b.Need))
	case b.Where == nil:
		return a.t("sell.beyond.unstated", "Label", dim.Label)
	}
	return a.t("sell.beyond.best", "Label", dim.Label, "Need", a.figure(dim, b.Need), "Best", a.figure(dim, b.Best), "Titles", titlesOf(b.Where.Offerings()))
}

// maxComing bounds how many later days are looked at.
const maxComing = 4

// coming tells on which later days the answer is another one.
func (a *matcher) coming(now standard.Match, part askedPart, all []askedPart) (list []comingAnswer, err error) {
	days := a.lib().NextChanges(a.day)
	before := fitsKey(now)
	for _, day := range days[:min(len(days), maxComing)] {
		m, err := a.lib().Book(day).MatchReading(part.reading())
		if err != nil {
			return nil, fmt.Errorf("match a need on %s: %w", day, err)
		}
		key := fitsKey(m)
		if key == before {
			continue
		}
		before = key
		later := matcher{a.request, a.standing, day}
		list = append(list, comingAnswer{sayDay(a.say, day), later.comingWords(m), a.needURL(all, day.String())})
	}
	return list, nil
}

// comingWords says what the answer becomes.
func (a *matcher) comingWords(m standard.Match) string {
	if m.Verdict == standard.Outside {
		return a.verdict(m).Title
	}
	var fits []string
	for _, f := range m.Fits {
		fits = append(fits, titlesOf(f.Offerings()))
	}
	return a.t("sell.coming-fits", "Verdict", a.verdict(m).Title, "Titles", strings.Join(fits, "; "))
}

// fitsKey tells one answer from another.
func fitsKey(m standard.Match) string {
	var b strings.Builder
	for _, f := range m.Fits {
		for _, o := range f.Offerings() {
			b.WriteString(o.ID + " ")
		}
		for _, p := range f.Tiers {
			b.WriteString("/" + p.Tier)
		}
		b.WriteString(";")
	}
	return b.String()
}

// overall is the verdict of several parts: as good as the worst of them.
func (r *request) overall(parts []partAnswer) verdictView {
	if len(parts) == 1 {
		return parts[0].Verdict
	}
	outside, open := 0, 0
	for _, p := range parts {
		switch p.verdict {
		case standard.Outside:
			outside++
		case standard.Open:
			open++
		}
	}
	switch {
	case len(parts) == 0:
		return verdictView{}
	case outside == 0 && open > 0:
		return verdictView{"open", "help", r.t("sell.open"), r.t("sell.open-parts-lede")}
	case outside == 0:
		return verdictView{"inside", "ok", r.t("sell.inside-in-parts"), r.t("sell.inside-in-parts-lede", "N", len(parts))}
	case outside == len(parts):
		return verdictView{"outside", "out", r.t("sell.outside"), r.t("sell.outside-all-lede")}
	}
	return verdictView{"outside", "out", r.t("sell.outside-parts", "N", outside), r.t("sell.outside-parts-lede")}
}
