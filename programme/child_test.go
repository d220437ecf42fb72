package programme_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/insidebox/insidebox/store"
)

// The test binary runs itself again as a second process on the same file,
// which is killed at one call of its store.
var (
	childFolder = flag.String("child", "", "the folder in which a child of the tests finds its data file")
	childRoad   = flag.String("child.road", "", "which path it walks")
	childPerson = flag.String("child.person", "", "who walks the path")
	childCall   = flag.Int64("child.call", 0, "at which call of the store it dies")
	childAfter  = flag.Bool("child.after", false, "it dies after the call, not before")
)

// runChild does what a child is for; false when this process is none.
func runChild() bool {
	flag.Parse()
	if *childFolder == "" {
		return false
	}
	if err := dieOnThePath(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return true
}

// dieOnThePath walks the path, says what was acknowledged, and dies.
func dieOnThePath() error {
	way, known := roads[*childRoad]
	if !known {
		return fmt.Errorf("there is no path %q", *childRoad)
	}
	files, err := edited(way.content...)
	if err != nil {
		return err
	}
	c := &company{path: filepath.Join(*childFolder, "insidebox.db"), now: monday.Add(day), tree: files}
	p, err := c.wire(context.Background())
	if err != nil {
		return err
	}
	if err := errors.Join(p.store.Declare(p.ctx), p.Open(p.ctx)); err != nil {
		return err
	}
	var calls atomic.Int64
	die := func(store.Call) error {
		if calls.Add(1) == *childCall {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		return nil
	}
	if *childAfter {
		p.hooks.set(nil, die)
	} else {
		p.hooks.set(die, nil)
	}
	err = way.walk(p, *childPerson, func(what string) { fmt.Println(what) })
	return errors.Join(err, p.store.Close())
}

// child prepares this binary to run as a process that dies.
func child(t *testing.T, way, folder, person string, call int, after bool) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-child="+folder, "-child.road="+way, "-child.person="+person,
		fmt.Sprint("-child.call=", call), fmt.Sprint("-child.after=", after))
	cmd.Stderr = os.Stderr
	return cmd
}
