package server

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/insidebox/insidebox/content"
)

// What a search shows of each kind: on its page, and while somebody types.
const (
	foundOnPage = 20
	suggested   = 4
)

// maxQuery bounds a query, in characters; the rest is not looked at.
const maxQuery = 200

type searchPage struct {
	Query     string
	Groups    []searchGroup
	Total     int
	All       string // URL of the page with all results
	Offerings []link // a way on where nothing was found
}

// A searchGroup is what was found of one kind.
type searchGroup struct {
	ID, Name, Icon string
	Hits           []searchHit
	Total          int
}

type searchHit struct {
	ID string // of the suggestion
	content.Hit
}

// search finds offerings, clauses and lessons: as a page, and for a script as
// a list of suggestions. It shows what every signed-in person may read, and
// reads nothing from the store but who asks.
func (s *Server) search(r *request) error {
	query := []rune(strings.TrimSpace(strings.ToValidUTF8(r.Query("q"), "")))
	query = query[:min(len(query), maxQuery)]
	if r.GetHeader("X-Requested-With") == "fetch" {
		out, err := r.pages().fragment("suggestions", r.searched(string(query), suggested))
		if err != nil {
			return err
		}
		r.send(http.StatusOK, []byte(out))
		return nil
	}
	page := r.searched(string(query), foundOnPage)
	if page.Total == 0 {
		for _, o := range r.lib().Offerings {
			page.Offerings = append(page.Offerings, link{o.URL, o.Title})
		}
	}
	title := r.t("search.title")
	if page.Query != "" {
		title = r.t("search.title-of", "Query", page.Query)
	}
	return r.page(http.StatusOK, "search", title, "search", page)
}

// searchGroup is the group of a kind, without what was found.
func (r *request) searchGroup(kind content.HitKind) searchGroup {
	switch kind {
	case content.HitOffering:
		return searchGroup{Name: r.t("search.offering"), Icon: "box"}
	case content.HitClause:
		return searchGroup{Name: r.t("search.clause"), Icon: "list"}
	default:
		return searchGroup{Name: r.t("search.lesson"), Icon: "book"}
	}
}

func (r *request) searched(query string, most int) searchPage {
	page := searchPage{Query: query, All: searchURL(query)}
	for _, found := range r.lib().Search(query, most) {
		group := r.searchGroup(found.Kind)
		group.ID, group.Total = "found-"+string(found.Kind), found.Total
		for i, hit := range found.List {
			group.Hits = append(group.Hits, searchHit{fmt.Sprintf("%s-%d", group.ID, i+1), hit})
		}
		page.Groups = append(page.Groups, group)
		page.Total += found.Total
	}
	return page
}
