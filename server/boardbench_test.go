package server_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/insidebox/insidebox/programme/bulk"
)

// hugeCompany is how many people make a company that is only made up when it is
// asked for.
const hugeCompany = 100_000

// allCompanies are what a page is measured in, side by side. The last manager of
// each has one team, of about a hundred reps; the others have ten.
var allCompanies = []bulk.Options{
	{People: 100, Teams: 1, Attempts: 2_000},
	{People: 10_000, Teams: 101, Attempts: 200_000},
	{People: 100_000, Teams: 1_001, Attempts: 2_000_000},
}

// BenchmarkTeamBoard asks for pages in companies of 100, of 10,000 and of 100,000
// people with 2 million attempts, in turns, and prints how much longer they
// take in the larger ones. The team board shows 50 reps × 30 offerings.
func BenchmarkTeamBoard(b *testing.B) {
	tree := largeTree(b, 30)
	var companies []bulk.Options
	var sites []*rig
	for _, o := range allCompanies {
		if o.People >= hugeCompany && os.Getenv("INSIDEBOX_BENCH_LARGE") != "1" && !isKept(b, tree, o) {
			fmt.Fprintf(os.Stderr, "NOT RUN: pages in a company of %d people. With BENCH_LARGE=1 it is made up, once: that takes some ten minutes and 16 GB.\n", o.People)
			continue
		}
		companies, sites = append(companies, o), append(sites, newRig(b, withTree(tree), withFile(keptBulk(b, tree, o))))
	}
	for _, page := range []struct {
		name, path string
		who        func(bulk.Options) []string
		rows       int // th[scope=row] on the page
	}{
		{"board", "/team", lastManager, 50},
		{"people", "/admin/people", theAdmin, 0},
		{"search", "/admin/people?q=larsen", theAdmin, 0},
		{"home", "/", someReps, 0},
		{"person", "", lastManager, 0},
	} {
		b.Run(page.name, func(b *testing.B) {
			var visits [][]*caller
			for i, site := range sites {
				site.TB = b // of which it asks for time, and to which it fails
				path := page.path
				if path == "" { // the transcript of the first rep on the board
					path = "/team/" + between(site.as(lastManager(companies[i])[0]).get("/team").Body, `<a href="/team/`, `"`)
				}
				visits = append(visits, site.visits(b, path, page.who(companies[i]), page.rows))
			}
			inTurns(b, companies, sites, visits)
		})
	}
}

func lastManager(o bulk.Options) []string { return []string{bulk.ManagerAddress((o.Teams+9)/10 - 1)} }

func theAdmin(bulk.Options) []string { return []string{bulk.AdminAddress} }

// someReps are spread over the company.
func someReps(o bulk.Options) (list []string) {
	for i := range 8 {
		list = append(list, bulk.Address(i*o.People/10))
	}
	return list
}

// visits opens a connection for each of these people, and sees that the page is
// what it should be.
func (r *rig) visits(b *testing.B, path string, who []string, rows int) (list []*caller) {
	b.Helper()
	for _, email := range who {
		page := r.as(email).get(path).want(http.StatusOK)
		if got := len(page.all("th[scope=row]")); rows > 0 && got != rows {
			b.Fatalf("%s has %d rows, want %d", path, got, rows)
		}
		name, value := r.cookie(email)
		list = append(list, dial(b, r.URL, 1, "GET "+path+" HTTP/1.1\r\nHost: x\r\nCookie: "+name+"="+value+"\r\n\r\n")...)
	}
	return list
}

// inTurns asks all sites the same number of times, one after the other, and
// reports how long each takes and the ratios to the first.
func inTurns(b *testing.B, companies []bulk.Options, sites []*rig, visits [][]*caller) {
	b.Helper()
	const perTurn = 8
	took := make([]time.Duration, len(sites))
	turn := func() {
		for i, list := range visits {
			began := time.Now()
			for n := range perTurn {
				if err := list[n%len(list)].once(); err != nil {
					b.Fatal(err)
				}
			}
			took[i] += time.Since(began)
			sites[i].calls.take()
		}
	}
	turn() // warm
	clear(took)
	for b.Loop() {
		turn()
	}
	b.ReportMetric(0, "ns/op")
	for i, o := range companies {
		b.ReportMetric(float64(took[i].Microseconds())/1000/float64(b.N*perTurn), fmt.Sprintf("ms-of-%d", o.People))
		if i > 0 {
			b.ReportMetric(float64(took[i])/float64(took[0]), fmt.Sprintf("ratio-%d-to-%d", o.People, companies[0].People))
		}
	}
}

// keptBulk is the file of a made-up company. One that takes long to make is
// kept for the next run, in the folder for temporary files; those of its size
// that another state of the library made are removed then.
func keptBulk(b *testing.B, tree fstest.MapFS, o bulk.Options) string {
	b.Helper()
	if o.People < 1000 {
		path := filepath.Join(b.TempDir(), "bulk.db")
		makeBulk(b, path, o, withTree(tree))
		return path
	}
	o.Seed = 1
	size, kept := keptAs(b, tree, o)
	file := filepath.Join(kept, "insidebox.db")
	if isKept(b, tree, o) {
		return file
	}
	fmt.Fprintf(os.Stderr, "making up a company of %d people with %d attempts, once: it is kept in %s\n", o.People, o.Attempts, kept)
	old, err := filepath.Glob(filepath.Join(keeping(), size+"-v*"))
	for _, one := range old {
		err = errors.Join(err, os.RemoveAll(one))
	}
	part := filepath.Join(keeping(), size+"-part")
	if err := errors.Join(err, os.Mkdir(part, 0o700)); err != nil {
		b.Fatalf("make up a company: %v; another run is making it, or one was killed while it did: then remove that folder", err)
	}
	defer func() { _ = os.RemoveAll(part) }() // gone already when all went well
	makeBulk(b, filepath.Join(part, "insidebox.db"), o, withTree(tree))
	if err := os.Rename(part, kept); err != nil {
		b.Fatal(err)
	}
	return file
}

// keptAs is the folder of a company that is kept, and how the name of those of its
// size begins.
func keptAs(b *testing.B, tree fstest.MapFS, o bulk.Options) (size, folder string) {
	size = fmt.Sprintf("insidebox-bench-%d-%d-%d", o.People, o.Teams, o.Attempts)
	return size, filepath.Join(keeping(), fmt.Sprintf("%s-v%d-seed1-%s", size, bulk.Version, treeHash(b, tree)))
}

func isKept(b *testing.B, tree fstest.MapFS, o bulk.Options) bool {
	_, folder := keptAs(b, tree, o)
	_, err := os.Stat(filepath.Join(folder, "insidebox.db"))
	return err == nil
}

// keeping is where files outlive a run, unlike those of a test.
func keeping() string { return os.TempDir() }

// treeHash names a state of what attempts and certificates refer to: lessons and the
// library's own words may be another without a company being made anew.
func treeHash(b *testing.B, tree fstest.MapFS) string {
	b.Helper()
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		if lesson := strings.HasPrefix(name, "courses/") && !strings.Contains(name, ".quiz.") && !strings.Contains(name, ".scenario."); lesson || name == "library.md" {
			continue
		}
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			b.Fatal(err)
		}
		fmt.Fprintf(h, "%s %d\n%s", name, len(data), data)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:6])
}
