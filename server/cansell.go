package server

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// "Can I sell this?": a need, in one or several parts, and what the standard says
// to it. The address holds all that was asked, so that it can be passed on:
// /can-sell?turnaround=12h&scope=nationwide, a second part as 2.turnaround=…,
// another day as on=2027-01-04, offerings that are named as only=…; add asks for the fields of one part more. A pasted
// sentence comes as q and is read into the same fields; what could not be read stays
// visible beside the answer, and so does what asks for no dimension. Who asks for JSON gets what the command line prints
// (content.SellReport).

// maxSentence is how long a pasted sentence may be, in characters.
const maxSentence = 1000

type canSellPage struct {
	Query    string         // the sentence
	Unread   string         // of the sentence, where no part has it
	Speaks   []spokenClause // where the standard speaks of a sentence that could not be read
	Parts    []needForm     // at least one
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
	Only   *onlyField
	Fields []needField
}

// A verdictView is what the answer comes to.
type verdictView struct{ Kind, Icon, Title, Lede string }

// A need of one part as it was asked.
type askedPart struct {
	number int // from 1
	texts  map[string]string
	need   standard.Need
	only   []string         // ids of offerings that are named
	unread string           // of a sentence
	read   standard.Reading // of a sentence, as it was read
}

// reading is the part as it is answered: of a sentence with all that is not sure in it.
func (p askedPart) reading() standard.Reading {
	one := p.read
	one.Need, one.Only, one.Unread = p.need, p.only, p.unread
	return one
}

// asks reports whether anything is asked for.
func (p askedPart) asks() bool { return len(p.texts)+len(p.only) > 0 }

