// Command insidebox serves the programme, checks content and keeps people.
//
// This package is the only one that reads the environment and wires rooms
// together. Each subcommand has a file.
//
// # Flags and variables
//
// Every flag has an environment variable of the same name: --base-url is
// INSIDEBOX_BASE_URL. A flag that is given counts before its variable, and an
// empty variable is none. Yes-or-no flags take what strconv.ParseBool takes;
// lists are separated by commas. --help names flag and variable.
//
// # Results
//
// Exit 0 says done, 1 failed, 2 used wrongly. What was asked for goes to
// standard output: findings, one a line, rows of an import, people, links, the
// address and how to sign in. Remarks on it go to standard error: how many
// findings, until when links are good, the progress, the log. An error is one
// line there: what was tried, what went wrong, what to do. Passwords in
// addresses are never shown.
//
// # Data
//
// serve, people add, people import, restore, copy --to and bench-data make the
// data file when it is missing; the other commands refuse, because a slip in a
// path must not pass for an empty company. A dry run makes nothing. The same
// holds for a database in a MongoDB.
//
// serve waits for a MongoDB that is away: it listens and is not ready, and what
// needs the store is answered 503. Everything else ends with an error.
//
// backup, restore and copy move whole stores; see package archive. A backup
// never replaces a file, and what is restored is read back and compared.
//
// # Following files
//
// With --dev, folders are read again when they have been quiet for a moment:
// at notifications of the system, and where those don't come, when the files
// look different every other second. Pages are swapped whole, or not at all
// when something in the files is wrong.
//
// # Beside the requests
//
// One of all processes on a store holds the lease of package jobs, and clears
// the outbox. Each reads its library again on a day from which a dated figure
// counts, and gives memory back when nobody asks for anything.
//
// # Metrics
//
// With --metrics, an address of its own answers GET /metrics for Prometheus:
// calls of the store by operation, collection and result, how long they took,
// and what the Go runtime and the process use. Slow calls go to the log. Neither
// names a person or a document.
//
// # Signals
//
// An interrupt or SIGTERM stops a server gracefully: it takes no new requests,
// lets those that run finish, for at most 15 seconds, ends what runs beside
// them and closes the store. A second one ends it at once.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // from then on signals end the process, as without us
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
