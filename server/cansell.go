package server

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// "Can I sell this?": a need, in one or several parts, and what the standard says
// to it. The address holds all that was asked, so that it can be passed on:
// /can-sell?turnaround=12h&scope=nationwide, a second part as 2.turnaround=…,
// another day as on=2027-01-04; add asks for the fields of one part more. A pasted
// sentence comes as q and is read into the same fields; what could not be read stays
// visible beside the answer. Who asks for JSON gets what the command line prints
// (content.SellReport).

// maxParts bounds how many parts a need may have, maxSentence how many characters
// of a pasted sentence are read.
const (
	maxParts    = 6
	maxSentence = 1000
)

type canSellPage struct {
	Query    string     // the sentence
	Nothing  string     // what stands in a sentence of which nothing could be read
	Parts    []needForm // at least one
	Problems problems
	Answered bool
	Verdict  verdictView // of all parts together
	Answers  []partAnswer
	On       string // the day asked about, when it is not today
	OnValue  string // as the field has it
	Today    string // the same address without the day
	MayAdd   bool   // there is room for one part more
	Account  string // id of the account that is asked for; "" is none
	Next     *sellNext
}

// A needForm is the fields of one part.
type needForm struct {
	Title  string // "Part 2", when there are several
	Remove string // the address without this part
	Fields []needField
}

// A needField is one dimension to fill in.
type needField struct {
	Name, Label, Ask, Hint string
	Value                  string
	Choices                []needChoice // of a set
}

type needChoice struct {
	Value, Name string
	Checked     bool
}

// A verdictView is what the answer comes to.
type verdictView struct{ Kind, Icon, Title, Lede string }

// A need of one part as it was asked.
type askedPart struct {
	number int // from 1
	texts  map[string]string
	need   standard.Need
	unread string // of a sentence
}

func (s *Server) canSell(r *request) error {
	asked, page := r.readNeeds()
	if r.wantsJSON() {
		return s.canSellJSON(r, asked, page.Problems)
	}
	page.Parts = r.needForms(asked)
	if len(page.Problems) > 0 {
		return r.wide(http.StatusUnprocessableEntity, "can-sell", r.t("sell.title"), "sell", page)
	}
	st, err := r.standingIfRep()
	if err != nil {
		return err
	}
	day, err := r.dayAsked()
	if err != nil {
		return errNoPage
	}
	if day != r.lib().Day {
		page.On, page.Today = sayDay(r.say, day), needURL(asked, "")
	}
	matcher := matcher{request: r, standing: st, day: day}
	for _, part := range asked {
		if len(part.need) == 0 {
			continue
		}
		one, err := matcher.part(part, asked)
		if err != nil {
			return err
		}
		page.Answers = append(page.Answers, one)
	}
	page.Answered = len(page.Answers) > 0
	page.Verdict = r.overall(page.Answers)
	if err := s.fillSellNext(r, &page, asked); err != nil {
		return err
	}
	title := r.t("sell.title")
	if page.Answered {
		title = r.t("sell.title-of", "Verdict", page.Verdict.Title)
	}
	return r.wide(http.StatusOK, "can-sell", title, "sell", page)
}

// dayAsked is the day in the address, or today.
func (r *request) dayAsked() (standard.Day, error) {
	if text := r.Query("on"); text != "" {
		return standard.ParseDay(text)
	}
	return r.lib().Day, nil
}

// prefix is what the fields of a part begin with.
func prefix(part int) string {
	if part == 1 {
		return ""
	}
	return strconv.Itoa(part) + "."
}

// readNeeds reads the address. There is always one part; empty ones between
// others are left out.
func (r *request) readNeeds() (asked []askedPart, page canSellPage) {
	page.Problems = problems{}
	if text := r.Query("on"); text != "" {
		page.OnValue = text
		if _, err := standard.ParseDay(text); err != nil {
			page.Problems["on"] = r.t("sell.bad-day")
		}
	}
	page.Query = r.sentence()
	for n := 1; n <= maxParts; n++ {
		part := r.readNeed(n, page.Problems)
		if len(part.texts) > 0 || n == 1 {
			asked = append(asked, part)
		}
	}
	if given := len(asked) > 1 || len(asked[0].texts) > 0; page.Query != "" && !given {
		if asked, page.Nothing = r.readSentence(page.Query); page.Nothing != "" {
			page.Problems["q"] = r.t("sell.bad-sentence")
		}
	}
	if _, add := r.GetQuery("add"); add && len(asked) < maxParts {
		asked = append(asked, askedPart{})
	}
	for i := range asked {
		asked[i].number = i + 1
	}
	page.MayAdd = len(asked) < maxParts
	return asked, page
}

func (r *request) readNeed(n int, found problems) askedPart {
	part := askedPart{number: n, texts: map[string]string{}, need: standard.Need{}}
	for _, dim := range r.lib().Dimensions {
		var texts []string
		for _, text := range r.QueryArray(prefix(n) + dim.Name) {
			if text = strings.TrimSpace(strings.ToValidUTF8(text, "")); text != "" {
				texts = append(texts, text)
			}
		}
		if len(texts) == 0 {
			continue
		}
		text := strings.Join(texts, ", ")
		part.texts[dim.Name] = text
		v, err := standard.ParseValue(dim, text)
		if err != nil {
			found[prefix(n)+dim.Name] = r.badNeed(dim)
			continue
		}
		part.need[dim.Name] = v
	}
	return part
}

// sentence is what was pasted, as far as a need goes.
func (r *request) sentence() string {
	text := []rune(strings.TrimSpace(strings.ToValidUTF8(r.Query("q"), "")))
	return string(text[:min(len(text), maxSentence)])
}

