package words

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

func catalog(t *testing.T, files map[string]string) (*Catalog, error) {
	t.Helper()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Load(tree)
}

const english = `
language: {name: English}
home:
  hello: Hello, {{.Name}}
  lessons: {one: 1 lesson, other: "{{.N}} lessons"}
  bold: <b>{{.Name}}</b> is here
js:
  sheet:
    offline: You are offline.
    left: {one: 1 answer is left, other: "{{.N}} answers are left"}
`

const german = `
language: {name: Deutsch}
home:
  hello: Hallo, {{.Name}}
  lessons: {one: 1 Lektion, other: "{{.N}} Lektionen"}
  bold: <b>{{.Name}}</b> ist da
js:
  sheet:
    offline: Du bist offline.
    left: {one: 1 Antwort fehlt, other: "{{.N}} Antworten fehlen"}
`

func TestSay(t *testing.T) {
	c, err := catalog(t, map[string]string{"en/a.yaml": english, "de/b.yaml": german})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ prefer, id, want string }{
		{"de", "home.lessons", "3 Lektionen"},
		{"de-AT,en;q=0.5", "home.hello", "Hallo, Ada <i>"},
		{"fr", "home.hello", "Hello, Ada <i>"},
		{"", "home.lessons", "3 lessons"},
		{"%%", "home.hello", "Hello, Ada <i>"},
		{"en-GB", "home.lessons", "3 lessons"},
		{"de", "home.nothing", "home.nothing"},
	} {
		if got := c.Match(x.prefer).T(x.id, "Name", "Ada <i>", "N", 3); got != x.want {
			t.Errorf("%q says %s as %q, want %q", x.prefer, x.id, got, x.want)
		}
	}
	en, de := c.Match("en"), c.Match("", "de")
	if got := en.T("home.lessons", "N", 1); got != "1 lesson" {
		t.Errorf("one lesson is %q", got)
	}
	if got := de.HTML("home.bold", "Name", "Ada <i>"); got != "<b>Ada &lt;i&gt;</b> ist da" {
		t.Errorf("as HTML: %q", got)
	}
	if got, err := de.ForScripts("sheet"); err != nil || got != `{"left":{"one":"1 Antwort fehlt","other":"{{.N}} Antworten fehlen"},"offline":"Du bist offline."}` {
		t.Errorf("for scripts: %s, %v", got, err)
	}
	for _, wrong := range [][]any{{"home.hello"}, {"home.hello", "Name"}, {"home.lessons", "Name", "x"}, {"home.none"}} {
		if got, err := en.Say(wrong[0].(string), wrong[1:]...); err == nil {
			t.Errorf("say %v gives %q, want an error", wrong, got)
		}
	}
	if names := []string{c.Languages()[0].Name, c.Languages()[1].Name}; names[0] != "English" || names[1] != "Deutsch" || !c.Has("de") || c.Has("fr") {
		t.Errorf("languages: %v", names)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, x := range map[string]struct {
		german, want string
		file         string
	}{
		"a missing id":              {german: strings.Replace(german, "  hello: Hallo, {{.Name}}\n", "", 1), want: "the words of de lack home.hello"},
		"an id too many":            {german: german + "more: {thing: Sache}\n", want: "have more.thing, which en lacks"},
		"another placeholder":       {german: strings.Replace(german, "Hallo, {{.Name}}", "Hallo, {{.Nome}}", 1), want: "home.hello asks for [Nome], in en for [Name]"},
		"no plural":                 {german: strings.Replace(german, `{one: 1 Lektion, other: "{{.N}} Lektionen"}`, `"{{.N}} Lektionen"`, 1), want: "plural forms in one language only"},
		"a template's own language": {german: strings.Replace(german, "Hallo, {{.Name}}", "Hallo, {{if .Name}}", 1), want: "home.hello asks for []"},
		"braces":                    {german: strings.Replace(german, "Du bist offline.", "Du bist {{offline}}.", 1), want: "in braces that is no"},
		"no YAML":                   {german: "a: [", want: "de/b.yaml"},
		"no name of the language":   {german: strings.Replace(german, "language: {name: Deutsch}\n", "", 1), want: "language.name is missing"},
		"no tag":                    {german: german, file: "deutschland-x/b.yaml", want: "no language tag"},
	} {
		file := x.file
		if file == "" {
			file = "de/b.yaml"
		}
		_, err := catalog(t, map[string]string{"en/a.yaml": english, file: x.german})
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
	if _, err := catalog(t, map[string]string{"de/b.yaml": german}); err == nil {
		t.Error("without English it loads")
	}
	if _, err := catalog(t, map[string]string{"en/a.yaml": english, "en/b.yaml": "home: {hello: Hi}\n"}); err == nil || !strings.Contains(err.Error(), "another file") {
		t.Errorf("the same id in two files: %v", err)
	}
}

// TestMatchRemembers: what was matched once is matched the same again, also by
// one who makes up more preferences than are remembered.
func TestMatchRemembers(t *testing.T) {
	c, err := catalog(t, map[string]string{"en/a.yaml": english, "de/b.yaml": german})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 1000 {
		if got := c.Match(fmt.Sprintf("de-x-%d, en;q=0.%d", n, n%10)); got.Tag != "de" {
			t.Fatalf("preference %d is matched to %s, want de", n, got.Tag)
		}
	}
	for range 2 {
		if got := c.Match("xx-unreadable-;;", "de-AT;q=0.9, fr"); got.Tag != "de" {
			t.Errorf("matched to %s, want de", got.Tag)
		}
	}
}
