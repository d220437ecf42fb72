package server_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/programme/bulk"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// newBulkRig is a site of a made-up company, in a file of its own or in one
// that is there.
func newBulkRig(t testing.TB, o bulk.Options, options ...option) *rig {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bulk.db")
	makeBulk(t, path, o, options...)
	return newRig(t, append(options, withFile(path))...)
}

// makeBulk fills a new file with a made-up company, up to the rig's morning.
func makeBulk(t testing.TB, path string, o bulk.Options, options ...option) {
	t.Helper()
	cfg := settings{tree: content.Sample, at: opening}
	for _, set := range options {
		set(&cfg)
	}
	clock := &clock{now: cfg.at}
	shelf, findings := programme.NewShelf(cfg.tree, clock.Now)
	if shelf.Library() == nil {
		t.Fatalf("the content has errors: %v", findings)
	}
	driver, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o.Now = cfg.at
	if o.Seed == 0 {
		o.Seed = 1
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command does
	err = bulk.Fill(t.Context(), driver, shelf, o)
	if closed := driver.Close(); err != nil || closed != nil {
		t.Fatalf("make up a company: %v, %v", err, closed)
	}
}

// TestBulkRenders crawls a made-up company as some of its people: every page
// that they come to is well.
func TestBulkRenders(t *testing.T) {
	t.Parallel()
	site := newBulkRig(t, bulk.Options{People: 200, Teams: 70, Attempts: 4000}, withLook(namedLook))
	files, kinds := map[string]bool{}, newKinds(t)
	who := []string{bulk.ManagerAddress(3), bulk.AdminAddress, "author@company.test"}
	for _, kind := range []func(*programme.Record) bool{
		func(r *programme.Record) bool { return r == nil },
		func(r *programme.Record) bool { return r != nil && len(r.Held) > 1 },
		func(r *programme.Record) bool { return r != nil && len(r.Renewals) > 0 },
		func(r *programme.Record) bool { return r != nil && len(r.Grants) > 0 },
		func(r *programme.Record) bool { return r != nil && len(programme.Recorded("", r).Open) > 0 },
	} {
		who = append(who, site.bulkRep(kind))
	}
	for _, email := range who {
		c := &crawl{t: t, client: site.as(email), who: email, pages: map[string]*crawled{}, files: files, kinds: kinds}
		c.page("/", "the start")
		c.fragments()
		if len(c.pages) < 20 {
			t.Errorf("%s: the crawl found %d pages, want 20 or more", email, len(c.pages))
		}
	}
	search := site.as(bulk.AdminAddress).get("/admin/people?q=p000001").want(http.StatusOK)
	search.says(bulk.Address(1))
	if writes := site.during(site.drain).writes(); len(writes) > 0 {
		t.Errorf("a made-up company left to the outbox: %v", writes)
	}
}

// bulkRep is the address of the first rep whose record is like that.
func (r *rig) bulkRep(like func(*programme.Record) bool) string {
	r.Helper()
	for after := (store.Cursor{}); ; {
		page, err := r.People.List(r.Context(), after, 100)
		r.must(err)
		for _, p := range page.People {
			record, err := r.Prog.Record(r.Context(), p.ID)
			r.must(err)
			if p.Has(people.RoleRep) && like(record) {
				return p.Email
			}
		}
		if after = page.Next; after.IsZero() {
			r.Fatal("no rep is like that")
		}
	}
}

// TestEveryTeamIsNamed holds that the admin's list names the team of whom it lists
// also where there are more teams than a form offers.
func TestEveryTeamIsNamed(t *testing.T) {
	t.Parallel()
	const maxTeams = 500 // in the form
	site := newBulkRig(t, bulk.Options{People: maxTeams + 100, Teams: maxTeams + 10, Attempts: 10})
	teams, _, err := site.People.Teams(t.Context(), store.Cursor{}, store.MaxLimit)
	site.must(err)
	if len(teams) <= maxTeams {
		t.Fatalf("%d teams, want more than %d", len(teams), maxTeams)
	}
	last := teams[len(teams)-1]
	page, err := site.People.Members(t.Context(), last.ID, store.Cursor{}, 1)
	site.must(err)
	if len(page.People) == 0 {
		t.Fatalf("nobody is in %s", last.Name)
	}
	site.as(bulk.AdminAddress).get("/admin/people?q=" + url.QueryEscape(page.People[0].Email)).want(http.StatusOK).says(last.Name)
}
