package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

// Two servers start at the same moment, on a file that is empty or a MongoDB that
// does not know their library yet, and follow one folder: whatever changes in it,
// both publish at once. Each state of the library is there once, whole, and what was
// begun at one server goes on at the other.
func TestPublishAtOnce(t *testing.T) {
	t.Run("on a file", func(t *testing.T) {
		publishAtOnce(t, storeFlags{data: t.TempDir()})
	})
	t.Run("on a MongoDB", func(t *testing.T) {
		mongoServer.Need(t)
		publishAtOnce(t, storeFlags{store: patient(t, demoInMongo(t)), standalone: !mongoServer.Genuine})
	})
}

func publishAtOnce(t *testing.T, at storeFlags) {
	dir := filepath.Join(t.TempDir(), "library")
	if err := os.CopyFS(dir, content.Sample()); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(dir, lessonFile), lede, "There was 1 such button.")
	args := []string{"serve", "--addr", "127.0.0.1:0", "--demo", "--dev", "--content", dir}
	if at.store == "" {
		args = append(args, "--data", at.data)
	} else {
		args = append(args, append([]string{"--store", at.store}, standalone()...)...)
	}
	servers := []*child{begin(t, args...), begin(t, args...)}
	for _, c := range servers {
		eventually(t, "readiness", func() bool {
			c.mustLive()
			if !c.findURL() {
				return false
			}
			status, _ := newVisitor(t, c).get("/readyz")
			return status == http.StatusOK
		})
	}
	rep := signedIn(t, servers[0], "rep@demo.test", demo.Password)
	const item, quizFile = "A lender has just placed a nationwide order", "courses/onboarding/10-the-box/80-check.quiz.md"
	sheet := "" // of the attempt that was begun before anything changed
	for round, lender := range []string{"A bank", "A credit union"} {
		if round == 0 {
			sheet = rep.begin()
		}
		edit(t, filepath.Join(dir, quizFile), map[int]string{0: item, 1: strings.Replace(item, "A lender", "A bank", 1)}[round], strings.Replace(item, "A lender", lender, 1))
		news := fmt.Sprintf("There were %d such buttons.", round+2)
		edit(t, filepath.Join(dir, lessonFile), []string{"There was 1 such button.", "There were 2 such buttons."}[round], news)
		for _, c := range servers {
			eventually(t, "the changed lesson", func() bool { return rep.at(c).shows(lessonPage, news) })
		}
	}
	for i, c := range []*child{servers[1], servers[0]} {
		form, checked := rep.at(c).fill(sheet, i)
		if a := rep.at(c).send(sheet+"/answers", form); a.status != http.StatusSeeOther || !rep.shows(sheet, checked) {
			t.Errorf("an answer to an attempt that was begun before: %d", a.status)
		}
	}
	for _, c := range servers {
		c.stop()
		if log := c.stderr.String(); strings.Contains(log, `"level":"ERROR"`) {
			t.Errorf("a server complains:\n%s", log)
		}
	}
	wholeReleases(t, at, 3)
}

// What an author saves while the MongoDB takes no writes is published when it does
// again, without another save.
func TestPublishedLater(t *testing.T) {
	mongoServer.Need(t)
	uri, proxy, dir := demoInMongo(t), mongoServer.NewProxy(t), filepath.Join(t.TempDir(), "library")
	if err := os.CopyFS(dir, content.Sample()); err != nil {
		t.Fatal(err)
	}
	c := serve(t, append([]string{"--demo", "--dev", "--content", dir, "--store", proxy.Through(t, uri)}, standalone()...)...)
	rep := signedIn(t, c, "rep@demo.test", demo.Password)
	proxy.Judge(func(command string, _ bson.Raw) mongotest.Fault {
		if command == "insert" {
			return mongotest.NotPrimary
		}
		return mongotest.None
	})
	const news = "There was a brand-new button."
	edit(t, filepath.Join(dir, lessonFile), lede, news)
	edit(t, filepath.Join(dir, "standard/records-search.md"), "title: ", "title: New ") // a clause is a revision
	logged(t, c, "reload the content")
	if rep.shows(lessonPage, news) {
		t.Error("it is served, though the store does not know it")
	}
	proxy.Judge(nil)
	eventually(t, "the change", func() bool { return rep.shows(lessonPage, news) })
	c.stop()
}

// edit replaces a text that a file has once.
func edit(t *testing.T, file, from, to string) {
	t.Helper()
	text := read(t, file)
	if strings.Count(text, from) != 1 {
		t.Fatalf("%q is %d times in %s, want once", from, strings.Count(text, from), file)
	}
	write(t, file, strings.Replace(text, from, to, 1))
}

// wholeReleases holds that at least so many states of the library were published,
// and that the store has every revision that they name.
func wholeReleases(t *testing.T, at storeFlags, least int) {
	t.Helper()
	source, err := at.source(t.Context(), at.existing)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	all, err := source.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	found := map[string]bool{}
	named := map[string][]string{}
	for _, coll := range []string{"items", "clauses", "quizzes", "scenarios", "certifications", "releases"} {
		err := all.Walk(t.Context(), coll, func(d store.Doc) error {
			found[coll+"/"+d.ID] = true
			if coll != "releases" {
				return nil
			}
			var release struct{ Items, Clauses, Quizzes, Scenarios, Certifications []string }
			if err := bson.Unmarshal(d.Body, &release); err != nil {
				return err
			}
			for of, ids := range map[string][]string{
				"items": release.Items, "clauses": release.Clauses, "quizzes": release.Quizzes,
				"scenarios": release.Scenarios, "certifications": release.Certifications,
			} {
				for _, id := range ids {
					named[d.ID] = append(named[d.ID], of+"/"+id)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(named) < least {
		t.Errorf("%d states of the library were published, want %d", len(named), least)
	}
	for release, names := range named {
		if lost := slices.DeleteFunc(names, func(name string) bool { return found[name] }); len(lost) > 0 {
			t.Errorf("release %s names %v, which the store does not have", release, lost)
		}
	}
}
