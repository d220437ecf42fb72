package content

import (
	"bytes"
	"maps"
	"slices"
)

// freeze finishes a library without errors: its assets, and the hash that
// names the release.
func (l *loader) freeze() {
	for _, a := range l.assets.byPath {
		if a.published {
			l.lib.assets[a.URL] = a.Asset
		}
	}
	l.lib.Certifications = l.lib.certificationsInOrder()
	l.lib.Hash = l.releaseHash()
}

// releaseHash covers the path and text of every file that learners see or
// download. Line ends, byte-order marks and drafts don't count, nor does the
// day.
func (l *loader) releaseHash() string {
	parts := []string{"library/1"}
	for _, file := range slices.Sorted(maps.Keys(l.files)) {
		if src := l.files[file]; !src.Draft {
			parts = append(parts, file, string(bytes.TrimSpace(src.Bytes)))
		}
	}
	for _, file := range slices.Sorted(maps.Keys(l.assets.byPath)) {
		if a := l.assets.byPath[file]; a.published {
			parts = append(parts, file, a.digest)
		}
	}
	return digestOf(parts...)
}
