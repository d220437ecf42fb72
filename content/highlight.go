package content

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// renderCode writes a code block. Where the language is known, tokens stand
// in spans with chroma's short class names ("k" keyword, "s" string, "c"
// comment …); the colours are the style sheet's.
func renderCode(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	language := ""
	if fenced, ok := n.(*ast.FencedCodeBlock); ok {
		language = string(fenced.Language(source))
	}
	_, _ = w.WriteString(`<pre tabindex="0" class="chroma"><code`)
	if language != "" {
		_, _ = w.WriteString(` class="language-` + escape(language) + `"`)
	}
	_ = w.WriteByte('>')
	writeCode(w, language, string(n.Lines().Value(source)))
	_, _ = w.WriteString("</code></pre>\n")
	return ast.WalkSkipChildren, nil
}

func writeCode(w util.BufWriter, language, code string) {
	lexer := lexerOf(language)
	if lexer == nil {
		_, _ = w.WriteString(escape(code))
		return
	}
	tokens, err := chroma.Coalesce(lexer).Tokenise(&chroma.TokeniseOptions{State: "root", EnsureLF: true}, code)
	if err != nil {
		_, _ = w.WriteString(escape(code))
		return
	}
	for token := tokens(); token != chroma.EOF; token = tokens() {
		if class := tokenClass(token.Type); class != "" && strings.TrimSpace(token.Value) != "" {
			_, _ = w.WriteString(`<span class="` + class + `">` + escape(token.Value) + "</span>")
		} else {
			_, _ = w.WriteString(escape(token.Value))
		}
	}
}

// tokenClass is the class of a token's type, or of the nearest type above
// it that has one.
func tokenClass(t chroma.TokenType) string {
	for ; t != 0; t = t.Parent() {
		if class, ok := chroma.StandardTypes[t]; ok {
			return class
		}
	}
	return ""
}

// lexersByName are chroma's lexers by name and by alias, in small letters.
// chroma's own look-up would try an unknown name as a file name on some 250
// patterns.
var lexersByName = sync.OnceValue(func() map[string]chroma.Lexer {
	byName := map[string]chroma.Lexer{}
	for _, lexer := range lexers.GlobalLexerRegistry.Lexers {
		for _, name := range append(lexer.Config().Aliases, lexer.Config().Name) {
			byName[strings.ToLower(name)] = lexer
		}
	}
	return byName
})

// lexerOf finds a language as authors name it; nil when it is not known.
func lexerOf(language string) chroma.Lexer { return lexersByName()[strings.ToLower(language)] }

// languages lists what a fenced block may be named after.
func languages() []string { return slices.Sorted(maps.Keys(lexersByName())) }
