package server

import (
	"errors"
	"net/url"

	"github.com/insidebox/insidebox/store"
)

// The addresses of what has an id. Content carries its own.

func attemptURL(id string) string     { return "/attempts/" + url.PathEscape(id) }
func resultURL(id string) string      { return attemptURL(id) + "/result" }
func reviewURL(id string) string      { return attemptURL(id) + "/review" }
func certificateURL(id string) string { return "/certificates/" + url.PathEscape(id) }
func verifyURL(id string) string      { return "/verify/" + url.PathEscape(id) }
func teamURL(id string) string        { return "/team?" + teamQuery(id) }
func teamQuery(id string) string      { return "team=" + url.QueryEscape(id) }
func personURL(id string) string      { return "/team/" + url.PathEscape(id) }
func accountURL(id string) string     { return "/accounts/" + url.PathEscape(id) }
func requestURL(id string) string     { return "/requests/" + url.PathEscape(id) }
func handoffURL(id string) string     { return "/handoffs/" + url.PathEscape(id) }
func briefURL(id string) string       { return "/briefs/" + url.PathEscape(id) }
func searchURL(query string) string   { return "/search?" + url.Values{"q": {query}}.Encode() }

// pageLinks are the addresses of the first page of a list, when this is another one,
// and of the next, when there is one. keep is what else the address says.
func pageLinks(path string, keep url.Values, after, next store.Cursor) (first, further string) {
	if !after.IsZero() {
		first = path + "?" + keep.Encode()
	}
	if !next.IsZero() {
		keep.Set("after", next.String())
		further = path + "?" + keep.Encode()
	}
	return first, further
}

// noPlace is the error of a list whose cursor came in the address. What is a position in
// another list, or of none, leads to no page.
func noPlace(err error) error {
	if errors.Is(err, store.ErrQuery) {
		return errNoPage
	}
	return err
}
