package static_test

import (
	"testing"
	"testing/fstest"

	"github.com/insidebox/insidebox/static"
)

// TestCommentsAreNotSent: comments stay with those who write, and nothing
// else goes with them.
func TestCommentsAreNotSent(t *testing.T) {
	for _, x := range []struct{ name, text, want string }{
		{"a.css", "/* one\n two */\na { /* three */\n  content: \"/* said */\" / '';\n}\n\n\nb::before { content: '\\'/* b */' }\n", "\na {\ncontent: \"/* said */\" / '';\n}\nb::before { content: '\\'/* b */' }\n"},
		{"a.js", "/**\n * What it does.\n */\nconst a = 1; // stays\n\n  /** @type {number} */\n  // goes\nconst b = \"/** said */\";\n", "const a = 1; // stays\n\nconst b = \"/** said */\";\n"},
		{"b.js", "const a = `\n// text\n`;\n// stays\n", "const a = `\n// text\n`;\n// stays\n"},
		{"c.js", "const glob = `a/**`;\nconst b = 1 /** odd */;\n", "const glob = `a/**`;\nconst b = 1 /** odd */;\n"},
		{"a.svg", "<svg><!-- stays --></svg>", "<svg><!-- stays --></svg>"},
	} {
		files, err := static.Load(fstest.MapFS{x.name: {Data: []byte(x.text)}})
		if err != nil {
			t.Fatal(err)
		}
		f, err := files.Find(x.name)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(f.Body); got != x.want {
			t.Errorf("%s is sent as\n%q\nwant\n%q", x.name, got, x.want)
		}
	}
}
