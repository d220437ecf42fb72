package scenario

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A SyntaxError says what is wrong with an expression or an effect, and
// where.
type SyntaxError struct {
	Offset  int // in bytes, from the beginning of the text that was read
	Message string
	Unknown string // the name, where no variable has it
}

// Error returns the message.
func (e *SyntaxError) Error() string { return e.Message }

func wrong(at int, format string, args ...any) *SyntaxError {
	return &SyntaxError{Offset: at, Message: fmt.Sprintf(format, args...)}
}

// A token is a word, a number or a sign of an expression.
type token struct {
	text string // empty at the end
	at   int
	kind tokenKind
}

type tokenKind int

const (
	signToken tokenKind = iota // a comparison or a parenthesis
	wordToken
	digitsToken
	endToken
)

// insteadOf are signs that people write for others.
var insteadOf = map[string]string{
	"==": "=", "=>": ">=", "=<": "<=", "<>": "!=", "≥": ">=", "≤": "<=", "≠": "!=",
	"&": "and", "&&": "and", "|": "or", "||": "or", "!": "not",
}

// lex cuts an expression into tokens; the last is the end.
func lex(text string) ([]token, error) {
	var tokens []token
	for at := 0; ; {
		at += len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\n"))
		t, err := next(text, at)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		if t.kind == endToken {
			return tokens, nil
		}
		if len(tokens) > MaxExpression {
			return nil, wrong(at, "the expression is too long; %d words, numbers and signs are the most", MaxExpression)
		}
		at += len(t.text)
	}
}

// next reads the token that begins at an offset.
func next(text string, at int) (token, error) {
	rest := text[at:]
	if rest == "" {
		return token{at: at, kind: endToken}, nil
	}
	if n := wordLength(rest); n > 0 {
		return token{rest[:n], at, wordToken}, nil
	}
	if n := length(rest, digit); n > 0 {
		return token{rest[:n], at, digitsToken}, nil
	}
	if rest[0] == '(' || rest[0] == ')' {
		return token{rest[:1], at, signToken}, nil
	}
	n := length(rest, func(c byte) bool { return strings.IndexByte("<>=!&|", c) >= 0 })
	if signs[rest[:n]] != 0 {
		return token{rest[:n], at, signToken}, nil
	}
	if n == 0 {
		_, n = utf8.DecodeRuneInString(rest)
	}
	if instead := insteadOf[rest[:n]]; instead != "" {
		return token{}, wrong(at, "%s is not a sign of expressions; write %s", rest[:n], instead)
	}
	return token{}, wrong(at, "%q has no meaning in an expression; there are names, numbers, yes, no, and, or, not, parentheses, and the signs >= <= > < = !=", rest[:n])
}

// wordLength returns how many bytes of a name or a word begin the text; a
// hyphen is part of it where a letter follows.
func wordLength(text string) int {
	n := 0
	for n < len(text) && (letter(text[n]) || n > 0 && (digit(text[n]) || text[n] == '-' && n+1 < len(text) && letter(text[n+1]))) {
		n++
	}
	return n
}

func length(text string, is func(byte) bool) int {
	n := 0
	for n < len(text) && is(text[n]) {
		n++
	}
	return n
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }

func digit(c byte) bool { return '0' <= c && c <= '9' }
