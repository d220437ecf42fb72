// Package standard is the standard service model: what a company can
// deliver day in and day out, as figures that sales and operations read the
// same way.
//
// # Dimensions
//
// A [Dimension] is one thing a customer asks for: turnaround, scope, volume.
// Dimensions are declared by the content; nothing about them is fixed here
// but the three ways in which a figure can hold a need:
//
//	no-more-than   inside when figure ≤ need    turnaround, set-up, price floor
//	no-less-than   inside when figure ≥ need    volume
//	all-of         inside when every value asked for is in the set    scope
//
// The first two are numbers with a unit, the third is a set of names.
//
// # Units
//
// A unit is one of the following; [ParseUnit] accepts what people write.
//
//	min, h, d           minutes, hours, days of 24 hours; they convert exactly
//	bd                  business days of the library's [Calendar]
//	per day, per week   convert exactly (a week has seven days)
//	per month           months do not convert to days
//	EUR, USD, …         three capitals (ISO 4217); no exchange rates
//	names, seats, …     any other lower-case word counts things of that name
//	                    (read in the singular too, and by the words of its dimension)
//
// A dimension in min, h, d or bd takes figures in any of the four: how a
// business day compares with hours depends on the calendar and is settled
// where a need is matched with a box, never by rewriting the figure. Every
// other figure must convert exactly to its dimension's unit.
//
// # Values
//
// A number is an exact rational, never a float: boxes are compared for
// equality, hashed and promised. People write "24h", "24 h", "5 bd",
// "5,000 per month", "5000 a month", "400 EUR", "EUR 19.50" or a bare
// number, which is in the dimension's unit.
//
// A unit in the words of one language says how its number is written, wherever it is
// read: "5.000 pro Monat" is five thousand, "1,5 Tage" a day and a half. With any other
// unit, or none, the language of the page says it ([Tongue.Parse]); what is stored and
// in files is English ([ParseValue]). No text is one number in one language and another
// one in the other: "1.250" is refused in English and "1,250" in German, with how to
// write either ([NumberError]). What only one language can mean, both read.
//
// A set is written as names between commas. [ParseSet] puts it into the
// dimension's order, so that two spellings of a set are one value.
//
// [Value.String] is English, for what is stored and printed, and keeps the unit that
// the author chose; a [Tongue] says the same for who reads another language.
// [Value.Key] is for hashing: two values have the same key exactly when they
// mean the same, so "1 d" and "24 h" do.
//
// # Figures and days
//
// A [Figure] holds a value from each of its days on; the first of a list has
// the zero [Day], the others ascend. A [Day] has no time zone. In a zone it
// begins with the first moment that carries its date and ends where the next
// day begins, also where clocks skip or repeat midnight.
//
// # Boxes
//
// An [Offering]'s box is a list of tiers. A tier is one promise that holds as
// a whole; nothing is ever pieced together from two. Common figures are part
// of every tier; a dimension is either common or said by tiers, never both.
// An add-on names the offerings that it extends, and changes them in three
// ways only: whole tiers that it adds, sets that it widens, numbers that it
// adds to every tier. [Offering.Validate] checks an offering for itself;
// whether the offerings and clauses it names exist is the content's to check.
//
// A combination is one base with add-ons; [Combine] returns its tiers. A figure
// that an add-on adds piles up on every tier, whichever add-ons stand beside it.
//
// # Matching
//
// A [Need] is what a customer asks for. A [Book] is the catalogue on one day;
// [Book.Match] answers whether one tier of one base with named add-ons holds the
// whole need, with every smallest choice that does, or else what comes nearest
// and what each limit lacks. It never says inside of what no tier promises. A need may
// name offerings: then a choice with these holds it, or it is outside, and the answer
// says what else would hold it. An add-on that brings tiers and nothing else, and is named
// without a base, is named for one of its own tiers.
//
// A sentence gets a yes from [Book.MatchReading] only when it was read to its end: a word
// that was not read may be the one thing that the box doesn't hold. Else the answer is
// [Open], and says what to ask ([Why]). No doubt, and no reason to ask, are
//
//   - a value that is refused, where that asks for less: "no logo". Of scope and the like,
//     which tiers have each their own, another value has to be asked for; and what is asked
//     for must not come with what is refused, as an API does with a portal;
//   - the name of a dimension of which all that can hold the need says something;
//   - a wish, "ideally", and "about", "under", "at least" beside a figure, when the box
//     holds a fifth more than it says ([Reading.Harder]). So it is with Werktage, of which
//     some count Saturdays;
//   - "the rest".
//
// # Sentences
//
// [Lexicon.Read] finds a need in what people type, English or German: "12h, international,
// 3k a month", "set up within ten business days". It knows numbers and units in
// figures and words, comparisons, refusals, and words without meaning for a need;
// dimensions it knows by their names and labels, the values of their sets and the
// company's own words ([Words]), offerings by their titles, ids
// and words, in the singular and the plural, by those of their tiers that nothing else is
// called like, and where they are counted at a rate by the last word of their title,
// "500 copies a month". What it reads, it reads exactly; what it
// can't stands in [Reading.Unread], and every word is in one of the two, or means
// nothing, or names a dimension that was read.
//
// Of two names the longest counts: "records search plus" is no "records search". Of what
// is as long, a dimension's word comes before an offering's, because it was read so
// before the offering had its title; what two offerings are called is left unread. An
// offering that is read is meant alone ([Reading.Only]), and figures beside it that
// name no dimension belong to those of which it says something.
//
// A time without a name belongs to the first dimension that is a time; any other
// figure to the only dimension that is measured so, and to none where two are. A
// bare number is a figure of the dimension that is named beside it, unless that is a
// time: 12 may be hours or days. A week is 7 days. A German unit says that the number is
// written in German, "3.000 im Monat", "1,5 Tsd.".
//
// What is no figure as it stands is read as what asks for most, and says so ([Held]). A
// range asks for its worse end: "2-3 days" for 2, since who promises these 2 holds the 3
// as well, and "100-200 a month" for 200. Where nothing is measured by the day or the week,
// a rate of these is counted for the longest month, of 31 days and five weeks; where only
// that makes it outside, the answer is open. How many of an offering, with no word of how
// often, is that of one month: "30 certified copies".
//
// A time in days beside what an add-on brings may be one that it adds to, "a portal in 8
// weeks"; one that is five times what is offered may be another that takes longer, "20k
// names, 10 business days". Both are left unread. A sentence that is German through and
// through has German numbers: "20.000 Namen überwachen".
//
// [Lexicon.ReadParts] reads a need in parts. A ";" sets off a part. Lines are of one need
// as long as they say different things. A sentence is divided where it says of several
// offerings, or of values of a set that tiers have each their own, what differs: "500 certified copies and 300 records
// searches a month", where the rate is that of both; "in-state in 8h, nationwide in 24h".
// It is cut at the last point, comma or "and" between the two, and left whole where what
// stands between could belong to either. What stands before the first or behind the last,
// and could be said of another part, is read in none; behind a comma of its own a value
// is said of all, of offerings only with "both" or the like. What is
// counted, and what no offering that is named says anything of, is a part of its own, of
// no offering: "500 certified copies and 20,000 names watched"; so is a time of a dimension
// that one other offering alone has, "certified copies and notice within 24 hours". What is
// said of the same offerings in two places, of different dimensions, is one part.
//
// Not read, and left unread whole, are
//
//   - what is refused, doubted or had already: "no API", "maybe abroad", "API not
//     needed", "they have a portal already"; a list as a whole;
//   - one of several: "12h or 24h", "in-state/nationwide", and two figures that differ
//     for one dimension; one for each of several, "12 branches, each does 100 a month";
//   - what is no range of two numbers, the smaller one first: "9-5", "555-0134";
//   - times that depend on the clock or the calendar of the day ("by noon", "same
//     day", "next week", "by 12h"), months and years as a time, how often ("every 12
//     hours", "twice a week"), how long ("for 2 weeks"), times of something else
//     ("payment within 30 days", "a 2 hour meeting");
//   - figures in a unit that no dimension has, numbers that read in two ways ("3.000",
//     "3,000 im Monat");
//   - a time without a name where another time than the first is named, and has none:
//     "onboarding, 20 business days"; the second of two counts with one rate, where it is
//     of something else: "300 searches and 200 translations a month";
//   - a comparison the other way round: "at least 12 hours" of a no-more-than; what is
//     refused turns one round: "must not take longer than 12 hours" is "at most 12";
//   - a figure and what is to hold otherwise: "24 h, else 48"; what is so today: "they
//     have 200 a month now"; a figure with the name of another one beside it: "24 hours
//     with onboarding"; "not just in-state", where nothing says what else;
//   - a value that says who asks, or where they are: "an international bank", "a lender in
//     Ohio".
//
// "At most 3,000 a month" and "fewer than 3,000" of a no-less-than ask for 3,000, because a box that
// holds 3,000 holds all of that. "More than 3,000 a month" asks for 3,001, because
// things are counted whole. What is counted, and is no offering, stays unread beside the
// figure: "500 translations a month". There is no next figure after a time or a price: "under
// 24 hours" asks for 24 hours, and "under" stays unread, to be seen; so do "about",
// "ideally" and the like.
//
// # Accounts, requests, handoffs, briefs
//
// An [Account] is a customer with one person from sales and one from operations;
// [Gaps] says where one is missing. A [Request] is a need outside the box. Each
// [Function] has a voice: it may support, object, propose standard offerings, or
// ask back, which is no stand yet. Who raised it has none. The function that owns
// the offering decides, or whom it names, when all three have taken a stand or
// [VoiceDays] business days are over. Whom a comment names is called ([Request.Calls])
// until she does anything there herself, or says that she has seen it. The methods of a request hold these rules;
// people are ids with roles ([Actor]), and times are passed in.
//
// A need is kept as text by dimension and part, with the offerings that it names
// ([Asked]), so that it can be read
// when the standard has changed. What a request asks to bend are the limits of
// those choices that lack the least of it ([Answer.Limits]).
//
// The limits that stand in the way of a need are kept with it as they were then
// ([Bend]); [Book.Moves] says where a limit could be moved to, and which of those who
// asked that would have met. What readers find unclear about a clause are its [Doubts]:
// one a person, until all of them are answered at once.
//
// A [Handoff] is one sheet for sales and operations after a contract. Each change of
// it is an edition, and a side signs an edition: what is written after a signature
// takes it back. Nobody signs an empty sheet, or while a question is open, or while
// a limit beyond what was sold is [Undecided]; nobody signs for both sides. When
// both have signed the same edition, the sheet is closed. Until then a round may end
// without both signatures, with what was open, and the next one begins. Lines are
// struck out, never taken away. A form that comes twice is done once. What it waits for
// from each function says [Handoff.WaitsFor].
//
// A [Brief] brings operations along to a meeting. The sender says her goal, why the
// guest is needed and what was looked up; the guest says her own goal, whether she
// comes, and whether the two align. The meeting is on when she comes and they do;
// else it goes back with what is missing, and the sender says all of it anew. Either
// may say it differently until the meeting is over, and what was said stays. When it
// was on and is over, both say once whether it was worth it; it counts as worth it
// when neither says no ([Brief.Outcome]). One that was not on by then has lapsed.
//
// # Calendar
//
// A [Calendar] says what a business day is: the working days of the week,
// the hours, the holidays. Where business days meet hours, the worst case counts:
// a figure in business days is as long as for the order that is placed on the
// worst day of the year to come, just before a weekend or holidays; a need in
// business days is as short as for the best ([Calendar.Span]). Both clocks run from
// an order during business hours.
package standard
