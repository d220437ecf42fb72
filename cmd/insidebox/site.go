package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/jobs"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/server"
	"github.com/insidebox/insidebox/store"
)

// A site is everything that runs behind one address.
type site struct {
	program  *program
	flags    serveFlags
	log      *slog.Logger
	measured *metrics     // nil without --metrics: nobody counts then
	metrics  net.Listener // nil without --metrics
	driver   store.Driver
	away     *awaited      // the driver, when it may be away
	opened   chan struct{} // closed when the store is ready
	store    *store.Store
	leases   *jobs.Leases
	shelf    *programme.Shelf
	prog     *programme.Programme
	server   *server.Server
	base     *url.URL
	seen     uint64 // fingerprint of the folders that --dev follows, when they were read
}

// open wires all rooms. A data file is opened and made ready, and what fails
// there ends the start. A MongoDB may be away: then the site is opened without
// it, and makes itself ready later; see await.
func (s *site) open(ctx context.Context) error {
	if err := s.flags.checkLook(); err != nil {
		return err
	}
	if err := s.openContent(ctx); err != nil {
		return err
	}
	if s.flags.remote() {
		s.away = newAwaited(s.flags.driver)
		s.driver = s.away
	} else {
		driver, err := s.flags.driver(ctx)
		if err != nil {
			return err
		}
		s.driver = driver
	}
	s.driver = s.measured.watch(s.driver, s.log, time.Now)
	s.store = store.New(s.driver)
	err := s.wire()
	if err == nil {
		err = s.prepare(ctx)
	}
	if s.away != nil && passes(err) && ctx.Err() == nil {
		s.log.Warn("the store is away; pages answer 503 until it is back", "error", err)
		return nil
	}
	if err != nil {
		return errors.Join(err, s.store.Close())
	}
	close(s.opened)
	return nil
}

func (s *site) openContent(ctx context.Context) error {
	tree := content.Sample()
	if s.flags.content != "" {
		folder, err := contentFolder(s.flags.content)
		if err != nil {
			return fmt.Errorf("open --content: %w", err)
		}
		tree = folder
	}
	if s.flags.dev {
		s.seen = s.fingerprint()
	}
	shelf, findings := programme.NewShelf(func() fs.FS { return tree }, time.Now)
	s.shelf = shelf
	if shelf.Library() == nil {
		printFindings(s.program.stderr, findings)
		if s.flags.dev && s.flags.content != "" {
			return s.awaitContent(ctx, tree, findings)
		}
		return fmt.Errorf("start the server: the content has %s, listed above; mend it until \"insidebox check %s\" finds none", tally(findings), s.flags.content)
	}
	return nil
}

