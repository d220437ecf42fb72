package sqlitestore_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// The test binary runs itself again as a second process on the same file.
var (
	childRole = flag.String("child", "", "what this process does as a child of the tests")
	childPath = flag.String("child.path", "", "the data file that it does it with")
	childName = flag.String("child.name", "", "what its documents begin with")
)

func TestMain(m *testing.M) {
	flag.Parse()
	if *childRole != "" {
		if err := runChild(*childRole, *childPath, *childName); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// child prepares this binary to run as another process.
func child(t *testing.T, role, path, name string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-child="+role, "-child.path="+path, "-child.name="+name)
	cmd.Stderr = os.Stderr
	return cmd
}

func runChild(role, path, name string) error {
	ctx := context.Background()
	d, err := sqlitestore.Open(ctx, path, sqlitestore.Options{})
	if err != nil {
		return err
	}
	s := store.New(d)
	c := store.NewCollection[card](s, cardSchema)
	if err := s.Declare(ctx); err != nil {
		return err
	}
	switch role {
	case "open": // shows whether the file can be opened
	case "count":
		fmt.Println("ready")
		err = countUp(ctx, c, 40)
	case "told":
		for told := bufio.NewScanner(os.Stdin); told.Scan() && err == nil; {
			if err = countUp(ctx, c, 1); err == nil {
				fmt.Println("done")
			}
		}
	case "storm":
		return storm(ctx, c, name) // only a kill ends it
	default:
		err = fmt.Errorf("no role %q", role)
	}
	return errors.Join(err, s.Close())
}

// countUp lets eight writers add n lines together to one document.
func countUp(ctx context.Context, c *store.Collection[card], n int) error {
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for w := range errs {
		wg.Go(func() {
			for i := w; i < n && errs[w] == nil; i += len(errs) {
				_, errs[w] = c.Update(ctx, "hot", func(doc *card) error {
					doc.Answers = append(doc.Answers, "line")
					return nil
				})
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// storm inserts and replaces documents from eight writers for ever, and says
// of each write when it was acknowledged: id and revision, one line.
func storm(ctx context.Context, c *store.Collection[card], name string) error {
	errs := make(chan error)
	for w := range 8 {
		go func() {
			for i := 0; ; i++ {
				doc := stormCard(fmt.Sprintf("%s-%d-%d", name, w, i), 1)
				err := c.Insert(ctx, doc)
				if err == nil {
					fmt.Printf("%s 1\n", doc.ID)
					*doc = *stormCard(doc.ID, 2)
					doc.Rev = 1
					if err = c.Replace(ctx, doc); err == nil {
						fmt.Printf("%s 2\n", doc.ID)
					}
				}
				if err != nil {
					errs <- err
					return
				}
			}
		}()
	}
	return <-errs
}

// stormCard is a document of which every part follows from id and revision, so
// that one can see that it is whole. It is longer than a page of the file.
func stormCard(id string, rev int64) *card {
	doc := newCard(len(id))
	doc.ID, doc.Team, doc.Answers = id, fmt.Sprint(rev), nil
	for i := range 500 {
		doc.Answers = append(doc.Answers, fmt.Sprintf("%s %d %d", id, rev, i))
	}
	return doc
}
