package server

import (
	"net/http"
	"slices"
)

// sheets are the style sheets that a page needs between css/app.css and
// css/last.css (print, forced colours, motion), which every page has. app.css
// has what every page needs and what lessons do: whoever opens the first lesson on
// a phone waits for nothing else.
var sheets = func() map[string][]string {
	list := map[string][]string{}
	for sheet, pages := range map[string][]string{
		"css/assess.css":   {"quiz", "sheet", "review", "result", "scenario", "play", "debrief", "transcript", "help-design"},
		"css/people.css":   {"can-sell", "team", "transcript", "certification", "certificates", "certificate", "verify", "author", "people", "profiles", "compare", "help-design", "accounts", "account", "requests", "request", "request-new", "handoffs", "handoff", "handoff-new", "briefs", "brief", "brief-new", "limits", "limit", "unclear", "promote"},
		"css/channel.css":  {"can-sell", "accounts", "account", "requests", "request", "request-new", "handoffs", "handoff", "handoff-new", "briefs", "brief", "brief-new", "limits", "limit", "unclear", "promote"},
		"css/standard.css": {"offerings", "offering", "can-sell", "compare", "practice", "changes", "help-design"},
		"css/gate.css":     {"login", "welcome", "error", "kept"},
		"css/help.css":     {"help", "help-page", "help-design"},
		"css/charts.css":   {"help-design", "limits", "limit"},
	} {
		for _, page := range pages {
			list[page] = append(list[page], sheet)
		}
	}
	for _, own := range list {
		slices.Sort(own)
	}
	return list
}()

// page sends a page made of the layout and the named template.
func (r *request) page(status int, name, title, section string, body any) error {
	return r.framed(status, name, title, section, "", body)
}

// narrow is page with one calm column; wide is page with all the width.
func (r *request) narrow(status int, name, title, section string, body any) error {
	return r.framed(status, name, title, section, "narrow", body)
}

func (r *request) wide(status int, name, title, section string, body any) error {
	return r.framed(status, name, title, section, "wide", body)
}

func (r *request) framed(status int, name, title, section, width string, body any) error {
	lay, err := r.layout(title, section)
	if err != nil {
		return err
	}
	lay.Wide, lay.Sheets = width, sheets[name]
	out, err := r.pages().execute(name, root{Layout: lay, Body: body})
	if err != nil {
		return err
	}
	r.send(status, out)
	return nil
}

// notKept is shared by all pages: nobody changes a header's values in place.
var notKept = []string{"private, no-store"}

// send writes a finished HTML page. Pages with a person in them are never
// stored by anyone between us and the browser.
func (r *request) send(status int, html []byte) {
	if h := r.Writer.Header(); h["Cache-Control"] == nil {
		h["Cache-Control"] = notKept
	}
	r.Data(status, "text/html; charset=utf-8", html)
}

// see answers a form with 303 See Other.
func (r *request) see(path string) error {
	r.Header("Cache-Control", "private, no-store")
	r.Redirect(http.StatusSeeOther, path)
	return nil
}
