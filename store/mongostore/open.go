package mongostore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"

	"github.com/insidebox/insidebox/store"
)

// Options change how a MongoDB is used. The zero value is right for a server,
// but for Now.
type Options struct {
	// AllowStandalone accepts a server that is no replica set, for a trial.
	AllowStandalone bool
	// Deadline is how long a call may take; the address's timeoutMS, or ten
	// seconds, when 0.
	Deadline time.Duration
	// CloseTimeout is how long Close waits for calls that are under way before
	// it breaks them off; 5 s when 0.
	CloseTimeout time.Duration
	// Now is the clock; required.
	Now func() time.Time
}

// ErrStandalone is in the error of Open when the server is no replica set.
var ErrStandalone = errors.New("a standalone MongoDB can't keep the store's promises")

// oldestWire is the wire version of MongoDB 5.0, which has snapshot reads.
const oldestWire = 13

// Driver is a store.Driver on one MongoDB database.
type Driver struct {
	client   *mongo.Client
	db       *mongo.Database
	address  address
	opts     Options
	deadline time.Duration
	snapshot bool // the server has snapshot reads

	colls  atomic.Pointer[map[string]*collection] // the declared ones
	layout layoutCache

	mu     sync.RWMutex // guards closed, and calls.Add against calls.Wait
	closed bool
	calls  sync.WaitGroup
	kill   context.CancelCauseFunc // breaks calls off
	alive  context.Context         //nolint:containedctx // ends when calls are broken off
}

var _ store.Driver = (*Driver)(nil)

// collection is a declared collection. It is immutable.
type collection struct {
	schema store.Schema
	in     *mongo.Collection
}

// Open connects, and looks what kind of server it is. The error is
// store.ErrUnavailable when there is nobody to ask: try again later. Where every
// host has the wrong certificate, or wants another of us, Open doesn't wait for
// a primary: the error says at once what has to be mended.
func Open(ctx context.Context, uri string, opts Options) (*Driver, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a, err := parse(uri, opts)
	if err != nil {
		return nil, err
	}
	if opts.CloseTimeout == 0 {
		opts.CloseTimeout = 5 * time.Second
	}
	d := &Driver{address: a, opts: opts, deadline: *a.client.Timeout}
	d.alive, d.kill = context.WithCancelCause(context.Background())
	d.colls.Store(&map[string]*collection{})
	d.layout.turn = make(chan struct{}, 1)
	a.client.SetMonitor(&event.CommandMonitor{Started: started})
	greeting, give := context.WithCancelCause(ctx)
	defer give(nil)
	d.address.watch(give)
	if d.client, err = mongo.Connect(a.client); err != nil {
		return nil, fmt.Errorf("connect to MongoDB: %s", a.hide(err.Error()))
	}
	d.db = d.client.Database(a.database)
	err = d.greet(greeting)
	if err == nil {
		err = d.mayUse(greeting)
	}
	if err != nil {
		var hopeless *failure
		if errors.As(context.Cause(greeting), &hopeless) {
			err = hopeless
		}
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// greet asks the server what it is, and refuses one that can't do.
func (d *Driver) greet(ctx context.Context) error {
	var hello struct {
		SetName string `bson:"setName"`
		Msg     string `bson:"msg"`
		Me      string `bson:"me"`
		Wire    int    `bson:"maxWireVersion"`
	}
	err := d.read(ctx, func(ctx context.Context) error {
		return d.client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
	})
	if refused(err) {
		said := d.text(err)
		if _, behind, ok := strings.Cut(said, "auth error: "); ok { // before it stands how the driver came there
			said = behind
		}
		return fmt.Errorf("sign in to the MongoDB at %s: it refuses the name and password (or certificate) of the address; mend them there: %s", d.address.hosts, said)
	}
	if err != nil {
		return err
	}
	standalone := hello.SetName == "" && hello.Msg != "isdbgrid"
	d.snapshot = !standalone && hello.Wire >= oldestWire
	switch {
	case standalone && !d.opts.AllowStandalone:
		return fmt.Errorf("%w: %s is no replica set, so nothing confirms that a write will last. Start mongod with --replSet rs0, then make it a replica set of one with: "+
			"mongosh --host %s --eval 'rs.initiate()' (for a trial without promises: --allow-standalone)", ErrStandalone, d.address.hosts, d.address.hosts)
	case !standalone && !d.snapshot:
		return fmt.Errorf("the MongoDB at %s is older than 5.0 and can't read several documents at one moment; upgrade it", d.address.hosts)
	}
	return nil
}

// mayUse asks for something that only who has signed in may read, and may do so
// in this database: "hello" is answered to everybody.
func (d *Driver) mayUse(ctx context.Context) error {
	err := d.read(ctx, func(ctx context.Context) error {
		err := d.db.Collection(layoutColl).FindOne(ctx, bson.D{{Key: "_id", Value: layoutID}}).Err()
		if errors.Is(err, mongo.ErrNoDocuments) {
			return nil
		}
		return err
	})
	if !refused(err) {
		return err
	}
	if who := d.address.client.Auth; who != nil {
		return fmt.Errorf("the MongoDB at %s lets %s sign in, but not use the database %s: give it the role readWrite on %s: %s",
			d.address.hosts, cmp.Or(who.Username, "the certificate of the address"), d.address.database, d.address.database, d.text(err))
	}
	return fmt.Errorf("the MongoDB at %s does nothing for who does not sign in: put NAME:PASSWORD@ before the host of the address, or authMechanism=MONGODB-X509 and a certificate behind it: %s",
		d.address.hosts, d.text(err))
}

// refused tells whether an error says that the credentials are wrong, or allow
// too little.
func refused(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.refused
}

// Database is the name of the database.
func (d *Driver) Database() string { return d.address.database }

// Used tells whether anything was ever declared in the database.
func (d *Driver) Used(ctx context.Context) (used bool, err error) {
	err = d.read(ctx, func(ctx context.Context) error {
		l, err := d.readLayout(ctx)
		used = err == nil && l.Rev > 0
		return err
	})
	return used, err
}

// Ping tells whether the primary can be reached. It asks once more when it
// came upon a connection that an earlier failure had left behind: the driver
// repeats reads by itself, but not this.
func (d *Driver) Ping(ctx context.Context) error {
	return d.read(ctx, func(ctx context.Context) error {
		err := d.client.Ping(ctx, readpref.Primary())
		if mongo.IsNetworkError(err) && ctx.Err() == nil {
			err = d.client.Ping(ctx, readpref.Primary())
		}
		return err
	})
}

// Close lets the calls that are under way end, for up to Options.CloseTimeout;
// then it breaks them off.
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
		close(quiet)
	}()
	patience := time.NewTimer(d.opts.CloseTimeout)
	defer patience.Stop()
	select {
	case <-quiet:
	case <-patience.C:
		d.kill(errClosed)
		<-quiet // every call watches its context
	}
	d.kill(errClosed)
	if d.client == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), d.opts.CloseTimeout)
	defer cancel()
	if err := d.client.Disconnect(ctx); err != nil {
		return fmt.Errorf("disconnect from MongoDB: %s", d.address.hide(err.Error()))
	}
	return nil
}

// collection returns the declared collection, or ErrQuery.
func (d *Driver) collection(coll string) (*collection, error) {
	if c := (*d.colls.Load())[coll]; c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("%w: the collection %q was not declared", store.ErrQuery, coll)
}
