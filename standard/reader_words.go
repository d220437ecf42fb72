package standard

import (
	"regexp"
	"strings"
	"sync"
)

// What a word does in a sentence, whatever the dimensions are.
type wordKind int

const (
	unknownWord wordKind = iota
	fillWord             // says nothing about a need
	askWord              // need, want: says nothing, but what stands before it is somebody
	andWord              // a list goes on
	cueWord              // names a dimension
	valueWord            // a value of a set
	titleWord            // names an offering
	numberWord           // a number
	halfWord             // half of a unit
	articleWord          // a, an, ein
	unitWord             // a unit of time
	rateWord             // per month, monthly
	moneyWord            // a currency
	upperWord            // at most
	lowerWord            // at least
	underWord            // less than
	overWord             // more than
	orMoreWord           // behind a figure: at least
	orLessWord           // behind a figure: at most
	softWord             // about: the figure holds, but not quite
	refuseWord           // not, without, maybe, already: what follows is no ask
	orWord               // one of the two
	elseWord             // beside a figure: it is what holds if another one doesn't
	butWord              // ends a refusal
	toWord               // between two figures a range
	betweenWord          // before two figures a range
	clockWord            // by, at: before a time a time of day
	forWord              // before a time how long something goes on
	orderWord            // next, another, every: makes the figure another one
	timesWord            // how often
	spoilWord            // makes the times beside it times of something else
	costWord             // makes the rates and counts beside it money of no currency
	periodWord           // a span of the calendar that no unit has
	nowWord              // what is beside it is so today, and no ask
	whoWord              // who the customer is
)

// A meaning is what a word or a phrase says.
type meaning struct {
	kind  wordKind
	dim   int    // of a cue or a value; noDimension of an offering
	value string // of a set, or an offering's id
	unit  string // of a time, a rate or money; "" of a rate that no dimension can have
	times int64  // how many of the unit
	// article is "a day": behind a number a rate, behind "within" a time.
	article bool
}

// abbreviations have a point behind them that ends no sentence.
var abbreviations = map[string]bool{
	"max": true, "min": true, "mind": true, "mins": true, "hr": true, "hrs": true, "std": true, "ca": true, "approx": true, "vol": true, "mtl": true,
	"incl": true, "bus": true, "excl": true, "inkl": true, "exkl": true, "evtl": true, "ggf": true, "bzw": true, "tsd": true, "mio": true,
}

// vocabulary holds all words that the reader knows of itself, by key.
var vocabulary = sync.OnceValue(func() map[string]meaning {
	v := map[string]meaning{}
	add := func(m meaning, phrases string) {
		for phrase := range strings.SplitSeq(phrases, ",") {
			if phrase = strings.TrimSpace(phrase); phrase != "" {
				v[keyOf(phrase)] = m
			}
		}
	}
	for kind := fillWord; kind <= whoWord; kind++ {
		add(meaning{kind: kind}, words[kind])
	}
	for _, u := range unitWords {
		add(meaning{kind: unitWord, unit: u.unit, times: u.times}, u.phrases)
	}
	for _, r := range rateWords {
		for _, article := range []bool{false, true} {
			for phrase := range strings.SplitSeq(r.plain, ",") {
				for _, beginning := range rateBeginnings[article] {
					v[keyOf(beginning+phrase)] = meaning{kind: rateWord, unit: r.unit, article: article}
				}
			}
		}
		add(meaning{kind: rateWord, unit: r.unit}, r.phrases)
	}
	for code, phrases := range moneyWords {
		add(meaning{kind: moneyWord, unit: code}, phrases)
	}
	return v
})

// rateBeginnings are the words that make a rate of a unit of time.
var rateBeginnings = map[bool][]string{
	false: {"per ", "/", "each ", "every ", "pro ", "je ", "am ", "im ", "jeden ", "jede ", "jedes ", "p/", "in the ", "in jedem "},
	true:  {"a ", "an "},
}

// rateWords are the spans of rates. The first three are units of a box.
var rateWords = []struct {
	unit           string
	plain, phrases string
}{
	{"per day", "day,tag", "daily, taeglich, am tag, per diem"},
	{"per week", "week,wk,woche", "weekly, woechentlich, pw"},
	{"per month", "month,mo,mth,monat,calendar month", "monthly, monatlich, mtl, pcm, month by month, im monat"},
	{
		"", "hour,minute,second,h,year,yr,annum,quarter,season,business day,working day,workday,fortnight,jahr,stunde,quartal,arbeitstag,night,weekend,morning",
		"yearly, annually, annual, quarterly, hourly, nightly, fortnightly, biweekly, bi-weekly, bimonthly, p.a, pa, jaehrlich, stuendlich, this year, next year, last year, a year's",
	},
}

