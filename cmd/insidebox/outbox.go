package main

import (
	"crypto/rand"
	"fmt"
	"os"
	"time"

	"github.com/insidebox/insidebox/jobs"
)

// leaseTerm is how long a process that died keeps the others from taking over
// its work behind the requests.
const leaseTerm = 15 * time.Second

// outbox does what documents still have to cause: at once when this process
// left something to do and holds the lease, and every few seconds what another
// process left.
func (s *site) outbox() *jobs.Runner {
	runner := jobs.NewRunner(s.leases,
		jobs.Options{Owner: owner(), Now: time.Now, Log: s.log, Term: leaseTerm},
		jobs.Task{Name: "outbox", Every: 2 * time.Second, Run: s.prog.Drain},
		jobs.Task{Name: "sweep", Every: 10 * time.Second, Run: s.prog.Sweep},
		jobs.Task{Name: "escalate", Every: time.Minute, Run: s.prog.Escalate},
	)
	s.prog.OnPending(runner.Kick)
	return runner
}

// owner is a name that no other process has: the machine and process for
// people who look at the lease, a random part for containers, in which both
// are often the same.
func owner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s:%d:%s", host, os.Getpid(), rand.Text()[:8])
}
