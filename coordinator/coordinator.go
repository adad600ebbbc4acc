package coordinator

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/workflow"
)

// Store is what the coordinator needs of a store.
type Store interface {
	store.Attempts
	store.Leases
}

// Templates evaluates ${...}.
type Templates interface {
	// Text evaluates one text in a scope.
	Text(ctx context.Context, template string, scope *params.Object) (string, error)
	// Document evaluates inherited params and a task's own keys over them.
	Document(ctx context.Context, inherited, own *params.Object) (all, evaluatedOwn *params.Object, err error)
}

// Observer is told what has happened, after it is durable and in order for each
// attempt. Its methods must return soon.
type Observer interface {
	TasksChanged(a store.Attempt, tasks []engine.Task)
	AttemptEnded(a store.Attempt, flags heitan.AttemptFlags)
}

// TaskLog takes what one invocation of an operator writes.
type TaskLog interface {
	io.Writer                 // what a command prints
	Logger() *slog.Logger     // heitan's own messages
	Evaluated(*params.Object) // told the task's evaluated params before the operator runs
	Close() error
}

// Options is what a coordinator works with. All but Observer are required.
type Options struct {
	Store     Store
	Owner     store.Owner
	LeaseTime time.Duration // how long a lease lasts without renewal

	Operators *operator.Registry
	Templates Templates
	Secrets   operator.SecretSource
	Environ   []string
	Limits    engine.Limits
	// MaxInvocations bounds the operators that run at once, over all attempts.
	MaxInvocations int
	// DryRun lets every operator succeed without being called.
	DryRun bool

	Now      func() time.Time
	Log      *slog.Logger
	OpenLog  func(store.Attempt, engine.Task) (TaskLog, error)
	Observer Observer
}

// Coordinator drives attempts. Its methods may be called from any goroutine.
type Coordinator struct {
	opts      Options
	committer *committer
	slots     *slots

	// beginning is held from before the store gives an attempt to this owner until
	// its driver can be found: shared by submissions, alone by what takes over. So
	// nothing takes over an attempt that is about to be driven here.
	beginning sync.RWMutex

	mu      sync.Mutex
	drivers map[heitan.AttemptID]*driver
	stopped error // cause of Stop

	background sync.WaitGroup
	halt       context.CancelFunc // ends the committer and the heartbeat
}

// New starts a coordinator; Stop ends it.
func New(opts Options) *Coordinator {
	ctx, halt := context.WithCancel(context.Background())
	c := &Coordinator{
		opts:      opts,
		committer: newCommitter(opts.Store, opts.Log),
		slots:     newSlots(opts.MaxInvocations),
		drivers:   make(map[heitan.AttemptID]*driver),
		halt:      halt,
	}
	c.background.Go(func() { c.committer.run(ctx) })
	c.background.Go(func() { c.heartbeat(ctx) })
	return c
}

// Submission asks for a new attempt.
type Submission struct {
	Project     heitan.Project
	Revision    heitan.Revision
	Workflow    *workflow.Workflow
	Workspace   string // absolute path of the project's files
	SessionTime time.Time
	Name        string // the attempt's
	Key         string // see heitan.Attempt; random if empty
	Params      *params.Object
	Finished    map[string]engine.Result // see engine.Definition
}

// Driven is an attempt that a coordinator drives.
type Driven struct {
	Attempt store.Attempt
	driver  *driver
}

