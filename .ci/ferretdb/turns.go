package main

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
)

// oneAtATime takes connections and passes their commands on to the server at
// the address to, never two at once.
func oneAtATime(listener net.Listener, network, to string) {
	var turn sync.Mutex
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer client.Close()
			server, err := net.Dial(network, to)
			if err != nil {
				return
			}
			defer server.Close()
			for pass(client, server, &turn) == nil {
			}
		}()
	}
}

// pass passes one command on, and its answer back.
func pass(client, server net.Conn, turn *sync.Mutex) error {
	command, err := message(client)
	if err != nil {
		return err
	}
	answer, err := ask(server, command, turn)
	if err != nil {
		return err
	}
	_, err = client.Write(answer)
	return err
}

func ask(server net.Conn, command []byte, turn *sync.Mutex) ([]byte, error) {
	turn.Lock()
	defer turn.Unlock()
	if _, err := server.Write(command); err != nil {
		return nil, err
	}
	return message(server)
}

// message reads one message of the wire protocol: its length comes first.
func message(from io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(head[:])
	if length < 16 || length > 48_000_000 {
		return nil, errors.New("this is not MongoDB's wire protocol")
	}
	text := make([]byte, length)
	copy(text, head[:])
	_, err := io.ReadFull(from, text[4:])
	return text, err
}
