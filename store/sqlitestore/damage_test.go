package sqlitestore_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// pageSize is that of the file's pages.
const pageSize = 4096

// files are the bytes of a data file and of its log.
type files struct{ data, log []byte }

// at writes the files into a new folder.
func (f files) at(t *testing.T) (path string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "100 % of #1?") // all that means something in an address
	path = filepath.Join(folder, "insidebox.db")
	if err := errors.Join(os.Mkdir(folder, 0o700), os.WriteFile(path, f.data, 0o600)); err != nil {
		t.Fatal(err)
	}
	if f.log != nil {
		if err := os.WriteFile(path+"-wal", f.log, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// written are the files of a program that was killed: cards, short ones and
// such as are longer than a page, one in each commit. The first half of them
// is in the data file, the others are in the log.
func written(t *testing.T) (f files, cards []*card) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "insidebox.db")
	insert := func(from, to int) store.Driver {
		d := openAt(t, path)
		s := store.New(d)
		c := store.NewCollection[card](s, cardSchema)
		if err := s.Declare(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i := from; i < to; i++ {
			one := newCard(i)
			if i%6 == 0 {
				one = stormCard(one.ID, 1)
			}
			if err := c.Insert(t.Context(), one); err != nil {
				t.Fatal(err)
			}
			one.Due = one.Due.UTC()
			cards = append(cards, one)
		}
		return d
	}
	if err := insert(0, 60).Close(); err != nil {
		t.Fatal(err)
	}
	insert(60, 120)
	var err1, err2 error
	f.data, err1 = os.ReadFile(path)
	f.log, err2 = os.ReadFile(path + "-wal")
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return f, cards
}

// readBack opens the files and reads all cards. It returns those that are
// there, and what kept it from the others, which must say what to do. A card
// that is there is right.
func readBack(t *testing.T, f files, cards []*card) (found []string, failed error) {
	t.Helper()
	d, err := sqlitestore.Open(t.Context(), f.at(t), sqlitestore.Options{})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	s := store.New(d)
	c := store.NewCollection[card](s, cardSchema)
	if err := s.Declare(t.Context()); err != nil {
		return nil, err
	}
	for _, one := range cards {
		got, err := c.Get(t.Context(), one.ID)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			failed = err
			if !strings.Contains(err.Error(), "damaged") || !strings.Contains(err.Error(), "last backup") {
				t.Errorf("%s: %v, want what happened and what to do", one.ID, err)
			}
		default:
			if diff := cmp.Diff(one, got); diff != "" {
				t.Errorf("%s is read as something that was never written:\n%s", one.ID, diff)
			}
			found = append(found, one.ID)
		}
	}
	return found, failed
}

// wantSaid holds that an error of opening says what to do about damage.
func wantSaid(t *testing.T, what string, err error) {
	t.Helper()
	if !strings.Contains(err.Error(), "damaged") || !strings.Contains(err.Error(), "last backup") {
		t.Errorf("%s: %v, want what happened and what to do", what, err)
	}
}

// TestEachPageDamaged overwrites every page of a file, one at a time: what is
// read is right, or an error says that the file is damaged.
func TestEachPageDamaged(t *testing.T) {
	f, cards := written(t)
	cards = cards[:60] // without the log
	random := rand.New(rand.NewPCG(1, 2))
	harmless := 0
	for page := range len(f.data) / pageSize {
		bad := files{data: slices.Clone(f.data)}
		for i := range pageSize {
			bad.data[page*pageSize+i] = byte(random.Uint32())
		}
		found, err := readBack(t, bad, cards)
		switch {
		case err != nil:
			wantSaid(t, fmt.Sprint("page ", page), err)
		case len(found) < len(cards):
			t.Errorf("page %d: %d of %d cards are there, and nothing is said of the others", page, len(found), len(cards))
		default:
			harmless++ // an index that is not asked, or empty space
		}
	}
	if pages := len(f.data) / pageSize; harmless > pages/10 {
		t.Errorf("damage to %d of %d pages did nothing", harmless, pages)
	}
}

// TestTruncatedFile cuts the data file, at the end of a page and within one.
func TestTruncatedFile(t *testing.T) {
	f, cards := written(t)
	for _, log := range [][]byte{nil, f.log} {
		for _, size := range []int{100, pageSize, 3 * pageSize, len(f.data)/2 + 77, len(f.data) / 2 / pageSize * pageSize, len(f.data) - pageSize, len(f.data) - 1} {
			want := cards[:60]
			if log != nil {
				want = cards
			}
			found, err := readBack(t, files{f.data[:size], log}, want)
			if err != nil {
				wantSaid(t, fmt.Sprintf("cut to %d bytes, with a log of %d", size, len(log)), err)
			} else if len(found) < len(want) {
				t.Errorf("cut to %d bytes, with a log of %d: %d of %d cards are there, and nothing is said of the others", size, len(log), len(found), len(want))
			}
		}
	}
}

// TestDamagedLog cuts the log at many places, and overwrites it there: the
// data are those of an earlier moment, whole. SQLite can't tell that from a
// power cut in the middle of the next commit.
func TestDamagedLog(t *testing.T) {
	f, cards := written(t)
	for _, overwritten := range []bool{false, true} {
		before := 60
		for at := 0; at <= len(f.log); at += len(f.log)/23 + 1 {
			bad := files{f.data, slices.Clone(f.log[:at])}
			if overwritten {
				bad.log = slices.Clone(f.log)
				copy(bad.log[at:], bytes.Repeat([]byte{0x5a}, 64))
			}
			found, err := readBack(t, bad, cards)
			if err != nil {
				t.Fatalf("at byte %d: %v", at, err)
			}
			for i, id := range found {
				if id != cards[i].ID {
					t.Fatalf("at byte %d: card %s is there, and %s, which is older, is not", at, id, cards[i].ID)
				}
			}
			if len(found) < before {
				t.Errorf("at byte %d: %d cards are there, with more of the log lost it were %d", at, len(found), before)
			}
			before = len(found)
		}
		if before == 60 {
			t.Error("nothing was read from the log at all")
		}
	}
}

// TestLogOfAnotherFile puts one file's log beside another, in the ways in
// which that can go by halves: it is refused, and both are left as they were.
func TestLogOfAnotherFile(t *testing.T) {
	one, _ := written(t)
	other, _ := written(t)
	fresh := filepath.Join(t.TempDir(), "insidebox.db")
	c := cardsAt(t, fresh)
	first, err1 := os.ReadFile(fresh + "-wal")
	for i := range 600 {
		if err := c.Insert(t.Context(), stormCard(newCard(i).ID, 1)); err != nil {
			t.Fatal(err)
		}
	}
	later, err2 := os.ReadFile(fresh + "-wal")
	if err := errors.Join(err1, err2); err != nil || len(first) < 32 || bytes.Equal(first[:32], later[:32]) {
		t.Fatalf("the log has not begun anew: %v", err)
	}
	for name, log := range map[string][]byte{"some pages": other.log, "all it ever held": first, "begun anew": later} {
		t.Run(name, func(t *testing.T) {
			path := files{one.data, log}.at(t)
			wantRefused(t, path, "belongs to another file", path+"-wal")
			if after, err := os.ReadFile(path + "-wal"); err != nil || !bytes.Equal(after, log) {
				t.Errorf("the log was changed: %d bytes, %v, want its %d", len(after), err, len(log))
			}
		})
	}
	if found, err := readBack(t, one, nil); err != nil || len(found) != 0 {
		t.Errorf("the file with its own log: %v", err)
	}
}
