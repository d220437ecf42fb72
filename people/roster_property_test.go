package people

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/store"
)

// drawRoster draws a file about a handful of people, so that its rows have much
// to do with each other and with what was imported before.
func drawRoster(t *rapid.T) string {
	maybe := func(values ...string) *rapid.Generator[string] {
		return rapid.SampledFrom(append(values, "", ""))
	}
	email := rapid.SampledFrom([]string{"a@x.test", "B@x.test", "c@x.test", "d@x.test", "e@x.test", "f@x.test"})
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.Comma = rapid.SampledFrom([]rune{',', ';', '\t'}).Draw(t, "separator")
	_ = out.Write([]string{"email", "firstname", "lastname", "username", "idnumber", "manager", "team", "roles", "suspended", "deleted"})
	for range rapid.IntRange(1, 7).Draw(t, "rows") {
		_ = out.Write([]string{
			email.Draw(t, "email"),
			maybe("Ada", "Åsa").Draw(t, "first"),
			rapid.SampledFrom([]string{"Berg", "Öz", "Lee, \"Jr\""}).Draw(t, "last"),
			maybe("u1", "u2", "u3").Draw(t, "username"),
			maybe("1", "2", "3").Draw(t, "idnumber"),
			maybe("a@x.test", "b@x.test", "u1", "nobody@x.test").Draw(t, "manager"),
			maybe("North", "south").Draw(t, "team"),
			maybe("rep", "manager", "admin", "admin rep", "boss").Draw(t, "roles"),
			maybe("0", "1").Draw(t, "suspended"),
			maybe("", "", "1").Draw(t, "deleted"),
		})
	}
	out.Flush()
	return b.String()
}

// Importing a file a second time changes nothing, unless a row that was refused
// at first is not refused any more; and it always comes to rest. Whatever is
// imported, addresses stay unique, and an admin stays when there was one.
func TestRosterProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHouse(t)
		defer h.store.Close() // or a long walk has too many files open
		for range rapid.IntRange(1, 3).Draw(rt, "files") {
			file := drawRoster(rt)
			hadAdmin, err := h.HasAdmin(t.Context())
			if err != nil {
				rt.Fatal(err)
			}
			d := h.plan(t, file)
			refused := d.Count(Rejected)
			if rep := h.apply(t, d); rep.Count(Rejected) != refused {
				rt.Fatalf("apply refused what the plan didn't:\n%s\n%s\n%s", file, show(d.Rows), show(rep.Rows))
			}
			again := h.plan(t, file)
			if refused == 0 && !again.Empty() {
				rt.Fatalf("a second import changes something:\n%s\n%s%v", file, show(again.Rows), again.Teams)
			}
			for n := 0; !again.Empty(); n++ {
				if n > refused {
					rt.Fatalf("it doesn't come to rest:\n%s\n%s%v", file, show(again.Rows), again.Teams)
				}
				h.apply(t, again)
				again = h.plan(t, file)
			}
			if has, err := h.HasAdmin(t.Context()); err != nil || hadAdmin && !has {
				rt.Fatalf("no admin is left (%v):\n%s", err, file)
			}
			checkPeople(rt, h)
		}
	})
}

// checkPeople looks at everybody's document.
func checkPeople(t *rapid.T, h *house) {
	page, err := h.List(h.ctx(), store.Cursor{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range page.People {
		before := *p
		if p.derive(); before.Admin != p.Admin || before.NameKey != p.NameKey || before.EmailKey != p.EmailKey {
			t.Fatalf("derived fields are not true: %+v", before)
		}
		if found, err := h.ByEmail(h.ctx(), p.Email); err != nil || found.ID != p.ID || seen[p.EmailKey] {
			t.Fatalf("%s is not unique or not found: %v", p.Email, err)
		}
		seen[p.EmailKey] = true
		if sorted, err := checkRoles(p.Roles); err != nil || !slices.Equal(sorted, p.Roles) || len(p.Roles) == 0 {
			t.Fatalf("roles %v: %v", p.Roles, err)
		}
		if p.Team != "" {
			if _, err := h.Team(h.ctx(), p.Team); err != nil {
				t.Fatalf("%s is in a team that isn't there: %v", p.Email, err)
			}
		}
	}
}

// FuzzRoster: whatever the file, reading it ends, within its limits, with an
// error in a sentence or with rows that have lines; and what it would write
// back holds no formula and can be read again, row for row.
func FuzzRoster(f *testing.F) {
	f.Add([]byte(company))
	f.Add([]byte("\uFEFFE-Mail;First Name;team\r\na@x.test;\"A\r\nB\";=1+1\r\n"))
	f.Add([]byte("sep=;\nemail;reason\nx;y;z\n"))
	f.Add([]byte("email,lastname\n\"a@x.test,A\nb@x.test,B\n"))
	f.Add([]byte("email\ta\tb\n'\t\"\"\t@\n"))
	f.Add([]byte("email,,\nanna@x.test,\xff,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ros, err := ReadRoster(bytes.NewReader(data))
		if err != nil {
			if !strings.HasSuffix(err.Error(), ".") {
				t.Fatalf("the error is no sentence: %v", err)
			}
			return
		}
		rows := make([]Row, 0, len(ros.Rows))
		line := 0
		for _, r := range ros.Rows {
			if r.Line <= line {
				t.Fatalf("line %d behind line %d", r.Line, line)
			}
			line = r.Line
			d := newDraft(r)
			if d.err == nil && (d.want.email == "" || FoldEmail(d.want.email) == "") {
				t.Fatalf("line %d is accepted without an address", r.Line)
			}
			rows = append(rows, Row{Line: r.Line, cells: r.Cells, Email: d.shown}.reject(fmt.Errorf("refused")))
		}
		var out bytes.Buffer
		if err := ros.WriteRejected(&out, refusals(rows)); err != nil {
			t.Fatal(err)
		}
		back := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\uFEFF")))
		back.Comma, back.FieldsPerRecord = ros.comma, -1
		records, err := back.ReadAll()
		if err != nil || len(records) != len(rows)+1 {
			t.Fatalf("%d rows come back as %d, %v:\n%q", len(rows), len(records)-1, err, out.String())
		}
		for _, cell := range slices.Concat(records...) {
			if c := strings.TrimLeft(cell, " "); c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
				t.Fatalf("a formula goes out: %q", cell)
			}
		}
	})
}