// unitWords are the units of time, with how many of the box's unit they are.
var unitWords = []struct {
	unit    string
	times   int64
	phrases string
}{
	{"min", 1, "min, mins, minute, minutes, minuten"},
	{"h", 1, "h, hr, hrs, hour, hours, hour's, std, stunde, stunden, stdn"},
	{"d", 1, "d, day, days, day's, days', calendar day, calendar days, tag, tage, tagen, tages, kalendertage, kalendertagen, kalendertag"},
	{"d", 7, "w, wk, wks, week, weeks, week's, woche, wochen"},
	{"d", 14, "fortnight, fortnights"},
	{"bd", 1, "bd, bds, business day, business days, working day, working days, workday, workdays, work days, bus days, bus day, bus. days, bus. day, biz days, biz day, buisness days, bussiness days, busines days, banking day, banking days, arbeitstag, arbeitstage, arbeitstagen, geschaeftstag, geschaeftstage, geschaeftstagen, bankarbeitstage, bankarbeitstagen, werktag, werktage, werktagen"},
}

// germanUnit finds the units and rates that are German words, and say how a number is
// written.
var germanUnit = regexp.MustCompile(`tag|woche|woech|monat|mtl|jahr|jaehr|stunde|stuend|std|minuten|quartal`)

// moneyWords are currencies. A dollar is read only where one dimension is
// measured in dollars (see moneyFits).
var moneyWords = map[string]string{
	"EUR": "eur, €, euro, euros", "USD": "usd, us dollars, us dollar", "$": "$, dollar, dollars, bucks",
	"GBP": "gbp, £, pound, pounds, sterling", "CHF": "chf, franken, francs, sfr", "": "¥, yen, cents, cent",
	"JPY": "jpy", "CAD": "cad", "AUD": "aud", "SEK": "sek", "NOK": "nok", "DKK": "dkk", "PLN": "pln", "CZK": "czk", "INR": "inr",
}

