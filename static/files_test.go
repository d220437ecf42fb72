package static_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/insidebox/insidebox/static"
)

func tree(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func load(t *testing.T, files map[string]string) *static.Files {
	t.Helper()
	f, err := static.Load(tree(files))
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return f
}

func body(t *testing.T, f *static.Files, name string) string {
	t.Helper()
	file, err := f.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(file.Body)
}

func TestNameCarriesTheHashOfTheContent(t *testing.T) {
	a := load(t, map[string]string{"css/app.css": "a{}"})
	b := load(t, map[string]string{"css/app.css": "b{}"})
	if !regexp.MustCompile(`^/static/css/app\.[0-9a-f]{10}\.css$`).MatchString(a.URL("css/app.css")) {
		t.Errorf("URL is %q", a.URL("css/app.css"))
	}
	if a.URL("css/app.css") == b.URL("css/app.css") {
		t.Error("other bytes, same URL")
	}
	if again := load(t, map[string]string{"css/app.css": "a{}"}); again.URL("css/app.css") != a.URL("css/app.css") {
		t.Error("same bytes, other URL")
	}
}

func TestLookupKnowsOnlyTheHashedName(t *testing.T) {
	f := load(t, map[string]string{"css/app.css": "a{}"})
	file, ok := f.Lookup(f.URL("css/app.css"))
	if !ok || file.MediaType != "text/css; charset=utf-8" || string(file.Body) != "a{}" {
		t.Errorf("Lookup gave %+v, %v", file, ok)
	}
	if !regexp.MustCompile(`^"[0-9a-f]{32}"$`).MatchString(file.ETag) {
		t.Errorf("ETag is %s", file.ETag)
	}
	for _, path := range []string{"/static/css/app.css", "/static/css/app.0000000000.css", "css/app.css", "", "/static/"} {
		if _, ok := f.Lookup(path); ok {
			t.Errorf("Lookup(%q) found a file", path)
		}
	}
}

func TestOtherFilesArePassedOver(t *testing.T) {
	f := load(t, map[string]string{"js/a.js": "", "js/a.test.mjs": "x", "embed.go": "x", "js/package.json": "{}"})
	if got := strings.Join(f.Names(), " "); got != "js/a.js" {
		t.Errorf("Names are %q", got)
	}
}

func TestReferencesAreRewritten(t *testing.T) {
	f := load(t, map[string]string{
		"icons.svg":     "<svg/>",
		"fonts/a.woff2": "font",
		"css/base.css":  "b{}",
		"css/app.css":   `@import "base.css"; @font-face{src:url( "../fonts/a.woff2" )} i{mask:url(../icons.svg#ok)} u{background:url('data:image/png;base64,AA==')} b{fill:url(#grad)}`,
		"js/app.js":     "import { a } from \"./q.js\";\nimport './side.js';\nimport {\n  b,\n} from './q.js';\nexport { c } from './q.js';\nconst d = () => import('./side.js');\nconst text = 'import it';\nexport const word = 'w';\n",
		"js/q.js":       "export const a = 1",
		"js/side.js":    "",
	})
	font, icons, base := f.URL("fonts/a.woff2"), f.URL("icons.svg"), f.URL("css/base.css")
	want := `@import "` + base + `"; @font-face{src:url( "` + font + `" )} i{mask:url(` + icons + `#ok)} u{background:url('data:image/png;base64,AA==')} b{fill:url(#grad)}`
	if got := body(t, f, "css/app.css"); got != want {
		t.Errorf("style sheet is\n%s\nwant\n%s", got, want)
	}
	q, side := f.URL("js/q.js"), f.URL("js/side.js")
	want = "import { a } from \"" + q + "\";\nimport '" + side + "';\nimport {\n  b,\n} from '" + q + "';\nexport { c } from '" + q + "';\nconst d = () => import('" + side + "');\nconst text = 'import it';\nexport const word = 'w';\n"
	if got := body(t, f, "js/app.js"); got != want {
		t.Errorf("script is\n%s\nwant\n%s", got, want)
	}
}

func TestSheetInParts(t *testing.T) {
	f := load(t, map[string]string{
		"css/app/20-b.css": "b{src:url(../../a.svg)}\n", "css/app/10-a.css": "a{}\n", "css/other.css": "o{}", "a.svg": "<svg/>",
	})
	if want := "a{}\nb{src:url(" + f.URL("a.svg") + ")}\n"; body(t, f, "css/app.css") != want {
		t.Errorf("the sheet is %q, want %q", body(t, f, "css/app.css"), want)
	}
	if names := strings.Join(f.Names(), " "); names != "a.svg css/app.css css/other.css" {
		t.Errorf("files are %s", names)
	}
	_, err := static.Load(tree(map[string]string{"css/app/10-a.css": "a{}\nb{src:url(x.svg)}"}))
	if !errors.Is(err, static.ErrReference) || !strings.Contains(err.Error(), "css/app/10-a.css:2") {
		t.Errorf("a part that refers to nothing: %v", err)
	}
}

func TestHashCoversWhatAFileRefersTo(t *testing.T) {
	files := map[string]string{"css/app.css": "a{src:url(../a.svg)}", "a.svg": "<svg/>"}
	before := load(t, files).URL("css/app.css")
	files["a.svg"] = "<svg></svg>"
	if load(t, files).URL("css/app.css") == before {
		t.Error("the icon changed, the URL of the style sheet that names it did not")
	}
}

func TestBadReferencesAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"missing":    {map[string]string{"css/app.css": "a{}\nb{src:url(../gone.svg)}"}, "css/app.css:2"},
		"other host": {map[string]string{"css/app.css": `@import "https://fonts.example/x.css";`}, "css/app.css:1"},
		"no scheme":  {map[string]string{"css/app.css": `a{src:url(//fonts.example/x.svg)}`}, "css/app.css:1"},
		"absolute":   {map[string]string{"js/a.js": `import "/static/b.js"`, "js/b.js": ""}, "js/a.js:1"},
		"bare":       {map[string]string{"js/a.js": "\nimport x from 'lodash'"}, "js/a.js:2"},
		"circle":     {map[string]string{"js/a.js": "import './b.js'", "js/b.js": "import './a.js'"}, "js/a.js -> js/b.js -> js/a.js"},
		"outside":    {map[string]string{"css/app.css": "a{src:url(../../etc/a.svg)}"}, "css/app.css:1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := static.Load(tree(test.files))
			if !errors.Is(err, static.ErrReference) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want one that names %s", err, test.want)
			}
		})
	}
}

func TestUnknownName(t *testing.T) {
	f := load(t, map[string]string{"css/app.css": "a{}"})
	if _, err := f.Find("css/ap.css"); !errors.Is(err, static.ErrUnknown) || !strings.Contains(err.Error(), "css/app.css") {
		t.Errorf("Find: %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("URL of an unknown name did not panic")
		}
	}()
	f.URL("css/ap.css")
}

func TestGzipWhereItPays(t *testing.T) {
	long := strings.Repeat("a{color:red}", 200)
	f := load(t, map[string]string{"long.css": long, "short.css": "a{}"})
	file, _ := f.Find("long.css")
	r, err := gzip.NewReader(bytes.NewReader(file.Gzip))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(r); err != nil || string(plain) != long {
		t.Errorf("unpacked %d bytes, %v", len(plain), err)
	}
	if file, _ = f.Find("short.css"); file.Gzip != nil {
		t.Error("three bytes were compressed")
	}
}
