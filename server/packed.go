package server

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"strconv"
	"strings"
	"sync"
)

// A page that is joined from pieces is compressed by joining compressed pieces:
// each was compressed once, as hard as can be, and what stands between them is
// sent as it is. To compress the whole page at every request would take as long
// as all else.
//
// That gives a gzip member (RFC 1952) whose deflate stream (RFC 1951) is a row of
// blocks: those of a piece end on a byte, by an empty stored block, and refer to
// nothing before the piece; what stands between them is stored blocks.

// A piece is a part of a page that is the same for everybody.
type piece struct {
	text     []byte
	once     sync.Once
	deflated []byte // see packed
}

// worthPacking is how long a piece must be for its blocks to be shorter than it.
const worthPacking = 64

func newPiece(text []byte) *piece { return &piece{text: text} }

// deflaters are reused: one takes more memory than a lesson.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestCompression)
	if err != nil {
		panic("make a compressor: " + err.Error()) // the level is a known one
	}
	return w
}}

// packed is the piece as deflate blocks, none of them the last. It is made when
// somebody first takes it.
func (p *piece) packed() []byte {
	p.once.Do(func() {
		w := deflaters.Get().(*flate.Writer)
		defer deflaters.Put(w)
		var out bytes.Buffer
		w.Reset(&out)
		_, err := w.Write(p.text)
		if err == nil {
			err = w.Flush()
		}
		if err != nil {
			panic("compress a piece of a page: " + err.Error()) // a buffer refuses nothing
		}
		p.deflated = bytes.Clone(out.Bytes())
	})
	return p.deflated
}

// A pageBuffer is a page as it is joined, and where in it pieces lie.
type pageBuffer struct {
	bytes.Buffer
	places []placedPiece
	gzip   bytes.Buffer
}

type placedPiece struct {
	*piece
	at int
}

// Reset empties the buffer for another page.
func (b *pageBuffer) Reset() {
	b.Buffer.Reset()
	b.gzip.Reset()
	b.places = b.places[:0]
}

// add appends a piece.
func (b *pageBuffer) add(p *piece) {
	if len(p.text) >= worthPacking {
		b.places = append(b.places, placedPiece{p, b.Len()})
	}
	b.Write(p.text)
}

// gzipHeader says deflate, no name, no time, an unknown system.
var gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}

// packed is the page as gzip. It is the buffer's, until the next Reset.
func (b *pageBuffer) packed() []byte {
	page, out, from := b.Bytes(), &b.gzip, 0
	out.Write(gzipHeader)
	for _, p := range b.places {
		stored(out, page[from:p.at])
		out.Write(p.packed())
		from = p.at + len(p.text)
	}
	stored(out, page[from:])
	out.Write([]byte{1, 0, 0, 0xff, 0xff}) // the last block, with nothing in it
	var end [8]byte
	binary.LittleEndian.PutUint32(end[:], crc32.ChecksumIEEE(page))
	binary.LittleEndian.PutUint32(end[4:], uint32(len(page))) // modulo 2^32, as the format wants it
	out.Write(end[:])
	return out.Bytes()
}

// stored writes text as stored blocks, none of them the last.
func stored(out *bytes.Buffer, text []byte) {
	const most = 0xffff
	for len(text) > 0 {
		n := min(len(text), most)
		out.Write([]byte{0, byte(n), byte(n >> 8), ^byte(n), ^byte(n >> 8)})
		out.Write(text[:n])
		text = text[n:]
	}
}

// takesGzip reports whether the value of an Accept-Encoding header allows gzip.
func takesGzip(accept string) bool {
	for one := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(one, ";")
		if name = strings.TrimSpace(name); !strings.EqualFold(name, "gzip") && !strings.EqualFold(name, "x-gzip") {
			continue
		}
		q, weighted := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(params, " ", "")), "q=")
		if !weighted {
			return true
		}
		weight, err := strconv.ParseFloat(q, 64)
		return err == nil && weight > 0
	}
	return false
}
