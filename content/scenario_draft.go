package content

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A ScenarioDraft is a scenario to be written as a file: what an author goes on
// from. Its texts are plain; whatever stands in them is shown as it is.
type ScenarioDraft struct {
	ID, Title string
	Intro     string
	State     string // as in front matter: "trust: 5 of 10, aim: no"
	Pass      string // a condition
	Ends      string // as in front matter, by the anchors of [SceneAnchor]
	Scenes    []DraftScene
}

// A DraftScene is one scene of a draft; without choices it is an end.
type DraftScene struct {
	Title   string
	Text    []string // paragraphs
	Choices []DraftChoice
}

// A DraftChoice leads to another scene, by its index.
type DraftChoice struct {
	Text    string
	To      int
	Effects string
	Why     string
	Cites   []*Clause
}

// SceneAnchor is the anchor of a scene's heading, where no other has that title.
func SceneAnchor(title string) string { return slug(title) }

// maxDraftID bounds the id that is made of a title, in bytes.
const maxDraftID = 60

// DraftID makes an id of a title that no scenario has: its words as far as they
// are letters and digits of ASCII, or else what stands in for them.
func (l *Library) DraftID(title, otherwise string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return r >= unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	id := strings.Join(words, "-")
	if len(id) > maxDraftID {
		id = strings.Trim(id[:maxDraftID], "-")
	}
	if id == "" {
		id = otherwise
	}
	for n := 1; ; n++ {
		name := id
		if n > 1 {
			name = fmt.Sprintf("%s-%d", id, n)
		}
		if l.scenarios[name] == nil {
			return name
		}
	}
}

// DraftFile is where a draft scenario about a clause may lie: in the module of the
// first lesson that teaches it, or else in the first module. It is empty in a
// library without modules.
func (l *Library) DraftFile(id string, about *Clause) string {
	name := "_" + id + ".scenario.md"
	if about != nil && len(about.Lessons) > 0 {
		return path.Join(path.Dir(about.Lessons[0].File), name)
	}
	for _, c := range l.Courses {
		for _, m := range c.Modules {
			if len(m.Lessons) > 0 {
				return path.Join(path.Dir(m.Lessons[0].File), name)
			}
		}
	}
	return ""
}

// Markdown writes the draft in the format of scenario files, for a file three
// folders deep.
func (l *Library) Markdown(d ScenarioDraft) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nid: %s\ntitle: %s\nstart: %s\nstate: {%s}\npass: %s\n", d.ID, quotedYAML(d.Title), SceneAnchor(d.Scenes[0].Title), d.State, d.Pass)
	if d.Ends != "" {
		fmt.Fprintf(&b, "ends: {%s}\n", d.Ends)
	}
	fmt.Fprintf(&b, "attempts: 3\ncooldown: [24h]\n---\n%s\n", escaped(d.Intro))
	for _, s := range d.Scenes {
		fmt.Fprintf(&b, "\n## %s\n", escaped(s.Title))
		for _, text := range s.Text {
			if text = escaped(text); text != "" {
				fmt.Fprintf(&b, "\n%s\n", text)
			}
		}
		if len(s.Choices) > 0 {
			b.WriteString("\n")
		}
		for _, c := range s.Choices {
			fmt.Fprintf(&b, "- [%s](#%s", escaped(c.Text), SceneAnchor(d.Scenes[c.To].Title))
			if c.Effects != "" {
				fmt.Fprintf(&b, " %q", c.Effects)
			}
			b.WriteString(")\n")
			if c.Why != "" {
				fmt.Fprintf(&b, "  > %s%s\n", escaped(c.Why), l.cited(c.Cites))
			}
		}
	}
	return []byte(b.String())
}

// cited are links to clauses, from a file three folders deep.
func (l *Library) cited(clauses []*Clause) string {
	var links []string
	for _, c := range clauses {
		if file := l.FileOf(c); file != "" {
			links = append(links, fmt.Sprintf("[%s](../../../%s#%s)", escaped(c.Title), file, c.Anchor))
		}
	}
	if len(links) == 0 {
		return ""
	}
	return " (" + strings.Join(links, ", ") + ")"
}

// quotedYAML writes a text as a quoted scalar of one line.
func quotedYAML(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(Shown(text)) + `"`
}

// escaped writes text as one paragraph of Markdown in which nothing is markup: all
// of it stands there as it was. Runs of white space are one space.
func escaped(text string) string {
	text = Shown(text)
	var b strings.Builder
	for i, r := range text {
		rest := text[i+utf8.RuneLen(r):]
		switch {
		case strings.ContainsRune("\\`*_{}[]<>&|~@", r),
			i == 0 && strings.ContainsRune("#+-=", r),                                   // a heading, a list, a line
			r == ':' && rest != "" && rest[0] != ' ',                                    // an address
			strings.ContainsRune(".)", r) && strings.Trim(text[:i], "0123456789") == "", // a number of a list
			r == '.' && strings.HasSuffix(strings.ToLower(text[:i]), "www"):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Shown is what of a text is shown on a page: one line without what can't be seen.
func Shown(text string) string { return strings.Join(strings.Fields(printable(text)), " ") }

// printable leaves out what can't be seen, which content may not hold.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}
