package main

import (
	"bytes"
	"net"
	"strconv"
)

// firstPart is how much of an answer net/http sends first: what fits into its buffer,
// of which nobody can choose the size. A page is longer, so that it went out in two
// calls of the system, and whoever waits for it was woken twice: a tenth of what a
// page costs.
const firstPart = 4096

// gathering is a listener whose connections send the first part of an answer with
// what follows.
type gathering struct{ net.Listener }

// Accept waits for the next connection.
func (g gathering) Accept() (net.Conn, error) {
	conn, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &gathered{Conn: conn}, nil
}

// gathered keeps the first part of an answer until the next one comes, but only when
// one must come: the answer says how long it is, and is longer. Writing is one
// goroutine's at a time, as net/http does it.
type gathered struct {
	net.Conn
	kept  []byte
	parts [2][]byte
}

// Write sends p, with what was kept before it, or keeps it. An error is of both.
func (c *gathered) Write(p []byte) (int, error) {
	if len(c.kept) > 0 {
		before := len(c.kept)
		c.parts = [2][]byte{c.kept, p}
		all := net.Buffers(c.parts[:])
		n, err := all.WriteTo(c.Conn)
		c.kept, c.parts = c.kept[:0], [2][]byte{}
		return max(0, int(n)-before), err
	}
	if len(p) == firstPart && moreComes(p) {
		c.kept = append(c.kept, p...)
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// CloseWrite lets net/http end an answer to somebody who still sends, as it does on a
// connection of its own.
func (c *gathered) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// moreComes reports whether what begins an answer says that it is longer.
func moreComes(p []byte) bool {
	head, body, whole := bytes.Cut(p, []byte("\r\n\r\n"))
	_, length, said := bytes.Cut(head, []byte("\r\nContent-Length: "))
	if !whole || !said || !bytes.HasPrefix(head, []byte("HTTP/1.1 ")) {
		return false
	}
	length, _, _ = bytes.Cut(length, []byte("\r\n"))
	n, err := strconv.Atoi(string(length))
	return err == nil && n > len(body)
}
