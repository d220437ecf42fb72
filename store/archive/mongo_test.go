package archive_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/archive"
	"github.com/insidebox/insidebox/store/mongostore"
)

// mongo is a store in a MongoDB.
func mongo(t testing.TB, uri string) store.Source {
	t.Helper()
	d, err := mongostore.Open(t.Context(), uri, mongostore.Options{AllowStandalone: !server.Genuine, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// Copied to MongoDB and back, everything is the same to the byte.
func TestCopyThereAndBack(t *testing.T) {
	server.Need(t)
	first := filled(t, file(t), 150)
	there, back := mongo(t, server.Database(t)), file(t)
	want, _ := export(t, first)
	for _, way := range [][2]store.Source{{first, there}, {there, back}} {
		s, err := way[0].Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, err := archive.Copy(t.Context(), s, way[1], false, quiet); err != nil {
			t.Fatal(err)
		}
		if got, _ := export(t, way[1]); !bytes.Equal(got, want) {
			t.Error("the copy gives other bytes")
		}
	}
}
