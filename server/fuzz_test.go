package server

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/templates"
	"github.com/insidebox/insidebox/templates/words"
)

// posted is a request with a body, as a handler gets it.
func posted(mediaType, body string) *request {
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	c.Request.Header.Set("Content-Type", mediaType)
	return &request{Context: c, say: english()}
}

// english is what a request speaks here.
var english = sync.OnceValue(func() *words.Language {
	tree, err := fs.Sub(templates.FS(), "words")
	if err != nil {
		panic(err)
	}
	catalog, err := words.Load(tree)
	if err != nil {
		panic(err)
	}
	return catalog.Match("en")
})

// FuzzPostedSaves: whatever is posted as answers is refused as a bad form, or
// gives one save for each item that was named, none twice, none made up.
func FuzzPostedSaves(f *testing.F) {
	for _, body := range []string{
		"", "q.a=x&rev.a=1&seen.a=1", "q.a=x&q.a=y", "seen.a=1", "rev.a=-1&q.a=", "rev.a=99999999999999999999&seen.a=",
		"q.=1", "q=1", "q.a.b=1&rev.a.b=2", "Q.a=1", "q.a[]=1&q.%00=2", "rev.a=+1&seen.a=1", "rev.a=1&rev.a=2&q.a=1", "q.%ff=1", strings.Repeat("q.a=1&", 600),
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		saves, err := postedSaves(form)
		if err != nil {
			if !errors.Is(err, errBadForm) {
				t.Fatalf("%q: got %v, want a bad form", body, err)
			}
			return
		}
		if len(saves) > quiz.MaxItems {
			t.Fatalf("%q: %d saves, want %d at most", body, len(saves), quiz.MaxItems)
		}
		for i, s := range saves {
			if i > 0 && saves[i-1].Item >= s.Item {
				t.Fatalf("%q: item %q follows %q: want each once, in order", body, s.Item, saves[i-1].Item)
			}
			_, answered := form["q."+s.Item]
			_, seen := form["seen."+s.Item]
			if !answered && !seen || s.Knew < 0 || !slices.Equal(s.Tokens, form["q."+s.Item]) {
				t.Fatalf("%q: got the save %+v, which was not posted", body, s)
			}
		}
		for key := range form {
			item, ok := strings.CutPrefix(key, "q.")
			if ok && !slices.ContainsFunc(saves, func(s quiz.Save) bool { return s.Item == item }) {
				t.Fatalf("%q: the answer to %q is lost", body, item)
			}
		}
	})
}

// FuzzForms: whatever arrives as a form is refused with one of the few errors
// that have words, or is clean text; and a form sets the fields of its struct
// and no others.
func FuzzForms(f *testing.F) {
	const ordinary = "application/x-www-form-urlencoded"
	for _, kind := range []string{ordinary, "", "application/json", "multipart/form-data; boundary=x", ordinary + "; charset=utf-8", ";", "text/plain"} {
		f.Add(kind, "first=A&last=B&zone=Europe/Paris")
	}
	for _, body := range []string{"", "first=%00", "first=%ff", "first=%", "a;b", "first=" + strings.Repeat("a", 101), "role=admin&First=x&first[]=y", "email=a@b.c&roles=rep&roles=admin", "%ff=1", "roles=1&roles=2&roles=3&roles=4&roles=5&roles=6&roles=7&roles=8&roles=9&roles=10&roles=11"} {
		f.Add(ordinary, body)
	}
	refusals := []error{errBadForm, errMediaType, errTooLarge}
	f.Fuzz(func(t *testing.T, kind, body string) {
		if strings.ContainsAny(kind, "\r\n\x00") {
			return
		}
		values, err := posted(kind, body).form()
		if err != nil && !slices.ContainsFunc(refusals, func(known error) bool { return errors.Is(err, known) }) {
			t.Fatalf("%q %q: got %v, which has no words", kind, body, err)
		}
		for key, list := range values {
			for _, v := range append(list, key) {
				if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
					t.Fatalf("%q %q: %q is let through", kind, body, v)
				}
			}
		}
		var me meForm
		found, again := posted(kind, body).decode(&me)
		if (again == nil) != (err == nil) {
			t.Fatalf("%q %q: read as a form: %v; decoded: %v", kind, body, err, again)
		}
		if again == nil && (me.First != values.Get("first") || me.Last != values.Get("last") || me.Zone != values.Get("zone")) {
			t.Fatalf("%q: got %+v", body, me)
		}
		if long := utf8.RuneCountInString(me.First) > 100; again == nil && long != (found["first"] != "") {
			t.Fatalf("%q: the first name has %d characters and the problem is %q", body, utf8.RuneCountInString(me.First), found["first"])
		}
		var add addForm
		if _, err := posted(kind, body).decode(&add); err == nil && len(values["roles"]) > 0 && !slices.Equal(add.Roles, values["roles"]) {
			t.Fatalf("%q: got the roles %q", body, add.Roles)
		}
	})
}

// FuzzLocalPath: where a sign-in leads is on this site, as browsers read it.
func FuzzLocalPath(f *testing.F) {
	for _, next := range []string{"/", "//e", `/\e`, "/\t/e", "https://e", "", "/a?b=//c", "/a#b", "/%2f/e", "/a\x7f", "/\u2028", "/é"} {
		f.Add(next)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := localPath(next)
		if got != "/" && got != next {
			t.Fatalf("%q becomes %q", next, got)
		}
		// A browser drops tabs and line ends and takes \ for /.
		read := strings.NewReplacer("\t", "", "\r", "", "\n", "", `\`, "/").Replace(got)
		if !strings.HasPrefix(read, "/") || strings.HasPrefix(read, "//") || strings.ContainsFunc(got, func(r rune) bool { return r < 0x20 }) {
			t.Fatalf("%q leads to %q", next, got)
		}
	})
}