// readSentence reads a pasted sentence into parts. nothing is what stands in it
// when no part could be read.
func (r *request) readSentence(text string) (asked []askedPart, nothing string) {
	for _, reading := range standard.ReadParts(r.lib().Dimensions, text) {
		part := askedPart{texts: map[string]string{}, need: reading.Need, unread: reading.Unread}
		for name, v := range reading.Need {
			part.texts[name] = v.String()
		}
		if len(part.need) == 0 {
			nothing = reading.Unread
		}
		if len(part.need) > 0 && len(asked) < maxParts {
			asked = append(asked, part)
		}
	}
	if len(asked) == 0 {
		return []askedPart{{texts: map[string]string{}, need: standard.Need{}}}, cmp.Or(nothing, text)
	}
	return asked, ""
}

// wantsJSON reports whether a program asks.
func (r *request) wantsJSON() bool {
	accept := r.GetHeader("Accept")
	return strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
}

// canSellJSON answers a program.
func (s *Server) canSellJSON(r *request, asked []askedPart, found problems) error {
	r.Header("Cache-Control", "private, no-store")
	if len(found) > 0 {
		body, err := json.Marshal(map[string]any{"title": r.t("sell.bad-request"), "status": http.StatusUnprocessableEntity, "errors": found})
		if err != nil {
			return fmt.Errorf("write the problems: %w", err)
		}
		r.Data(http.StatusUnprocessableEntity, "application/problem+json", body)
		return nil
	}
	day, err := r.dayAsked()
	if err != nil {
		return errNoPage
	}
	parts := make([]content.AnsweredPart, len(asked))
	for i, part := range asked {
		m, err := r.lib().Book(day).Match(part.need)
		if err != nil {
			return fmt.Errorf("match a need: %w", err)
		}
		parts[i] = content.AnsweredPart{Reading: standard.Reading{Need: part.need, Unread: part.unread}, Match: m}
	}
	body, err := json.Marshal(r.lib().SellReport(parts))
	if err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	r.Data(http.StatusOK, "application/json; charset=utf-8", body)
	return nil
}

// badNeed says what the dimension takes.
func (r *request) badNeed(dim standard.Dimension) string {
	if dim.Kind == standard.AllOf {
		names := make([]string, len(dim.Values))
		for i, v := range dim.Values {
			names[i] = dim.NameOf(v)
		}
		return r.t("sell.bad-set", "Label", dim.Label, "Values", strings.Join(names, ", "))
	}
	return r.t("sell.bad-number", "Label", dim.Label, "Unit", r.unitHint(dim))
}

// unitHint says in which units a dimension is measured.
func (r *request) unitHint(dim standard.Dimension) string {
	switch dim.Unit {
	case "h", "d", "min", "bd":
		return r.t("sell.unit.time")
	case "per day", "per week":
		return r.t("sell.unit.per-day")
	case "per month":
		return r.t("sell.unit.per-month")
	}
	return dim.Unit
}

func (r *request) needForms(asked []askedPart) (forms []needForm) {
	for i, part := range asked {
		form := needForm{}
		if len(asked) > 1 {
			form.Title = r.t("sell.part", "Number", part.number)
			form.Remove = needURL(slices.Delete(slices.Clone(asked), i, i+1), r.Query("on"))
		}
		for _, dim := range r.lib().Dimensions {
			form.Fields = append(form.Fields, r.needField(part, dim))
		}
		forms = append(forms, form)
	}
	return forms
}

func (r *request) needField(part askedPart, dim standard.Dimension) needField {
	f := needField{Name: prefix(part.number) + dim.Name, Label: dim.Label, Ask: dim.Ask, Value: part.texts[dim.Name]}
	if dim.Kind != standard.AllOf {
		f.Hint = r.unitHint(dim)
		return f
	}
	for _, v := range dim.Values {
		f.Choices = append(f.Choices, needChoice{v, dim.NameOf(v), slices.Contains(part.need[dim.Name].Set, v)})
	}
	return f
}

// needURL is the address of a need, part by part.
func needURL(asked []askedPart, on string) string {
	query := needQuery(asked)
	if on != "" {
		query.Set("on", on)
	}
	if len(query) == 0 {
		return "/can-sell"
	}
	return "/can-sell?" + query.Encode()
}

func needQuery(asked []askedPart) url.Values {
	query := url.Values{}
	for i, part := range asked {
		for name, text := range part.texts {
			query.Set(prefix(i+1)+name, text)
		}
	}
	return query
}

// overall is the verdict of several parts: as good as the worst of them.
func (r *request) overall(parts []partAnswer) verdictView {
	if len(parts) == 1 {
		return parts[0].Verdict
	}
	outside, combined := 0, 0
	for _, p := range parts {
		switch p.verdict {
		case standard.Outside:
			outside++
		case standard.Combination:
			combined++
		}
	}
	switch {
	case len(parts) == 0:
		return verdictView{}
	case outside == 0:
		return verdictView{"inside", "ok", r.t("sell.inside-in-parts"), r.t("sell.inside-in-parts-lede", "N", len(parts))}
	case outside == len(parts):
		return verdictView{"outside", "out", r.t("sell.outside"), r.t("sell.outside-all-lede")}
	}
	return verdictView{"outside", "out", r.t("sell.outside-parts", "N", outside), r.t("sell.outside-parts-lede")}
}

// A matcher answers needs on a day for who asks.
type matcher struct {
	*request
	standing *programme.Standing // of a rep, else nil
	day      standard.Day
}

// offeringOf is the library's offering.
func (r *request) offeringOf(o *standard.Offering) *content.Offering { return r.lib().Offering(o.ID) }
