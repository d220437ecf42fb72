package demo

import "github.com/insidebox/insidebox/standard"

// agreed are three voices for it, and what each said that it changes.
func agreed(days int, sales, care, ops string) []spoken {
	return []spoken{
		{days, "sales@demo.test", standard.Voice{Function: standard.Sales, Stand: standard.Support, Changes: sales}},
		{days - 1, "care@demo.test", standard.Voice{Function: standard.Care, Stand: standard.Support, Changes: care}},
		{days - 1, "ops@demo.test", standard.Voice{Function: standard.Operations, Stand: standard.Support, Changes: ops}},
	}
}

func askedFor(lines ...standard.AskedLine) []standard.Asked {
	return []standard.Asked{{Lines: lines}}
}

// earlierTales are requests of the last months that were decided long ago: from
// them one sees which limits are asked to bend.
func earlierTales() []tale {
	return []tale{
		{
			once: "demo-peak", days: 301, by: "rep7@demo.test",
			raised: standard.Request{
				Title: "6,000 searches in March", Aim: "They renew all their policies in one month and want every name looked at before that.",
				Offering: "records-search", Worth: 60_000,
				Parts: askedFor(standard.AskedLine{Dimension: "volume", Value: "6,000 per month"}, standard.AskedLine{Dimension: "scope", Value: "nationwide"}),
			},
			voices:  agreed(301, "Nothing, it is one month.", "Some calls more, all from one office.", "Two searchers for three weeks."),
			decided: 299, stays: -230, limit: "volume",
			decision: standard.Decision{
				Outcome: standard.Exception, Reason: "It is one month, and known a quarter before.",
				Conditions: "They send the names in four equal lots.", Price: "as in the box",
			},
			knows: []string{"rep7@demo.test", "sales@demo.test", "care@demo.test", "manager2@demo.test"},
		},
		{
			once: "demo-copies", days: 212, by: "rep8@demo.test",
			raised: standard.Request{
				Title: "The seal of the county on every copy", Aim: "A bank abroad takes copies only with the county’s own seal.",
				Worth: 8_000,
			},
			voices:  agreed(212, "We could say where the line is.", "Fewer calls about it.", "None: the county does it, not we."),
			decided: 210,
			decision: standard.Decision{
				Outcome: standard.Declined, Reason: "A seal is the county’s to give. We can’t promise what only the clerk does.",
				Instead: "A certified copy, which most banks take, and the clerk’s address for the others.",
			},
			knows: []string{"rep8@demo.test", "sales@demo.test", "care@demo.test", "manager2@demo.test"},
		},
	}
}

// laterTales go on from them.
func laterTales() []tale {
	return []tale{
		{
			once: "demo-double", days: 131, by: "rep2@demo.test",
			raised: standard.Request{
				Title: "7,500 searches in the busiest month", Aim: "They took over a smaller lender and look at all of its old loans once.",
				Offering: "records-search", Worth: 75_000,
				Parts: askedFor(standard.AskedLine{Dimension: "volume", Value: "7,500 per month"}, standard.AskedLine{Dimension: "turnaround", Value: "24 h"}),
			},
			voices:  agreed(131, "One deal, once.", "Little: nobody waits for a single report.", "Two months of overtime."),
			decided: 128, stays: -60, limit: "volume",
			decision: standard.Decision{
				Outcome: standard.Exception, Reason: "It happens once, and they can wait a day longer if they must.",
				Conditions: "Not in the storm season.", Price: "plus 10 % on what is over 5,000",
			},
			knows: []string{"rep2@demo.test", "sales@demo.test", "care@demo.test", "manager@demo.test"},
		},
		{
			once: "demo-portal", days: 94, by: "rep3@demo.test",
			raised: standard.Request{
				Title: "A portal under their own name", Aim: "Their brokers must not see that somebody else does the searches.",
				Offering: "records-search", Worth: 30_000,
				Parts: askedFor(standard.AskedLine{Dimension: "customisation", Value: "own-portal"}, standard.AskedLine{Dimension: "setup", Value: "15 business days"}),
			},
			voices:  agreed(94, "We would sell it with a date that holds.", "They need a number to call on the first day.", "The portal team is booked for six weeks."),
			decided: 92,
			decision: standard.Decision{
				Outcome: standard.InsideAfterAll, Offerings: []string{"records-search", "own-portal"},
				Reason: "Their brokers start in the new quarter, so the usual time to set up is early enough. Only nobody had asked.",
			},
			knows: []string{"rep3@demo.test", "sales@demo.test", "care@demo.test", "manager@demo.test"},
		},
	}
}
