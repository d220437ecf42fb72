package main

import (
	"context"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a folder must be quiet before it is read again: editors
// write a file in several steps.
const settle = 120 * time.Millisecond

// watch reads content, templates and static files again as they change,
// until the context ends.
func (s *site) watch(ctx context.Context) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		s.log.Error("watch for changes", "error", err)
		return
	}
	defer func() { _ = watcher.Close() }()
	s.watchAll(watcher)
	quiet := time.NewTimer(settle)
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-watcher.Events:
			quiet.Reset(settle)
		case err := <-watcher.Errors:
			s.log.Warn("watch for changes", "error", err)
		case <-quiet.C:
			s.watchAll(watcher) // folders that are new
			s.reload(ctx)
		}
	}
}

// watchAll watches every folder below the content and the look.
func (s *site) watchAll(watcher *fsnotify.Watcher) {
	for _, root := range []string{s.flags.content, s.flags.look} {
		if root == "" {
			continue
		}
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				err = watcher.Add(path)
			}
			if err != nil {
				s.log.Warn("watch a folder", "folder", path, "error", err)
			}
			return nil
		})
	}
}

// reload reads the content again and makes pages of it; what is broken is
// said in the log and on the author's page, and the last good state stays.
func (s *site) reload(ctx context.Context) {
	if _, err := s.prog.Reload(ctx); err != nil {
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
}
