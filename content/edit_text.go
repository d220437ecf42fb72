package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"time"
)

// hashOf names bytes.
func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// An openText is an open file that holds a text.
type openText struct {
	*bytes.Reader
	name string
	size int64
}

// Stat says what kind of file it is.
func (f *openText) Stat() (fs.FileInfo, error) { return textInfo{path.Base(f.name), f.size}, nil }

// Close does nothing.
func (f *openText) Close() error { return nil }

// A textInfo says of a file that it is a plain one.
type textInfo struct {
	name string
	size int64
}

// Name is the file's name, without its folder.
func (i textInfo) Name() string { return i.name }

// Size is its length in bytes.
func (i textInfo) Size() int64 { return i.size }

// Mode says that it is a plain file.
func (i textInfo) Mode() fs.FileMode { return 0o444 }

// ModTime is the zero time.
func (i textInfo) ModTime() time.Time { return time.Time{} }

// IsDir is false.
func (i textInfo) IsDir() bool { return false }

// Sys is nil.
func (i textInfo) Sys() any { return nil }
