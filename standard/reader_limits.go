package standard

import "slices"

// Words that are few, and say what the lists of reader_words.go can't.
var (
	// deny are refusals that turn a comparison round.
	deny = keysOf("not", "never", "cannot", "can't", "cant", "won't", "don't", "dont", "do not", "doesn't", "does not", "isn't", "is not", "aren't", "shouldn't", "mustn't", "nicht", "nie", "niemals")
	// lasts are verbs between a refusal and what it turns round, which say nothing else.
	lasts = keysOf("take", "takes", "taking", "wait", "waits", "waiting", "last", "go", "dauern", "dauert", "warten", "brauchen", "darf", "duerfen")
	// notOnly begin what is asked for beside something else.
	notOnly = keysOf("not only", "not just", "nicht nur")
	// determines are refusals of the word behind them, and of nothing that comes later.
	determines = keysOf("no need for", "no need of", "without", "w/o", "kein", "keine", "keinen", "keinem", "keiner", "ohne")
	// distributes are words that make a figure that of each of several.
	distributes = keysOf("each", "each of", "apiece", "per", "pro", "je", "jeweils", "jede", "jeder", "jedes", "jeden")
	// places stand between somebody and where they are.
	places = keysOf("in", "from", "of", "aus", "von")
	// enough are words behind what is asked for, and not refused any more.
	enough = keysOf("enough", "good enough", "sufficient", "suffices", "fine", "it's fine", "okay", "acceptable", "reicht", "reichen", "genügt", "genügen", "ausreichend")
	// anything are words for what is counted, whatever it is.
	anything = keysOf("item", "items", "piece", "pieces", "unit", "units", "transaction", "transactions", "job", "jobs", "inquiry", "inquiries", "enquiry", "enquiries", "query", "queries",
		"lookup", "lookups", "file", "files", "report", "reports", "Anfrage", "Anfragen", "Auftrag", "Aufträge", "Abfrage", "Abfragen", "Bestellung", "Bestellungen", "Stück", "Vorgang", "Vorgänge", "Fälle")
)

func keysOf(phrases ...string) map[string]bool {
	keys := map[string]bool{}
	for _, phrase := range phrases {
		keys[keyOf(phrase)] = true
	}
	return keys
}

// beginsFigure reports whether items begin with a number, or with "a day".
func beginsFigure(items []item) bool {
	if len(items) == 0 || items[0].brk != joined {
		return false
	}
	if items[0].kind == articleWord {
		return len(items) > 1 && items[1].brk == joined && (items[1].kind == unitWord || items[1].kind == halfWord || items[1].kind == numberWord)
	}
	return items[0].kind == numberWord || items[0].article
}

// negated joins a refusal with the comparison that it turns round: what must not take
// longer than 24 hours is to take 24 hours at most.
func negated(items []item) []item {
	turned := map[wordKind]wordKind{overWord: upperWord, underWord: lowerWord}
	for at := 0; at < len(items); at++ {
		if items[at].kind != refuseWord || !deny[items[at].text] {
			continue
		}
		end := at + 1
		for end < len(items) && items[end].brk == joined && (items[end].kind == fillWord || items[end].kind == askWord || lasts[items[end].text]) {
			end++
		}
		if end >= len(items) || items[end].brk != joined || !beginsFigure(items[end+1:]) {
			continue
		}
		if kind, ok := turned[items[end].kind]; ok {
			items[at].kind, items[at].to = kind, items[end].to
			items = slices.Delete(items, at+1, end+1)
		}
	}
	return items
}
