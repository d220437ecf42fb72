// Package scenario is branching exercises: what a scene offers, what a choice
// does, when a play has passed, what could have been done better, and what an
// author got wrong. It is pure: time and randomness are passed in, nothing is
// read or written, and the same input gives the same output on any machine.
//
// # Scenarios
//
// A [Scenario] is a graph of at most [MaxScenes] scenes. Each has up to
// [MaxChoices] choices, which lead to scenes; a scene without choices is an
// end. The state is a list of [Values], one for each variable in the declared
// order: a meter is a whole number from 0 to its maximum, a flag is 0 (no) or
// 1 (yes). A choice may have
//
//	effects   in the order in which they are written: a meter rises or falls,
//	          a variable is set; what goes over the end of a meter is lost
//	needs     an expression: where it doesn't hold, the choice is greyed out
//	hidden    an expression: where it doesn't hold, the choice is left out
//	fatal     its scene is shown, the play is over there, and has failed
//
// A choice is open where both of its expressions hold. Needs and hidden are
// judged with the values before the choice.
//
// # Expressions
//
//	expression = and { "or" and }
//	and        = not { "and" not }
//	not        = "not" not | compared
//	compared   = operand [ ( ">=" | "<=" | ">" | "<" | "=" | "!=" ) operand ]
//	operand    = name | number | "yes" | "no" | "(" expression ")"
//
// A meter is compared with a number or another meter; a flag, yes, no and
// whatever is in parentheses stands alone or is compared by = and != with
// another of its kind. Comparisons don't chain. A number above the meter's
// maximum decides a comparison before it is made: [Analyse] names it. An
// expression has at most [MaxExpression] words, numbers and signs.
//
// Names are lower-case words joined by hyphens, each beginning with a letter.
//
// # Effects
//
// What an author writes in the title of a choice's link are parts between
// semicolons, in any order; [ParseEffects] reads them:
//
//	trust +2      trust -1      trust = 5      homework = yes
//	needs: EXPRESSION           needs hidden: EXPRESSION           fatal
//
// Each variable stands in one effect at most, needs, needs hidden and fatal
// once.
//
// # Plays
//
// A [Play] is one try, a part of what is stored of an attempt. It pins the
// scenario's revision and records each choice as a [Move]; values are never
// stored, for replaying the moves gives them. A play is over, and graded,
//
//	end        at an end: passed as the scenario's Ends say of it, else by
//	           its Pass expression over the values
//	fatal      after a fatal choice: failed
//	dead-end   where no choice is open: failed; Analyse refuses such scenarios
//	too-long   after [MaxMoves] moves without an end: failed
//
// A page shows one step of a play, and names it by the number of moves made
// before ([Position]). Choices come in the author's order. The value that a
// form posts for a choice is a token: a keyed hash of step and choice under
// the play's secret, so a page tells nothing of the graph, and a token is good
// for its own play and step. Nothing in a position depends on an effect, a
// debrief, or a pass mark before these have had a visible consequence. Values
// are shown that the scenario's Show names; in practice, all.
//
// [Scenario.Choose] takes the step that the page showed and the token. The
// choice that was made at that step, posted again (a double click, a reload,
// a second tab), changes nothing and is no error. Another choice at a step
// that is past is [ErrMoved], a choice that isn't open [ErrNotOffered], and
// both change nothing: the caller shows where the play stands.
//
// # Results and debriefs
//
// From each state some ends may be reached without a fatal choice. Its worth
// is the highest sum of all meters over the passing ones among them; none,
// where there is none. A choice loses nothing when it isn't fatal and the
// state that it leads to is worth as much as the one it leaves: such a choice
// fits. The best path is, of all to a passing end without a fatal choice, the
// one with the highest sum of meters at the end; of these the one with the
// fewest choices; of these the first in the author's order. The best choice in
// a state is the first of the best path from there.
//
// A [Result] counts, clause by clause, the choices made that cite it and how
// many of them fit. [Scenario.Debrief] tells a play that is over step by step,
// beside the best path. [Scenario.Regrade] repeats the grading from the moves.
//
// # Analysis
//
// [Analyse] must be called once before a scenario is played. It reads the
// expressions, finds each choice's scene, and explores all states that can be
// reached in up to MaxMoves choices; a state is a scene with values. It returns
// what is wrong, as [Problem] values with a stable [Rule]; an error means that
// the scenario can't be published. A scenario has at most [MaxStates] states.
// Where the scenario itself is badly formed, or an end isn't graded, nothing is
// explored.
//
// A loop gains without bound when there is a scene with two states u and v,
// such that v can be reached from u, all flags are equal, no meter is lower in
// v than in u, and some is higher: one can go round again until the meter is
// full. Of several such scenes that can be reached from one another the first
// is named.
//
// # Revisions and admission
//
// A scenario's revision is the SHA-256 of all that an author can write in it,
// in the encoding of package quiz. It depends on effects: it must not reach a
// learner before the play is over. Expressions are stored in their canonical
// writing ([Expression.String]); [Open] makes a stored scenario ready, and proves that it is the
// revision that was pinned.
//
// How often a scenario may be tried is said by quiz.Rules ([Scenario.Rules]);
// [Key] is the id by which tries and grants name it, which no quiz can have.
// Plays for practice are not tries.
package scenario
