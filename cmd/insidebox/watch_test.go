package main

import (
	"fmt"
	"html"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme/demo"
)

// A workshop is a server that follows a folder, with the two who look on.
type workshop struct {
	*child
	dir         string // the content
	rep, author *visitor
}

const (
	lessonFile = "courses/onboarding/10-the-box/10-why-promises-come-due.md"
	lessonPage = "/courses/onboarding/the-box/why-promises-come-due"
	// lede is a sentence in the lesson, on line lessonLine.
	lede = "There was no such button."
)

// openWorkshop serves a copy of the sample library, by way of a symbolic link
// as those have who deploy that way.
func openWorkshop(t *testing.T, args ...string) *workshop {
	t.Helper()
	base := t.TempDir()
	if err := os.CopyFS(filepath.Join(base, "first"), content.Sample()); err != nil {
		t.Fatal(err)
	}
	w := &workshop{dir: filepath.Join(base, "library")}
	if err := os.Symlink("first", w.dir); err != nil {
		t.Fatal(err)
	}
	w.child = serve(t, append([]string{"--demo", "--dev", "--content", w.dir, "--data", filepath.Join(base, "data")}, args...)...)
	w.rep = signedIn(t, w.child, "rep@demo.test", demo.Password)
	w.author = signedIn(t, w.child, "author@demo.test", demo.Password)
	return w
}

// change replaces text in the lesson's file, in place.
func (w *workshop) change(t *testing.T, from, to string) {
	t.Helper()
	write(t, filepath.Join(w.dir, lessonFile), w.changed(t, from, to))
}

// changed is the lesson's file with other text in it.
func (w *workshop) changed(t *testing.T, from, to string) string {
	t.Helper()
	text := read(t, filepath.Join(w.dir, lessonFile))
	if strings.Count(text, from) != 1 {
		t.Fatalf("%q is %d times in the lesson, want once", from, strings.Count(text, from))
	}
	return strings.Replace(text, from, to, 1)
}

