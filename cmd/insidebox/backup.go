package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/archive"
)

func (p *program) backupCommand() *cobra.Command {
	var flags storeFlags
	cmd := &cobra.Command{
		Use: "backup FILE", Short: "Write all data to a file, while the server runs",
		Long: "backup writes all that is in the store to one compressed file, as it was at one\n" +
			"moment, while servers go on. The same data give the same bytes, whether they live\n" +
			"in a file or in a MongoDB; restore takes it into either. The file holds password\n" +
			"hashes and the server's key: keep it as safe as the data.",
		Example: "  insidebox backup /var/backups/monday.insidebox --data /var/lib/insidebox\n" +
			"  INSIDEBOX_STORE=mongodb://… insidebox backup monday.insidebox",
		Args: one,
		RunE: func(cmd *cobra.Command, args []string) error {
			source, err := flags.source(cmd.Context(), flags.existing)
			if err != nil {
				return err
			}
			return errors.Join(p.backup(cmd.Context(), source, args[0]), source.Close())
		},
	}
	flags.add(cmd)
	return cmd
}

// source opens a store that can be read as a whole.
func (f *storeFlags) source(ctx context.Context, open opener) (store.Source, error) {
	driver, err := open(ctx)
	if err != nil {
		return nil, err
	}
	return driver.(store.Source), nil // both backends are
}

// backup writes the file under another name first: a name that was given
// stands for a whole backup or for nothing.
func (p *program) backup(ctx context.Context, source store.Source, file string) (err error) {
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("back up to %s: there is such a file already; name a new one, or remove that", file)
	}
	out, err := os.CreateTemp(filepath.Dir(file), ".insidebox-backup-") // for the user's eyes only
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err // the name that it tried means nothing to anybody
		}
		return fmt.Errorf("back up to %s: no file can be made in %s (%w); name another place", file, filepath.Dir(file), err)
	}
	defer func() { _ = os.Remove(out.Name()) }() // gone already when all went well
	sum, err := p.writeArchive(ctx, source, out)
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("back up to %s: %w", file, err)
	}
	if err := os.Link(out.Name(), file); err != nil { // unlike a rename it replaces nothing
		if err := os.Rename(out.Name(), file); err != nil { // where there are no links
			return fmt.Errorf("back up to %s: %w", file, err)
		}
	}
	fmt.Fprintf(p.stdout, "backed up %s to %s\n", amount(sum), file)
	return nil
}

func (p *program) writeArchive(ctx context.Context, source store.Source, out io.Writer) (sum archive.Summary, err error) {
	s, err := source.Snapshot(ctx)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return archive.Write(ctx, s, out, p.copied)
}

// copied says how far a copy is, one line a collection, and one for every
// ten thousand documents.
func (p *program) copied(coll string, documents int, last bool) {
	if last || documents%10_000 == 0 {
		more := ""
		if !last {
			more = " so far"
		}
		fmt.Fprintf(p.stderr, "%s: %s%s\n", coll, counted(documents, "document"), more)
	}
}

func amount(sum archive.Summary) string {
	return fmt.Sprintf("%s in %s, SHA-256 %s", counted(sum.Documents, "document"), counted(sum.Collections, "collection"), sum.Hash)
}

func (p *program) restoreCommand() *cobra.Command {
	var flags storeFlags
	var force bool
	cmd := &cobra.Command{
		Use: "restore FILE", Short: "Bring the data of a backup into an empty store",
		Long: "restore brings a backup into an empty store, a file or a MongoDB, and proves by\n" +
			"counts and hashes that it is all there. The backup is read to its end before\n" +
			"anything is written. Stop the servers of that store first.",
		Example: "  insidebox restore monday.insidebox --data /var/lib/insidebox\n" +
			"  insidebox restore monday.insidebox --store mongodb://…/insidebox",
		Args: one,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkArchive(args[0]); err != nil {
				return fmt.Errorf("restore %s: %w; name a file that \"insidebox backup\" wrote", args[0], err)
			}
			to, err := flags.source(cmd.Context(), flags.driver)
			if err != nil {
				return err
			}
			return errors.Join(p.restore(cmd.Context(), args[0], to, force), to.Close())
		},
	}
	flags.add(cmd)
	addForce(cmd, &force)
	return cmd
}

func addForce(cmd *cobra.Command, force *bool) {
	cmd.Flags().BoolVar(force, "force", false, "remove everything that is in the store first")
}

// checkArchive reads the whole file.
func checkArchive(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = archive.Check(file)
	return err
}

func (p *program) restore(ctx context.Context, name string, to store.Source, force bool) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("restore %s: %w", name, err)
	}
	defer file.Close()
	sum, err := archive.Restore(ctx, file, to, force, p.copied)
	if err != nil {
		return fmt.Errorf("restore %s: %w", name, notEmpty(err))
	}
	fmt.Fprintf(p.stdout, "restored and verified %s\n", amount(sum))
	return nil
}

// notEmpty adds what to do about a store that holds something.
func notEmpty(err error) error {
	if errors.Is(err, archive.ErrNotEmpty) {
		return fmt.Errorf("%w, and nothing was changed; name an empty one, or remove everything in it with --force", err)
	}
	return err
}

func (p *program) copyCommand() *cobra.Command {
	var from, to string
	var standalone, force bool
	cmd := &cobra.Command{
		Use: "copy --from STORE --to STORE", Short: "Copy all data from one store to another, such as to a MongoDB",
		Long: "copy brings all that is in one store, as it is at one moment, into another, empty\n" +
			"one: from a file to a MongoDB when a company outgrows one machine, or back. Every\n" +
			"document stays the same to the byte; counts and hashes prove it. What is written\n" +
			"to the first after that moment is not copied: stop the servers before you change\n" +
			"over.",
		Example: "  insidebox copy --from data/insidebox.db --to mongodb://db1,db2,db3/box",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" || to == "" {
				return wrong(cmd, "copy needs both --from and --to")
			}
			if sameStore(from, to) {
				return wrong(cmd, "copy: --from and --to name the same store, %s; name another one to write", shown(to))
			}
			return p.copy(cmd.Context(), storeFlags{store: from, standalone: standalone}, storeFlags{store: to, standalone: standalone}, force)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "data `file` or address of a MongoDB to read")
	cmd.Flags().StringVar(&to, "to", "", "data `file` or address of a MongoDB to write")
	cmd.Flags().BoolVar(&standalone, "allow-standalone", false, "accept a MongoDB that is no replica set, for a trial")
	addForce(cmd, &force)
	return cmd
}

// sameStore tells whether two names are known to be of one store: with --force it
// would be emptied while it is read.
func sameStore(from, to string) bool {
	if from == to {
		return true
	}
	one, err := os.Stat(from)
	if err != nil {
		return false
	}
	other, err := os.Stat(to)
	return err == nil && os.SameFile(one, other)
}

func (p *program) copy(ctx context.Context, from, to storeFlags, force bool) (err error) {
	source, err := from.source(ctx, from.existing)
	if err != nil {
		return fmt.Errorf("copy --from: %w", err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := to.source(ctx, to.driver)
	if err != nil {
		return fmt.Errorf("copy --to: %w", err)
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	s, err := source.Snapshot(ctx)
	if err != nil {
		return fmt.Errorf("copy --from: %w", err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	sum, err := archive.Copy(ctx, s, target, force, p.copied)
	if err != nil {
		return fmt.Errorf("copy: %w", notEmpty(err))
	}
	fmt.Fprintf(p.stdout, "copied and verified %s\n", amount(sum))
	return nil
}
