package server

import (
	"fmt"
	"html/template"
	"strings"

	"rsc.io/qr"
)

// quietZone is the white that a camera needs around a QR code, in modules.
const quietZone = 4

// cameraCode draws a text as a QR code, in one path; nothing where the text
// is too long for one. It says nothing that the page doesn't say in letters,
// so that it needs no words of its own.
func cameraCode(text string) template.HTML {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return ""
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			n := 0
			for code.Black(x+n, y) {
				n++
			}
			if n > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quietZone, y+quietZone, n, n)
			}
			x += n
		}
	}
	side := code.Size + 2*quietZone
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers only
		`<svg class="camera-code" viewBox="0 0 %d %d" aria-hidden="true" shape-rendering="crispEdges"><path d="%s"/></svg>`, side, side, path.String()))
}
