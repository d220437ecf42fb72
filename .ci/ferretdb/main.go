// Command ferretdb serves MongoDB's wire protocol from SQLite files in a
// folder, for the tests of store/mongostore where no MongoDB is to be had. It
// prints the address on standard output and runs until its standard input
// ends, so that it never outlives the tests that started it.
//
// FerretDB 1 is not MongoDB: two commands at once on one document can both
// win, or lose each other's work, where MongoDB does one after the other. So
// this program lets commands through one at a time, from all connections
// together; then what one command does is atomic, as it is in MongoDB. What
// FerretDB still has not (majorities, snapshots, retryable writes, primaries
// that change) its tests skip by name.
//
// With a name and a password it does nothing for who does not sign in with
// them (SCRAM, the user is in the database "admin"). FerretDB does that only
// as a program of its own; the build puts that beside this one, as "users".
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	var err error
	switch len(os.Args) {
	case 2:
		err = serve(os.Args[1])
	case 4:
		err = serveUser(os.Args[1], os.Args[2], os.Args[3])
	default:
		fmt.Fprintln(os.Stderr, "usage: ferretdb FOLDER [NAME PASSWORD]")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "ferretdb:", err)
		os.Exit(1)
	}
}

func serve(folder string) error {
	f, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:    slog.New(slog.DiscardHandler),
		Handler:   "sqlite",
		SQLiteURL: "file:" + folder + "/",
	})
	if err != nil {
		return err
	}
	inner := strings.TrimSuffix(strings.TrimPrefix(f.MongoDBURI(), "mongodb://"), "/")
	ctx, err := door("tcp", inner)
	if err != nil {
		return err
	}
	return f.Run(ctx)
}

func serveUser(folder, name, password string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	socket := filepath.Join(folder, "socket")
	ctx, err := door("unix", socket)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(filepath.Dir(program), "users"), //nolint:gosec // the build put it there
		"--handler=sqlite", "--sqlite-url=file:"+folder+"/", "--state-dir=", "--telemetry=disable",
		"--listen-addr=", "--listen-unix="+socket, "--debug-addr=-", "--log-level=error",
		"--test-enable-new-auth", "--setup-database=admin", "--setup-username="+name, "--setup-password="+password)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); ctx.Err() == nil {
		return err
	}
	return nil
}

// door opens the way to the server at the address inner, prints where it is,
// and returns a context that ends with the standard input.
func door(network, inner string) (context.Context, error) {
	outer, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	go oneAtATime(outer, network, inner)
	fmt.Printf("mongodb://%s/\n", outer.Addr())
	return ctx, nil
}
