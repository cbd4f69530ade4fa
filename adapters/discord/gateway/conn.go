package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"kapbot/adapters/internal/pause"
)

// maxFrame bounds a payload; a large guild's GUILD_CREATE is a few megabytes.
const maxFrame = 32 << 20

// The ways in which a connection ends. A close code that says more is an *Error.
var (
	errReconnect = errors.New("discord asked to reconnect")                    // op 7
	errAgain     = errors.New("discord asked to resume again")                 // op 9, true
	errGone      = errors.New("discord dropped the session")                   // op 9, false
	errNoReady   = errors.New("no ready came")                                 // greeted, and not let in
	errZombie    = errors.New("heartbeat was not acknowledged")                // no op 11
	errHandler   = errors.New("event could not be taken, asking for it again") // Handle failed
)

// conn is one connection of a shard, from dial to end.
type conn struct {
	o       Options
	ws      *websocket.Conn
	shard   [2]int
	session *session
	up      func() // called once, at READY or RESUMED
	greeted bool   // RESUME or IDENTIFY was sent

	write sync.Mutex
	acked atomic.Bool
	seq   atomic.Int64
	beat  time.Time // of the last heartbeat; under write
}

// connect runs one connection and says why it ended. It returns soon after ctx ends.
func (c *conn) connect(ctx context.Context, address string) error {
	address, err := withVersion(address)
	if err != nil {
		return err
	}
	dialing, cancel := context.WithTimeout(ctx, c.o.Hello)
	ws, res, err := c.o.Dialer.DialContext(dialing, address, nil)
	cancel()
	if res != nil && res.Body != nil {
		res.Body.Close()
	}
	if err != nil {
		return fmt.Errorf("dial gateway: %w", err)
	}
	c.ws = ws
	ws.SetReadLimit(maxFrame)
	ws.SetCloseHandler(func(int, string) error { return nil }) // no close frame is sent back: it would end the session
	defer ws.Close()
	defer context.AfterFunc(ctx, c.leave)()
	return c.talk(ctx)
}

func withVersion(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("gateway address %q is no address", address)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	q := u.Query()
	q.Set("v", "10")
	q.Set("encoding", "json")
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// leave closes with a code that keeps the session, without waiting.
func (c *conn) leave() {
	c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(closeKeep, ""), time.Now().Add(100*time.Millisecond))
	c.ws.Close()
}

// talk greets, then reads until the connection ends.
func (c *conn) talk(ctx context.Context) error {
	interval, err := c.hello()
	if err != nil {
		return err
	}
	c.acked.Store(true)
	from := c.session.resume()
	c.seq.Store(from.Seq)
	beating, stop := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := c.heartbeat(beating, interval); err != nil {
			stop(err)
			c.ws.Close()
		}
	}()
	c.greeted = true
	err = c.greet(from)
	if err == nil {
		err = c.read(ctx, interval)
	}
	if cause := context.Cause(beating); cause != nil && ctx.Err() == nil {
		err = cause
	}
	stop(nil)
	<-done
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return closeError(err)
}

// closeError turns a close code into what it means.
func closeError(err error) error {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return err
	}
	switch {
	case fatal(closed.Code):
		return &Error{Code: closed.Code}
	case closed.Code == 4007 || closed.Code == 4009:
		return fmt.Errorf("%w (close code %d)", errGone, closed.Code)
	}
	return err
}

// hello waits for HELLO. Other frames that come first are let go by, except
// those that end the connection.
func (c *conn) hello() (time.Duration, error) {
	c.ws.SetReadDeadline(time.Now().Add(c.o.Hello))
	for {
		f, err := c.next()
		if err != nil {
			return 0, fmt.Errorf("wait for hello: %w", err)
		}
		switch f.Op {
		case opReconnect:
			return 0, errReconnect
		case opInvalidSession:
			return 0, invalid(f)
		case opHello:
			var h hello
			if err := json.Unmarshal(f.Data, &h); err != nil || h.Interval < 1 || h.Interval > 10*60*1000 {
				return 0, fmt.Errorf("hello with heartbeat interval %d ms", h.Interval)
			}
			return time.Duration(h.Interval) * time.Millisecond, nil
		}
	}
}

// next reads one frame; what is no frame is skipped.
func (c *conn) next() (frame, error) {
	for {
		_, raw, err := c.ws.ReadMessage()
		if err != nil {
			return frame{}, err
		}
		f, err := decode(raw)
		if err == nil {
			return f, nil
		}
		c.o.Log.Warn("gateway sent what is no frame", "bytes", len(raw))
	}
}

