package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/insidebox/insidebox/server"
	"github.com/insidebox/insidebox/static"
	"github.com/insidebox/insidebox/templates"
)

// checkLook sees that the folder of --look is one, before anything is made.
func (f *serveFlags) checkLook() error {
	for _, part := range []string{"static", "templates"} {
		if info, err := os.Stat(filepath.Join(f.look, part)); f.look != "" && (err != nil || !info.IsDir()) {
			return fmt.Errorf("read --look: there is no folder %s; name the one that holds static/ and templates/", filepath.Join(f.look, part))
		}
	}
	return nil
}

// readLook reads templates and static files: the built-in ones, or with
// --dev and --look those of a folder.
func (f *serveFlags) readLook() (server.Look, error) {
	if !f.dev || f.look == "" {
		files, err := static.Load(static.Embedded())
		return server.Look{Templates: templates.FS(), Static: files}, err
	}
	files, err := static.Load(os.DirFS(filepath.Join(f.look, "static")))
	if err != nil {
		return server.Look{}, fmt.Errorf("read --look: %w", err)
	}
	return server.Look{Templates: os.DirFS(filepath.Join(f.look, "templates")), Static: files}, nil
}