func (s *Server) canSell(r *request) error {
	asked, page := r.readNeeds()
	if r.wantsJSON() {
		return s.canSellJSON(r, asked, page.Problems)
	}
	if page.Problems["q"] != "" {
		page.Speaks = r.speaksOf(page.Unread, nil)
	}
	page.Parts = r.needForms(asked, page.Problems)
	if len(page.Problems) > 0 {
		return r.wide(http.StatusUnprocessableEntity, "can-sell", r.t("sell.title"), "sell", page)
	}
	day, err := r.dayAsked()
	if err != nil {
		return errNoPage
	}
	if day != r.lib().Day {
		page.On, page.Today = sayDay(r.say, day), r.needURL(asked, "")
	}
	matcher := matcher{request: r, day: day}
	for _, part := range asked {
		if !part.asks() {
			continue
		}
		if matcher.standing == nil { // read for the first answer, and for an empty form not at all
			if matcher.standing, err = r.standingIfRep(); err != nil {
				return err
			}
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
	page.Query = strings.TrimSpace(strings.ToValidUTF8(r.Query("q"), ""))
	for n := 1; n <= standard.MaxParts; n++ {
		part := r.readNeed(n, page.Problems)
		if part.asks() || n == 1 {
			asked = append(asked, part)
		}
	}
	if utf8.RuneCountInString(page.Query) > maxSentence {
		page.Problems["q"] = r.t("channel.problem.long", "Most", maxSentence)
	} else if page.Query != "" {
		read, left := r.readSentence(page.Query)
		switch given := len(asked) > 1 || asked[0].asks() || r.saysOnly(); {
		case given && stillSaid(asked, read):
		case given: // and counts, whatever the sentence says
			page.Unread = left
		case len(read) > 0:
			asked = read
		default:
			page.Unread, page.Problems["q"] = cmp.Or(left, page.Query), r.t("sell.bad-sentence")
		}
	}
	page.Unread = strayText(page.Unread, r.strayNeeds())
	if _, add := r.GetQuery("add"); add && len(asked) < standard.MaxParts {
		asked = append(asked, askedPart{})
	}
	for i := range asked {
		asked[i].number = i + 1
	}
	page.MayAdd = len(asked) < standard.MaxParts
	return asked, page
}

func (r *request) readNeed(n int, found problems) askedPart {
	part := askedPart{number: n, texts: map[string]string{}, need: standard.Need{}, only: r.readOnly(n, found)}
	for _, dim := range r.lib().Dimensions {
		field, text := standard.Written(dim.Name, r.Request.URL.Query(), n)
		if text == "" {
			continue
		}
		part.texts[dim.Name] = text
		v, err := r.tongue().Parse(dim, text)
		if err != nil {
			found[field] = r.badNeed(dim, err)
			continue
		}
		part.need[dim.Name] = v
		if english, err := standard.ParseValue(dim, text); text == v.String() || err != nil || !english.Equal(v) {
			part.texts[dim.Name] = r.tongue().Write(v) // as it is kept, or as it means the same to whoever gets the address
		}
	}
	return part
}

// readSentence reads a pasted sentence into parts. left is what could not be read
// of all of it together.
func (r *request) readSentence(text string) (asked []askedPart, left string) {
	var unread []string
	for _, reading := range r.lib().Lexicon().ReadParts(text) {
		part := askedPart{texts: map[string]string{}, need: reading.Need, only: reading.Only, unread: reading.Unread, read: reading}
		for name, v := range reading.Need {
			part.texts[name] = r.tongue().Write(v)
		}
		if reading.Unread != "" {
			unread = append(unread, reading.Unread)
		}
		switch {
		case !part.asks():
		case len(asked) < standard.MaxParts:
			asked = append(asked, part)
		default: // no room for it: it is not in the answer, and says so
			last := &asked[len(asked)-1]
			for _, f := range reading.Found {
				last.unread = strings.TrimPrefix(last.unread+" … "+f.Text, " … ")
			}
		}
	}
	return asked, strings.Join(unread, " … ")
}

// wantsJSON reports whether a program asks.
func (r *request) wantsJSON() bool {
	accept := r.GetHeader("Accept")
	return strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
}

// canSellJSON answers a program.
func (s *Server) canSellJSON(r *request, asked []askedPart, found problems) error {
	r.Header("Cache-Control", "private, no-store")
	for name := range r.strayNeeds() { // a program doesn't read what is said beside a verdict
		found[name] = r.t("sell.no-such-need")
	}
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
		m, err := r.lib().Book(day).MatchReading(part.reading())
		if err != nil {
			return fmt.Errorf("match a need: %w", err)
		}
		parts[i] = content.AnsweredPart{Reading: part.reading(), Match: m}
	}
	body, err := json.Marshal(r.lib().SellReport(parts))
	if err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	r.Data(http.StatusOK, "application/json; charset=utf-8", body)
	return nil
}

// badNeed says what the dimension takes, and how to write a number that is none as it
// was written.
func (r *request) badNeed(dim standard.Dimension, err error) string {
	if says := r.badDigits(dim, err); says != "" {
		return says
	}
	if dim.Kind == standard.AllOf {
		names := make([]string, len(dim.Values))
		for i, v := range dim.Values {
			names[i] = dim.NameOf(v)
		}
		return r.t("sell.bad-set", "Label", dim.Label, "Values", strings.Join(names, ", "))
	}
	return r.t("sell.bad-number", "Label", dim.Label, "Unit", r.unitHint(dim))
}

// badDigits says how to write a number that reads in two ways, or in another language;
// "" where that is not what is wrong.
func (r *request) badDigits(dim standard.Dimension, err error) string {
	var number *standard.NumberError
	if !errors.As(err, &number) {
		return ""
	}
	if len(number.Write) == 2 {
		return r.t("sell.two-numbers", "Label", dim.Label, "Text", number.Text, "Large", number.Write[0], "Small", number.Write[1])
	}
	return r.t("sell.other-decimals", "Label", dim.Label, "Text", number.Text, "Right", number.Write[0])
}

// unitHint says in which units a dimension is measured.
func (r *request) needForms(asked []askedPart, found problems) (forms []needForm) {
	for i, part := range asked {
		form := needForm{Only: r.onlyFieldOf(part, found)}
		if len(asked) > 1 {
			form.Title = r.t("sell.part", "Number", part.number)
			form.Remove = r.needURL(slices.Delete(slices.Clone(asked), i, i+1), r.Query("on"))
		}
		for _, dim := range r.lib().Dimensions {
			name := needName(part.number, dim.Name)
			form.Fields = append(form.Fields, r.needField(name, dim, part.texts[dim.Name], found[name]))
		}
		forms = append(forms, form)
	}
	return forms
}

// needURL is the address of a need, part by part, for the same account and beside
// the same sentence.
func (r *request) needURL(asked []askedPart, on string) string {
	query := needQuery(asked)
	for name, value := range map[string]string{"on": on, "account": r.Query("account"), "q": r.Query("q")} {
		if value != "" {
			query.Set(name, value)
		}
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
			query.Set(standard.PartPrefix(i+1)+name, text)
		}
		if len(part.only) > 0 {
			query[standard.PartPrefix(i+1)+standard.OnlyField] = part.only
		}
	}
	return query
}

// A matcher answers needs on a day for who asks.
type matcher struct {
	*request
	standing *programme.Standing // of a rep, else nil
	day      standard.Day
}

// offeringOf is the library's offering.
func (r *request) offeringOf(o *standard.Offering) *content.Offering { return r.lib().Offering(o.ID) }
