package people

import (
	"fmt"
	"slices"
	"strings"
)

// InputError says which field of a form or a row was not accepted, and what to
// do about it, in one English sentence for the person who filled it in. Code
// and Args say the same to whoever speaks another language to her: Code names
// the sentence, such as "email-missing", and Args are what is filled into it,
// name and value in turn. What is wrong with a roster as a whole or with its
// rows has no Code, because only the command line says it.
type InputError struct {
	Field    string // as in a roster's header: "email", "password", "roles" …
	Code     string
	Args     []any
	Sentence string
}

// Error returns the sentence.
func (e *InputError) Error() string { return e.Sentence }

// input makes an InputError with a code; {Most} in the sentence stands for
// what follows "Most" in args.
func input(field, code, sentence string, args ...any) error {
	var fill []string
	for pair := range slices.Chunk(args, 2) {
		fill = append(fill, fmt.Sprintf("{%v}", pair[0]), fmt.Sprint(pair[1]))
	}
	return &InputError{Field: field, Code: code, Args: args, Sentence: strings.NewReplacer(fill...).Replace(sentence)}
}

// uncoded makes an InputError that only the command line says.
func uncoded(field, format string, args ...any) error {
	return &InputError{Field: field, Sentence: fmt.Sprintf(format, args...)}
}

// maxSaid is how much of what somebody wrote is said back to her, in
// characters.
const maxSaid = 70

// said is what somebody wrote, as an error says it back.
func said(text string) string {
	text = printable(text)
	if r := []rune(text); len(r) > maxSaid {
		text = string(r[:maxSaid]) + "…"
	}
	return text
}
