package server

import (
	"html/template"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/templates/words"
)

// topBar is the bar of places and menu for this visitor. It is rendered once
// a view for each language, set of roles and section, with marks for the name.
func (r *request) topBar(section string) (template.HTML, error) {
	bar, err := r.view.topSplit(r.say, r.who.Roles, section)
	if err != nil {
		return "", err
	}
	var buf pageBuffer
	bar.fill(&buf, r.fillTop)
	return template.HTML(buf.String()), nil //nolint:gosec // rendered by html/template, names escaped
}

func (r *request) fillTop(w *pageBuffer, mark string) {
	switch mark {
	case "name":
		text(w, r.who.Name())
	case "initials":
		text(w, initials(r.who.Person))
	}
}

// topKey says what a bar depends on.
func topKey(say *words.Language, roles []people.Role, section string) string {
	key := make([]byte, 0, 64)
	key = append(key, say.Tag...)
	for _, role := range roles {
		key = append(append(key, ' '), role...)
	}
	return string(append(append(key, '/'), section...))
}

func (v *view) topSplit(say *words.Language, roles []people.Role, section string) (*split, error) {
	key := topKey(say, roles, section)
	if bar, ok := v.tops.Load(key); ok {
		return bar.(*split), nil
	}
	bar := top{Places: places(say, roles, section), What: rolesInWords(say, roles), Find: section != "search"}
	if len(bar.Places) > inBar {
		bar.More = bar.Places[inBar:]
	}
	out, err := v.pages(say).fragment("top", bar)
	if err != nil {
		return nil, err
	}
	pieces := cut([]byte(out))
	v.tops.Store(key, pieces)
	return pieces, nil
}
