package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// settle is how long a folder must be quiet before it is read again:
	// editors write a file in several steps.
	settle = 120 * time.Millisecond
	// atMost is how long a folder that never gets quiet can put that off.
	atMost = time.Second
	// look is how often the folders are looked through for what no
	// notification told: on network disks, in mounts of containers, behind a
	// symbolic link that leads elsewhere now.
	look = 2 * time.Second
)

// watch reads content, templates and static files again as they change,
// until the context ends.
func (s *site) watch(ctx context.Context) {
	if len(s.watched()) == 0 {
		s.log.Warn("--dev has no folder to follow; give one with --content or --look")
		return
	}
	var events <-chan fsnotify.Event // nil: nothing ever comes
	var errs <-chan error
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		s.log.Warn("no notifications of changes; the folders are looked through instead", "every", look.String(), "error", err)
	} else {
		defer func() { _ = watcher.Close() }()
		events, errs = watcher.Events, watcher.Errors
	}
	ticks := time.NewTicker(look)
	defer ticks.Stop()
	quiet := time.NewTimer(0) // at once: what changed since the start?
	var since time.Time       // when the first change came that was not read yet
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-events:
			if event.Op == fsnotify.Chmod {
				continue // indexers and backups do that
			}
			if since.IsZero() {
				since = time.Now()
				s.log.Debug("files may have changed", "by", "notification")
			}
			if time.Since(since) < atMost {
				quiet.Reset(settle)
			}
		case err := <-errs:
			s.log.Warn("notifications of changes may be lost; the folders are looked through as well", "every", look.String(), "error", err)
		case <-ticks.C:
			if since.IsZero() && s.fingerprint() != s.seen {
				since = time.Now()
				s.log.Debug("files have changed", "by", "looking")
				quiet.Reset(settle)
			}
		case <-quiet.C:
			// In this order, so that what changes meanwhile is noticed again.
			since = time.Time{}
			s.watchAll(watcher)
			if now := s.fingerprint(); now != s.seen {
				if s.seen = now; !s.reload(ctx) {
					s.seen = 0 // so that the next look through the folders tries again
				}
			}
		}
	}
}

// watched are the folders that --dev follows.
func (s *site) watched() (roots []string) {
	for _, root := range []string{s.flags.content, s.flags.look} {
		if root != "" {
			roots = append(roots, root)
		}
	}
	return roots
}

// walk calls do for all files and folders below the watched ones. As the
// content's loader, it passes over what begins with a dot, such as .git.
func (s *site) walk(do func(root, file string, d fs.DirEntry)) {
	for _, root := range s.watched() {
		// By way of os.DirFS, because it goes through a root that is a
		// symbolic link.
		_ = fs.WalkDir(os.DirFS(root), ".", func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil //nolint:nilerr // gone meanwhile, or not readable: the load says so
			case file != "." && strings.HasPrefix(d.Name(), "."):
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			do(root, file, d)
			return nil
		})
	}
}

// watchAll asks for notifications from every folder; from one that was asked
// before, once more does no harm.
func (s *site) watchAll(watcher *fsnotify.Watcher) {
	if watcher == nil {
		return
	}
	s.walk(func(root, file string, d fs.DirEntry) {
		if !d.IsDir() {
			return
		}
		if err := watcher.Add(filepath.Join(root, filepath.FromSlash(file))); err != nil {
			s.log.Warn("no notifications from a folder; it is looked through instead", "folder", file, "every", look.String(), "error", err)
		}
	})
}

// fingerprint changes when a file comes, goes, or is written.
func (s *site) fingerprint() uint64 {
	sum := fnv.New64a()
	s.walk(func(root, file string, d fs.DirEntry) {
		if info, err := d.Info(); err == nil && !d.IsDir() {
			fmt.Fprintf(sum, "%s\x00%s\x00%d\x00%d\x00", root, file, info.Size(), info.ModTime().UnixNano())
		}
	})
	return sum.Sum64()
}

// reload reads the content again and makes pages of it; what is broken is
// said in the log and on the author's page, and the last good state stays. It
// reports whether all was read that there is, which takes a store that is there.
func (s *site) reload(ctx context.Context) (read bool) {
	_, err := s.prog.Reload(ctx)
	if err != nil {
		s.log.Error("reload the content", "error", err)
	}
	if broken, _ := s.shelf.Broken(); broken {
		for _, f := range s.shelf.Findings() {
			if f.Error {
				s.log.Warn("content", "finding", f.String())
			}
		}
	}
	if err := s.server.Refresh(); err != nil {
		s.log.Error("refresh the pages", "error", err)
	}
	return err == nil
}
