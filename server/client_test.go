package server_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A client is one browser: it keeps its cookies and follows no redirect.
type client struct {
	rig     *rig
	who     string // e-mail address of whose session it has; "" nobody's
	cookies map[string]string
	header  http.Header // sent with every request
}

// as is a browser in which this person is signed in; "" or "nobody" is one in
// which nobody is.
func (r *rig) as(email string) *client {
	r.Helper()
	c := &client{rig: r, cookies: map[string]string{}, header: http.Header{}}
	if email != "" && email != "nobody" {
		name, value := r.cookie(email)
		c.who, c.cookies[name] = email, value
	}
	return c
}

// with adds a header to every request of the client.
func (c *client) with(name, value string) *client {
	c.header.Set(name, value)
	return c
}

// An answer is what came back, whole.
type answer struct {
	t       testing.TB
	Asked   string // "GET /courses"
	Code    int
	Header  http.Header
	Body    string
	Cookies []*http.Cookie
	parsed  *html.Node
}

// transport asks for no compression by itself, so that bodies and headers
// are those that were sent.
var transport = &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16}

func (c *client) get(path string) *answer {
	c.rig.Helper()
	return c.send(http.MethodGet, path, "", "")
}

func (c *client) head(path string) *answer {
	c.rig.Helper()
	return c.send(http.MethodHead, path, "", "")
}

// post sends a form as a browser would.
func (c *client) post(path string, form url.Values) *answer {
	c.rig.Helper()
	return c.send(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode())
}

// send sends any request. The path may be anything, a bad one too.
func (c *client) send(method, path, mediaType, body string) *answer {
	c.rig.Helper()
	req, err := http.NewRequestWithContext(c.rig.Context(), method, c.rig.URL+path, strings.NewReader(body))
	c.rig.must(err)
	for name, values := range c.header {
		req.Header[name] = values
	}
	if mediaType != "" {
		req.Header.Set("Content-Type", mediaType)
	}
	for name, value := range c.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := transport.RoundTrip(req)
	c.rig.must(err)
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	c.rig.must(err)
	a := &answer{t: c.rig.TB, Asked: method + " " + path, Code: res.StatusCode, Header: res.Header, Body: string(data), Cookies: res.Cookies()}
	for _, cookie := range a.Cookies {
		c.cookies[cookie.Name] = cookie.Value
		if cookie.MaxAge < 0 {
			delete(c.cookies, cookie.Name)
		}
	}
	return a
}

// follow gets where the answer leads.
func (c *client) follow(a *answer) *answer {
	c.rig.Helper()
	a.want(http.StatusSeeOther)
	return c.get(a.Header.Get("Location"))
}

// submit sends the form of a page whose action begins so, as it is filled in
// there but for the changes. A change without values takes a field out.
func (c *client) submit(page *answer, action string, changes url.Values) *answer {
	c.rig.Helper()
	f := page.form(action)
	for name, values := range changes {
		f.values[name] = values
	}
	return c.post(f.action, f.values)
}

// want stops the test when the status is another.
func (a *answer) want(code int) *answer {
	a.t.Helper()
	if a.Code != code {
		a.t.Fatalf("%s: got %d, want %d; Location %q\n%s", a.Asked, a.Code, code, a.Header.Get("Location"), a.text())
	}
	return a
}

// leadsTo stops the test when the answer is not a 303 to this place.
func (a *answer) leadsTo(location string) *answer {
	a.t.Helper()
	a.want(http.StatusSeeOther)
	if got := a.Header.Get("Location"); got != location {
		a.t.Fatalf("%s: got Location %q, want %q", a.Asked, got, location)
	}
	return a
}

// says stops the test when one of the texts is missing from what one reads.
func (a *answer) says(texts ...string) *answer {
	a.t.Helper()
	shown := a.text()
	for _, text := range texts {
		if !strings.Contains(shown, text) {
			a.t.Fatalf("%s: %q is missing from:\n%s", a.Asked, text, shown)
		}
	}
	return a
}

// silent stops the test when one of the texts is in the page's bytes.
func (a *answer) silent(texts ...string) *answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Body, text) {
			a.t.Fatalf("%s: %q must not be in:\n%s", a.Asked, text, a.text())
		}
	}
	return a
}

// doc is the parsed page.
func (a *answer) doc() *html.Node {
	a.t.Helper()
	if a.parsed == nil {
		n, err := html.Parse(strings.NewReader(a.Body))
		if err != nil {
			a.t.Fatalf("%s: %v", a.Asked, err)
		}
		a.parsed = n
	}
	return a.parsed
}

