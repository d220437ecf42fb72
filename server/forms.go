package server

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin/binding"
	"github.com/go-playground/validator/v10"

	"github.com/insidebox/insidebox/people"
)

// form reads the posted form into its url.Values. Only the ordinary form
// encoding is taken: the client never chooses a decoder. What has no kind must
// have nothing in it: it would count as a form without fields.
func (r *request) form() (url.Values, error) {
	kind, _, err := mime.ParseMediaType(r.GetHeader("Content-Type"))
	if err != nil && r.GetHeader("Content-Type") != "" || kind != "" && kind != binding.MIMEPOSTForm {
		return nil, errMediaType
	}
	if kind == "" && r.Request.ContentLength != 0 {
		return nil, errMediaType
	}
	if err := r.Request.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, errTooLarge
		}
		return nil, errBadForm
	}
	for key, values := range r.Request.PostForm {
		for _, v := range append(values, key) {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return nil, errBadForm
			}
		}
	}
	return r.Request.PostForm, nil
}

// once tells a form that begins something from another one with the same words in
// it, so that sending it twice begins one thing. A form that comes without, because
// a program wrote it, is as new as if it had just been shown.
func (r *request) once() string { return strconv.FormatInt(r.now.UnixMilli(), 36) }

// decode reads the posted form into a struct that lists exactly the fields
// the form may set, each tagged `form:"name"`. What doesn't fit its type is
// errBadForm; what breaks a `validate:"…"` rule is reported by field.
func (r *request) decode(into any) (problems, error) {
	values, err := r.form()
	if err != nil {
		return nil, err
	}
	if err := binding.MapFormWithTag(into, values, "form"); err != nil {
		return nil, errBadForm
	}
	var invalid validator.ValidationErrors
	if err := rules.Struct(into); errors.As(err, &invalid) {
		found := problems{}
		for _, f := range invalid {
			found[f.Field()] = r.sentenceFor(f)
		}
		return found, nil
	} else if err != nil {
		return nil, err
	}
	return nil, nil
}

// problems is a sentence for each field that needs a change.
type problems map[string]string

// problemOf is what the people room says of a form's field. Names go by those
// of a roster's columns there. What has no code is said in English, as the
// command line says it.
func (r *request) problemOf(e *people.InputError) problems {
	field := e.Field
	switch field {
	case "firstname":
		field = "first"
	case "lastname":
		field = "last"
	}
	if id := "input." + e.Code; r.say.Has(id) {
		return problems{field: r.t(id, e.Args...)}
	}
	return problems{field: e.Sentence}
}

// rules checks form structs; fields are named as the form names them.
var rules = newRules()

func newRules() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("form") })
	return v
}

func (r *request) sentenceFor(f validator.FieldError) string {
	switch f.Tag() {
	case "required":
		return r.t("input.required")
	case "max":
		return r.t("input.max", "Most", f.Param())
	case "email":
		return r.t("input.email")
	case "timezone":
		return r.t("input.timezone")
	default:
		return r.t("input.no-good")
	}
}
