package server_test

import (
	"html/template"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A shot is one picture of the gallery.
type shot struct {
	Page, State, Who, Scheme string
	Width                    int64
	File                     string
}

// shots are the four pictures of a view.
func (v view) shots() (list []shot) {
	for _, s := range []screen{phone, desk} {
		for _, scheme := range []string{"light", "dark"} {
			file := v.name() + "-" + strconv.FormatInt(s.width, 10) + "-" + scheme + ".png"
			list = append(list, shot{v.page, v.state, v.who, scheme, s.width, file})
		}
	}
	return list
}

// shoot takes pictures of the whole page, on the phone and at the desk, in
// the light and in the dark.
func (tb *tab) shoot(folder string, v view) {
	tb.Helper()
	for _, one := range v.shots() {
		s := phone
		if one.Width == desk.width {
			s = desk
		}
		tb.on(one.Scheme, s)
		evaluate[any](tb, `scrollTo(0, 0)`)
		tb.wait("have all fonts and pictures", `document.fonts.status === "loaded" && [...document.images].every((i) => i.complete)`)
		// As tall as the page, so that what stays at the window's foot is there.
		tall := evaluate[int64](tb, `document.documentElement.scrollHeight`)
		var picture []byte
		tb.do(emulation.SetDeviceMetricsOverride(s.width, max(tall, s.height), 1, s.phone), chromedp.CaptureScreenshot(&picture))
		tb.site.must(os.WriteFile(filepath.Join(folder, one.File), picture, 0o600))
	}
}

// writeGallery writes the page that shows all pictures. It opens from the
// file system and needs nothing but the pictures beside it.
func writeGallery(t *testing.T, folder string) {
	t.Helper()
	var all []shot
	for _, v := range views {
		all = append(all, v.shots()...)
	}
	page := template.Must(template.New("gallery").Parse(readText(t, filepath.Join("testdata", "gallery.html"))))
	file, err := os.Create(filepath.Join(folder, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	err = page.Execute(file, map[string]any{"Pages": templateNames(t), "Shots": all})
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		t.Fatalf("write the gallery: %v", err)
	}
	t.Logf("%d pictures of %d pages: %s", len(all), len(templateNames(t)), file.Name())
}