// text is what one reads on the page: no tags, single spaces.
func (a *answer) text() string {
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return a.Body
	}
	return textOf(a.doc())
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "script" && d.Parent.Data != "style" {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// all are the elements of the page for which a simple selector holds:
// "input[name=q]", "section.question", "#main", "a".
func (a *answer) all(selector string) (found []*html.Node) {
	a.t.Helper()
	s, err := parseSelector(selector)
	if err != nil {
		a.t.Fatal(err)
	}
	for n := range a.doc().Descendants() {
		if s.matches(n) {
			found = append(found, n)
		}
	}
	return found
}

// A selector is an element name with classes, an id and attributes.
type selector struct {
	tag     string
	classes []string
	attrs   map[string]*string // nil: any value
}

var (
	selectorShape = regexp.MustCompile(`^([a-z0-9]*)((?:[.#][\w-]+|\[[^\]]+\])*)$`)
	selectorPart  = regexp.MustCompile(`[.#][\w-]+|\[[^\]]+\]`)
)

func parseSelector(text string) (selector, error) {
	m := selectorShape.FindStringSubmatch(text)
	if m == nil || text == "" {
		return selector{}, fmt.Errorf("%q is not a selector; write tag.class#id[attribute=value]", text)
	}
	s := selector{tag: m[1], attrs: map[string]*string{}}
	for _, part := range selectorPart.FindAllString(m[2], -1) {
		switch part[0] {
		case '.':
			s.classes = append(s.classes, part[1:])
		case '#':
			s.attrs["id"] = ptr(part[1:])
		default:
			name, value, given := strings.Cut(part[1:len(part)-1], "=")
			s.attrs[name] = nil
			if given {
				s.attrs[name] = ptr(value)
			}
		}
	}
	return s, nil
}

func ptr(s string) *string { return &s }

func (s selector) matches(n *html.Node) bool {
	if n.Type != html.ElementNode || s.tag != "" && n.Data != s.tag {
		return false
	}
	have := strings.Fields(attr(n, "class"))
	for _, class := range s.classes {
		if !slices.Contains(have, class) {
			return false
		}
	}
	for name, want := range s.attrs {
		if !hasAttr(n, name) || want != nil && attr(n, name) != *want {
			return false
		}
	}
	return true
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// A form is a form of a page as it is filled in.
type form struct {
	action string
	method string
	values url.Values
}

// form finds the page's form that posts to an address that begins so.
func (a *answer) form(action string) form {
	a.t.Helper()
	for _, f := range a.forms() {
		if strings.HasPrefix(f.action, action) && f.method == "post" {
			return f
		}
	}
	a.t.Fatalf("%s: there is no form with an action that begins with %q on\n%s", a.Asked, action, a.text())
	return form{}
}

// forms are all forms of the page with what a browser would send of them.
func (a *answer) forms() (list []form) {
	a.t.Helper()
	for n := range a.doc().Descendants() {
		if n.Type != html.ElementNode || n.Data != "form" {
			continue
		}
		f := form{action: attr(n, "action"), method: strings.ToLower(attr(n, "method")), values: url.Values{}}
		if f.action == "" {
			_, f.action, _ = strings.Cut(a.Asked, " ")
		}
		f.action, _, _ = strings.Cut(f.action, "#")
		for d := range n.Descendants() {
			addControl(f.values, d)
		}
		list = append(list, f)
	}
	return list
}

// addControl adds what a browser sends of one control, if anything.
func addControl(values url.Values, n *html.Node) {
	name := attr(n, "name")
	if n.Type != html.ElementNode || name == "" || hasAttr(n, "disabled") {
		return
	}
	switch n.Data {
	case "input":
		switch attr(n, "type") {
		case "checkbox", "radio":
			if hasAttr(n, "checked") {
				values.Add(name, attr(n, "value"))
			}
		case "submit", "button", "image", "reset", "file":
		default:
			values.Add(name, attr(n, "value"))
		}
	case "textarea":
		values.Add(name, strings.TrimPrefix(textRaw(n), "\n"))
	case "select":
		values.Add(name, chosen(n))
	}
}

func textRaw(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// chosen is the value of a select: the selected option's, else the first's.
func chosen(n *html.Node) string {
	first, value, found := "", "", false
	for d := range n.Descendants() {
		if d.Type != html.ElementNode || d.Data != "option" {
			continue
		}
		if !found && first == "" {
			first = attr(d, "value")
		}
		if hasAttr(d, "selected") {
			value, found = attr(d, "value"), true
		}
	}
	if found {
		return value
	}
	return first
}
