package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/insidebox/insidebox/people"
)

// TestCardOfManyTeams: who manages two teams chooses between them, and never
// gets a third; a rep who manages sees her own clearance as well.
func TestCardOfManyTeams(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	const card = "/offerings/records-search"
	_, err := site.People.AddTeam(t.Context(), "Team West")
	site.must(err)
	_, err = site.People.Add(t.Context(), people.NewPerson{Email: "west@demo.test", First: "Wes", Last: "Ternes", Roles: []people.Role{people.RoleRep}, Team: "team-west"})
	site.must(err)
	_, err = site.People.AddManager(t.Context(), "team-south", site.person("manager@demo.test").ID)
	site.must(err)
	manager := site.as("manager@demo.test")
	first := manager.get(card).want(http.StatusOK).says("Who on Team North may sell it", "Ana Ruiz")
	first.silent("Fay Okafor", "Wes Ternes")
	manager.get(card+"?team=team-south").want(http.StatusOK).says("Who on Team South may sell it", "Fay Okafor").silent("Ana Ruiz")
	manager.get(card + "?team=team-west").want(http.StatusNotFound)

	_, err = site.People.AddManager(t.Context(), "team-south", site.person("rep2@demo.test").ID)
	site.must(err)
	both := site.as("rep2@demo.test").get(card).want(http.StatusOK)
	both.says("May I sell it?", "Who on Team South may sell it", "Fay Okafor").silent("Eli Novak")

	_, err = site.People.RemoveManager(t.Context(), "team-south", site.person("manager@demo.test").ID)
	site.must(err)
	manager.get(card + "?team=team-south").want(http.StatusNotFound)
}

// TestCardOfLargeTeam: of a large team a colleague is told that there may be
// more, and nothing of those who are not cleared.
func TestCardOfLargeTeam(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	for i := range 210 {
		_, err := site.People.Add(t.Context(), people.NewPerson{
			Email: fmt.Sprintf("more%d@demo.test", i), First: "Zoe", Last: fmt.Sprintf("Zz%d", i), Roles: []people.Role{people.RoleRep}, Team: "team-north",
		})
		site.must(err)
	}
	page := site.as("rep@demo.test").get("/offerings/records-search").want(http.StatusOK)
	page.says("Ana Ruiz", "Eli Novak", "Your team is large").silent("Zoe", "after=", "/team/")
}

// TestComingChanges: what CHANGES.md says of later days stands on the cards it
// concerns, on the list of offerings, and first among the changes.
func TestComingChanges(t *testing.T) {
	t.Parallel()
	tree := sampleFiles(t)
	tree["CHANGES.md"] = &fstest.MapFile{Data: []byte(
		"## 2027-02-01: Illinois opens on Sundays\n" +
			"- editorial: [scope](standard/records-search.md#scope): Sundays are named\n" +
			"- critical: [handoff](standard/working-together.md#handoff): nothing is signed by one alone\n\nWhy: it was asked for.\n\n" +
			string(tree["CHANGES.md"].Data))}
	site := newRig(t, withTree(tree))
	rep := site.as("rep@demo.test")
	rep.get("/offerings").want(http.StatusOK).says("Coming From 1 February 2027 Illinois opens on Sundays editorial scope : Sundays are named")
	rep.get("/offerings/records-search").want(http.StatusOK).says("From 1 February 2027", "Sundays are named").silent("by one alone")
	rep.get("/practices/working-together").want(http.StatusOK).says("From 1 February 2027", "by one alone").silent("Sundays are named")
	rep.get("/offerings/watch-alerts").want(http.StatusOK).silent("1 February 2027")
	changes := rep.get("/changes").want(http.StatusOK).says("Coming 1 February 2027 Illinois opens on Sundays")
	if n := strings.Count(changes.text(), "Coming"); n != 1 {
		t.Errorf("%d changes are said to be coming, want 1", n)
	}
	site.Clock.Set(opening.AddDate(0, 0, 20))
	site.reload()
	rep.get("/offerings").want(http.StatusOK).silent("Illinois opens on Sundays")
}
