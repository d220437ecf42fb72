package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"syscall"

	"github.com/spf13/cobra"
)

// serveFlags are the flags of serve.
type serveFlags struct {
	storeFlags
	addr, metrics, content, baseURL, look string
	proxies                               []string
	demo, demoAnywhere, dev               bool
	verbose                               bool

	base *url.URL // of --base-url; nil without
}

func (p *program) serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the site", Args: none,
		Long: "serve runs the site until an interrupt or SIGTERM stops it; requests under way\n" +
			"finish first. It prints the address and how to sign in, and logs to standard\n" +
			"error, one JSON object a line. With content that has errors it does not start; with\n" +
			"--dev it waits until they are mended.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(cmd); err != nil {
				return err
			}
			return p.serve(cmd.Context(), f)
		},
	}
	f.add(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.addr, "addr", "127.0.0.1:8080", "`host:port` to listen on; port 0 picks a free one")
	fl.StringVar(&f.metrics, "metrics", "", "`host:port` to answer /metrics on, for Prometheus and\nfor nobody else; without it there is none")
	fl.StringVar(&f.content, "content", "", "content `folder`, instead of the built-in sample library")
	fl.StringVar(&f.baseURL, "base-url", "", "the `address` that people type, such as\nhttps://learn.example.com, when it is not --addr")
	fl.StringSliceVar(&f.proxies, "trusted-proxies", nil, "`list` of addresses or networks of proxies, separated\nby commas, whose X-Forwarded-For counts")
	fl.BoolVar(&f.demo, "demo", false, "add the demo people, to data that hold nobody else")
	fl.BoolVar(&f.demoAnywhere, "demo-anywhere", false, "allow --demo on an address that others can reach")
	fl.BoolVar(&f.dev, "dev", false, "follow content, templates and static files as they\nchange; open pages reload themselves")
	fl.StringVar(&f.look, "look", "", "with --dev: `folder` that holds templates/ and static/,\ninstead of the built-in ones")
	fl.BoolVar(&f.verbose, "verbose", false, "log every request")
	return cmd
}

// check refuses what can't work, before anything is opened.
func (f *serveFlags) check(cmd *cobra.Command) (err error) {
	if f.baseURL != "" {
		if f.base, err = readBase(cmd, f.baseURL); err != nil {
			return err
		}
	}
	for _, proxy := range f.proxies {
		if _, _, err := net.ParseCIDR(proxy); err != nil && net.ParseIP(proxy) == nil {
			return wrong(cmd, "read --trusted-proxies: %q is neither an address such as 127.0.0.1 nor a network such as 10.0.0.0/8", proxy)
		}
	}
	if f.look != "" && !f.dev {
		return wrong(cmd, "use --look %s: it only works together with --dev", f.look)
	}
	host, _, err := net.SplitHostPort(f.addr)
	if err != nil {
		return wrong(cmd, "read --addr %q: want host:port, such as 127.0.0.1:8080", shown(f.addr))
	}
	if _, _, err := net.SplitHostPort(f.metrics); f.metrics != "" && err != nil {
		return wrong(cmd, "read --metrics %q: want host:port, such as 127.0.0.1:9090", shown(f.metrics))
	}
	// Everybody knows the password of the demo people.
	if ip := net.ParseIP(host); f.demo && !f.demoAnywhere && host != "localhost" && !ip.IsLoopback() {
		return wrong(cmd, "serve demo people on %s: whoever reaches that address could sign in; use 127.0.0.1, or add --demo-anywhere", f.addr)
	}
	return nil
}

// serve wires the site, listens, and stops cleanly when the context ends.
func (p *program) serve(ctx context.Context, f serveFlags) (err error) {
	listener, err := listenOn("--addr", f.addr)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	s := &site{program: p, flags: f, log: p.logger(f.verbose), base: f.baseFor(listener.Addr()), opened: make(chan struct{})}
	if f.metrics != "" {
		s.measured = newMetrics()
		if s.metrics, err = listenOn("--metrics", f.metrics); err != nil {
			return err
		}
		defer func() { _ = s.metrics.Close() }()
	}
	if err := s.open(ctx); err != nil {
		return stoppedEarly(ctx, err)
	}
	defer func() { err = errors.Join(err, s.store.Close()) }()
	if err := s.announce(ctx, listener.Addr()); err != nil {
		return stoppedEarly(ctx, err)
	}
	return s.listen(ctx, listener)
}

// stoppedEarly is the error of a start, in words when a signal broke it off.
func stoppedEarly(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return errors.New("start the server: stopped by a signal before it was ready; start it again, what was begun is taken up")
	}
	return err
}

// listenOn listens on the address that the flag named.
func listenOn(flag, addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("listen on %s: another program listens there already, perhaps another insidebox; stop it, or choose another %s (port 0 picks a free one)", addr, flag)
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("listen on %s: the system doesn't allow it to this user; choose a port of 1024 or more with %s, and let a proxy listen on the lower one", addr, flag)
	case err != nil:
		return nil, fmt.Errorf("listen on %s: %w; choose another %s", addr, err, flag)
	}
	return listener, nil
}

func (p *program) logger(verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: level}))
}

// baseFor is the address as people type it: --base-url, or else where the
// server listens, by a name that works on this machine.
func (f *serveFlags) baseFor(listening net.Addr) *url.URL {
	if f.base != nil {
		return f.base
	}
	_, port, _ := net.SplitHostPort(listening.String())
	host, _, _ := net.SplitHostPort(f.addr)
	if ip := net.ParseIP(host); host == "" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		host = "localhost"
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
}
