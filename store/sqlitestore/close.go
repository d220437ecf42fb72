package sqlitestore

import (
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/insidebox/insidebox/store"
)

// enter counts a call as under way, unless the driver is closed. The caller
// calls d.calls.Done when it ends.
func (d *Driver) enter() error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return errClosed
	}
	d.calls.Add(1)
	return nil
}

// Close lets the calls that are under way end, for up to Options.CloseTimeout;
// then it breaks them off. When even that doesn't help within the same time,
// because the disk hangs, it returns an error and leaves the file open.
func (d *Driver) Close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	d.mu.Unlock()

	quiet := make(chan struct{})
	go func() {
		d.calls.Wait()
		close(d.writer.stop)
		<-d.writer.ended
		close(quiet)
	}()
	if !within(quiet, d.opts.CloseTimeout) {
		close(d.kill)
		if !within(quiet, d.opts.CloseTimeout) {
			return fmt.Errorf("%w: a call on the data file %s does not end, so it stays open until the program ends; look whether the disk hangs", store.ErrUnavailable, d.path)
		}
	}
	return d.closeConns()
}

// within waits for a channel to be closed, but no longer than d.
func within(c <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-c:
		return true
	case <-t.C:
		return false
	}
}

// closeConns closes all connections, the writing one last: the last to leave
// moves the log into the file, and the reading ones may not write.
func (d *Driver) closeConns() error {
	conns := make([]*sqlite.Conn, 0, d.opts.Readers+1)
	for more := true; more; {
		select {
		case c := <-d.readers:
			conns = append(conns, c)
		default:
			more = false
		}
	}
	if d.writer != nil {
		conns = append(conns, d.writer.conn)
		if d.writer.log != nil {
			_ = d.writer.log.Close() // it was only read
		}
	}
	if d.memory.watch != nil {
		d.memory.watch.close()
	}
	var first error
	for _, c := range conns {
		if err := c.Close(); err != nil && first == nil {
			first = fmt.Errorf("close the data file %s: %w", d.path, err)
		}
	}
	return first
}
