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
// number, which is in the dimension's unit. "1.250" and "1,25" are refused,
// because one office reads them as another number than the next.
//
// A set is written as names between commas. [ParseSet] puts it into the
// dimension's order, so that two spellings of a set are one value.
//
// [Value.String] is for people and keeps the unit that the author chose.
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
// and what each limit lacks. It never says inside of what no tier promises.
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