// awaitContent waits for an author to mend what keeps the library from loading
// at all, and says after each change what is left.
func (s *site) awaitContent(ctx context.Context, tree fs.FS, findings []content.Finding) error {
	tick := time.NewTicker(settle)
	defer tick.Stop()
	for s.shelf.Library() == nil {
		fmt.Fprintf(s.program.stderr, "The content has %s. Mend it and save: the server starts as soon as it loads.\n", tally(findings))
		for now := s.seen; now == s.seen; now = s.fingerprint() {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		s.seen = s.fingerprint()
		s.shelf, findings = programme.NewShelf(func() fs.FS { return tree }, time.Now)
		printFindings(s.program.stderr, findings)
	}
	return nil
}

// wire makes the rooms. None of them asks the store for anything yet.
func (s *site) wire() (err error) {
	var served func(server.Served)
	if s.measured != nil {
		served = s.measured.served
	}
	pp := newPeople(s.store)
	s.leases = jobs.NewLeases(s.store)
	s.prog = programme.New(s.store, pp, s.shelf, programme.Options{Now: time.Now, Seed: seed, Log: s.log})
	s.server, err = server.New(server.Config{
		Programme: s.prog, Look: s.flags.readLook, BaseURL: s.base, Proxies: s.flags.proxies,
		Log: s.log, Ready: s.store.Ping, Demo: s.demo(), Dev: s.flags.dev, Served: served,
	})
	return err
}

// prepare makes the store ready. It may be broken off anywhere and done again.
func (s *site) prepare(ctx context.Context) error {
	if s.away != nil {
		var err error
		if ctx, err = s.away.connect(ctx); err != nil {
			return err
		}
	}
	if err := s.store.Declare(ctx); err != nil {
		return fmt.Errorf("prepare the store: %w", err)
	}
	if s.flags.demo {
		if err := s.seedDemo(ctx); err != nil {
			return err
		}
	}
	if err := s.prog.Open(ctx); err != nil {
		return fmt.Errorf("open the programme: %w", err)
	}
	if s.away != nil {
		s.away.open()
	}
	return nil
}

// demoTerm is how long the demo of a process that was killed on the way waits to
// be completed by another.
const demoTerm = 10 * time.Second

// seedDemo adds the demo people, unless they are there: one process after the
// other, as servers behind one address start at the same moment.
func (s *site) seedDemo(ctx context.Context) error {
	if done, err := demo.Seeded(ctx, s.driver); err != nil || done {
		return err
	}
	held, release, err := s.leases.Hold(ctx, "demo", rand.Text(), time.Now, demoTerm, func() {
		s.log.Info("another process adds the demo people; waiting for it, or for its lease to end", "lease", demoTerm.String())
	})
	if err != nil {
		return fmt.Errorf("add demo people: %w", err)
	}
	defer release()
	err = demo.Seed(held, s.driver, s.shelf, time.Now(), seed)
	if lost := context.Cause(held); err != nil && errors.Is(lost, jobs.ErrLost) {
		return fmt.Errorf("add demo people: %w; start again to complete it", lost)
	}
	if errors.Is(err, demo.ErrForeign) {
		return errors.New("add demo people: these data hold people who are not demo people; give another folder with --data for the demo, or leave out --demo")
	}
	return err
}

// demo is what the sign-in page says of demo people.
func (s *site) demo() *server.Demo {
	if !s.flags.demo {
		return nil
	}
	d := &server.Demo{Password: demo.Password}
	for _, sign := range demo.First() {
		d.People = append(d.People, server.DemoPerson{Email: sign.Email, What: sign.What})
	}
	return d
}

// announce prints the address and how to sign in, in one piece: who reads the
// first line of it can read the rest.
func (s *site) announce(ctx context.Context, addr net.Addr) error {
	var out strings.Builder
	fmt.Fprintf(&out, "insidebox serves %s on %s\n", s.shelf.Library().Company, s.base)
	if s.flags.base != nil {
		fmt.Fprintf(&out, "listening on %s\n", addr)
	}
	if s.metrics != nil {
		fmt.Fprintf(&out, "metrics on http://%s/metrics\n", s.metrics.Addr())
	}
	select {
	case <-s.opened:
	default:
		fmt.Fprint(&out, "the store is away; it is ready when /readyz says so\n")
	}
	if s.flags.demo {
		fmt.Fprintf(&out, "\nDemo people; the password is %s for all:\n", demo.Password)
		for _, sign := range demo.Signs() {
			fmt.Fprintf(&out, "  %-22s %s\n", sign.Email, sign.What)
		}
	} else if err := s.announceSetup(ctx, &out); err != nil && (s.away == nil || !passes(err)) {
		return err
	}
	_, err := io.WriteString(s.program.stdout, out.String())
	return err
}

// announceSetup prints the link that makes the first admin, where there is none.
func (s *site) announceSetup(ctx context.Context, out io.Writer) error {
	token, until, err := s.prog.People.SetupLink(ctx)
	if err != nil || token == "" { // there is an admin
		return err
	}
	_, err = fmt.Fprintf(out, "\nThere is no admin yet. Open this once, before %s, to become the admin:\n  %s\n",
		until.Local().Format("2 January 2006, 15:04"), s.base.JoinPath("setup", token))
	return err
}
