package static_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/static"
)

func embedded(t *testing.T) *static.Files {
	t.Helper()
	f, err := static.Load(static.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A lesson's first view may weigh 90 KB with its page; this is what static
// files may take of it, in bytes as sent.
const firstViewBudget = 75 << 10

func TestFirstViewStaysSmall(t *testing.T) {
	f := embedded(t)
	total := 0
	for _, name := range []string{"css/app.css", "css/last.css", "js/app.js", "js/flow.js", "js/keys.js", "js/notices.js", "icons.svg", "marks.svg", "favicon.svg", "fonts/inter-latin.woff2"} {
		file, err := f.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		size := len(file.Body)
		if file.Gzip != nil {
			size = len(file.Gzip)
		}
		t.Logf("%-26s %6d bytes", name, size)
		total += size
	}
	t.Logf("%-26s %6d bytes", "together", total)
	if total > firstViewBudget {
		t.Errorf("first view takes %d bytes, more than %d", total, firstViewBudget)
	}
}

func TestTestsAreNotEmbedded(t *testing.T) {
	for _, name := range embedded(t).Names() {
		if strings.Contains(name, "test") {
			t.Errorf("%s is served", name)
		}
	}
}

// Pages are sent with a policy that allows nothing inline and nobody else's
// hosts; a drawing or a script that needs more would silently not work.
func TestNothingInlineAndNoThirdParty(t *testing.T) {
	f := embedded(t)
	forbidden := regexp.MustCompile(`style="|<style|<script|\bon[a-z]+="|\beval\(|new Function\(|https?://`)
	for _, name := range f.Names() {
		if strings.HasPrefix(name, "fonts/") {
			continue
		}
		text := strings.ReplaceAll(body(t, f, name), "http://www.w3.org/2000/svg", "")
		if found := forbidden.FindString(text); found != "" {
			t.Errorf("%s contains %q", name, found)
		}
	}
}

// The style sheet draws with custom properties; one that is never set makes a
// declaration vanish without a word.
func TestEveryCustomPropertyIsSet(t *testing.T) {
	files, css := embedded(t), ""
	for _, name := range files.Names() {
		if strings.HasSuffix(name, ".css") {
			css += body(t, files, name)
		}
	}
	for _, m := range regexp.MustCompile(`var\((--[a-z0-9-]+)`).FindAllStringSubmatch(css, -1) {
		if !regexp.MustCompile(regexp.QuoteMeta(m[1]) + `\s*:`).MatchString(css) {
			t.Errorf("%s is used and never set", m[1])
		}
	}
}
