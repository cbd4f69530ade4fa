package ops

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"
)

// State is what stage of its life the program is in.
type State string

// The stages.
const (
	Starting State = "starting"
	Serving  State = "serving"
	Draining State = "draining"
)

// Health collects what is wrong with the program. It is safe for concurrent use.
type Health struct {
	now func() time.Time

	mu       sync.Mutex
	state    State
	trouble  map[source]Trouble
	adapters map[string]bool // by name: is it up?
	checks   map[string]func() error
}

// Trouble is one thing that does not work.
type Trouble struct {
	Part   string    `json:"part"`   // "store", "documents", "adapter slack"
	Reason string    `json:"reason"` // what is wrong; how to mend it
	Since  time.Time `json:"since"`
}

// Report is the health as /healthz shows it.
type Report struct {
	State    State     `json:"state"`
	Ready    bool      `json:"ready"`
	Troubles []Trouble `json:"troubles"` // empty if all is well
}

// NewHealth returns the health of a program that is starting.
func NewHealth() *Health {
	return &Health{
		now: time.Now, state: Starting,
		trouble: map[source]Trouble{}, adapters: map[string]bool{}, checks: map[string]func() error{},
	}
}

// Enter says which stage has begun.
func (h *Health) Enter(s State) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state = s
}

// Set says how a part is; nil is well.
func (h *Health) Set(part string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.set(source{part, told}, err)
}

// source is where a trouble is known from: a part may be told of as failed and
// say of itself that it is well.
type source struct {
	part string
	how  int
}

const (
	told = iota
	asked
)

func (h *Health) set(s source, err error) {
	if err == nil {
		delete(h.trouble, s)
		return
	}
	since := h.now()
	if old, ok := h.trouble[s]; ok {
		since = old.Since
	}
	h.trouble[s] = Trouble{Part: s.part, Reason: err.Error(), Since: since}
}

// SetAdapter says how an adapter is; nil is up. A program without any adapter
// up is not ready.
func (h *Health) SetAdapter(name string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.adapters[name] = err == nil
	h.set(source{adapterPart(name), told}, err)
}

// Adapters are the names of the adapters that were told of, sorted.
func (h *Health) Adapters() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Sorted(maps.Keys(h.adapters))
}

// Check lets a part be asked each time that someone looks.
func (h *Health) Check(part string, f func() error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.checks[part] = f
}

// CheckAdapter lets an adapter that runs be asked each time that someone looks.
func (h *Health) CheckAdapter(name string, f func() error) { h.Check(adapterPart(name), f) }

func adapterPart(name string) string { return "adapter " + name }

// Report is how the program is now.
func (h *Health) Report() Report {
	h.mu.Lock()
	checks := make(map[string]func() error, len(h.checks))
	for part, f := range h.checks {
		checks[part] = f
	}
	h.mu.Unlock()
	found := make(map[string]error, len(checks))
	for part, f := range checks {
		found[part] = f()
	}

	h.mu.Lock()
	defer h.mu.Unlock()
	for part, err := range found {
		h.set(source{part, asked}, err)
	}
	up := 0
	for name, ok := range h.adapters {
		if ok && found[adapterPart(name)] == nil {
			up++
		}
	}
	r := Report{State: h.state, Ready: h.state == Serving && up > 0, Troubles: []Trouble{}}
	for _, t := range h.trouble {
		r.Troubles = append(r.Troubles, t)
	}
	slices.SortFunc(r.Troubles, func(a, b Trouble) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Part, b.Part))
	})
	return r
}
