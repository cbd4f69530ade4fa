package discord

import (
	"hash/maphash"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
)

// answers remembers which answer belongs to which question, so that it can
// follow when the question is edited or deleted. It holds ids, and of the text a
// hash under a key that dies with the process.
type answers struct {
	mu   sync.Mutex
	seed maphash.Seed
	all  *lru.Cache[string, answer]
}

// answer is what became of a question.
type answer struct {
	channel, id string // where the answer stands; "" until it is posted
	hash        uint64
	deleted     bool // the question is gone
}

// maxAnswers bounds what is remembered: the oldest questions are forgotten first.
const maxAnswers = 20000

func newAnswers() *answers {
	return &answers{seed: maphash.MakeSeed(), all: cache[answer](maxAnswers)}
}

// cache makes a bounded table.
func cache[V any](size int) *lru.Cache[string, V] {
	c, err := lru.New[string, V](size)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return c
}

// asked notes a question, before it is answered. It reports whether the text is
// new: another one than before, or a question not seen.
func (a *answers) asked(question, text string) (known, changed bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	hash := maphash.String(a.seed, text)
	old, known := a.all.Get(question)
	changed = !known || old.hash != hash
	old.hash = hash
	a.all.Add(question, old)
	return known, changed
}

// knows reports whether a question was noted.
func (a *answers) knows(question string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.all.Contains(question)
}

// get is what is known of a question.
func (a *answers) get(question string) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	found, _ := a.all.Get(question)
	return found
}

// posted notes where the answer stands. It reports whether the question is
// still there.
func (a *answers) posted(question, channel, id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	old, _ := a.all.Get(question)
	old.channel, old.id = channel, id
	a.all.Add(question, old)
	return !old.deleted
}

// gone notes that a question was deleted, and returns the answer that is to go with it.
func (a *answers) gone(question string) (answer, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	old, known := a.all.Get(question)
	if !known {
		return answer{}, false
	}
	old.deleted = true
	a.all.Add(question, old)
	return old, old.id != ""
}
