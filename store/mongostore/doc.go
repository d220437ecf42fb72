// Package mongostore keeps a store in MongoDB: the backend of a company that
// has outgrown one machine. Any number of processes share one database. It
// keeps all promises of package store, and is the only package that imports
// the driver's mongo package.
//
// # The address
//
// Open takes a mongodb:// or mongodb+srv:// address. Its path names the
// database, insidebox when it has none. TLS, SCRAM, X.509, compressors and the
// size of the pool are as the address says. Files that it names are read before
// anybody is called, and one that can't be used is an error that names its
// option; so is X.509 without a certificate. What the promises rest on can't be
// set otherwise there, and an address that tries is refused: writes wait for a
// majority and its journals, reads are majority reads from the primary, writes
// are retryable. No error and no log shows what is secret in an address.
//
// The server is a replica set or a sharded cluster of MongoDB 5.0 or newer. A
// standalone server has neither majorities nor snapshots and is refused with
// the command that makes it a replica set, unless Options.AllowStandalone
// says that this is a trial.
//
// # Documents
//
// A document lies in the collection of its name, byte for byte as it is in the
// other backends: its id in _id, its revision in rev, everything readable with
// MongoDB's own tools. Each declared index is one of MongoDB's under the same
// name, over the fields and then _id. Declare makes those that are missing,
// and compares those that are there: one with other fields or with properties
// (unique, sparse, partial, a collation) is an error that shows both
// definitions.
//
// The collection _layout holds one document: which collections, fields and
// indexes were ever declared. Every process reads it again when what it knows
// is older than ten seconds, before it writes.
//
// A document may lack an indexed field: it is older than the index, or was
// written by an older process during an upgrade. MongoDB would sort it before
// everything else, so it gets the kind's zero value, and a last element
// "_absent" lists what was added. Reading takes both out again: the caller
// sees the bytes that were written. Declare fills what is there when an index
// is new, and fills once more at a start at least a minute later, for what an
// older process wrote before it heard of the index.
//
// # Writing
//
// Insert is an insert, Replace a replace that names the revision, Delete a
// delete that names it; each touches one document, and none is an upsert.
// Whether anything was sent decides what a failure means: nothing sent, nothing
// happened, and it is the context's own error or store.ErrUnavailable. Once a
// write was sent, only an answer that says so counts as "it did not happen";
// everything else (a time-out, a cut connection, a majority that did not
// confirm, an error of the server that is not known here) is store.ErrUnknown.
//
// # Reading
//
// Find and GetMany read with snapshots, several collections in one: one moment
// in time. Every query names its index as the hint and bounds its first field,
// so there is no scan. A single document is read by a majority read. A primary
// that was cut off and does not know it yet may answer reads for up to ten
// seconds with what was true when it was cut off; writes to it don't succeed,
// so an Update never builds on such a read.
//
// # Waiting
//
// Every call has a deadline: Options.Deadline or timeoutMS in the address, ten
// seconds without either; making an index or filling one has an hour. Calls
// that find no primary wait for one for five seconds (or the address's
// serverSelectionTimeoutMS), which covers most elections. Their error says of each
// host in a sentence why it can't be used: its certificate, by name and issuer;
// the certificate that it wants of us; that one side speaks TLS and the other
// does not; or what the network said.
//
// Open waits as long, but not where every host fails for a reason that lasts
// until somebody mends a certificate or the address. That is store.ErrUnavailable
// all the same, as it may be mended at the other side. Credentials that the
// server refuses are not: whoever gave them has to look. A server that goes away
// while somebody signs in has refused nothing.
package mongostore
