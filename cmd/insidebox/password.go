package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/insidebox/insidebox/people"
)

// maxTyped bounds what is read as a password, in bytes; people says how long
// one may be.
const maxTyped = 4096

func (p *program) peopleSetPassword() *cobra.Command {
	cmd := p.change("set-password EMAIL", "Set a person's password, asked for or read from standard input",
		"has a new password and is signed out everywhere",
		func(ctx context.Context, pp *people.Service, id string) error {
			password, err := p.password(ctx)
			if err == nil {
				_, err = pp.SetPassword(ctx, id, password)
			}
			return err
		})
	cmd.Long = "set-password asks for a new password, which is not shown, or reads one line from\n" +
		"standard input when that is a file or a pipe. Better let people choose their own:\n" +
		"\"insidebox people invite EMAIL\" makes a link for that."
	return cmd
}

// password asks for a password on a terminal, twice, or reads a line.
func (p *program) password(ctx context.Context) (string, error) {
	file, ok := p.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return p.passwordLine()
	}
	var typed [2]string
	for i, prompt := range []string{"New password, not shown: ", "The same again: "} {
		fmt.Fprint(p.stderr, prompt)
		line, err := readHidden(ctx, int(file.Fd()))
		fmt.Fprintln(p.stderr)
		if err != nil {
			return "", err
		}
		typed[i] = line
	}
	if typed[0] != typed[1] {
		return "", errors.New("the two were not the same; nothing is changed, try again")
	}
	return typed[0], nil
}

func (p *program) passwordLine() (string, error) {
	line, err := bufio.NewReader(io.LimitReader(p.stdin, maxTyped)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.New("no password came on standard input; run it on a terminal to be asked for one, or pipe one line into it")
	}
	return line, nil
}

// readHidden reads a line from a terminal that doesn't show it. An interrupt
// ends it; without a hand on the terminal that would stay blind.
func readHidden(ctx context.Context, terminal int) (string, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	type result struct {
		line []byte
		err  error
	}
	got := make(chan result, 1)
	go func() {
		line, err := term.ReadPassword(terminal)
		got <- result{line, err}
	}()
	select {
	case r := <-got:
		if r.err != nil {
			return "", fmt.Errorf("read the password: %w; nothing is changed", r.err)
		}
		return string(r.line), nil
	case <-ctx.Done():
		return "", errors.Join(errors.New("stopped; nothing is changed"), term.Restore(terminal, before))
	}
}
