package server

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestPackedIsThePage joins random pages, one after the other in the same buffer,
// and reads back what was packed.
func TestPackedIsThePage(t *testing.T) {
	t.Parallel()
	var buf pageBuffer
	rapid.Check(t, func(t *rapid.T) {
		buf.Reset()
		var want bytes.Buffer
		for range rapid.IntRange(0, 8).Draw(t, "parts") {
			text := []byte(strings.Repeat(rapid.StringN(0, 40, -1).Draw(t, "text"), rapid.SampledFrom([]int{0, 1, 3, 9, 2000}).Draw(t, "times")))
			want.Write(text)
			if rapid.Bool().Draw(t, "a piece") {
				buf.add(newPiece(text))
			} else {
				buf.Write(text)
			}
		}
		packed := bytes.NewReader(buf.packed())
		r, err := gzip.NewReader(packed)
		if err != nil {
			t.Fatal(err)
		}
		r.Multistream(false)
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, want.Bytes()) || packed.Len() > 0 {
			t.Fatalf("%d bytes come back as %d, with %d behind them: %v", want.Len(), len(got), packed.Len(), err)
		}
		if !bytes.Equal(buf.Bytes(), want.Bytes()) {
			t.Fatal("the plain page is another one")
		}
	})
}

// TestLongTextBetweenPieces needs more than one stored block.
func TestLongTextBetweenPieces(t *testing.T) {
	t.Parallel()
	var buf pageBuffer
	long := bytes.Repeat([]byte("between "), 30_000)
	buf.add(newPiece(bytes.Repeat([]byte("before "), 30)))
	buf.Write(long)
	r, err := gzip.NewReader(bytes.NewReader(buf.packed()))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.HasSuffix(got, long) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
}

func TestTakesGzip(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		"gzip": true, "gzip, deflate, br, zstd": true, "br;q=1.0, GZIP;q=0.5": true, "x-gzip": true, "deflate, gzip; q=0.001": true,
		"": false, "identity": false, "br": false, "gzip;q=0": false, "gzip; q=0.000, br": false, "gzipped": false, "gzip;q=x": false,
	} {
		if got := takesGzip(accept); got != want {
			t.Errorf("%q: %v, want %v", accept, got, want)
		}
	}
}
