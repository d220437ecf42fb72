package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/standard"
)

// print writes the answer for people: what was understood, what was not read, what
// can be sold, or what comes nearest.
func (c *canSellRun) print(parts []content.AnsweredPart) {
	for i, p := range parts {
		if len(parts) > 1 {
			fmt.Fprintf(c.stdout, "Part %d\n", i+1)
		}
		c.printPart(p)
		if len(parts) > 1 {
			fmt.Fprintln(c.stdout)
		}
	}
	switch verdict := content.WorstOf(parts); {
	case len(parts) == 1:
	case verdict == standard.Open:
		fmt.Fprintln(c.stdout, "All parts together: not a yes yet. See the parts for what has to be asked.")
	case verdict == standard.Outside:
		fmt.Fprintln(c.stdout, "All parts together: outside the box. Where a part is inside, that is no promise for the whole.")
	default:
		fmt.Fprintln(c.stdout, "All parts together: inside the box, each part by its own answer.")
	}
}

func (c *canSellRun) printPart(p content.AnsweredPart) {
	list := c.understood(p)
	if len(list) > 0 {
		fmt.Fprintf(c.stdout, "Understood: %s\n", strings.Join(list, " · "))
	}
	for _, f := range p.Found {
		if f.Held != "" {
			fmt.Fprintf(c.stdout, "Counted:    %q %s\n", f.Text, heldWords[f.Held])
		}
	}
	if p.Unread != "" {
		fmt.Fprintf(c.stdout, "Not read:   %s\n", p.Unread)
	}
	if c.book.Day != c.lib.Day {
		fmt.Fprintf(c.stdout, "As it stands on %s\n", c.book.Day.Text())
	}
	fmt.Fprintln(c.stdout)
	c.printVerdict(p, len(list) > 0)
	for _, f := range p.Fits {
		c.printFit(f, p.Need)
	}
	for _, m := range p.Misses {
		c.printMiss(m)
	}
	for _, f := range p.Others {
		fmt.Fprintf(c.stdout, "\nWhat would hold it: %s\n", titles(f.Offerings()))
	}
	for _, b := range p.Beyond {
		c.printBeyond(b)
	}
}

// heldWords say how a figure was read that is none as it stands.
var heldWords = map[standard.Held]string{
	standard.HeldRange: "is a range, held at its worse end",
	standard.HeldDays:  "is by the day, counted for a month of 31",
	standard.HeldWeeks: "is by the week, counted five times for a month",
	standard.HeldOnce:  "has no rate, counted as one month's",
	standard.HeldMore:  "is more than that, so one more",
	standard.HeldLoose: "is not meant to the letter, held with a fifth to spare",
}

// understood says what was read, dimension by dimension.
func (c *canSellRun) understood(p content.AnsweredPart) (list []string) {
	if len(p.Only) > 0 {
		var named []string
		for _, id := range p.Only {
			named = append(named, c.lib.Offering(id).Title)
		}
		list = append(list, "only "+strings.Join(named, ", "))
	}
	for _, dim := range c.lib.Dimensions {
		if v, asked := p.Need[dim.Name]; asked {
			list = append(list, dim.Label+" "+dim.Say(v, standard.English))
		}
	}
	return list
}

func (c *canSellRun) printVerdict(p content.AnsweredPart, understood bool) {
	switch {
	case !understood:
		fmt.Fprintln(c.stdout, "Nothing was understood that the standard measures, so there is no answer.")
	case p.Verdict == standard.Open:
		fmt.Fprintln(c.stdout, "NOT A YES YET: "+c.toAsk(p))
	case p.Verdict != standard.Outside && len(p.Need) == 0:
		fmt.Fprintln(c.stdout, "INSIDE the box: it is part of the standard, and nothing more was asked for.")
	case p.Verdict == standard.Inside:
		fmt.Fprintln(c.stdout, "INSIDE the box: one tier holds all of it.")
	case p.Verdict == standard.Combination:
		fmt.Fprintln(c.stdout, "INSIDE the box, as a combination: one tier holds all of it, with what is added.")
	case len(p.Apart) > 0:
		fmt.Fprintf(c.stdout, "OUTSIDE the box: %s is not sold together with what else is named.\n", titles(p.Apart))
	case len(p.Misses) == 0:
		fmt.Fprintln(c.stdout, "OUTSIDE the box: nothing in the standard comes near it.")
	default:
		fmt.Fprintln(c.stdout, "OUTSIDE the box: no tier holds all of it. Do not promise it. What comes nearest:")
	}
}

// toAsk says what has to be asked before the answer is a yes.
func (c *canSellRun) toAsk(p content.AnsweredPart) string {
	switch p.Why {
	case standard.Roughly:
		return c.labels(p.Tight) + " was not meant to the letter, and the box has no room. Ask for the figure at its most."
	case standard.Counted:
		return c.labels(p.Tight) + " is at the limit by how often a day or a week falls into a month. Ask for the busiest month."
	case standard.Mixed:
		return "an offering is named with an add-on that doesn't hold all of it. Ask what is for which."
	}
	return "what was read is inside the box, and not all was read. Ask about the rest."
}