// findings are what check says of the folder.
func (w *workshop) findings(t *testing.T) (code int, lines []string) {
	t.Helper()
	got := call(t, nil, "", "check", w.dir)
	for line := range strings.Lines(got.stdout) {
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
	return got.code, lines
}

// An author at work: what she saves is on the page, what she breaks is said to
// her and kept from learners, and what she mends is there again.
func TestAuthorsWork(t *testing.T) {
	w := openWorkshop(t, "--verbose")
	if !w.author.shows("/author", "No findings") {
		t.Error("the sample library has findings")
	}

	page := follow(t, w.child)
	w.change(t, lede, "There was a brand-new button.")
	page.changed()
	if !w.rep.shows(lessonPage, "There was a brand-new button.") {
		t.Error("the event came before the page had changed")
	}

	// Broken on a line of its own, in the ninth column.
	w.change(t, "There was a brand-new button.", "There was a broken link.\n\nSee the [button](no-such-page.md).")
	line := 1 + strings.Count(strings.Split(read(t, filepath.Join(w.dir, lessonFile)), "See the [button]")[0], "\n")
	place := fmt.Sprintf("%s:%d:9", lessonFile, line)
	eventually(t, "the finding on the author's page", func() bool { return w.author.shows("/author", place) })
	w.sameFindings(t, place)
	if !w.rep.shows(lessonPage, "There was a brand-new button.") || w.rep.shows(lessonPage, "There was a broken link.") {
		t.Error("learners don't see the last good version")
	}
	if !w.author.shows("/author", "Learners see the last good version") {
		t.Error("the author isn't told what learners see")
	}
	eventually(t, "the finding in the log", func() bool { return strings.Contains(w.stderr.String(), place) })

	w.change(t, "(no-such-page.md)", "(20-reading-a-box.md)")
	eventually(t, "the mended version", func() bool { return w.rep.shows(lessonPage, "There was a broken link.") })
	if !w.author.shows("/author", "No findings") {
		t.Error("the mended library still has findings on the author's page")
	}
	if !strings.Contains(w.stderr.String(), `"by":"notification"`) {
		t.Error("all changes were seen by looking through the folder; want them notified, which is faster")
	}
	w.stop()
}

// sameFindings holds the author's page against what check prints.
func (w *workshop) sameFindings(t *testing.T, place string) {
	t.Helper()
	code, lines := w.findings(t)
	if code != 1 || len(lines) != 1 {
		t.Fatalf("check: exit code %d and %q, want 1 and one finding", code, lines)
	}
	parts := regexp.MustCompile(`^(\S+): error: (.*) \((\S+)\)$`).FindStringSubmatch(lines[0])
	if parts == nil || parts[1] != place {
		t.Fatalf("check says %q, want it at %s", lines[0], place)
	}
	_, body := w.author.get("/author")
	body = html.UnescapeString(body)
	for _, part := range parts[1:] {
		if !strings.Contains(body, part) {
			t.Errorf("check says %q, which the author's page does not", part)
		}
	}
}

// Editors write in other ways than into the file, and authors add files.
func TestWaysOfWriting(t *testing.T) {
	w := openWorkshop(t)
	lesson := filepath.Join(w.dir, lessonFile)
	folder := filepath.Dir(lesson)
	move := func(from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	appears := func(path, text string) {
		t.Helper()
		eventually(t, fmt.Sprintf("%q on %s", text, path), func() bool { return w.rep.shows(path, text) })
	}

	// A new file is moved onto the old one, as most editors do …
	write(t, filepath.Join(folder, ".lesson.tmp"), w.changed(t, lede, "Version two has no button."))
	move(filepath.Join(folder, ".lesson.tmp"), lesson)
	appears(lessonPage, "Version two has no button.")
	// … or the old one out of the way first, as vim does.
	text := w.changed(t, "Version two has no button.", "Version three has none either.")
	move(lesson, lesson+"~")
	write(t, lesson, text)
	if err := os.Remove(lesson + "~"); err != nil {
		t.Fatal(err)
	}
	appears(lessonPage, "Version three has none either.")

	// A folder comes, with what is in it; then something more in there.
	module := filepath.Join(w.dir, "courses/onboarding/20-next")
	write(t, filepath.Join(module, "index.md"), "---\ntitle: What comes next\nsummary: A module that was not there before.\n---\nOne lesson.\n")
	write(t, filepath.Join(module, "10-first.md"), "---\ntitle: First of all\nsummary: Hardly a lesson.\n---\nA paragraph in a new folder.\n")
	appears("/courses/onboarding/next/first", "A paragraph in a new folder.")
	write(t, filepath.Join(module, "20-second.md"), "---\ntitle: Second\nsummary: Hardly another.\n---\nWritten into the new folder later.\n")
	appears("/courses/onboarding/next/second", "Written into the new folder later.")

	// A picture, and another one under the same name.
	addresses := map[string]bool{}
	for _, colour := range []string{"green", "amber"} {
		picture := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" height="10"><rect width="10" height="10" fill="` + colour + `"/></svg>`
		write(t, filepath.Join(module, "square.svg"), picture)
		write(t, filepath.Join(module, "10-first.md"), "---\ntitle: First of all\nsummary: Hardly a lesson.\n---\n![A "+colour+" square.](square.svg)\n")
		appears("/courses/onboarding/next/first", "A "+colour+" square.")
		_, body := w.rep.get("/courses/onboarding/next/first")
		address := regexp.MustCompile(`/assets/[^"]+/square\.svg`).FindString(body)
		if status, got := w.rep.get(address); status != http.StatusOK || got != picture {
			t.Errorf("the %s picture at %q: %d %q", colour, address, status, got)
		}
		addresses[address] = true
	}
	if len(addresses) != 2 {
		t.Errorf("two pictures have the address %v, which browsers keep for ever", addresses)
	}

	// A file goes: so does its page.
	if err := os.Remove(filepath.Join(module, "20-second.md")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of a page", func() bool {
		status, _ := w.rep.get("/courses/onboarding/next/second")
		return status == http.StatusNotFound
	})

	// Another library altogether, behind the same link: nobody is notified
	// of that, the folder is looked through.
	other := filepath.Join(filepath.Dir(w.dir), "second")
	if err := os.CopyFS(other, content.Sample()); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(other, lessonFile), w.changed(t, "Version three has none either.", "Deployed by a link."))
	if err := os.Symlink("second", w.dir+".new"); err != nil {
		t.Fatal(err)
	}
	move(w.dir+".new", w.dir)
	appears(lessonPage, "Deployed by a link.")
	// And it is followed there too.
	w.change(t, "Deployed by a link.", "Changed where the link leads.")
	appears(lessonPage, "Changed where the link leads.")

	// Without anything to serve the last good version stays.
	if err := os.Remove(w.dir); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the missing folder on the author's page", func() bool { return w.author.shows("/author", "library.md") })
	if !w.rep.shows(lessonPage, "Changed where the link leads.") {
		t.Error("learners lost the last good version")
	}
	w.stop()
}

