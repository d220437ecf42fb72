// Package certify says what a rep must do to be cleared to sell an offering,
// how far a rep has come, and who is cleared now. It is pure: evidence, time,
// time zone and keys are passed in.
//
// # Steps and evidence
//
// A [Certification] is a list of steps. [ProgressOf] compares them with
// [Evidence], which only ever grows:
//
//	lesson    done when the lesson is marked read, or waived when a quiz among
//	          its waivers was passed (test-out)
//	quiz      done when an attempt passed; the first that did is the proof
//	scenario  the same; its tries go by a key that no quiz has (scenario.Key)
//	signoff   done when the manager's latest word on it says "met"
//
// # Cycles
//
// A run at a certification is a cycle, counted from 1. A [Renewal] opens the
// next one. In cycle 1 all evidence counts; in a later one only what is dated
// at or after the opening. Nothing is ever reset: old evidence stays, and
// proves the old certificates. A renewal may be opened once the certificate
// of the present cycle is within the renewal window (the earliest reminder;
// 60 days where none is declared) or over ([MayRenew]).
//
// Quizzes and scenarios count their attempts in cycles of their own, since one
// may serve several certifications: [QuizCycle] is one more than the renewals
// of certifications that ask for it, so that every renewal gives its learner
// fresh attempts.
//
// # Certificates
//
// When all steps of the present cycle are done, no certificate is held for
// the cycle, and all certifications named under "after" are held in force,
// a certificate is due ([Due]). It is an immutable record of who, what, when,
// on which evidence and on which revisions of the clauses ([NewCertificate]).
// Its id is a keyed hash of person, certification and cycle
// ([CertificateID]): issuing it twice is issuing it once, and nobody can
// guess it.
//
// # Periods
//
// A certificate holds for a calendar period from the day of issue, in the
// library's time zone: years and months first, where a day that the month
// lacks becomes its last (29 February + 1 year is 28 February), then days.
// It holds until the end of the resulting day: Until is that day's last
// millisecond, so that the date of Until, in the library's time zone, is the
// date people read.
//
// # Clearance
//
// [Clear] gives one state, the first of these that applies:
//
//	expiring       a certificate is in force, within the renewal window
//	cleared        a certificate is in force
//	not-enforced   the certification is enforced from a later day; cleared
//	               until then; Then says what would hold
//	expired        the last certificate is over, and nothing was done since
//	blocked        a certification that must be held first is not
//	issuing        all is done; the certificate is about to be written
//	waiting        only the sign-off is missing
//	locked         a missing quiz or scenario has no attempt left; a manager can
//	               grant one
//	failed         a missing quiz or scenario is cooling down, free again at FreeAt
//	in-progress    something is done, or an attempt was started
//	not-started    nothing is
//
// The first three are cleared. Where several certifications clear for one
// offering, [Best] picks the one to show.
package certify
