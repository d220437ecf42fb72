// Package jobs does what must happen behind the requests: clearing outboxes,
// statistics, the ledger, reminders.
//
// # One runner among many processes
//
// Every process of the program has a [Runner], and one of them works at a time:
// the one that holds the lease, a document in the store with the holder's name
// and the time at which the lease ends. The holder renews it when a third of
// its term is over; the others look as often whether it has become free. When
// the holder stops, it gives the lease back; when it dies, another runner takes
// over within a term and a third, or two when their clocks differ. Two runners can never both take or renew the
// same lease, because each does it with a single write that names the revision
// it has read.
//
// A lease keeps work from being done twice for nothing; it guards no rule. A
// process that was stopped for a minute, or whose clock is wrong, may go on
// with a task while another holder has begun it. So tasks must be idempotent
// and rest on single-document writes, as package store says. A task's context
// ends when the lease that it was begun under would.
//
// What is done once and not again and again, at a start, takes a lease of its own
// with [Leases.Hold]: the others wait until it is done.
//
// # Tasks
//
// A [Task] has a name, an interval and a function that does a bounded piece of
// work: some documents, not all there are. It returns more = true when it has
// not finished; then it is called again at once, after the other tasks that are
// due have had their turn. Otherwise it is called again after its interval, or
// when the runner is kicked. Tasks of a runner never run at the same time.
//
// [Runner.Kick] makes all tasks due now: call it after a write that leaves work
// behind, and the work begins within the same moment when this process holds
// the lease, and within the task's interval when another does. It never blocks,
// and many kicks during one pass are one.
//
// A task that returns an error, or panics, is logged and tried again after
// 1 second, then 2, 4 and so on, up to 5 minutes; kicks don't shorten that. So
// is the lease when the store fails.
//
// # Stopping
//
// Run returns soon after its context is over: tasks get the same context, what
// they return then is not logged as an error, and the lease is given back.
package jobs
