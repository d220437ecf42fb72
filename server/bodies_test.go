package server_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A hostileBody is one that no form of this site ever has.
type hostileBody struct{ name, mediaType, body string }

const ordinaryForm = "application/x-www-form-urlencoded"

// hostileBodies are large, deep, packed or of another kind.
func hostileBodies(t testing.TB) []hostileBody {
	t.Helper()
	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	xml := `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "` + strings.Repeat("x", 1000) + `"><!ENTITY c "` + strings.Repeat("&b;", 1000) + `">]><a>` + strings.Repeat("&c;", 1000) + "</a>"
	list := []hostileBody{
		{"large", ordinaryForm, "first=" + strings.Repeat("a", 300<<10)},
		{"a large name", ordinaryForm, strings.Repeat("a", 300<<10) + "=1"},
		{"100,000 fields", ordinaryForm, strings.Repeat("a&", 100_000)},
		{"100,000 fields of many names", ordinaryForm, manyFields(100_000)},
		{"20,000 fields of many names", ordinaryForm, manyFields(20_000)},
		{"not encoded", ordinaryForm, "first=%zz"},
		{"half a character", ordinaryForm, "first=%e2%82"},
		{"a zero byte", ordinaryForm, "first=a%00b"},
		{"a zero byte in a name", ordinaryForm, "fi%00rst=a"},
		{"semicolons", ordinaryForm, "first=a;last=b"},
		{"zeros", ordinaryForm, strings.Repeat("\x00", 100_000)},
		{"another character set", ordinaryForm + "; charset=utf-7", "first=+AOQ-\xff"},
		{"packed", ordinaryForm, packed(t, 50<<20)},
		{"no such kind", "application/x-nothing", "first=a"},
		{"no kind", "", "first=a&last=b"},
		{"an unreadable kind", "; ;", "first=a"},
		{"two kinds", ordinaryForm + ", application/json", "first=a"},
	}
	for _, kind := range []string{"application/json", "application/xml", "text/xml", "text/plain", "application/cbor", "application/x-yaml", "application/graphql", "application/octet-stream"} {
		list = append(list, hostileBody{kind, kind, `{"first":"Eve","role":"admin"}`}, hostileBody{kind + ", deep", kind, deep},
			hostileBody{kind + ", large", kind, `{"first":"` + strings.Repeat("a", 1<<20) + `"}`}, hostileBody{kind + ", entities", kind, xml}, hostileBody{kind + ", packed", kind, packed(t, 50<<20)})
	}
	for name, parts := range map[string]int{"multipart": 2, "multipart, 20,000 parts": 20_000} {
		kind, body := manyParts(t, parts)
		list = append(list, hostileBody{name, kind, body})
	}
	return append(list, hostileBody{"multipart without an end", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"first\"\r\n\r\n" + strings.Repeat("a", 1<<20)})
}

func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "f%d&", i)
	}
	return b.String()
}

// packed is n zeros in few bytes.
func packed(t testing.TB, n int) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(make([]byte, n)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func manyParts(t testing.TB, n int) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := range n {
		if err := w.WriteField(fmt.Sprint("first", i), "Eve"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

// TestHostileBodies: whatever is posted to whatever form is refused with the
// site's own page, writes nothing, and the next page comes as ever. Signing
// out reads no form; it is left out.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	site := newRig(t, withTree(variants["signoff"](t)))
	bodies := hostileBodies(t)
	var targets []formStep
	everyForm(site, func(_ *client, s formStep) *answer {
		if s.route != "POST /logout" {
			targets = append(targets, s)
		}
		return &answer{t: t, Code: s.want, Header: http.Header{}}
	})
	if len(targets) < 17 || len(bodies) < 50 {
		t.Fatalf("%d forms and %d bodies, want 17 and 50 or more: this test sees too little", len(targets), len(bodies))
	}
	for _, s := range targets {
		for _, b := range bodies {
			c := site.as(s.who)
			if strings.Contains(b.name, "packed") {
				c.with("Content-Encoding", "gzip")
			}
			var a *answer
			cost := site.during(func() { a = c.send(http.MethodPost, s.path, b.mediaType, b.body) })
			page := strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && strings.Contains(a.Body, "<main")
			if !slices.Contains([]int{400, 404, 413, 415, 422}, a.Code) || !page || len(cost.writes()) > 0 || len(a.Cookies) > 0 {
				t.Errorf("%s, %s: got %d (a page: %v), cookies %v, wrote %v; want a refusal with a page", s.route, b.name, a.Code, page, a.Cookies, cost.writes())
			}
		}
		site.as("rep2@demo.test").get("/").want(http.StatusOK)
	}
}