func titles(offerings []*standard.Offering) string {
	list := make([]string, len(offerings))
	for i, o := range offerings {
		list[i] = o.Title
	}
	return strings.Join(list, " + ")
}

func (c *canSellRun) dimension(name string) standard.Dimension {
	dim, _ := c.book.Dimension(name)
	return dim
}

func (c *canSellRun) printFit(f standard.Fit, need standard.Need) {
	fmt.Fprintf(c.stdout, "\n%s\n", titles(f.Offerings()))
	for _, t := range f.Tiers {
		var limits []string
		for _, dim := range c.lib.Dimensions {
			if _, asked := need[dim.Name]; asked {
				limits = append(limits, dim.Label+" "+dim.Say(t.Values[dim.Name], standard.English))
			}
		}
		fmt.Fprintf(c.stdout, "  %s\n", strings.TrimSuffix(c.lib.TierName(t.Tier)+": "+strings.Join(limits, " · "), ": "))
	}
	for _, a := range f.AddOns {
		fmt.Fprintf(c.stdout, "  %s brings %s\n", a.Title, strings.Join(c.brings(f, a), "; "))
	}
	if len(f.Calendar) > 0 {
		fmt.Fprintf(c.stdout, "  %s: business days compared in the worst case, an order just before days off\n", c.labels(f.Calendar))
	}
	if clauses := c.lib.ClausesFor(f, need); len(clauses) > 0 {
		fmt.Fprintf(c.stdout, "  see %s\n", strings.Join(clauses, ", "))
	}
}

func (c *canSellRun) labels(names []string) string {
	labels := make([]string, len(names))
	for i, name := range names {
		labels[i] = c.dimension(name).Label
	}
	return strings.Join(labels, ", ")
}

// brings says what an add-on changes: what it is sold for, and what it costs.
func (c *canSellRun) brings(f standard.Fit, a *standard.Offering) (list []string) {
	for _, t := range a.Tiers {
		if slices.ContainsFunc(f.Tiers, func(p standard.Promise) bool { return p.Tier == t.Name }) {
			list = append(list, "the tier "+c.lib.TierName(t.Name))
		}
	}
	for _, dim := range c.lib.Dimensions {
		if v := a.Widens[dim.Name].On(c.book.Day); !v.IsZero() {
			list = append(list, dim.Label+" "+dim.Say(v, standard.English))
		}
		if v := a.Adds[dim.Name].On(c.book.Day); !v.IsZero() {
			list = append(list, dim.Label+" "+dim.Say(v, standard.English)+" more")
		}
	}
	return list
}

func (c *canSellRun) printMiss(m standard.Miss) {
	fmt.Fprintf(c.stdout, "\n%s, %s\n", titles(m.Offerings()), c.lib.TierName(m.Tier))
	for _, l := range m.Lacks {
		fmt.Fprintf(c.stdout, "  outside: %s %s\n", c.dimension(l.Dimension).Label, c.lack(l))
	}
	if len(m.Holds) > 0 {
		fmt.Fprintf(c.stdout, "  holds: %s\n", c.labels(m.Holds))
	}
}

// lack says which limit fails, and by how much.
func (c *canSellRun) lack(l standard.Lack) string {
	dim := c.dimension(l.Dimension)
	limit, by := dim.Say(l.Limit, standard.English), standard.English.Gap(l.By)
	switch {
	case l.Limit.IsZero():
		return "is not in the standard for it"
	case l.By.IsZero():
		return limit + ", which does not compare with " + dim.Say(l.Need, standard.English)
	case dim.Kind == standard.AllOf:
		return limit + ", without " + dim.Say(l.By, standard.English)
	case l.Calendar:
		return limit + ", " + by + " too much in the worst case"
	case dim.Kind == standard.NoLessThan:
		return limit + ", " + by + " too few"
	}
	return limit + ", " + by + " too much"
}

func (c *canSellRun) printBeyond(b standard.Beyond) {
	dim := c.dimension(b.Dimension)
	switch {
	case dim.Kind == standard.AllOf:
		fmt.Fprintf(c.stdout, "\nNowhere in the standard: %s %s\n", dim.Label, dim.Say(b.Need, standard.English))
	case b.Where == nil:
		fmt.Fprintf(c.stdout, "\nNowhere in the standard: %s\n", dim.Label)
	default:
		fmt.Fprintf(c.stdout, "\nNowhere in the standard: %s %s; the nearest is %s, with %s\n", dim.Label, dim.Say(b.Need, standard.English), dim.Say(b.Best, standard.English), titles(b.Where.Offerings()))
	}
}
