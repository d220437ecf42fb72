package content

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNothingFromOutside: no way of writing a path, and no link in the file
// system, brings a file into the library that lies outside its folder.
func TestNothingFromOutside(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	root := t.TempDir()
	folder := filepath.Join(root, "library")
	secret := filepath.Join(root, "secret.svg")
	const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"><text>qzsecret</text></svg>`
	write := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(secret, picture)
	write(filepath.Join(root, "secret.md"), "---\ntitle: qzsecret\nsummary: qzsecret\n---\nqzsecret\n")
	for file, text := range base {
		write(filepath.Join(folder, file), text)
	}
	lesson := filepath.Join(folder, "courses/onboarding/10-the-box/90-outside.md")
	up := "../../../../"
	for _, target := range []string{
		up + "secret.svg", "./" + up + "secret.svg", "x/../" + up + "secret.svg", secret, "file://" + secret, "/secret.svg", "//secret.svg", strings.ReplaceAll(up, "..", "%2e%2e") + "secret.svg",
		strings.ReplaceAll(up, "/", "%2f") + "secret.svg", strings.ReplaceAll(up, "/", `\`) + "secret.svg", strings.ReplaceAll(up, "..", "%252e%252e") + "secret.svg", strings.ReplaceAll(up, "..", "....") + "secret.svg", up + "secret.svg%00.svg",
		up + "secret.md", strings.ReplaceAll(up, "..", "%2e%2e") + "secret.md", up + "library/../secret.md", "../../../../../../../../../../etc/passwd", "/etc/passwd", "linked.svg", "linked/secret.svg", "hard/../../" + up + "secret.svg",
	} {
		for _, shape := range []string{"![x](<%s>)", "[x](<%s>)", "[x][r]\n\n[r]: <%s>", "![x](<%s> \"caption\")"} {
			write(lesson, "---\ntitle: A\nsummary: B\n---\n"+fmt.Sprintf(shape, target)+"\n")
			lib, findings := Load(os.DirFS(folder), Options{Now: testNow})
			if !strings.Contains(fmt.Sprint(findings), "90-outside.md") {
				t.Errorf("%s: nothing is said of %s", shape, target)
			}
			if lib != nil {
				for _, a := range lib.Assets() {
					if strings.Contains(string(a.Bytes), "qzsecret") {
						t.Errorf("%s with %s brings in the file beside the library", shape, target)
					}
				}
			}
		}
	}
	if err := os.Remove(lesson); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"linked.svg": secret, "linked.md": filepath.Join(root, "secret.md"), "linked": root, "courses/onboarding/10-the-box/40-linked.md": filepath.Join(root, "secret.md")} {
		link := filepath.Join(folder, name)
		if err := os.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
		lib, findings := Load(os.DirFS(folder), Options{Now: testNow})
		if lib != nil || !strings.Contains(fmt.Sprint(findings), "symbolic link") {
			t.Errorf("a symbolic link %s: loaded %v, found %v", name, lib != nil, findings)
		}
		if err := os.Remove(link); err != nil {
			t.Fatal(err)
		}
	}
	if lib, findings := Load(os.DirFS(folder), Options{Now: testNow}); lib == nil {
		t.Errorf("without any of it the library does not load: %v", findings)
	}
}
