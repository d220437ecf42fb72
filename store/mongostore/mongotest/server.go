// Package mongotest gives tests a MongoDB, and a proxy before it that fails on
// purpose. Tests of every room that wants a real one use it:
//
//	var server *mongotest.Server
//
//	func TestMain(m *testing.M) {
//		server, err = mongotest.Start(os.Getenv)
//		...
//		server.Stop()
//	}
//
// INSIDEBOX_TEST_MONGODB names a MongoDB, a replica set, whose databases may be
// made and dropped; then nothing is skipped. Without it the program that
// INSIDEBOX_TEST_FERRETDB names is started (.ci/ferretdb, built by "make
// test"): the same protocol, but no replica set. What it can't show is skipped
// by name, with the reason. A [ReplicaSet] is two doors to it, for what the driver and we
// make of an election.
package mongotest

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Server is what tests run against.
type Server struct {
	URI     string // empty when there is none
	Genuine bool   // a MongoDB, so nothing is skipped
	getenv  func(string) string
	stop    func()
}

// The variables that name a server.
const (
	mongoVariable  = "INSIDEBOX_TEST_MONGODB"
	ferretVariable = "INSIDEBOX_TEST_FERRETDB"
)

// Start finds or starts the server. Without one, tests are skipped.
func Start(getenv func(string) string) (*Server, error) {
	if uri := getenv(mongoVariable); uri != "" {
		return &Server{URI: uri, Genuine: true, getenv: getenv, stop: func() {}}, nil
	}
	program := getenv(ferretVariable)
	if program == "" {
		return &Server{getenv: getenv, stop: func() {}}, nil
	}
	uri, stop, err := spawn(program)
	if err != nil {
		return nil, err
	}
	return &Server{URI: uri, getenv: getenv, stop: stop}, nil
}

// spawn starts the wire server in a folder of its own.
func spawn(program string, more ...string) (uri string, stop func(), err error) {
	folder, err := os.MkdirTemp("", "insidebox-ferretdb-")
	if err != nil {
		return "", nil, err
	}
	cmd := exec.Command(program, append([]string{folder}, more...)...) //nolint:gosec // who runs the tests names it
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", nil, fmt.Errorf("%s prints no address: %w", program, err)
	}
	return strings.TrimSpace(line), func() {
		_ = in.Close() // which ends it
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
		_ = os.RemoveAll(folder)
	}, nil
}

// SigningIn gives a server with one user, in the database "admin"; its address
// names both name and password. The wire server does nothing for anybody else;
// whether a MongoDB does is its own setting.
func (s *Server) SigningIn(t testing.TB, name, password string) *Server {
	t.Helper()
	s.Need(t)
	uri := s.URI
	if s.Genuine {
		s.user(t, name, password)
	} else {
		var stop func()
		var err error
		if uri, stop, err = spawn(s.getenv(ferretVariable), name, password); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
	}
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(name, password)
	return &Server{URI: u.String(), Genuine: s.Genuine, getenv: s.getenv, stop: func() {}}
}

// user makes a user, until the end of the test.
func (s *Server) user(t testing.TB, name, password string) {
	t.Helper()
	admin := s.Client(t).Database("admin")
	run := func(command bson.D) {
		if err := admin.RunCommand(context.Background(), command).Err(); err != nil {
			t.Errorf("%s: %v", command[0].Key, err)
		}
	}
	run(bson.D{{Key: "createUser", Value: name}, {Key: "pwd", Value: password}, {Key: "roles", Value: bson.A{"readWriteAnyDatabase", "dbAdminAnyDatabase"}}})
	t.Cleanup(func() { run(bson.D{{Key: "dropUser", Value: name}}) })
}

// Stop ends what Start has started.
func (s *Server) Stop() { s.stop() }

// Need skips a test where there is no server at all.
func (s *Server) Need(t testing.TB) {
	t.Helper()
	// go test remembers a result for as long as the variables that it saw stay
	// the same, and it sees only those that are read within a test.
	_, _ = s.getenv(mongoVariable), s.getenv(ferretVariable)
	if s.URI == "" {
		t.Skip("no MongoDB: " + mongoVariable + " names none, and " + ferretVariable + " no wire server (make test builds one)")
	}
}

// NeedMongoDB skips a test that FerretDB 1 can't pass, and says why.
func (s *Server) NeedMongoDB(t testing.TB, why string) {
	t.Helper()
	s.Need(t)
	if !s.Genuine {
		t.Skip("FerretDB 1 " + why + "; with " + mongoVariable + " this runs on a MongoDB")
	}
}

// Database returns the address of a new, empty database, which is dropped at
// the end of the test.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	s.Need(t)
	u, err := url.Parse(s.URI)
	if err != nil {
		t.Fatal(err)
	}
	name := "insidebox_test_" + strings.ToLower(rand.Text()[:12])
	u.Path = "/" + name
	if q := u.Query(); u.User != nil && !q.Has("authSource") {
		q.Set("authSource", "admin")
		u.RawQuery = q.Encode()
	}
	t.Cleanup(func() {
		if err := s.Client(t).Database(name).Drop(context.Background()); err != nil {
			t.Errorf("drop the database: %v", err)
		}
	})
	return u.String()
}

// Client is the official driver alone, to look at things from outside.
func (s *Server) Client(t testing.TB) *mongo.Client {
	t.Helper()
	c, err := mongo.Connect(options.Client().ApplyURI(s.URI))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Disconnect(context.Background()) })
	return c
}

// Name is the database that an address names.
func Name(t testing.TB, uri string) string {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}
