package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/server"
	"github.com/insidebox/insidebox/store"
)

// serveFlags are the flags of serve.
type serveFlags struct {
	storeFlags
	addr, content, baseURL, look string
	proxies                      []string
	demo, demoAnywhere, dev      bool
	verbose                      bool
}

func (p *program) serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the site", Args: cobra.NoArgs,
		Long: "serve runs the site until it is stopped by an interrupt. It refuses to start with content that has errors.",
		RunE: func(cmd *cobra.Command, _ []string) error { return p.serve(cmd.Context(), f) },
	}
	f.add(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.addr, "addr", "127.0.0.1:8080", "address to listen on, host:port; port 0 picks one")
	fl.StringVar(&f.content, "content", "", "content folder (default: the built-in sample library)")
	fl.StringVar(&f.baseURL, "base-url", "", "the site's address as people type it, such as https://learn.example.com")
	fl.StringSliceVar(&f.proxies, "trusted-proxies", nil, "addresses or networks of proxies whose X-Forwarded-For counts")
	fl.BoolVar(&f.demo, "demo", false, "add demo people")
	fl.BoolVar(&f.demoAnywhere, "demo-anywhere", false, "allow --demo on an address that other people can reach")
	fl.BoolVar(&f.dev, "dev", false, "reload content, templates and static files as they change")
	fl.StringVar(&f.look, "look", "", "with --dev: folder that holds templates/ and static/ (default: the built-in ones)")
	fl.BoolVar(&f.verbose, "verbose", false, "log every request")
	return cmd
}

// A site is everything that runs behind one address.
type site struct {
	program *program
	flags   serveFlags
	log     *slog.Logger
	driver  store.Driver
	store   *store.Store
	shelf   *programme.Shelf
	prog    *programme.Programme
	server  *server.Server
	source  func() fs.FS
	base    *url.URL
}

// serve wires the site, listens, and stops cleanly when the context ends.
func (p *program) serve(ctx context.Context, f serveFlags) (err error) {
	s := &site{program: p, flags: f, log: p.logger(f.verbose)}
	if err := f.checkDemo(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another --addr", f.addr, err)
	}
	defer func() { _ = listener.Close() }()
	if s.base, err = f.base(listener.Addr()); err != nil {
		return err
	}
	if err := s.open(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.store.Close()) }()
	if err := s.announce(ctx, listener.Addr()); err != nil {
		return err
	}
	return s.listen(ctx, listener)
}

func (p *program) logger(verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: level}))
}

// checkDemo refuses demo people, whose password everybody knows, on an
// address that others can reach.
func (f *serveFlags) checkDemo() error {
	if !f.demo || f.demoAnywhere {
		return nil
	}
	host, _, err := net.SplitHostPort(f.addr)
	if err != nil {
		return fmt.Errorf("read --addr %s: %w: %w", f.addr, err, errUsage)
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("serve demo people on %s: everybody who reaches it could sign in; use 127.0.0.1, or add --demo-anywhere: %w", f.addr, errUsage)
}

// base is the address as people type it.
func (f *serveFlags) base(listening net.Addr) (*url.URL, error) {
	if f.baseURL == "" {
		_, port, _ := net.SplitHostPort(listening.String())
		host, _, _ := net.SplitHostPort(f.addr)
		if ip := net.ParseIP(host); host == "" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
			host = "localhost"
		}
		return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}, nil
	}
	u, err := url.Parse(f.baseURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return nil, fmt.Errorf("read --base-url %s: want https://host or http://host:port, without a path: %w", f.baseURL, errUsage)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// open wires all rooms.
func (s *site) open(ctx context.Context) error {
	if err := s.openContent(); err != nil {
		return err
	}
	driver, err := s.flags.driver(ctx)
	if err != nil {
		return err
	}
	s.driver, s.store = driver, store.New(driver)
	if err := s.openProgramme(ctx); err != nil {
		return errors.Join(err, s.store.Close())
	}
	return nil
}

func (s *site) openContent() error {
	tree := content.Sample()
	if s.flags.content != "" {
		folder, err := contentFolder(s.flags.content)
		if err != nil {
			return fmt.Errorf("open --content: %w", err)
		}
		tree = folder
	}
	s.source = func() fs.FS { return tree }
	shelf, findings := programme.NewShelf(s.source, time.Now)
	s.shelf = shelf
	if shelf.Library() == nil {
		if err := content.PrintFindings(s.program.stderr, findings); err != nil {
			return err
		}
		return errors.New("serve: the content has errors, listed above; mend them, then start again")
	}
	return nil
}

func (s *site) openProgramme(ctx context.Context) error {
	pp := newPeople(s.store)
	s.prog = programme.New(s.store, pp, s.shelf, programme.Options{Now: time.Now, Seed: seed, Log: s.log})
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
	var err error
	s.server, err = server.New(server.Config{Programme: s.prog, Look: s.flags.readLook, BaseURL: s.base,
		Proxies: s.flags.proxies, Log: s.log, Ready: s.store.Ping, Demo: s.demo(), Dev: s.flags.dev})
	return err
}

func (s *site) seedDemo(ctx context.Context) error {
	err := demo.Seed(ctx, s.driver, s.shelf, time.Now(), seed)
	if errors.Is(err, demo.ErrForeign) {
		return fmt.Errorf("add demo people: %w; use another --data folder for the demo", err)
	}
	return err
}

// demo is what the sign-in page says of demo people.
func (s *site) demo() *server.Demo {
	if !s.flags.demo {
		return nil
	}
	d := &server.Demo{Password: demo.Password}
	for _, sign := range demo.Signs() {
		d.People = append(d.People, server.DemoPerson{Email: sign.Email, What: sign.What})
	}
	return d
}

// announce prints the address and how to sign in.
func (s *site) announce(ctx context.Context, addr net.Addr) error {
	out := s.program.stdout
	_, _ = fmt.Fprintf(out, "insidebox serves %s on %s\n", s.shelf.Library().Company, s.base)
	if s.flags.baseURL != "" {
		_, _ = fmt.Fprintf(out, "listening on %s\n", addr)
	}
	if s.flags.demo {
		_, _ = fmt.Fprintf(out, "\nDemo people; the password is %s for all:\n", demo.Password)
		for _, sign := range demo.Signs() {
			_, _ = fmt.Fprintf(out, "  %-22s %s\n", sign.Email, sign.What)
		}
		return nil
	}
	has, err := s.prog.People.HasAdmin(ctx)
	if err != nil || has {
		return err
	}
	token, until, err := s.prog.People.SetupLink(ctx)
	if err != nil {
		return fmt.Errorf("make the first admin's link: %w", err)
	}
	_, _ = fmt.Fprintf(out, "\nThere is no admin yet. Open this once, before %s, to become the admin:\n  %s\n",
		until.Local().Format("2 January 2006, 15:04"), s.base.JoinPath("setup", token))
	return nil
}

// listen serves until the context ends, then lets running requests finish.
func (s *site) listen(ctx context.Context, listener net.Listener) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	done := s.background(work)
	web := &http.Server{Handler: s.server.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)}
	web.RegisterOnShutdown(s.server.Changed)
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	err := web.Shutdown(grace)
	stop()
	<-done
	return err
}
