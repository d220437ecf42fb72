package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	_ "image/gif"  // for the size of GIF files
	_ "image/jpeg" // for the size of JPEG files
	_ "image/png"  // for the size of PNG files
	"io"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
)

// assetTypes are the media types of what may lie beside the text. Nothing
// among them runs in a reader's browser when it is opened from this site;
// SVG, which could, is looked through.
var assetTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".svg": "image/svg+xml",
	".pdf": "application/pdf", ".csv": "text/csv; charset=utf-8", ".txt": "text/plain; charset=utf-8",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".mp3":  "audio/mpeg", ".mp4": "video/mp4",
}

// A loadedAsset is an asset and what the pages need to know of it.
type loadedAsset struct {
	*Asset
	digest        string // SHA-256 of the bytes
	width, height int    // in pixels; 0 when not known
	published     bool   // some file that is no draft shows it
}

// assetCache holds every file that something links to, read once.
type assetCache struct {
	mutex  sync.Mutex
	byPath map[string]*loadedAsset
	failed map[string]error
}

// asset reads a file that src links to.
func (l *loader) asset(src *source, file string) (*loadedAsset, error) {
	l.assets.mutex.Lock()
	defer l.assets.mutex.Unlock()
	if err := l.assets.failed[file]; err != nil {
		return nil, err
	}
	a := l.assets.byPath[file]
	if a == nil {
		var err error
		if a, err = l.readAsset(file); err != nil {
			l.assets.failed[file] = err
			return nil, err
		}
		l.assets.byPath[file] = a
	}
	if !src.Draft && isDraft(file) {
		return nil, bad("draft-link", "the file %s is a draft; take the \"_\" out of its name", quoted(file))
	}
	a.published = a.published || !src.Draft
	return a, nil
}

func (l *loader) readAsset(file string) (*loadedAsset, error) {
	media := assetTypes[strings.ToLower(path.Ext(file))]
	if media == "" {
		return nil, bad("asset-type", "files such as %s are not served; these are: %s", quoted(path.Base(file)), strings.Join(slices.Sorted(maps.Keys(assetTypes)), " "))
	}
	f, err := l.fsys.Open(file)
	if err != nil {
		return nil, bad("unreadable", "the file %s can't be opened: %w", quoted(file), err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxAssetBytes+1))
	switch {
	case err != nil:
		return nil, bad("unreadable", "the file %s can't be read: %w", quoted(file), err)
	case len(content) > maxAssetBytes:
		return nil, bad("limit", "the file %s is larger than %d MB; make it smaller", quoted(file), maxAssetBytes>>20)
	}
	return newAsset(file, media, content)
}

func newAsset(file, media string, content []byte) (*loadedAsset, error) {
	sum := sha256.Sum256(content)
	digest := hex.EncodeToString(sum[:])
	name := path.Base(file)
	a := &loadedAsset{digest: digest, Asset: &Asset{
		URL: "/assets/" + digest[:16] + "/" + url.PathEscape(name), Name: name, Type: media, Bytes: content, File: file,
	}}
	if media == "image/svg+xml" {
		if err := judgeSVG(content); err != nil {
			return nil, bad("unsafe-svg", "the drawing %s can't be shown: %w", quoted(file), err)
		}
		a.width, a.height = svgSize(content)
	} else if size, _, err := image.DecodeConfig(bytes.NewReader(content)); err == nil {
		a.width, a.height = size.Width, size.Height
	}
	return a, nil
}

// image resolves ![text](file "caption").
func (l *loader) image(src *source, n *ast.Image) (*target, error) {
	if len(n.Destination)+len(n.Title) > maxLinkBytes {
		return nil, bad("limit", "the image's path and caption have more than %d bytes", maxLinkBytes)
	}
	destination := linkText(n.Destination)
	leaves, err := external(destination)
	switch {
	case err != nil:
		return nil, bad("forbidden-link", "the image is %s, which is not allowed: %w", quoted(destination), err)
	case leaves:
		return nil, bad("external-image", "the image %s lies on another site, which would see who reads this; copy it beside the text", quoted(destination))
	}
	file, err := l.pathFrom(src, destination, destination)
	if err != nil {
		return nil, err
	}
	if !l.others[file] {
		return nil, l.broken(src, "image", file, destination)
	}
	a, err := l.asset(src, file)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(a.Type, "image/") {
		return nil, bad("not-an-image", "%s is no image; to offer it for download, take the ! out", quoted(destination))
	}
	t := &target{image: a, alt: inlineText(src, n), title: string(unescapeText(n.Title))}
	if strings.TrimSpace(t.alt) == "" {
		l.report.warnf(src, l.offset(src, n), "image-text", "the image has no text for those who can't see it; say between the square brackets what it shows")
	}
	return t, nil
}

// unusedAssets warns about files that nothing shows.
func (l *loader) unusedAssets() {
	for _, file := range slices.Sorted(maps.Keys(l.others)) {
		top, _, nested := strings.Cut(file, "/")
		if nested && (top == "courses" || top == "standard" || top == "certifications") && l.assets.byPath[file] == nil && l.assets.failed[file] == nil {
			l.report.warnf(&source{File: file}, 0, "unused-file", "nothing links to this file; link to it, or take it out")
		}
	}
}
