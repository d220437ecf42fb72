package content

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/util"
)

// What links may look like. A link is either relative, to a file of the
// content folder, or it names one of three schemes in full. Everything else
// is refused: goldmark alone lets pass "//evil.example" (another site under
// this one's scheme), "blob:", "intent:" and what browsers read after
// dropping tabs or turning "\" into "/".
var (
	errStrangeLink = errors.New("a link holds no control characters, line ends or backslashes; write / between folders")
	errSiteLink    = errors.New("a link can't begin with /; write the path from this file to the other one, so that it works on a code host, too")
	errScheme      = errors.New("a link begins with https://, http:// or mailto:, or it is the path of a file")
	errHost        = errors.New("the address has no host name; write https://host/page")
	errUserInfo    = errors.New("the address holds a user name before an @; take it out, readers can't see where it leads")
	errMail        = errors.New("the address is not one that mail can be sent to; write mailto:name@host")
)

var schemePattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// linkText undoes backslashes and entities in a destination as Markdown
// means them, so that what is judged is what a browser would be given.
func linkText(destination []byte) string {
	v := util.UnescapePunctuations(destination)
	v = util.ResolveNumericReferences(v)
	v = util.ResolveEntityNames(v)
	return string(v)
}

// external judges a destination: ok for a link that leaves the site and may,
// neither ok nor an error for a relative one.
func external(destination string) (ok bool, err error) {
	if strings.ContainsFunc(destination, strange) {
		return false, errStrangeLink
	}
	if strings.HasPrefix(destination, "/") {
		return false, errSiteLink
	}
	scheme := strings.ToLower(schemePattern.FindString(destination))
	switch scheme {
	case "":
		if first, _, _ := strings.Cut(destination, "/"); strings.Contains(first, ":") && !strings.HasPrefix(first, "#") {
			return false, errScheme // a browser may see a scheme where we see none
		}
		return false, nil
	case "http:", "https:":
		return true, judgeWeb(destination)
	case "mailto:":
		return true, judgeMail(destination[len(scheme):])
	}
	return false, errScheme
}

func strange(r rune) bool {
	return r == '\\' || unicode.IsControl(r) || r == unicode.ReplacementChar || r != ' ' && unicode.IsSpace(r) ||
		unicode.Is(unicode.Cf, r)
}

func judgeWeb(destination string) error {
	u, err := url.Parse(destination)
	switch {
	case err != nil || u.Hostname() == "":
		return errHost
	case u.User != nil:
		return errUserInfo
	}
	return nil
}

func judgeMail(address string) error {
	name, host, found := strings.Cut(address, "@")
	if !found || name == "" || host == "" || strings.Contains(address, " ") {
		return errMail
	}
	return nil
}
