package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"github.com/insidebox/insidebox/content"
)

// mendFiles makes the mends of findings in the files of dir, each file at
// once or not at all, and returns those that it made. A file that can't be
// mended doesn't keep the others from it. Nothing outside of dir is reached,
// whatever links lie in it.
func mendFiles(dir string, findings []content.Finding) (mended []content.Finding, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder: %w", err)
	}
	defer root.Close()
	var problems []error
	for len(findings) > 0 {
		n := 1 // findings are sorted by file
		for n < len(findings) && findings[n].File == findings[0].File {
			n++
		}
		made, err := mendFile(root, findings[0].File, findings[:n])
		if err != nil {
			problems = append(problems, fmt.Errorf("%w; the file is as it was", err))
		}
		mended, findings = append(mended, made...), findings[n:]
	}
	return mended, errors.Join(problems...)
}

// mendFile mends one file.
func mendFile(root *os.Root, file string, findings []content.Finding) ([]content.Finding, error) {
	if fixable(findings) == 0 {
		return nil, nil
	}
	info, err := root.Lstat(file)
	if err != nil {
		return nil, fmt.Errorf("look at %s: %w", file, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("mend %s: it is no plain file", file)
	}
	raw, err := root.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	text, mended := content.Mended(raw, findings)
	if len(mended) == 0 {
		return nil, nil
	}
	if err := replaceFile(root, file, text, info.Mode().Perm()); err != nil {
		return nil, err
	}
	return mended, nil
}

// replaceFile puts a text in the place of a file: whoever reads it meets the
// old one or the new one, whole. Until then the text lies beside it, under a
// name that no library reads.
func replaceFile(root *os.Root, file string, text []byte, mode fs.FileMode) error {
	beside := path.Join(path.Dir(file), ".insidebox-"+rand.Text())
	err := writeNew(root, beside, text, mode)
	if err == nil {
		err = root.Rename(beside, file)
	}
	if err != nil {
		_ = root.Remove(beside) // it may not be there
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}

// writeNew writes a file that isn't there yet, down to the disk.
func writeNew(root *os.Root, file string, text []byte, mode fs.FileMode) error {
	f, err := root.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
}
