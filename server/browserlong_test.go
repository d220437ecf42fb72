package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"github.com/insidebox/insidebox/people"
)

// longWord is what some people write, and what no page may be wider for.
var longWord = strings.Repeat("Kapitänswitwenkasse", 5)

// longWords fills in what people write with a word that is wider than a phone, and
// looks at every page that shows it.
func longWords(t *testing.T, b *browser) {
	site := newRig(t)
	rep := site.as("rep2@demo.test")
	named := func(email string) {
		p := site.person(email)
		_, err := site.Prog.People.SetProfile(t.Context(), p.ID, people.Profile{First: longWord, Last: longWord})
		site.must(err)
	}
	taken := func(a *answer) string {
		where, _, _ := strings.Cut(a.want(http.StatusSeeOther).Header.Get("Location"), "?")
		return where
	}
	account := taken(rep.submit(rep.get("/accounts"), "/accounts", url.Values{"name": {longWord}, "crm_id": {longWord}, "operations": {"ops@demo.test"}}))
	taken(rep.submit(rep.get(account), account+"/notes", url.Values{"text": {longWord}}))
	request := taken(rep.submit(rep.get("/requests/new?account="+account[len("/accounts/"):]), "/requests", url.Values{"aim": {longWord}, "title": {longWord}, "worth": {longWord}, "links": {"https://files.example/" + url.PathEscape(longWord)}}))
	taken(rep.submit(rep.get(request), request+"/comments", url.Values{"text": {longWord}}))
	ops := site.as("ops@demo.test")
	taken(ops.submit(ops.get(request), request+"/voices", url.Values{"stand": {"object"}, "text": {longWord}, "changes": {longWord}}))
	for _, who := range []string{"rep2@demo.test", "ops@demo.test"} {
		named(who)
	}
	for who, pages := range map[string][]string{
		"rep2@demo.test":    {"/", "/me", "/accounts", account, "/requests", request, "/requests/new", "/briefs/new", "/certificates", "/can-sell?q=24h,+nationwide,+" + url.QueryEscape(longWord), "/search?q=" + url.QueryEscape(longWord)},
		"ops@demo.test":     {"/", "/requests", request, account, "/handoffs"},
		"manager@demo.test": {"/", "/team", "/team/" + site.person("rep2@demo.test").ID, "/insights/limits"},
		"admin@demo.test":   {"/admin/people"},
	} {
		tb := b.as(t, site, phone, who).tab()
		for _, path := range pages {
			tb.visit(path)
			for _, width := range []int64{320, 390, 820, 1024, 1440} {
				tb.do(emulation.SetDeviceMetricsOverride(width, 800, 1, false))
				tb.noWider(who+", "+path, screen{width: width})
			}
		}
	}
}
