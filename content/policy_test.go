package content

import (
	"errors"
	"testing"
)

// TestLinkPolicy holds every shape of link that browsers and goldmark have
// been known to read differently from people.
func TestLinkPolicy(t *testing.T) {
	tests := []struct {
		destination string // as an author writes it, with entities and backslashes
		leaves      bool
		err         error
	}{
		{"https://example.com/a?b=c#d", true, nil},
		{"HTTPS://example.com", true, nil},
		{"http://localhost:8080/", true, nil},
		{"https://example.com/a%20b", true, nil},
		{"mailto:desk@example.com", true, nil},
		{"mailto:desk@example.com?subject=An%20order", true, nil},
		{"reading.md", false, nil},
		{"../standard/records-search.md#turnaround", false, nil},
		{"#turnaround", false, nil},
		{"#note:1", false, nil},
		{"folder/a:b.md", false, nil},
		{"my%20file.pdf", false, nil},
		{"", false, nil},

		{"//evil.example", false, errSiteLink},
		{"///evil.example", false, errSiteLink},
		{"/can-sell", false, errSiteLink},
		{"&sol;&sol;evil.example", false, errSiteLink},
		{"&#47;/evil.example", false, errSiteLink},
		{`\\evil.example`, false, errStrangeLink},
		{`/\\evil.example`, false, errStrangeLink},
		{`/&bsol;evil.example`, false, errStrangeLink},
		{"/&Tab;/evil.example", false, errStrangeLink},
		{"https:evil.example", true, errHost},
		{"https:/evil.example", true, errHost},
		{"https://", true, errHost},
		{"https:///evil.example", true, errHost},
		{"https://bank.example@evil.example/", true, errUserInfo},
		{"https://[::1", true, errHost},

		{"javascript:alert(1)", false, errScheme},
		{"JavaScript:alert(1)", false, errScheme},
		{"javascript&colon;alert(1)", false, errScheme},
		{"javascript&#58;alert(1)", false, errScheme},
		{"javascript&#x3A;alert(1)", false, errScheme},
		{`javascript\:alert(1)`, false, errScheme},
		{"java&Tab;script:alert(1)", false, errStrangeLink},
		{"java&NewLine;script:alert(1)", false, errStrangeLink},
		{"&#1;javascript:alert(1)", false, errStrangeLink},
		{" javascript:alert(1)", false, errScheme},
		{"java&shy;script:alert(1)", false, errStrangeLink},
		{"java\u200bscript:alert(1)", false, errStrangeLink},
		{"\u202ejavascript:alert(1)", false, errStrangeLink},
		{"java\u00a0script:alert(1)", false, errStrangeLink},
		{"vbscript:x", false, errScheme},
		{"data:text/html,x", false, errScheme},
		{"data:image/png;base64,AA==", false, errScheme},
		{"blob:https://evil.example/1", false, errScheme},
		{"intent:#Intent;end", false, errScheme},
		{"file:///etc/passwd", false, errScheme},
		{"ftp://example.com", false, errScheme},
		{"view-source:https://example.com", false, errScheme},
		{"tel:+1555", false, errScheme},
		{"C:/secrets.md", false, errScheme},
		{":path.md", false, errScheme},
		{"a b:c.md", false, errScheme},

		{"mailto:", true, errMail},
		{"mailto:desk", true, errMail},
		{"mailto:desk@", true, errMail},
		{"mailto:@example.com", true, errMail},
	}
	for _, test := range tests {
		leaves, err := external(linkText([]byte(test.destination)))
		if !errors.Is(err, test.err) || err == nil && leaves != test.leaves {
			t.Errorf("%q: leaves the site %v, error %v; want %v, %v", test.destination, leaves, err, test.leaves, test.err)
		}
	}
}
