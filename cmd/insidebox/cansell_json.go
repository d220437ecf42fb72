package main

import (
	"slices"

	"github.com/insidebox/insidebox/standard"
)

// A sellReport is an answer for other programs. Fields are added, but never taken
// away or given another meaning.
type sellReport struct {
	Verdict standard.Verdict `json:"verdict"`
	*sellPart
	Parts []sellReport `json:"parts,omitempty"` // of a need that has several
}

type sellPart struct {
	Answers    []sellAnswer      `json:"answers"`    // smallest first
	Misses     []sellMiss        `json:"misses"`     // nearest first
	Beyond     []sellBeyond      `json:"beyond"`     // what is nowhere in the standard
	Understood map[string]string `json:"understood"` // by dimension, as it may be asked for
	Unread     string            `json:"unread"`
}

type sellAnswer struct {
	Offerings []string `json:"offerings"` // the base, then its add-ons
	Tiers     []string `json:"tiers"`
	Clauses   []string `json:"clauses"` // that state what was asked for
}

type sellMiss struct {
	Offering  string   `json:"offering"`
	AddOns    []string `json:"add-ons,omitempty"`
	Tier      string   `json:"tier"`
	Dimension string   `json:"dimension"`
	Need      string   `json:"need"`
	Limit     string   `json:"limit"` // empty when the tier says nothing of the dimension
	By        string   `json:"by"`
}

type sellBeyond struct {
	Dimension string `json:"dimension"`
	Need      string `json:"need"`
	Best      string `json:"best"`
}

// report is the answer for other programs.
func (c *canSellRun) report(parts []answeredPart) sellReport {
	if len(parts) == 1 {
		return c.reportPart(parts[0])
	}
	r := sellReport{Verdict: worst(parts)}
	for _, p := range parts {
		r.Parts = append(r.Parts, c.reportPart(p))
	}
	return r
}

func (c *canSellRun) reportPart(p answeredPart) sellReport {
	part := &sellPart{
		Answers: []sellAnswer{}, Misses: []sellMiss{}, Beyond: []sellBeyond{},
		Understood: map[string]string{}, Unread: p.Unread,
	}
	for name, v := range p.Need {
		part.Understood[name] = v.String()
	}
	for _, f := range p.Fits {
		part.Answers = append(part.Answers, c.answer(f, p.Need))
	}
	for _, m := range p.Misses {
		for _, l := range m.Lacks {
			part.Misses = append(part.Misses, sellMiss{m.Base.ID, idsOf(m.AddOns), m.Tier, l.Dimension, l.Need.String(), l.Limit.String(), l.By.String()})
		}
	}
	for _, b := range p.Beyond {
		part.Beyond = append(part.Beyond, sellBeyond{b.Dimension, b.Need.String(), b.Best.String()})
	}
	return sellReport{Verdict: p.Verdict, sellPart: part}
}

func (c *canSellRun) answer(f standard.Fit, need standard.Need) sellAnswer {
	a := sellAnswer{Offerings: idsOf(f.Offerings()), Clauses: c.clauses(f, need)}
	for _, t := range f.Tiers {
		a.Tiers = append(a.Tiers, t.Tier)
	}
	return a
}

// clauses are the ids of those that state what was asked for, in the order of the
// dimensions.
func (c *canSellRun) clauses(f standard.Fit, need standard.Need) []string {
	ids := []string{}
	for _, dim := range c.lib.Dimensions {
		if _, asked := need[dim.Name]; !asked {
			continue
		}
		for _, t := range f.Tiers {
			if clause := c.lib.StatedAt(f.Choice, t.Tier, dim.Name); clause != nil && !slices.Contains(ids, clause.ID) {
				ids = append(ids, clause.ID)
			}
		}
	}
	return ids
}

func idsOf(offerings []*standard.Offering) (ids []string) {
	for _, o := range offerings {
		ids = append(ids, o.ID)
	}
	return ids
}
