// Package people keeps accounts, teams and roles, lets people in, and takes a
// company's roster. It knows no HTTP: cookies, links and forms are the server's.
//
// # Persons
//
// A [Person] has an e-mail address, a first and a last name, roles, at most one
// team, and possibly a password. All that a request must know of her stands in
// one document: reading it tells who she is, what she may do, and whether she
// is still signed in, so that a role taken away, a sign-out or a disabled
// account holds at the next request on every server. Nobody is ever deleted,
// because what she did must stay; accounts are disabled.
//
// E-mail addresses are compared folded ([FoldEmail]: capitals don't matter) and
// shown as they were written. Each belongs to one person. That rests on a claim,
// a document whose id is the folded address and that names the person: who adds
// or moves somebody writes the claim first, the person second. A crash in
// between, or an address that was left, leaves a claim that binds nobody; the
// next who wants the address takes it over. A person is found by her address
// only if claim and person agree. Claims are never deleted.
//
// The roles are rep, manager, author, sales, care, operations and admin; the
// fourth to the sixth are reviewers for their function. A disabled person holds
// none. There is always an admin: the last one can't be disabled or lose the
// role ([ErrLastAdmin]), whatever several admins do at the same time.
//
// # Teams
//
// A [Team] has an id (the [Slug] of its first name), a name, and managers. Who
// is in it stands in the persons. A person manages the teams that name her as
// long as she holds the manager's role ([Team.ManagedBy]), and sees the people
// in them and nobody else.
//
// Lists are by folded name, last name first, in pages of at most 1,000;
// [Service.Search] finds the beginnings of names and addresses, at most 50.
//
// # Passwords
//
// 10 to 200 characters of any kind, not made of the person's name or address,
// not one of those that are tried first ([CheckPassword]). Kept as argon2id with
// 19 MiB, two passes and one lane, made anew at a sign-in when these figures
// have changed since. As many are hashed at once as there are cores, 16 per core
// may wait, others get [ErrBusy] with the time after which to try again; the last
// quarter of these places is for networks that have none yet, so that nobody can keep
// all others out by sending passwords without end. A
// sign-in with an address that nobody has, or of somebody without a password,
// does the same work as one with a wrong password and gives the same answer.
//
// After 20 failures for one address and account from one network address (for
// IPv6, one /64) the next tries from there are [ErrTooMany], one each three
// minutes being let through; other accounts and other places aren't touched, so
// that nobody can lock out a rep from afar, or an office. After 20 failures for
// an account from wherever, one is forgiven each 30 seconds and each further try
// is slowed down by up to 4 seconds, except from where she signed in before. The
// right password gives back what it took. Counts live in the memory of one
// process, bounded.
//
// # Sessions
//
// A cookie is "person.secret", the secret 32 random bytes in base64; stored is
// the SHA-256. [Service.SignIn] always makes a new one. A session ends after 30
// days without use, and 90 days after it began. "Last seen" is written once a
// day, so that an ordinary page writes nothing. A person has at most 20; then
// the one that was seen longest ago goes. A change of password ends all others,
// a disabled account ends all.
//
// # One-time links
//
// [Service.Invite] makes a link with which a person sets her password, for new
// people and for those who forgot it. It is good for 7 days and one use, and a
// newer one replaces it. Its token looks like a cookie, and its hash stands in
// her document, so that using it is one write. Looking at a link uses nothing up.
//
// As long as there is no admin, each start of a server makes a link for the
// first one ([Service.SetupLink]), good for 24 hours; using one uses up all.
//
// # Rosters
//
// A roster is a CSV file (see [ReadRoster] for what is accepted) of at most
// 10 MB and 50,000 rows with these columns, in any order, of which email (or
// usernames that are addresses) must be there:
//
//	username    in the personnel system; at most 100 characters
//	firstname   a new person needs one of the two names
//	lastname
//	email       who the row is about
//	idnumber    in the personnel system; finds a person whose address changed
//	department  kept, not used
//	manager     address or username of her manager, who may come later in the file
//	team        name or id of her team, which is added when there is none
//	roles       separated by spaces or commas; a new person is a rep if it is empty
//	suspended   1 disables the account, 0 enables it
//	deleted     1 disables the account
//
// An empty cell, like a missing column, leaves alone what is stored; people who
// are not in the file are left alone as well. Unknown columns are named and not
// looked at.
//
// A row is about the person with its e-mail address; if there is none, about the
// one with its id number, who then gets the address. A username finds nobody,
// since usernames are given to others when people leave.
//
// A row with a manager and without a team goes to the manager's team: to the
// only one that she has, or to the one among hers that the person is in already;
// if she has none, to a new one, "Team Anna Berg". With both, the manager becomes
// a manager of that team. Who is named as a manager gets that role, even if her
// own row doesn't say so (a new one gets no other then). Managers are only
// added: to take a team from somebody is a decision for the page of the team.
// The row of somebody who leaves changes neither team nor manager.
//
// [Service.Plan] writes nothing and says for each row what it would do: add,
// change (which fields, from what, to what), disable, enable, nothing, or why it
// is rejected. A rejected row hinders no others, but for those whose manager
// would have come with it. [Service.Apply] does it, those rows first that make
// admins, and reports on each row. The same file a second time changes nothing.
// Rejected rows can be written back with the reason, to be mended and imported.
package people