// Wait returns the flags with which the attempt ended. An error means that the
// coordinator stopped driving it before: it is stopping, another heitan took the
// attempt over, or changes could not be made durable.
func (d Driven) Wait(ctx context.Context) (heitan.AttemptFlags, error) {
	select {
	case <-d.driver.done:
		return d.driver.flags, d.driver.err
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

// Submit makes an attempt durable and drives it. If the session has an attempt
// of that name, the error is a *[store.Exists].
func (c *Coordinator) Submit(ctx context.Context, s Submission) (Driven, error) {
	now := c.opts.Now()
	def := engine.Definition{Params: s.Params, Finished: s.Finished, Limits: c.opts.Limits}
	state, changes, err := engine.New(s.Workflow.Root, def, now)
	if err != nil {
		return Driven{}, &heitan.Error{Kind: heitan.Invalid, Msg: "submit " + s.Workflow.Name, Err: err}
	}
	if err := c.mayBegin(); err != nil {
		return Driven{}, err
	}
	c.beginning.RLock()
	defer c.beginning.RUnlock()
	stored, fence, err := c.opts.Store.Submit(ctx, store.Submission{
		Project:     s.Project.ID,
		Revision:    s.Revision.ID,
		Workflow:    s.Workflow.Name,
		SessionTime: s.SessionTime,
		SessionUUID: uuid.NewString(),
		Name:        s.Name,
		Key:         cmp.Or(s.Key, randomKey()),
		Timezone:    s.Workflow.Timezone,
		Params:      s.Params,
		Finished:    s.Finished,
		Tasks:       changes.Tasks,
		Flags:       changes.Flags,
		Owner:       c.opts.Owner,
		Now:         now,
		Until:       now.Add(c.opts.LeaseTime),
	})
	if err != nil {
		return Driven{}, fmt.Errorf("submit %s: %w", s.Workflow.Name, err)
	}
	return c.drive(newDriver(c, stored, fence, s.Workspace, state), changes)
}

func (c *Coordinator) mayBegin() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped != nil {
		return &heitan.Error{Kind: heitan.Unavailable, Msg: "heitan is stopping"}
	}
	return nil
}

// drive starts a driver with changes that are durable already.
func (c *Coordinator) drive(d *driver, durable engine.Changes) (Driven, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped != nil {
		return Driven{}, &heitan.Error{Kind: heitan.Unavailable, Msg: "heitan is stopping"}
	}
	c.drivers[d.attempt.ID] = d
	go d.run(durable)
	return Driven{Attempt: d.attempt, driver: d}, nil
}

// Kill ends an attempt that this coordinator drives. NotFound, Conflict.
func (c *Coordinator) Kill(ctx context.Context, id heitan.AttemptID) error {
	d := c.driver(id)
	if d == nil {
		return &heitan.Error{Kind: heitan.NotFound, Msg: fmt.Sprintf("attempt %d is not running here", id)}
	}
	err := d.apply(ctx, engine.Killed{})
	if errors.Is(err, engine.ErrEnded) {
		return &heitan.Error{Kind: heitan.Conflict, Err: err}
	}
	return err
}

// Stop ends all drivers with a cause that operators see: [operator.ErrInterrupted]
// or [operator.ErrHandover]. It waits for running operators, until ctx ends, makes
// what they answered durable and gives the leases up.
func (c *Coordinator) Stop(ctx context.Context, cause error) error {
	c.mu.Lock()
	c.stopped = cause
	drivers := make([]*driver, 0, len(c.drivers))
	for _, d := range c.drivers {
		drivers = append(drivers, d)
	}
	c.mu.Unlock()
	for _, d := range drivers {
		d.stop(cause)
	}
	var err error
	for _, d := range drivers {
		select {
		case <-d.done:
		case <-ctx.Done():
			err = fmt.Errorf("stop attempt %d: %w", d.attempt.ID, context.Cause(ctx))
		}
	}
	c.halt()
	c.background.Wait()
	return err
}

func (c *Coordinator) driver(id heitan.AttemptID) *driver {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.drivers[id]
}

// forget is called by a driver that has ended.
func (c *Coordinator) forget(d *driver) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.drivers, d.attempt.ID)
}

// heartbeat keeps the leases.
func (c *Coordinator) heartbeat(ctx context.Context) {
	ticker := time.NewTicker(c.opts.LeaseTime / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := c.opts.Store.Renew(ctx, c.opts.Owner, c.opts.Now().Add(c.opts.LeaseTime)); err != nil && ctx.Err() == nil {
			c.opts.Log.Warn("leases could not be renewed", "error", err)
		}
	}
}

func randomKey() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
