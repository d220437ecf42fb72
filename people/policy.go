package people

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tooCommon are words that may not be all that a password says. They are
// compared without digits, punctuation and the usual replacements, so that one
// entry stands for "Password123!", "p@ssw0rd1234" and "passwordpassword".
var tooCommon = map[string]bool{
	"password": true, "passwort": true, "motdepasse": true, "contrasena": true,
	"passphrase": true, "secret": true, "geheim": true, "letmein": true,
	"changeme": true, "welcome": true, "willkommen": true, "iloveyou": true,
	"admin": true, "administrator": true, "default": true, "login": true,
	"qwerty": true, "qwertyuiop": true, "qwertz": true, "qwertzuiop": true,
	"azerty": true, "azertyuiop": true, "asdfghjkl": true, "zxcvbnm": true,
	"qazwsx": true, "qazwsxedc": true, "football": true, "baseball": true,
	"superman": true, "starwars": true, "dragon": true, "monkey": true,
	"sunshine": true, "princess": true, "summer": true, "winter": true,
	"spring": true, "autumn": true, "monday": true, "january": true,
	"insidebox": true, "insidethebox": true, "trustno": true, "test": true,
	"testing": true, "mypassword": true, "newpassword": true, "company": true,
}

// guessable tells whether a password is one of the first that are tried: a
// common word with decoration, a row of the alphabet or of digits, or three
// different characters at most.
func guessable(password string) bool {
	folded := []rune(foldName(password))
	return few(folded) || row(folded) || tooCommon[unrepeated(bare(string(folded)))] ||
		tooCommon[unrepeated(letters(string(folded)))]
}

// few tells whether there are at most three different characters.
func few(text []rune) bool {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen) <= 3
}

// row tells whether each character follows the one before, up or down, as in
// "1234567890" (0 follows 9) and "zyxwvutsrq".
func row(text []rune) bool {
	up, down := true, true
	for i := 1; i < len(text); i++ {
		a, b := text[i-1], text[i]
		up = up && (b == a+1 || a == '9' && b == '0')
		down = down && (b == a-1 || a == '0' && b == '9')
	}
	return up || down
}

var replacements = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// bare takes off the digits and signs around a text, then undoes the usual
// replacements and leaves only letters.
func bare(text string) string {
	text = strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '@' && r != '$' })
	return letters(replacements.Replace(text))
}

func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, text)
}

// unrepeated returns the shortest text of which text is a repetition: "abcabc"
// is "abc".
func unrepeated(text string) string {
	for n := 1; n <= len(text)/2; n++ {
		if len(text)%n == 0 && strings.Repeat(text[:n], len(text)/n) == text {
			return text[:n]
		}
	}
	return text
}

// isAbout tells whether a password is nothing but the person's name or address,
// in whichever order and with whatever digits and signs.
func isAbout(password string, p *Person) bool {
	if p == nil {
		return false
	}
	rest := letters(foldName(password))
	local, domain, _ := strings.Cut(foldName(p.Email), "@")
	for _, w := range []string{
		letters(foldName(p.Email)), letters(foldName(p.First, p.Last)),
		letters(foldName(p.First)), letters(foldName(p.Last)), letters(local), letters(domain),
	} {
		if utf8.RuneCountInString(w) >= 3 {
			rest = strings.ReplaceAll(rest, w, "")
		}
	}
	return rest == "" && letters(foldName(password)) != ""
}
