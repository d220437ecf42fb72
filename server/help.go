package server

import (
	"net/http"
	"slices"

	"github.com/insidebox/insidebox/people"
)

// Help: short pages by role, the keys, the glossary. What they say is in the
// words under help; what they are made of is here.

type helpIndex struct {
	Mine, All, Others []helpCard
}

// A helpCard leads to a help page.
type helpCard struct{ URL, Icon, Title, Lede string }

type helpPage struct {
	Title, Lede string
	Parts       []helpPart
	Keys        []keyGroup
	Terms       []termGroup
	Others      []link
	Art         bool
}

// A helpPart is one subject, and where to look, for those who may look there.
type helpPart struct {
	ID, Title, Text string
	Where           link
}

// A helpTopic is what one help page is made of.
type helpTopic struct {
	name, icon string
	role       people.Role // "" for everybody
	parts      []helpPlace
}

// A helpPlace is a part of a topic, with the page that it leads to.
type helpPlace struct {
	name, url string
	who       access
}

var helpTopics = []helpTopic{
	{"rep", "book", people.RoleRep, []helpPlace{
		{"path", "/", signedIn},
		{"sell", "/offerings", signedIn},
		{"beyond", "/requests", signedIn},
		{"along", "/briefs", signedIn},
		{"quiz", "/certificates", signedIn},
		{"scenario", "/courses", signedIn},
		{"stuck", "/search", signedIn},
	}},
	{"manager", "people", people.RoleManager, []helpPlace{{"board", "/team", asManager}, {"person", "/team", asManager}, {"signoff", "/team", asManager}, {"limits", "/insights", asAnalyst}}},
	{"author", "edit", people.RoleAuthor, []helpPlace{{"files", "/offerings", signedIn}, {"findings", "/author", asAuthor}, {"changes", "/changes", signedIn}, {"learned", "/insights", asAnalyst}}},
	{"admin", "user", people.RoleAdmin, []helpPlace{{"people", "/admin/people", asAdmin}, {"teams", "/team", asManager}, {"content", "/author", asAuthor}, {"program", "/admin/profiles", asAdmin}}},
	{"keyboard", "keyboard", "", nil},
	{"glossary", "list", "", nil},
}

// A keyGroup is the keys of one kind of page; On finds what they work on.
type keyGroup struct {
	Title, On string
	Keys      []keyLine
}

type keyLine struct {
	Keys []string
	Does string
}

// keysOf are all keys, by where they do something.
func (r *request) keysOf() []keyGroup {
	esc, enter, space := r.t("help.keys.esc"), r.t("help.keys.enter"), r.t("help.keys.space")
	return []keyGroup{
		{r.t("help.keys.lesson"), `a[rel="next"], a[rel="prev"]`, []keyLine{
			{[]string{"n"}, r.t("help.keys.lesson-next")}, {[]string{"p"}, r.t("help.keys.lesson-prev")},
		}},
		{r.t("help.keys.quiz"), "form[data-attempt]", []keyLine{
			{[]string{"↑", "↓"}, r.t("help.keys.quiz-choose")}, {[]string{space}, r.t("help.keys.quiz-tick")},
		}},
		{r.t("help.keys.scenario"), "[data-scene]", []keyLine{
			{[]string{"1", "…", "9"}, r.t("help.keys.scenario-choice")}, {[]string{enter}, r.t("help.keys.scenario-make")},
		}},
		{r.t("help.keys.find"), "form[data-find]", []keyLine{
			{[]string{"↑", "↓"}, r.t("help.keys.find-step")}, {[]string{enter}, r.t("help.keys.find-open")},
		}},
		{r.t("help.keys.everywhere"), "body", []keyLine{
			{[]string{"/"}, r.t("help.keys.everywhere-search")}, {[]string{"?"}, r.t("help.keys.everywhere-keys")}, {[]string{esc}, r.t("help.keys.everywhere-close")},
		}},
	}
}

// help lists the help pages, those of the reader's roles first.
func (s *Server) help(r *request) error {
	var page helpIndex
	for _, topic := range helpTopics {
		card := r.helpCard(topic)
		switch {
		case topic.role == "":
			page.All = append(page.All, card)
		case r.who.has(topic.role):
			page.Mine = append(page.Mine, card)
		default:
			page.Others = append(page.Others, card)
		}
	}
	if asAuthor.allows(r.who) {
		page.All = append(page.All, helpCard{"/help/design", "tip", r.t("help.design-title"), r.t("help.design-lede")})
	}
	return r.page(http.StatusOK, "help", r.t("help.title"), "help", page)
}

func (r *request) helpCard(topic helpTopic) helpCard {
	id := "help.page." + topic.name
	return helpCard{"/help/" + topic.name, topic.icon, r.t(id + "-title"), r.t(id + "-lede")}
}

// helpPage is one help page; for a script the keys come as a dialog.
func (s *Server) helpPage(r *request) error {
	at := slices.IndexFunc(helpTopics, func(topic helpTopic) bool { return topic.name == r.Param("page") })
	if at < 0 {
		return errNoPage
	}
	topic := helpTopics[at]
	if topic.name == "keyboard" && r.GetHeader("X-Requested-With") == "fetch" {
		out, err := r.pages().fragment("keys-dialog", helpPage{Keys: r.keysOf()})
		if err != nil {
			return err
		}
		r.send(http.StatusOK, []byte(out))
		return nil
	}
	card := r.helpCard(topic)
	page := helpPage{Title: card.Title, Lede: card.Lede, Art: topic.name == "rep"}
	for _, place := range topic.parts {
		page.Parts = append(page.Parts, r.helpPart(topic.name, place))
	}
	switch topic.name {
	case "keyboard":
		page.Keys = r.keysOf()
	case "glossary":
		page.Terms = r.glossary()
	}
	for _, other := range helpTopics {
		if other.name != topic.name {
			page.Others = append(page.Others, link{"/help/" + other.name, r.t("help.page." + other.name + "-title")})
		}
	}
	return r.page(http.StatusOK, "help-page", page.Title, "help", page)
}

func (r *request) helpPart(topic string, place helpPlace) helpPart {
	id := "help.page." + topic + "-" + place.name
	part := helpPart{ID: place.name, Title: r.t(id), Text: r.t(id + "-text")}
	if place.who.allows(r.who) {
		part.Where = link{place.url, r.t(id + "-link")}
	}
	return part
}
