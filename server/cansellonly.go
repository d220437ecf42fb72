package server

import (
	"net/url"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/standard"
)

// A need that names offerings: "certified copies in 2 days" asks for these alone. The
// address names them as only=certified-copies, in a second part as 2.only=…; each can be
// taken out again, where it is shown as understood and among the fields.

// An onlyField is the offerings that a part names, as fields.
type onlyField struct {
	Name    string
	Choices []needChoice
}

// A namedView is an offering that was named, and the address without it.
type namedView struct {
	link
	Remove string
}

// An otherView is a choice that holds what the named one doesn't.
type otherView struct {
	Offerings []link
	Tiers     string
}

// readOnly reads the offerings that a part of the address names.
func (r *request) readOnly(n int, found problems) []string {
	field, text := standard.Written(standard.OnlyField, r.Request.URL.Query(), n)
	only, err := r.lib().Lexicon().Only(text)
	if err != nil {
		found[field] = r.t("sell.only.unknown")
	}
	return only
}

// onlyFieldOf is the field of a part; nil where nothing is named, and nothing was.
func (r *request) onlyFieldOf(part askedPart, found problems) *onlyField {
	f := &onlyField{Name: standard.PartPrefix(part.number) + standard.OnlyField}
	for _, id := range part.only {
		f.Choices = append(f.Choices, needChoice{id, r.lib().Offering(id).Title, true})
	}
	if len(f.Choices) == 0 && found[f.Name] == "" {
		return nil
	}
	return f
}

// saysOnly reports whether the address says which offerings are meant, or that none is:
// then the sentence beside it is not read again. A form says so as 1.only, because the
// boxes that were ticked off in it say nothing.
func (r *request) saysOnly() bool {
	query := r.Request.URL.Query()
	return query.Has(standard.OnlyField) || query.Has("1."+standard.OnlyField)
}

// withoutOnly is the address of a need without one of the offerings that it names.
func (r *request) withoutOnly(asked []askedPart, number int, id string) string {
	rest := slices.Clone(asked)
	part := &rest[number-1]
	part.only = slices.DeleteFunc(slices.Clone(part.only), func(one string) bool { return one == id })
	address := r.needURL(rest, r.Query("on"))
	if slices.ContainsFunc(rest, askedPart.asks) || r.Query("q") == "" {
		return address
	}
	return address + "&" + standard.OnlyField + "="
}

// named are the offerings that a part names.
func (a *matcher) named(part askedPart, all []askedPart) (list []namedView) {
	for _, id := range part.only {
		o := a.lib().Offering(id)
		list = append(list, namedView{link{o.URL, o.Title}, a.withoutOnly(all, part.number, id)})
	}
	return list
}

// others are the choices that hold a need which those that are named don't hold.
func (a *matcher) others(m standard.Match) (list []otherView) {
	for _, f := range m.Others {
		var one otherView
		for _, o := range f.Offerings() {
			one.Offerings = append(one.Offerings, a.linkTo(o))
		}
		var tiers []string
		for _, t := range f.Tiers {
			tiers = append(tiers, a.lib().TierName(t.Tier))
		}
		one.Tiers = strings.Join(tiers, ", ")
		list = append(list, one)
	}
	return list
}

// namedVerdict is the sentence to a verdict on offerings that are named; "" where the
// usual one says it.
func (a *matcher) namedVerdict(m standard.Match, part askedPart) string {
	switch {
	case len(m.Apart) > 0:
		return a.t("sell.only.apart", "Titles", titlesOf(m.Apart))
	case len(part.only) > 0 && m.Verdict == standard.Outside:
		return a.t("sell.only.outside")
	case len(part.need) == 0:
		return a.t("sell.only.bare")
	}
	return ""
}

func titlesOf(offerings []*standard.Offering) string {
	titles := make([]string, len(offerings))
	for i, o := range offerings {
		titles[i] = o.Title
	}
	return strings.Join(titles, " + ")
}

// onlyTitles are the titles of offerings by their ids; one that the library has lost
// goes by its id.
func (r *request) onlyTitles(ids []string) string {
	titles := make([]string, len(ids))
	for i, id := range ids {
		if titles[i] = id; r.lib().Offering(id) != nil {
			titles[i] = r.lib().Offering(id).Title
		}
	}
	return strings.Join(titles, ", ")
}

// raiseOnly adds the field of the offerings that a part names to a form, where it names
// any, and reports whether it does.
func (r *request) raiseOnly(part *raisePart, fields url.Values, problem string) (given bool) {
	name := needName(part.Number, standard.OnlyField)
	value := strings.Join(fields[name], ", ")
	if given = strings.Trim(value, ", ") != ""; given {
		part.Fields = append(part.Fields, needField{Name: name, Label: r.t("sell.only.title"), Hint: r.t("sell.only.hint"), Value: value, Problem: problem, Own: true})
	}
	return given
}
