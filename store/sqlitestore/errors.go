package sqlitestore

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/insidebox/insidebox/store"
)

var errClosed = fmt.Errorf("%w: the data file was closed", store.ErrUnavailable)

const damaged = "the data file %s is damaged; stop the program, keep a copy of the file with its -wal, and go back to the last backup"

// sentences say what an operator can do, by SQLite's result code, or by its
// primary one.
var sentences = map[sqlite.ResultCode]string{
	sqlite.ResultBusy:     "another process holds the data file %s; wait for it (a backup, a second server, an import?) or end it",
	sqlite.ResultLocked:   "another process holds the data file %s; wait for it (a backup, a second server, an import?) or end it",
	sqlite.ResultFull:     "the disk that holds %s is full; free some space, nothing was changed",
	sqlite.ResultReadOnly: "the data file %s can't be written; make it and its folder belong to the user who runs this program",
	sqlite.ResultPerm:     "the data file %s can't be used; make it and its folder belong to the user who runs this program",
	sqlite.ResultCantOpen: "the data file %s can't be opened; look whether it and its folder exist and belong to the user who runs this program",
	sqlite.ResultCorrupt:  damaged,
	sqlite.ResultNotADB:   "%s is not an SQLite file, or is damaged at its start, and was left alone; give another path or go back to the last backup",
	// The space for the shared memory is taken when a connection begins.
	sqlite.ResultIOErrSHMSize:   "the disk that holds %s is full, or failed, when its -shm was made; free some space, nothing was changed",
	sqlite.ResultIOErrShortRead: damaged, // it ends before it should
	sqlite.ResultIOErr:          "the disk failed on the data file %s; look at the system's log",
}

// explain turns an error of SQLite into store.ErrUnavailable and a sentence.
func (d *Driver) explain(err error) error {
	if err == nil {
		return nil
	}
	if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultInterrupt {
		return errClosed
	}
	return fmt.Errorf("%w: %w", store.ErrUnavailable, d.sentence(err))
}

// sentence says what happened and what to do. It holds the path: it is for the
// log, the server shows sentences of its own.
func (d *Driver) sentence(err error) error {
	code := sqlite.ErrCode(err)
	sentence, ok := sentences[code]
	if !ok {
		sentence, ok = sentences[code.ToPrimary()]
	}
	if !ok {
		sentence = "SQLite failed on the data file %s"
	}
	return fmt.Errorf(sentence+": %w", d.path, err)
}

// isBusy tells whether waiting may help.
func isBusy(err error) bool {
	if err == nil {
		return false
	}
	code := sqlite.ErrCode(err).ToPrimary()
	return code == sqlite.ResultBusy || code == sqlite.ResultLocked
}
