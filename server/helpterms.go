package server

// A termGroup is terms of one subject.
type termGroup struct {
	Title string
	Terms []termView
}

// A termView is one word, what it means here, and what other languages say.
type termView struct {
	ID, Word, Means string
	Elsewhere       []termElsewhere
}

type termElsewhere struct{ Lang, Name, Word string }

// A glossaryPart is a subject with its terms, by the ends of their ids.
type glossaryPart struct {
	subject string
	terms   []string
}

// glossary is in the order in which one learns it. docs/glossary.md says the
// same to those who write.
var glossary = []glossaryPart{
	{"standard", []string{"standard", "offering", "box", "tier", "add-on", "practice", "clause"}},
	{"learning", []string{"course", "module", "lesson", "quiz", "item", "scenario", "attempt"}},
	{"proof", []string{"certification", "cycle", "certificate", "cleared"}},
	{"change", []string{"release", "editorial", "material", "critical"}},
	{"together", []string{"account", "request", "voice", "exception", "handoff", "brief"}},
}

func (r *request) glossary() []termGroup {
	var groups []termGroup
	for _, part := range glossary {
		subject := "help.term.group-" + part.subject
		group := termGroup{Title: r.t(subject)}
		for _, name := range part.terms {
			id := "help.term." + name
			term := termView{ID: name, Word: r.t(id), Means: r.t(id + "-means")}
			for _, l := range r.view.words.Languages() {
				if l != r.say {
					term.Elsewhere = append(term.Elsewhere, termElsewhere{l.Tag, l.Name, l.T(id)})
				}
			}
			group.Terms = append(group.Terms, term)
		}
		groups = append(groups, group)
	}
	return groups
}
