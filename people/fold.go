package people

import (
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Limits on what people may be called, in characters except where bytes are
// said.
const (
	MaxEmail = 190 // bytes, folded: the claim's id is made of it
	MaxName  = 100 // of a name, a username, an id number, a department
)

// FoldEmail returns the key under which an e-mail address is looked up: without
// spaces around it, composed (Unicode NFC), and with capitals folded. Two
// addresses with one key are the same person.
func FoldEmail(email string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(strings.TrimSpace(email))))
}

// CheckEmail returns the address without spaces around it, or an [InputError].
// It takes what mail programs take (RFC 5322 addr-spec), without a display name.
func CheckEmail(email string) (string, error) {
	email = norm.NFC.String(strings.TrimSpace(email))
	if email == "" {
		return "", input("email", "email-missing", "An e-mail address is needed.")
	}
	if len(FoldEmail(email)) > MaxEmail || len(email) > MaxEmail {
		return "", input("email", "email-long", "The e-mail address is longer than {Most} bytes.", "Most", MaxEmail)
	}
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || strings.ContainsFunc(email, notPlain) {
		return "", input("email", "email-wrong", `"{Email}" is not an e-mail address. Want something like anna@example.com.`, "Email", said(email))
	}
	return email, nil
}

// notPlain is true for what has no place in an address or an id: spaces,
// control characters, and what can't be seen.
func notPlain(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError
}

// cleanText composes the text, turns every run of white space into one space,
// and refuses what can't be shown and what is too long.
func cleanText(field, label, text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", uncoded(field, "The %s is not valid UTF-8 text.", label)
	}
	text = strings.Join(strings.Fields(seen(norm.NFC.String(text))), " ")
	if utf8.RuneCountInString(text) > MaxName {
		return "", input(field, field+"-long", "The "+label+" is longer than {Most} characters.", "Most", MaxName)
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		return "", input(field, field+"-control", "The "+label+" contains a control character.")
	}
	return text, nil
}

// seen is a text without what nobody sees of it, so that no name is empty to the eye,
// looks like another one, or turns round what stands beside it on a board or a
// certificate. What joins letters in some scripts and pictures stays between them.
func seen(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) && !joins(r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) {
			return -1
		}
		return r
	}, text)
	return strings.TrimFunc(text, func(r rune) bool { return joins(r) || unicode.IsSpace(r) })
}

// joins reports whether the character does nothing but join its neighbours, or keep
// them apart.
func joins(r rune) bool { return r == '\u200d' || r == '\u200c' }

// FoldName is the key by which names of customers are sorted and found, as those
// of people are.
func FoldName(name string) string { return foldName(name) }

// foldName returns the key by which names are sorted and searched: capitals
// folded, accents and compatibility forms removed ("Ångström" sorts under a).
// It has at most 300 bytes, so that it always fits into an index.
func foldName(words ...string) string {
	text := strings.Join(words, " ")
	text = norm.NFC.String(withoutMarks(cases.Fold().String(text)))
	text = strings.Join(strings.Fields(text), " ")
	for len(text) > 300 {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

func withoutMarks(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || r == 0 || r == utf8.RuneError {
			return -1
		}
		return r
	}, norm.NFKD.String(text))
}

// foldID returns the key by which usernames are compared.
func foldID(id string) string { return FoldEmail(id) }

var notSlug = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// Slug makes a team's id of its name: folded words joined by "-", at most 60
// characters. It is empty when the name has neither letter nor digit.
func Slug(name string) string {
	slug := strings.Trim(notSlug.ReplaceAllString(foldName(name), "-"), "-")
	if r := []rune(slug); len(r) > 60 {
		slug = strings.Trim(string(r[:60]), "-")
	}
	return slug
}

// CheckZone accepts "" (the library's time zone) and names of the IANA time
// zone database such as "Europe/Berlin". The error is an [InputError].
func CheckZone(zone string) error {
	if zone == "" {
		return nil
	}
	// LoadLocation takes "Local" and paths too; neither means the same
	// everywhere.
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" || len(zone) > 64 {
		return input("zone", "zone-unknown", `There is no time zone "{Zone}". Want a name such as Europe/Berlin.`, "Zone", said(zone))
	}
	return nil
}