// greet sends RESUME if there is a session, else IDENTIFY.
func (c *conn) greet(from state) error {
	if from.ID != "" {
		return c.send(opResume, resume{Token: c.o.Token, SessionID: from.ID, Seq: from.Seq})
	}
	return c.send(opIdentify, identify{Token: c.o.Token, Intents: c.o.Intents, Shard: c.shard,
		Properties: map[string]string{"os": runtime.GOOS, "browser": "kapbot", "device": "kapbot"}})
}

func (c *conn) send(op int, data any) error {
	c.write.Lock()
	defer c.write.Unlock()
	c.ws.SetWriteDeadline(time.Now().Add(c.o.Write))
	if err := c.ws.WriteJSON(map[string]any{"op": op, "d": data}); err != nil {
		return fmt.Errorf("write op %d: %w", op, err)
	}
	return nil
}

// read takes frames until the connection ends. Until READY or RESUMED the
// patience is Options.Ready in all; later it is two heartbeats for each frame.
func (c *conn) read(ctx context.Context, interval time.Duration) error {
	c.ws.SetReadDeadline(time.Now().Add(c.o.Ready))
	up := false
	for {
		f, err := c.next()
		var silence net.Error
		if !up && errors.As(err, &silence) && silence.Timeout() {
			return fmt.Errorf("%w: %w", errNoReady, err)
		}
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		switch f.Op {
		case opDispatch:
			if err := c.dispatch(ctx, f); err != nil {
				return err
			}
			if !up && (f.Type == "READY" || f.Type == "RESUMED") {
				up = true
				c.up()
			}
		case opHeartbeat:
			if err := c.answerBeat(); err != nil {
				return err
			}
		case opReconnect:
			return errReconnect
		case opInvalidSession:
			return invalid(f)
		case opHeartbeatAck:
			c.acked.Store(true)
		}
		if up {
			c.ws.SetReadDeadline(time.Now().Add(2*interval + c.o.Ack))
		}
	}
}

func invalid(f frame) error {
	var again bool
	if json.Unmarshal(f.Data, &again) == nil && again {
		return errAgain
	}
	return errGone
}

// dispatch hands an event on and, when it was taken, moves the session forward.
func (c *conn) dispatch(ctx context.Context, f frame) error {
	if f.Type == "READY" {
		var r ready
		err := json.Unmarshal(f.Data, &r)
		switch {
		case err == nil && r.SessionID != "":
			c.session.begin(r)
		case c.session.resume().ID == "":
			return fmt.Errorf("%w: it names no session", errNoReady)
		} // else it is noise in a session that goes on
	}
	e := Event{Shard: c.shard[0], Seq: f.Seq, Type: f.Type, Data: f.Data, session: c.session}
	if err := c.o.Handle(ctx, e); err != nil {
		return fmt.Errorf("%w: %w", errHandler, err)
	}
	c.session.advance(f.Seq)
	c.seq.Store(max(f.Seq, c.seq.Load()))
	return nil
}

// heartbeat beats until ctx ends; the first beat comes after a random part of
// the interval. A beat that is not acknowledged in time is an error.
func (c *conn) heartbeat(ctx context.Context, interval time.Duration) error {
	wait := time.Duration(rand.Float64() * float64(interval))
	patience := min(c.o.Ack, interval)
	for {
		if err := pause.For(ctx, wait); err != nil {
			return nil
		}
		c.acked.Store(false)
		if err := c.beatNow(); err != nil {
			return err
		}
		if err := pause.For(ctx, patience); err != nil {
			return nil
		}
		if !c.acked.Load() {
			return errZombie
		}
		wait = interval - patience
	}
}

// minBeat keeps a gateway that asks for a thousand beats from using up the
// 120 sends a minute.
const minBeat = time.Second

// answerBeat answers op 1 with a beat, unless one has just been sent.
func (c *conn) answerBeat() error {
	c.write.Lock()
	recent := time.Since(c.beat) < minBeat
	c.write.Unlock()
	if recent {
		return nil
	}
	return c.beatNow()
}

func (c *conn) beatNow() error {
	var seq any
	if n := c.seq.Load(); n > 0 {
		seq = n
	}
	err := c.send(opHeartbeat, seq)
	c.write.Lock()
	c.beat = time.Now()
	c.write.Unlock()
	return err
}
