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
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: ferretdb FOLDER")
		os.Exit(2)
	}
	if err := serve(os.Args[1]); err != nil {
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
	outer, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	inner := strings.TrimSuffix(strings.TrimPrefix(f.MongoDBURI(), "mongodb://"), "/")
	go oneAtATime(outer, inner)
	fmt.Printf("mongodb://%s/\n", outer.Addr())
	return f.Run(ctx)
}
