package content

import (
	"slices"
	"strings"

	"github.com/insidebox/insidebox/standard"
)

// A SellReport is the answer to "can I sell this?" for other programs: of the
// command line with --json, and of the page where JSON is asked for. Fields are
// added, but never taken away or given another meaning. Of a need in several parts
// what was understood and not read is said for all of them; answers and misses are
// in the parts alone, because no answer holds them together.
//
// The verdict is on what was read, so that it is one of three. Whoever promises
// something by it reads open, too: then it is no yes before the rest was asked.
type SellReport struct {
	Verdict standard.Verdict `json:"verdict"`        // inside, combination or outside; of several parts, that of the worst
	Open    bool             `json:"open,omitempty"` // something has to be asked; of several parts, about any
	*SellPart
	Parts []SellReport `json:"parts,omitempty"` // of a need that has several
}

// A SellPart is what the standard says to a need, or to one part of it.
type SellPart struct {
	Answers    []SellAnswer      `json:"answers"`       // smallest first
	Misses     []SellMiss        `json:"misses"`        // nearest first
	Beyond     []SellBeyond      `json:"beyond"`        // what is nowhere in the standard
	Understood map[string]string `json:"understood"`    // by dimension, as it may be asked for; "only": the offerings that are named
	Why        standard.Why      `json:"why,omitempty"` // what has to be asked, where it is open
	Unread     string            `json:"unread"`
	Waived     string            `json:"waived,omitempty"` // of it, what is no doubt, such as "no logo"
	Others     []SellAnswer      `json:"others,omitempty"` // outside of what is named: what holds the need, as answers
	Apart      []string          `json:"apart,omitempty"`  // of what is named, add-ons that are not sold with the rest
}

// A SellAnswer is a choice that holds the need.
type SellAnswer struct {
	Offerings []string `json:"offerings"` // the base, then its add-ons
	Tiers     []string `json:"tiers"`
	Clauses   []string `json:"clauses"` // that state what was asked for
}

// A SellMiss is one limit of a tier that comes near.
type SellMiss struct {
	Offering  string   `json:"offering"`
	AddOns    []string `json:"add-ons,omitempty"`
	Tier      string   `json:"tier"`
	Dimension string   `json:"dimension"`
	Need      string   `json:"need"`
	Limit     string   `json:"limit"` // empty when the tier says nothing of the dimension
	By        string   `json:"by"`
}

// A SellBeyond is something of the need that nothing in the standard holds.
type SellBeyond struct {
	Dimension string `json:"dimension"`
	Need      string `json:"need"`
	Best      string `json:"best"`
}

// An AnsweredPart is a part of a need, as it was read, with the standard's answer.
type AnsweredPart struct {
	standard.Reading
	standard.Match
}

// verdicts are in order, the worst last.
var verdicts = []standard.Verdict{standard.Inside, standard.Combination, standard.Open, standard.Outside}

// WorstOf is the verdict of parts together.
func WorstOf(parts []AnsweredPart) standard.Verdict {
	worst := standard.Inside
	for _, p := range parts {
		worst = worse(worst, p.Verdict)
	}
	return worst
}

func worse(a, b standard.Verdict) standard.Verdict {
	return verdicts[max(slices.Index(verdicts, a), slices.Index(verdicts, b), 0)]
}

// SellReport is the answer for other programs.
func (l *Library) SellReport(parts []AnsweredPart) SellReport {
	if len(parts) == 1 {
		return l.reportPart(parts[0])
	}
	whole := &SellPart{Answers: []SellAnswer{}, Misses: []SellMiss{}, Beyond: []SellBeyond{}, Understood: map[string]string{}}
	r := SellReport{Verdict: standard.Inside, SellPart: whole}
	var unread []string
	for i, p := range parts {
		part := l.reportPart(p)
		r.Open = r.Open || part.Open
		r.Verdict = worse(r.Verdict, part.Verdict)
		for name, value := range part.Understood {
			whole.Understood[standard.PartPrefix(i+1)+name] = value
		}
		if p.Unread != "" {
			unread = append(unread, p.Unread)
		}
		r.Parts = append(r.Parts, part)
	}
	whole.Unread = strings.Join(unread, "; ")
	return r
}

func (l *Library) reportPart(p AnsweredPart) SellReport {
	part := &SellPart{
		Answers: []SellAnswer{}, Misses: []SellMiss{}, Beyond: []SellBeyond{},
		Understood: map[string]string{}, Unread: p.Unread, Waived: p.Waived, Why: p.Why,
	}
	for name, v := range p.Need {
		part.Understood[name] = v.String()
	}
	if len(p.Only) > 0 {
		part.Understood[standard.OnlyField] = strings.Join(p.Only, ", ")
	}
	part.Apart = sellIDs(p.Apart)
	for _, f := range p.Others {
		part.Others = append(part.Others, l.sellAnswer(f, p.Need))
	}
	for _, f := range p.Fits {
		part.Answers = append(part.Answers, l.sellAnswer(f, p.Need))
	}
	for _, m := range p.Misses {
		for _, lack := range m.Lacks {
			part.Misses = append(part.Misses, SellMiss{m.Base.ID, sellIDs(m.AddOns), m.Tier, lack.Dimension, lack.Need.String(), lack.Limit.String(), lack.By.String()})
		}
	}
	for _, b := range p.Match.Beyond {
		part.Beyond = append(part.Beyond, SellBeyond{b.Dimension, b.Need.String(), b.Best.String()})
	}
	return SellReport{Verdict: p.Strict(), Open: p.Verdict == standard.Open, SellPart: part}
}

func (l *Library) sellAnswer(f standard.Fit, need standard.Need) SellAnswer {
	a := SellAnswer{Offerings: sellIDs(f.Offerings()), Clauses: l.ClausesFor(f, need)}
	for _, t := range f.Tiers {
		a.Tiers = append(a.Tiers, t.Tier)
	}
	return a
}

// ClausesFor are the ids of the clauses that state what was asked for, in the order
// of the dimensions, each once.
func (l *Library) ClausesFor(f standard.Fit, need standard.Need) []string {
	ids := []string{}
	for _, dim := range l.Dimensions {
		if _, asked := need[dim.Name]; !asked {
			continue
		}
		for _, t := range f.Tiers {
			if clause := l.StatedAt(f.Choice, t.Tier, dim.Name); clause != nil && !slices.Contains(ids, clause.ID) {
				ids = append(ids, clause.ID)
			}
		}
	}
	return ids
}

func sellIDs(offerings []*standard.Offering) (ids []string) {
	for _, o := range offerings {
		ids = append(ids, o.ID)
	}
	return ids
}
