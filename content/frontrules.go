package content

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"
)

// idPattern is the form of every id: lower-case words joined by hyphens.
var idPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// frontValidator builds the validator of front matter once; it keeps no state
// but what it has learned about struct types.
var frontValidator = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(yamlName)
	if err := v.RegisterValidation("id", func(f validator.FieldLevel) bool { return idPattern.MatchString(f.Field().String()) }); err != nil {
		panic(err) // the name of the rule is wrong: a mistake in this file
	}
	return v
})

// validateFront holds the decoded struct against its `validate` rules and
// turns each one that is not kept into a finding at the value's place, or,
// where the value is missing, at the group of keys that lacks it.
func (l *loader) validateFront(src *source, front any, base []string) bool {
	var broken validator.ValidationErrors
	if err := frontValidator().Struct(front); err == nil {
		return true
	} else if !errors.As(err, &broken) {
		l.report.errorf(src, src.Front.From, "front-matter", "the front matter could not be checked: %v", err)
		return false
	}
	for _, b := range broken {
		path := append(slices.Clone(base), validatorPath(b.Namespace())...)
		l.report.errorf(src, l.frontOffset(src, path...), ruleOf(b), "%s", ruleMessage(b, path))
	}
	return false
}

// validatorPath turns "offeringFront.tiers[0].name" into tiers, 0, name.
func validatorPath(namespace string) []string {
	_, namespace, _ = strings.Cut(namespace, ".")
	return strings.FieldsFunc(namespace, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
}

// ruleOf is the stable name of the rule that was not kept.
func ruleOf(b validator.FieldError) string {
	switch b.Tag() {
	case "required", "min":
		return "missing-key"
	case "id":
		return "bad-id"
	case "unique":
		return "repeated-value"
	}
	return "bad-value"
}

// ruleMessage says what is wrong and what to write instead.
func ruleMessage(b validator.FieldError, path []string) string {
	what := name(path)
	switch b.Tag() {
	case "required", "min":
		if _, err := strconv.Atoi(path[len(path)-1]); err == nil {
			return what + " is empty; write something there, or take it out"
		}
		return what + " is missing or empty; add " + path[len(path)-1] + ": … here"
	case "id":
		return what + " is " + quoted(b.Value().(string)) + "; ids are lower-case words joined by hyphens, such as records-search"
	case "oneof":
		allowed := strings.Fields(b.Param())
		value, _ := b.Value().(string)
		return what + " is " + quoted(value) + ", which is not known" + didYouMean(value, allowed)
	case "iso4217":
		return what + " is " + quoted(b.Value().(string)) + ", which is no currency; write its three capitals, such as EUR or USD"
	case "bcp47_language_tag":
		return what + " is " + quoted(b.Value().(string)) + ", which is no language; write a tag such as en or de-AT"
	case "unique":
		return what + " names the same thing twice; keep each once"
	case "gte":
		return what + " must be at least " + b.Param()
	case "lte":
		return what + " must be at most " + b.Param()
	}
	return what + " breaks the rule " + b.Tag()
}
