// Command insidebox serves the programme, checks content and keeps people.
//
// This package is the only one that reads the environment and wires rooms
// together. Each subcommand has a file. Every flag has an environment
// variable of the same name: --base-url is INSIDEBOX_BASE_URL; a flag that
// is given counts before its variable.
//
// Exit 0 says done, 1 failed, 2 used wrongly. An error is one line on
// standard error: what was tried, what went wrong, what to do.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version and commit are stamped by the Makefile.
var (
	version = "development"
	commit  = ""
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
