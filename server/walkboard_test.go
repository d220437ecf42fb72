package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
)

// isIn are the people of a team who are not switched off, in the order of lists.
func (k *walk) isIn(team string) (list []*people.Person) {
	for _, p := range k.company {
		in, off := p.Team, p.Disabled
		if i := slices.IndexFunc(k.walkers, func(one *walker) bool { return one.id == p.ID }); i >= 0 {
			in, off = k.walkers[i].team, k.walkers[i].off
		}
		if in == team && !off {
			list = append(list, p)
		}
	}
	return list
}

// best is where each of some people stands with each offering, as the services say.
func (k *walk) best(site *rig, who []*people.Person, offerings ...string) [][]certify.State {
	site.Helper()
	ids := make([]string, len(who))
	for i, p := range who {
		ids[i] = p.ID
	}
	records, err := site.Prog.Records().GetAll(site.Context(), ids...)
	site.must(err)
	states := make([][]certify.State, len(who))
	for i, id := range ids {
		st := programme.Recorded(id, records[id])
		for _, offering := range offerings {
			var all []certify.Clearance
			for _, c := range site.Prog.Shelf.Library().Certifications {
				if slices.Contains(c.Offerings, offering) {
					all = append(all, site.Prog.Clearance(st, c))
				}
			}
			states[i] = append(states[i], certify.Best(all...).State)
		}
	}
	return states
}

// Board looks at the board of a team: who is on it, and how many need their manager.
func (k *walk) Board(t *rapid.T) {
	site := k.site(t)
	one := k.some(t, func(one *walker) bool {
		return k.inside(one) && (one.has(people.RoleManager) || one.has(people.RoleAdmin))
	})
	team := rapid.SampledFrom(walkTeams).Draw(t, "team")
	s := k.stay(one)
	a := browserOf(site, s).get("/team?team=" + team)
	if s == nil {
		a.want(http.StatusSeeOther)
		return
	}
	if !one.has(people.RoleManager) && !one.has(people.RoleAdmin) {
		a.want(http.StatusForbidden)
		return
	}
	k.touch(s)
	if !k.manages(one, team) && !one.has(people.RoleAdmin) {
		a.want(http.StatusNotFound)
		return
	}
	a.want(http.StatusOK)
	who, lib := k.isIn(team), site.Prog.Shelf.Library()
	var names, offerings []string
	for _, p := range who {
		names = append(names, p.Name())
	}
	for _, o := range lib.Offerings {
		offerings = append(offerings, o.ID)
	}
	var rows, tiles []string
	for _, th := range a.all("th[scope=row]") {
		rows = append(rows, linkText(th))
	}
	if !slices.Equal(rows, names) {
		t.Fatalf("on the board of %s are %q, want %q", team, rows, names)
	}
	for _, tile := range a.all(".tile") {
		tiles = append(tiles, strings.Fields(textOf(tile))[0])
	}
	var want []string
	for _, state := range []certify.State{certify.Locked, certify.Waiting, certify.Expiring, certify.Expired} {
		n := 0
		for _, states := range k.best(site, who, offerings...) {
			if slices.Contains(states, state) {
				n++
			}
		}
		want = append(want, fmt.Sprint(n))
		if n > 0 {
			k.did("counted: " + string(state))
		}
	}
	if len(who) > 0 && !slices.Equal(tiles, want) {
		t.Fatalf("the board of %s counts %v, want %v", team, tiles, want)
	}
	k.did("a board")
}

func linkText(n *html.Node) string {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == "a" {
			return textOf(d)
		}
	}
	return ""
}

// Home looks at which boards the first page leads to.
func (k *walk) Home(t *rapid.T) {
	site, one := k.site(t), k.some(t, func(one *walker) bool { return k.inside(one) && one.has(people.RoleManager) })
	s := k.stay(one)
	a := browserOf(site, s).get("/")
	if s == nil {
		a.want(http.StatusSeeOther)
		return
	}
	k.touch(s)
	a.want(http.StatusOK)
	for _, team := range walkTeams {
		shown, may := strings.Contains(a.Body, `href="/team?team=`+team+`"`), k.manages(one, team) || one.has(people.RoleAdmin)
		if shown != may {
			t.Fatalf("the first page of %s, with the roles %v, leads to the board of %s: %v, want %v; teams are managed by %v", one.name, one.roles, team, shown, may, k.leads)
		}
		if shown {
			k.did("a board at home")
		}
	}
}

// Card looks at the people on an offering's card: for a manager the reps of her
// first team, for everybody else the colleagues who may sell it.
func (k *walk) Card(t *rapid.T) {
	const offering = "records-search"
	site, one := k.site(t), k.some(t, k.inside)
	s := k.stay(one)
	a := browserOf(site, s).get("/offerings/" + offering)
	if s == nil {
		a.want(http.StatusSeeOther)
		return
	}
	k.touch(s)
	a.want(http.StatusOK)
	var want, got []string
	team, manages := one.team, false
	for _, hers := range slices.Backward(walkTeams) {
		if k.manages(one, hers) {
			team, manages = hers, true
		}
	}
	who := slices.DeleteFunc(k.isIn(team), func(p *people.Person) bool { return team == "" || !k.isRep(p) })
	for i, states := range k.best(site, who, offering) {
		holds := states[0] == certify.Cleared || states[0] == certify.Expiring
		if manages || holds && who[i].ID != one.id {
			want = append(want, who[i].Name())
		}
	}
	for _, list := range a.all("ul.members") {
		for d := range list.Descendants() {
			if d.Type == html.ElementNode && d.Data == "li" {
				got = append(got, textOf(d.FirstChild))
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("the card names %q to %s, in %q with the roles %v, want %q; teams are managed by %v", got, one.name, one.team, one.roles, want, k.leads)
	}
	if len(want) > 0 {
		k.did(map[bool]string{true: "a manager's card", false: "a colleague's card"}[manages])
	}
}

// isRep tells whether somebody holds the role of a rep now.
func (k *walk) isRep(p *people.Person) bool {
	for _, one := range k.walkers {
		if one.id == p.ID {
			return one.has(people.RoleRep)
		}
	}
	return p.Has(people.RoleRep)
}
