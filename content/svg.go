package content

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// judgeSVG refuses drawings that could do more than be looked at: scripts,
// event handlers, foreign HTML, and references out of the file.
func judgeSVG(content []byte) error {
	d := xml.NewDecoder(bytes.NewReader(content))
	for elements := 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("it is not well-formed XML: %w", err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return errors.New("it has a document type or entities; save it as plain SVG")
		case xml.ProcInst:
			if t.Target != "xml" {
				return fmt.Errorf("it has a processing instruction %s; take it out", t.Target)
			}
		case xml.StartElement:
			if elements++; elements == 1 && t.Name.Local != "svg" {
				return fmt.Errorf("it begins with <%s> instead of <svg>", t.Name.Local)
			}
			if err := judgeSVGElement(t); err != nil {
				return err
			}
		}
	}
}

func judgeSVGElement(t xml.StartElement) error {
	switch strings.ToLower(t.Name.Local) {
	case "script", "foreignobject", "iframe", "embed", "object", "handler", "set", "animate":
		return fmt.Errorf("it has an element <%s>; take it out", t.Name.Local)
	}
	for _, a := range t.Attr {
		name, value := strings.ToLower(a.Name.Local), strings.TrimSpace(a.Value)
		switch {
		case strings.HasPrefix(name, "on"):
			return fmt.Errorf("it has an event handler %s; take it out", a.Name.Local)
		case (name == "href" || name == "src") && !strings.HasPrefix(value, "#") && !strings.HasPrefix(value, "data:image/png;") && !strings.HasPrefix(value, "data:image/jpeg;"):
			return fmt.Errorf("it refers to %q; only #parts of itself and embedded PNG or JPEG images are shown", a.Value)
		}
	}
	return nil
}

// svgSize is the size that a drawing states for itself, in pixels; 0, 0 when
// it states none.
func svgSize(content []byte) (width, height int) {
	var root struct {
		Width  string `xml:"width,attr"`
		Height string `xml:"height,attr"`
	}
	if err := xml.Unmarshal(content, &root); err != nil {
		return 0, 0
	}
	width, errWidth := strconv.Atoi(strings.TrimSuffix(root.Width, "px"))
	height, errHeight := strconv.Atoi(strings.TrimSuffix(root.Height, "px"))
	if errWidth != nil || errHeight != nil || width <= 0 || height <= 0 {
		return 0, 0
	}
	return width, height
}
