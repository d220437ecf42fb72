/*
Package content turns a folder of Markdown files into a Library: everything
that learners read, resolved, checked, rendered to HTML once, and never
changed afterwards. Load is all there is to call; what is wrong with the files
comes back as Findings, each with its file, line, column and stable rule name.

This comment is the specification of the format. It is written so that a new
colleague could implement the loader from it, and an author look it up.

# Principles

Every file reads well, and its links work, in any Markdown viewer that knows
nothing of this program: a quiz is a task list, a clause is a heading, a
reference is a relative link. Nothing that an author writes is dropped or
reinterpreted in silence: what this program would show differently from what
the text suggests is a finding. A Library depends on its files and on the day
(in the library's time zone), and on nothing else.

# The tree

	library.md                                   company, calendar, dimensions; required
	CHANGES.md                                   what changes in the standard, newest first
	standard/records-search.md                   an offering, or a practice
	courses/onboarding/index.md                  a course
	courses/onboarding/10-the-box/index.md       a module
	courses/onboarding/10-the-box/10-reading.md  a lesson
	courses/onboarding/10-the-box/80-check.quiz.md  a quiz
	courses/onboarding/10-the-box/90-call.scenario.md  a scenario
	certifications/sell-records-search.md        a certification

The place decides what a Markdown file is; one in any other place is an error,
except README.md anywhere, which is for whoever opens the folder on a code
host. Names that begin with "." are not read. Courses and modules need their
index.md. Symbolic links and devices are refused. Files with other endings lie
beside the text that shows them (see Images and downloads).

A file or folder whose name begins with "_" is a draft, and so is all that
lies in it: it is read and checked, its errors count as warnings, learners
never see it, and only drafts may link to it.

A number before a name ("10-") orders siblings: numbered ones by number, then
the others by name. Number, "_" and ending are not part of the slug. The slugs
of courses, modules and lessons are lower-case words joined by hyphens, and
siblings may not share one.

Addresses:

	library.md, CHANGES.md      /   /changes
	course, module, lesson      /courses/C   /courses/C/M   /courses/C/M/L
	offering, practice          /offerings/ID   /practices/ID   (clauses: #anchor)
	quiz, scenario              /quizzes/ID   /scenarios/ID
	certification               /certifications/ID
	image, download             /assets/<first 16 hex digits of its SHA-256>/<name>

The ids of courses, modules and lessons are their slugs joined by "/", such as
onboarding/the-box/reading.

# Files

Files are UTF-8; a byte-order mark is dropped and line ends of Windows count
as line ends; other control characters are errors. A file is at most 128 KB.
A tab that indents a line is an error in front matter, quizzes, scenarios and
self-checks, because it counts otherwise than it looks; elsewhere a warning.

Front matter is YAML between a first line "---" and the next line "---", with or
without white space behind the hyphens. Every kind but CHANGES.md needs it. It is
plain YAML: one mapping, without anchors, aliases, merges, tags and tabs; 12 KB,
lines of 2,000 bytes and 16 nested brackets at most, checked before it is parsed.
Keys are known or errors; so are repeated keys, values of another shape and empty
values. One word stands for a list of it.

An id is lower-case words of letters and digits, joined by hyphens. It is
unique in its kind (offerings and practices together; items in the whole
library) and is never given to something else later.

# library.md

	company, title    names; required
	note, locale      "a sample; no such company exists"; a language tag, "en" if left out
	currency          three capitals (ISO 4217) in which sums are given, such as what a
	                  request is worth; if left out, that of the first dimension which is money
	time-zone         of the tz database, such as Europe/Berlin; required: days begin and end in it
	calendar          {week: mon-fri, hours: "08:00-18:00", holidays: [2026-12-25, …]}: what a business day is
	dimensions        in the order in which cards show them: NAME: {kind, unit, values, names, label, ask, words}
	pages             {brief: CLAUSE}: the clause to which the page of meeting briefs leads; may be left out

A dimension is one thing that customers ask for. Its kind is no-more-than or
no-less-than (a number with a unit) or all-of (a set out of values); package
standard says what units there are, how values are written and how they
compare. label is required, ask is the question to a customer. names says how
people read values: {api: API, report-columns: report columns}. A value without
a name is shown as it is written, hyphens and all, because only the author knows
whether one belongs to the word, as in in-state. A tier that is called as a
value is shown by the value's name (Library.TierName). Names are for showing
alone: figures, links and revisions go by the values. words holds what else people
call things when they say what a customer needs: of a set a group, {overseas:
international}, of a number a list of phrases that name the dimension, [results,
back]. They are for reading sentences alone, and no revision covers them. A phrase
means one thing in all dimensions; one that counts, compares or refuses in every
sentence ("within", "no") can't be one. No dimension is named name, is or from. The
body is the library's own text.

# Offerings and practices

A file under standard/ whose front matter has only id, title, owner and aliases
is a practice; with any other key it is an offering, which has besides

	common     figures that hold in every tier
	tiers      a list of {name: …, DIMENSION: FIGURE, …}
	extends    ids of the base offerings that it is an add-on to
	widens     sets added to every tier of the base (add-on only)
	adds       numbers added to every tier of the base (add-on only)
	clauses    {DIMENSION: anchor}: the clause that states it, where it has another name
	words      what people call it besides its title; for reading sentences alone

A figure is a value, or a list of a value and dated ones, in ascending order:
[24h, {is: 36h, from: 2027-01-04}]. Of a dated figure the library shows what
holds on its day; Library.NextChange is the next day on which any differs. A
dimension stands in common or in tiers, not in both. An add-on extends bases,
never other add-ons. Every dimension of a box is stated by a clause.

Every second-level heading is a clause, named OFFERING/ANCHOR, where the anchor is
words of letters of any alphabet and digits, joined by hyphens; its text is what
stands under it, up to the next one, and there must be some. Text before the first
clause is the introduction, its first paragraph the summary. In an offering, Fits
and History are no clauses; Outside is one. A heading stands in a file once.

aliases: {OLD-ANCHOR: ANCHOR} keeps a heading's earlier anchors working, in
links and as clause ids (Library.Clause knows both). Only anchors that are gone
may be listed.

# Revisions

Revisions name wordings by their SHA-256, so that attempts and certificates
can pin them. They do not depend on the day.

A clause's covers its id, its title, its text, and every figure of the box in
the dimensions that it states: in common, in each tier, widened and added, with
all dates. The text counts as words with single spaces, in Unicode's composed
form, one line a block. So rewrapping, moving, renumbering, emphasis and the
kind of list change nothing; what is struck through or ticked does, and so do
code, the bytes of images and downloads, the ids of clauses and addresses of
other sites that it links to, and the figures that it shows. Links to pages
count with their text alone, because pages move.

An offering's covers its title, its box and the revisions of its clauses.
Items, quizzes, scenarios and certifications are covered by what packages quiz,
scenario and certify say; an item or a scene that shows a dated figure or quotes
a clause is another revision when that changes. Library.Hash covers the path and
text of every file that learners see, and names the release.

# Markdown

CommonMark with GitHub's tables, task lists, strikethrough and bare addresses;
definition lists; footnotes (in lessons only); and

  - Alerts: a quotation at the left margin whose first line is [!NOTE], [!TIP],
    [!IMPORTANT], [!WARNING] or [!CAUTION], in capitals and alone. Its title is
    shown in the library's language.
  - Fenced code is highlighted where its language is known; tokens carry
    chroma's class names.
  - An image alone in a paragraph is a figure; its title is the caption.

There is no raw HTML, comments included, and no attribute syntax: what other
programs would read as one, {#id}, {.class} or {key=value} behind a link or at
the end of a line, is an error. First-level headings are errors, because the
page's title is in the front matter; a level left out is a warning, and so is a
heading that is made by a line of dashes under it.

A heading's anchor is its text by GitHub's rule: lower case; letters, marks,
digits, "_" and "-" stay, spaces become "-", all else goes, and a repetition
gets "-1", "-2" …

What Markdown would leave as text without a word is an error: "](" and "][" in
plain text, which is a link with curly quotation marks or spaces in it, or
without its closing bracket or definition; "##Title" without a space; "[^1]" of
which there is no footnote; "-[ ] Choice", which becomes part of the choice above
it. What Markdown would not show at all is a warning: a footnote, or the address
of a reference, that nothing refers to.

HTML that goes out: links carry class "figure" or rel "external noreferrer";
alerts are div.alert.alert-note with p.alert-title; quotations of clauses are
figure.clause-quote; wide tables scroll in div.table; alignment is the align
attribute; marks of task lists are span.task. There is no style attribute, no
script and no handler anywhere, so that pages need no exception in their
content security policy.

# Links

A link is relative, or begins with https://, http:// or mailto:. Judged is what
a browser would see, with entities and backslashes resolved. Refused are all
other schemes; "//host" and "/path"; control, format and space characters other
than a plain space; backslashes; addresses without a host, or with a user name
in them; a "?" behind a file's name.

A relative link leads from the file to another file of the tree, or to a heading
in it: it becomes the address of that page. The file and the anchor must exist;
headings of quizzes, of CHANGES.md and, from other files, of scenarios can't be
linked to. A link to a download gives it out.

A clause is referred to by a link to its heading. Alone in a paragraph, outside
of standard/, such a link becomes a quotation of the clause as it reads now. At
most 40 quotations and 2,000 links stand in a file.

With the title "figure: TIER.DIMENSION" a link to an offering shows that figure
of its box, as it holds on the library's day, in place of its text; common,
widens and adds can stand for the tier. Where the text in the file says
something else, that is a warning (a dated figure changes by itself), and the
finding carries its Mend: the figure in the place of the text, within emphasis or
backticks where all of it stands in them. There is none in a heading, because
its anchor would change, and where the text is the name of a reference or holds
more than text.

# Images and downloads

Served are png, jpg, jpeg, gif, webp, avif, svg, pdf, csv, txt, docx, xlsx, pptx,
mp3 and mp4, up to 10 MB each, and only those that a page links to. Images lie in
the tree: one from another site would tell that site who reads. Drawings (svg)
may hold no script, handler, animation, foreign content, document type, or
reference to anything outside the file. An image says in its text what it shows.

# Courses

A course has title, summary and audience (of rep, care, operations, manager), a
module title and summary, a lesson besides these teaches, a list of clause ids
of which the first is the one that feedback leads to, and minutes. Where minutes
is missing it is a minute for every 180 words and for every self-check, rounded
up. All three have a body, a lesson's not empty.

A fenced block ```check, at the left margin of a lesson, holds one ungraded
question: an item as in a quiz, without id and clauses, and, if it is more than
one sentence, without heading, too. It may not be the same as an item of a quiz.

# Quizzes

	id, title    required
	pass         a percentage; required
	draw         items an attempt; all when left out
	open         true shows the boxes while answering
	attempts     per cycle; no limit when left out
	cooldown     [24h, 7d]: after the first, the second … failed attempt; min, h or d
	feedback     hints (if left out), full or none

time: is refused until it is built. Text before the first item is the quiz's
introduction. Every second-level heading begins an item:

	## Nationwide by tomorrow noon
	`q-nationwide-noon` · critical · covers [turnaround](…/records-search.md#turnaround)

	What may you promise?

	- [ ] Noon tomorrow
	  > The nationwide tier takes 24 hours from order.
	- [x] Four tomorrow afternoon

	> Shown with the feedback, whatever the answer.

The line under the heading, followed by an empty one, holds the id in code and
then, each part set off by "·": critical (a wrong answer fails the attempt),
multiple (any number of choices may be ticked; so it is, too, when several are
right), partial (right minus wrong counts in part; with multiple only), and the
clauses that it tests, at least one. The words order, match, classify and
number, and answers after "Answer:", are refused until they are built.

Then come the question, one task list of two or more choices of which at least
one is right, and, after the list, quotations that are shown with the feedback.
A quotation under a choice, indented by two spaces, is its reason. Choices are
shuffled, so none may speak of those above or below it, and no two are the same.

A choice that speaks of the place of others ("all of the above") is an error.
Warned of are: a wrong choice without reason; a choice about the others ("all of
these"); a quiz of four or more single-choice items in which the right choice is
the longest in four of five; a critical item that is alone on its clause; an item
of which every choice is right.

# Scenarios

	id, title    required
	start        anchor of the first scene; required
	state        {trust: 5 of 10, homework: no}: meters, with where they begin and their maximum, and flags
	show         variables that are shown in plays that count; in practice, all are
	pass         a condition on the state at an end
	ends         {a-signed-contract: pass, lost: fail}; an end that isn't named follows pass
	attempts     per cycle; no limit when left out
	cooldown     as in a quiz

Text before the first scene is the scenario's introduction. Every second-level
heading begins a scene, whose anchor is that heading's; it stands in the file
once. A scene is its text and then one list of choices; one without choices is
an end:

	## The call
	The buyer wants 12-hour results, nationwide.

	- [Promise it, operations will find a way](#promised "trust +1; fatal")
	  > Outside the box: [turnaround](…/records-search.md#turnaround).
	- [Ask what they need it for](#why "trust +2; homework = yes")
	- [Quote the express desk](#express "margin +1; needs: trust >= 6")

A choice is a list item that is one link to a scene of the file, and under it,
indented by two spaces, quotations for the debrief; the clauses that these link
to are those that the choice cites. No two choices of a scene read the same,
unless they are shown at different times. The link's title holds what the choice does;
package scenario says how conditions and effects are written, how a scenario is
played and graded, and what its analysis finds, each finding under the name of
its rule there. Nowhere else does a link lead to a scene.

Warned of are: a scene without text; a choice of which the debrief says nothing;
and what the analysis calls a warning.

# Certifications

	id             required
	title          what it is called; the titles of its offerings when left out
	offerings      ids of what it clears for; required
	after          ids of certifications that must be held first
	requires       a list of {module: C/M}, {quiz: ID}, {scenario: ID}, {signoff: {by: manager, criteria: […]}}; required
	covers         clause ids, or OFFERING/*; all clauses of the offerings when left out
	valid          how long it holds, in calendar time: 1y, 6m, 90d; for ever when left out
	remind         days before the end, descending: [60d, 30d, 0d]
	grace          days after a material change: 30d
	enforce-from   the first day on which clearance is enforced

A module stands for reading all of its lessons, each waived by passing a quiz of
that module. At least one quiz is required, and the quizzes test every clause
that is covered. Where a quiz tests a covered clause, its draw is at least the
number of all its clauses, because chance decides which a smaller one leaves out;
it is a warning when critical clauses can't come twice. No certification waits
for itself. The body is what the certificate says.

# CHANGES.md

	## 2027-01-04: nationwide takes 36 hours
	- material: [turnaround](standard/records-search.md#turnaround): 24 h becomes 36 h

	Why: the county registers moved to weekly batches.

Each second-level heading is an entry: the day on which it takes effect, and
what changes; the newest first. A line classes the change of one clause as
editorial, material or critical. Nothing else stands in an entry but its reason.

# Search

Library.Search finds offerings, practices, clauses and lessons by their words:
what every signed-in person may read. Quizzes, self-checks, scenarios and drafts
are not in its index. The index is made at the first search.

# Limits

goldmark's time and output grow faster than its input on some texts, and it
can't be interrupted. So a scan refuses a file before goldmark sees it when it is
over a limit: 16 KB or 600 lines without an empty line; 12 quotes and list items
that open on one line; 48 columns of indentation; 200 brackets "[" left open in a
block; 2,000 of the signs * _ ~ ` < in a block; 24 columns in a table and 6,000
cells in the tables of a file. The limits hold within code, too. There are at
most 20,000 files.

# Findings

An error keeps the library from loading, a warning doesn't. Findings are sorted
by file, line and column; of one file 100 errors and 100 warnings are kept, and
all that can be mended. A place is that of the mistake itself, in the author's
file, also within front matter and self-checks; columns count characters. A
rule's name never changes its meaning; docs/authors.md lists them all. Whether
the library is complete (every clause taught and tested, every offering
certified) is judged only when nothing else is wrong.

Mended makes the mends of findings in the bytes of their file, and changes
nothing else in it, a byte-order mark and line ends included. A place that reads
otherwise than when the file was loaded is left alone. After it, no mend is left:
a second one changes nothing.

With Options.Since, the library that was published last, there are findings
about what changed: a clause that reads otherwise, or whose figures do, has a
line in an entry of CHANGES.md that the other library doesn't have; a clause that
was there still is, or its old anchor is an alias (both warnings); and no id that
was that of an offering, practice, quiz, scenario or certification is now that of
another kind.

# Edits and drafts

An edit of a clause (Library.Editable, Library.Try) is its file's front matter, its
section and an entry of CHANGES.md, above the first that takes effect no later. It is
tried by loading the tree as it would read, and nothing is written: what comes of it is
the library, the new findings and a unified diff. An edit of a file that has changed
since is refused. Moved puts another figure where it stands in one place in one line.

A ScenarioDraft is written as a scenario file; no text in it can make a finding.

# How it works

Load goes through the tree in passes: walk (tree.go) finds the files; parse
(limits.go, markdown.go, prepare.go) takes each one apart by itself, several at
a time; declare (declare.go) gives everything its id and address; then clauses
are rendered (clauses.go, revision.go), then courses with lessons, quizzes and
scenarios, several at a time (course.go, lesson.go, quiz_file.go, item*.go,
scenario*.go), then the files that only refer to others; the rules across files
(rules*.go) come last. Links get their targets when a file is first rendered
(links.go, policy.go, figures.go, assets.go), and nodes.go writes nothing but
those targets. prepare.go and prepare_silent.go name what Markdown would drop.
Each file is read and parsed once.
*/
package content