// words are the others, English and German, in the order of their kinds.
var words = map[wordKind]string{
	askWord: `need, needs, needed, needing, want, wants, wanted, require, requires, required, would like, i'd like, we'd like, they'd like, like, likes, wish, wishes, ask, asks, asked,
		asking, necessary, ask for, asks for, asking for, looking for, looking at, look for, looks for, expect, expects, must, must have, has to, have to, has to have, have to have, should, shall, ought to, insist on, insists on,
		demand, demands, sell, offer, promise, quote, do, does, did, deliver, provide, handle,
		get, gets, have, has, having, had, had to, make, makes, do it, serve, run, runs, go with, goes with, choose, take,
		brauchen, braucht, brauche, benoetigen, benoetigt, benoetige, moechte, moechten, wollen, wuenscht, wuenschen, suchen, sucht, sollen, soll, muss, muessen,
		haben, hat, bekommen, erwarten, erwartet, anbieten, verkaufen, liefern, machen, noetig, notwendig, erforderlich`,
	andWord: "and, &, +, plus, also, as well as, together with, along with, und, sowie, auch",
	fillWord: `the, of, with, in, on, be, is, are, was, were, been, being, it, its, it's, this, that, these, those, there, here, we, we'd, we'll, we're, we've, you, you'd, your, yours, our, ours, us, i, i'd, i'm, i've, i'll, me, my, mine, one of,
		they, they'd, they'll, they're, they've, them, their, theirs, he, she, his, her, hers, he'd, she'd, can, could, would, will, may, can we, could we, can i, how about, what about, what, which, who, whose, when, where, how, why,
		i am, order, orders, request, requests, place, places, placed, use, uses, please, pls, plz, thanks, thank you, thx, hi, hello, hey, dear, team, all, everyone, regards, best regards, kind regards, best, cheers, sincerely, as discussed, as agreed, fyi, ok, okay, yes, yeah, well, so, then, too, very, really,
		some, any, such, as, at all, up, own, total of, a total of, it's fine, fine, enough, good enough, sufficient, suffices, acceptable, okay with, nothing else, nothing else please, anything else, something else, what else, anyone else, someone else, nothing further, good, great, ready, done, guaranteed, guarantee, exactly, strictly, precisely, happy, happy with, both, coverage, access, finished, complete, completed, available, possible, delivered, returned, sent, send, given, provided, received, processed, handled, covered, included, include, includes, including, incl,
		service, delivery, time, time frame, timeframe, timeline, window, deadline, target, limit, sla, after order, after ordering, after the order, from order, from the order, of order, of the order, of ordering, after we order, from the complete order, after the complete order,
		thing, things, something, about it, case, cases, number, number of, figure, check, quick question, question, let me know, what if, whether, know if, check if, ask if, asks if, asked if, asking if, wonder if, wonders if, wondering if, find out, see, tell me, say, assume, suppose, inside the box, in the box, inside, =, /, by the way, that's, that is, there's, there is, a must, per order, to, into, onto, from, through, via, across, ourselves, themselves, new, project, deal, offering, offerings, add-on, add-ons, company's, customer's, client's, anyway,
		der, die, das, den, dem, des, sie, er, es, wir, ich, ihr, ihre, ihren, ihrem, ihrer, unser, unsere, unseren, unserem, uns, mit, im, in, auf, zu, zum, zur, von, vom, fuer, bitte, danke, hallo, guten tag, und zwar, ist, sind, wird, werden, waere, haette, haetten, gern, gerne, dann, so, als, wie, was, wer, kann, koennen, kann ich, koennen wir, gruss, gruesse, viele, freundliche, mit freundlichen gruessen, viele gruesse, sehr geehrte, sehr geehrter, damen, herren, dabei, ja, also gut, sowohl, geht, reicht, reichen, genuegt, genuegen, ausreichend, sonst nichts, nichts anderes, nichts weiter, zurueck, lieferung, insgesamt, etwas, aus, ob, wissen, zusagen, versprechen, confirm, cover, covers, no rush, no hurry, not urgent, keine eile, nicht eilig, eilt nicht, angebot, zusatz, eigenes, eigenen, eigenem`,
	articleWord: "a, an, ein, eine, einen, einem, einer, eines",
	costWord:    `budget, budgets, cost, costs, price, prices, priced, spend, spends, spending, fee, fees, rent, revenue, turnover, discount, rebate, preis, preise, kosten, umsatz, miete, gebühr, gebühren, rabatt`,
	upperWord: `within, at most, at the very most, no more than, not more than, no longer than, not longer than, no later than, not later than, no slower than, max, maximum, maximum of, a maximum of, max of, up to, not to exceed, not exceeding, upto, inside of, in at most, in no more than, <=, ≤,
		innerhalb, innerhalb von, binnen, hoechstens, maximal, bis zu, nicht mehr als, nicht laenger als, spaetestens, spaetestens nach, spaetestens in, laengstens`,
	lowerWord: `at least, no less than, not less than, no fewer than, not fewer than, minimum, minimum of, a minimum of, min of, no sooner than, not sooner than, no earlier than, not earlier than, not before, no faster than, >=, ≥, starting at, starting from, upwards of,
		after, mindestens, wenigstens, nicht weniger als, ab, nach, minimal, mind, fruehestens, fruehestens nach`,
	underWord:  "less than, under, below, <, faster than, sooner than, quicker than, shorter than, fewer than, better than, weniger als, unter, schneller als, kuerzer als",
	overWord:   "more than, over, above, exceed, exceeds, >, greater than, exceeding, longer than, slower than, in excess of, beyond, later than, spaeter als, mehr als, ueber, laenger als",
	orMoreWord: "or more, or above, or longer, or slower, and more, and up, and above, or higher, or later, oder mehr, und mehr, oder laenger",
	orLessWord: "or less, or fewer, or faster, or sooner, or quicker, or better, or earlier, or shorter, tops, at the latest, at the most, at max, at maximum, oder weniger, oder schneller, oder besser, oder frueher",
	softWord: `about, around, roughly, approximately, approx, circa, ca, ~, ≈, ±, or so, nearly, almost, give or take, if possible, if at all possible, where possible, when possible, wherever possible, whenever possible, as far as possible, if feasible, where feasible, ideally, preferably, hopefully, more or less, close to, in the region of, or thereabouts, ish, odd,
		etwa, ungefaehr, rund, knapp, gut, fast, zirka, wenn moeglich, falls moeglich, sofern moeglich, wo moeglich, nach moeglichkeit, am liebsten, idealerweise, moeglichst`,
	refuseWord: `no, not, non, never, none, nothing, without, w/o, neither, nor, cannot, can't, cant, won't, wont, don't, dont, do not, doesn't, doesnt, does not, didn't, didnt, isn't, isnt, is not, aren't, arent, wasn't, needn't, neednt, shouldn't, shouldnt, wouldn't, wouldnt, couldn't, haven't, havent, hasn't, hasnt, mustn't,
		except, except for, excluding, exclude, excl, excludes, excluded, anything but, anything else but, anything else than, everything but, all but, apart from, other than, instead of, rather than, as opposed to, unlike, minus, outside, outside of, avoid, skip, drop, remove, forget, scrap, refuse, refuses, reject, rejects, against, unnecessary, unneeded, irrelevant, hardly, hardly ever, rarely, seldom, barely, ruled out, rule out, rules out, off the table, out of scope, out of the question, no longer, dropped, skipped, declined, turned down, hate, hates, dislike, dislikes, overkill, unimportant, regardless of, free of, no need for, no need of, n/a,
		maybe, perhaps, possibly, might, eventually, optional, optionally, someday, later, later on, in future, in the future, nice to have, if, unless, provided that, provided we, provided they, provided you, provided the, in case, depending, depends, unsure, undecided,
		already, existing, current, currently, so far, used to, competitor, competitors, vendor, previously, formerly, before, stop, cancel, cancelled, lose, lack, lacks, too much, too slow, too long, too many,
		nicht, kein, keine, keinen, keinem, keiner, keins, ohne, nie, niemals, weder, noch, ausser, statt, anstatt, anstelle, abgesehen von, brauchen kein, nein, vielleicht, eventuell, evtl, ggf, gegebenenfalls, falls, wenn, spaeter, bereits, schon, bisher, derzeit, aktuell, momentan, optional`,
	orWord:      "or, either, oder, entweder, vs, versus, bzw, beziehungsweise, alternatively, respectively, or maybe, and/or, und/oder",
	elseWord:    "else, otherwise, if not, failing that, sonst, ansonsten, andernfalls, falls nicht, wenn nicht",
	butWord:     "but, just, only, but only, but also, not only, not just, nothing but, nothing else but, nothing else than, nothing other than, nothing more than, exclusively, solely, however, though, except that, aber, sondern, nur, sondern auch, nicht nur, lediglich, ausschliesslich, nichts als, nichts anderes als",
	toWord:      "till, until, bis, through to",
	betweenWord: "between, zwischen, anywhere from, anywhere between, somewhere between",
	clockWord:   "by, at, um, gegen, before the, by the",
	forWord:     "for, since, seit, during, waehrend, throughout, lasting",
	orderWord:   "next, last, past, first, second, third, another, additional, extra, further, other, every, each of, more, fewer, less, previous, following, naechste, naechsten, naechster, letzte, letzten, erste, ersten, weitere, weiteren, zusaetzlich, zusaetzliche, alle, jede, jeden, coming, remaining",
	timesWord:   "times, x, mal, twice, once, thrice, einmal, zweimal, dreimal, fold",
	spoilWord: `ago, away, behind, ahead, older, late, from now, tomorrow, tonight, yesterday, noon, midnight, morning, afternoon, evening, eod, cob, asap, pm, uhr, o'clock, morgen, gestern, mittag, vormittag, nachmittag, abend,
		monday, tuesday, wednesday, thursday, friday, saturday, sunday, mon, tue, tues, wed, thu, thur, thurs, fri, sat, sun, montag, dienstag, mittwoch, donnerstag, freitag, samstag, sonntag,
		january, february, march, april, june, july, august, september, october, november, december, jan, feb, mar, apr, jun, jul, aug, sep, sept, oct, nov, dec, januar, februar, maerz, mai, juni, juli, oktober, dezember,
		pay, pays, paid, payment, payments, payable, invoice, invoices, net, terms, contract, contracts, trial, pilot, meeting, meetings, call, calls, training, workshop, open, opening, warranty, notice period, cancellation, term, shift, shifts, retention, keep, kept, store, stored, valid, validity, expire, expires, expiry, old, wait, waits, waited, waiting, delay, delays, delayed, takes, took, taking, support, downtime, outage, uptime, age, aged, older than, experience, holiday, vacation, visit, work, effort, drive, flight, travel, hotline,  start, starts, starting, started, begin, begins, beginning, implementation, implement, implemented, launch, launched, launching, rollout, roll out, kickoff, kick off, live, go live, onboard, onboarding, onboarded, set up, setup, integrate, integrated, integration, install, installed, installation, migrate, migration, ramp up, decide, decision, sign, signed, signing, reply, replies, respond, responds,
		einfuehrung, inbetriebnahme, umstellung, starten, beginnen, einrichtung, anbindung, zahlung, zahlungsziel, vertrag, vertragslaufzeit, rechnung, kuendigung, kuendigungsfrist, schulung, termin, dauert, alt, vor, laufzeit`,
	periodWord: "year, years, quarter, quarters, q1, q2, q3, q4, month, months, season, total, overall, altogether, decade, jahr, jahre, jahren, quartal, monat, monate, monaten, in total, weekend, weekends, seconds, sekunden, contract term",
	nowWord:    "now, today, at the moment, at present, presently, these days, nowadays, right now, as of now, heute, jetzt, zurzeit, im moment",
	whoWord: `customer, customers, client, clients, prospect, prospects, lender, lenders, bank, banks, insurer, insurers, company, companies, firm, firms, employer, employers, retailer, group, corporation, agency, agencies, carrier, carriers, organisation, organization, partner, manufacturer, startup, buyer, buyers, caller, insurance, mortgage, inc, ltd, llc, corp, gmbh, ag, holdings, holding, law firm, law firms, title company, title companies, staffing agency, staffing agencies, credit union, credit unions,
		kunde, kunden, kundin, firma, firmen, unternehmen, versicherer, versicherung, konzern, interessent, auftraggeber`,
}
