package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startNginx starts an nginx that sends an answer's bytes, headers included,
// from a file, on a free port of this machine, and returns its address. It ends
// with the benchmark. The address is empty without INSIDEBOX_NGINX.
func startNginx(b *testing.B, page *sent) string {
	b.Helper()
	program := os.Getenv("INSIDEBOX_NGINX")
	if program == "" {
		b.Log("NOT RUN: nginx on the same bytes; INSIDEBOX_NGINX names none")
		return ""
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := free.Addr().String()
	folder := b.TempDir()
	err = os.WriteFile(filepath.Join(folder, "page"), page.body, 0o600)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "nginx.conf"), []byte(nginxConfig(b, folder, address, page)), 0o600)
	}
	if err == nil {
		err = free.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(program, "-p", folder, "-c", filepath.Join(folder, "nginx.conf"), "-e", filepath.Join(folder, "error.log"))
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // the master process, which ends its workers
		_ = cmd.Wait()
	})
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-tick.C {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return address
		}
	}
	said, _ := os.ReadFile(filepath.Join(folder, "error.log"))
	b.Fatalf("nginx does not listen on %s: %s", address, said)
	return ""
}

// nginxConfig is as quick as nginx gets: a worker for each of two cores, files
// kept open, no log.
func nginxConfig(b *testing.B, folder, address string, page *sent) string {
	b.Helper()
	var conf strings.Builder
	if os.Geteuid() == 0 { // else the workers may not read our files
		me, err := user.Current()
		if err != nil {
			b.Fatal(err)
		}
		fmt.Fprintf(&conf, "user %s;\n", me.Username)
	}
	fmt.Fprintf(&conf, "daemon off;\nworker_processes 2;\npid %s/pid;\nevents { worker_connections 256; }\nhttp {\n", folder)
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&conf, "  %s_temp_path %s/%s;\n", kind, folder, kind)
	}
	conf.WriteString("  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=10 inactive=1h; etag off;\n")
	fmt.Fprintf(&conf, "  server {\n    listen %s;\n    location = %s {\n      alias %s/page;\n      default_type \"%s\";\n      add_header Last-Modified \"\";\n", address, lesson, folder, page.header.Get("Content-Type"))
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	for name, values := range page.header {
		switch name {
		case "Content-Type", "Content-Length", "Date", "Last-Modified", "Etag":
			continue
		}
		for _, value := range values {
			fmt.Fprintf(&conf, "      add_header %s \"%s\";\n", name, quoted.Replace(value))
		}
	}
	conf.WriteString("    }\n  }\n}\n")
	return conf.String()
}
