package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/programme/bulk"
	"github.com/insidebox/insidebox/store"
)

// benchFlags are the flags of bench-data.
type benchFlags struct {
	storeFlags
	content, at string
	size        bulk.Options
}

func (p *program) benchDataCommand() *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use: "bench-data", Short: "Fill an empty store with a made-up company, to measure",
		Long: "bench-data fills an empty store with a made-up company of any size, to try out\n" +
			"how pages and machines bear it: people, teams, learning records, attempts in all\n" +
			"states, certificates, all as if people had learned for up to two and a half years.\n" +
			"The same flags make the same company. 100,000 people with 2 million attempts take\n" +
			"some minutes, and 13 GB.\n\n" +
			"Nobody in it has a password: give one to admin@company.test, m00000@company.test\n" +
			"(a manager) or p000000@company.test (a rep) with \"insidebox people set-password\".\n" +
			"Its secret key follows from the seed. Never use such a store for real people.",
		Example: "  insidebox bench-data --data /tmp/company\n" +
			"  insidebox bench-data --people 100000 --teams 1000 --attempts 2000000 --store big.db",
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(cmd); err != nil {
				return err
			}
			return p.benchData(cmd.Context(), f)
		},
	}
	f.add(cmd)
	fl := cmd.Flags()
	fl.IntVar(&f.size.People, "people", 1000, "`how many` people, admin and managers included")
	fl.IntVar(&f.size.Teams, "teams", 10, "`how many` teams")
	fl.IntVar(&f.size.Attempts, "attempts", 20_000, "`how many` attempts, of all people together")
	fl.Uint64Var(&f.size.Seed, "seed", 1, "`number` that decides on all chance")
	fl.StringVar(&f.at, "at", "", "`day` up to which people have learned, such as\n2026-11-20; today without it")
	fl.StringVar(&f.content, "content", "", "content `folder`, instead of the built-in sample library")
	return cmd
}

// check refuses what can't work, before anything is opened.
func (f *benchFlags) check(cmd *cobra.Command) error {
	f.size.Now = time.Now().UTC().Truncate(time.Hour)
	if f.at != "" {
		day, err := time.Parse(time.DateOnly, f.at)
		if err != nil {
			return wrong(cmd, "read --at %q: want a day such as 2026-11-20", f.at)
		}
		f.size.Now = day.Add(18 * time.Hour)
	}
	if err := f.size.Check(); err != nil {
		return wrong(cmd, "make up a company: %w", err)
	}
	return nil
}

func (p *program) benchData(ctx context.Context, f benchFlags) error {
	tree := content.Sample()
	if f.content != "" {
		folder, err := contentFolder(f.content)
		if err != nil {
			return fmt.Errorf("open --content: %w", err)
		}
		tree = folder
	}
	shelf, findings := programme.NewShelf(func() fs.FS { return tree }, func() time.Time { return f.size.Now })
	if shelf.Library() == nil {
		printFindings(p.stderr, findings)
		return fmt.Errorf("make up a company: the content has %s, listed above; mend it until \"insidebox check %s\" finds none", tally(findings), f.content)
	}
	to, err := f.source(ctx, f.driver)
	if err != nil {
		return err
	}
	return errors.Join(p.fillStore(ctx, to, shelf, f), to.Close())
}

func (p *program) fillStore(ctx context.Context, to store.Source, shelf *programme.Shelf, f benchFlags) error {
	// What one person's past leaves behind is much and short-lived.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	show, wipe := p.progress()
	f.size.Progress = show
	err := bulk.Fill(ctx, to, shelf, f.size)
	wipe()
	switch {
	case errors.Is(err, bulk.ErrNotEmpty):
		return fmt.Errorf("make up a company: %w, and nothing was changed; name an empty one, or remove that if an earlier bench-data was stopped in it", err)
	case err != nil && ctx.Err() != nil:
		return errors.New("make up a company: stopped by a signal; the store holds a part of one, and says so in its collection \"bulk\": remove it, and begin again")
	case err != nil:
		return fmt.Errorf("make up a company: %w; the store may hold a part of one: remove it, and begin again", err)
	}
	fmt.Fprintf(p.stdout, "made up %d people in %s with %s, from seed %d, up to %s\n", f.size.People, counted(f.size.Teams, "team"),
		counted(f.size.Attempts, "attempt"), f.size.Seed, f.size.Now.Format(time.DateOnly))
	return nil
}