// Designers follow templates and style sheets the same way.
func TestFollowsTheLook(t *testing.T) {
	look := t.TempDir()
	for _, folder := range []string{"templates", "static"} {
		if err := os.CopyFS(filepath.Join(look, folder), os.DirFS(filepath.Join("../..", folder))); err != nil {
			t.Fatal(err)
		}
	}
	c := serve(t, "--dev", "--look", look, "--data", t.TempDir())
	v := newVisitor(t, c)
	file := filepath.Join(look, "templates/pages/login.html")
	good := strings.Replace(read(t, file), `<h1>{{t "signin.title"}}</h1>`, "<h1>Come in</h1>", 1)
	write(t, file, good)
	eventually(t, "the changed template", func() bool { return v.shows("/login", "<h1>Come in</h1>") })

	write(t, file, good+"{{if}}")
	eventually(t, "the mistake in the log", func() bool { return strings.Contains(c.stderr.String(), "login.html") })
	if !v.shows("/login", "<h1>Come in</h1>") {
		t.Error("a mistake in a template shows on the page")
	}
	write(t, file, strings.Replace(good, "Come in", "Welcome in", 1))
	eventually(t, "the mended template", func() bool { return v.shows("/login", "<h1>Welcome in</h1>") })

	sheet := regexp.MustCompile(`/static/[^"]+\.css`)
	_, before := v.get("/login")
	sheets, err := filepath.Glob(filepath.Join(look, "static/css/app/*.css"))
	if err != nil || len(sheets) == 0 {
		t.Fatalf("%d style sheets, %v", len(sheets), err)
	}
	for _, file := range sheets {
		write(t, file, read(t, file)+"\n.from-the-test { color: green }\n")
	}
	eventually(t, "the changed style sheet under its new name", func() bool {
		_, after := v.get("/login")
		name := sheet.FindString(after)
		return name != sheet.FindString(before) && v.shows(name, ".from-the-test")
	})
	c.stop()
}

// With --dev a library that is broken from the start is waited for, and each
// mistake that is left is said again.
func TestAwaitsTheContent(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "library")
	if err := os.CopyFS(dir, content.Sample()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, lessonFile)
	good := read(t, file)
	write(t, file, good+"\n[one](nowhere.md)\n\n[two](nowhere.md)\n")
	c := begin(t, "serve", "--addr", "127.0.0.1:0", "--demo", "--dev", "--content", dir, "--data", t.TempDir())
	eventually(t, "both mistakes", func() bool { c.mustLive(); return strings.Contains(c.stderr.String(), "The content has 2 errors") })
	write(t, file, good+"\n[one](nowhere.md)\n")
	eventually(t, "the one that is left", func() bool { c.mustLive(); return strings.Contains(c.stderr.String(), "The content has 1 error,") })
	if strings.Contains(c.stdout.String(), "insidebox serves") {
		t.Error("it serves content that is broken")
	}
	write(t, file, good)
	eventually(t, "the server's address", func() bool { c.mustLive(); return address.MatchString(c.stdout.String()) })
	c.stop()
}

// A server with --dev and no folder says that there is nothing to follow.
func TestNothingToFollow(t *testing.T) {
	c := serve(t, "--dev", "--data", t.TempDir())
	eventually(t, "a word on it", func() bool { return strings.Contains(c.stderr.String(), "no folder to follow") })
	c.stop()
}
