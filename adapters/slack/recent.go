package slack

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// recent is a bounded memory that forgets after a while. (golang-lru's own
// expirable cache starts a goroutine that cannot be stopped.)
type recent[K comparable, V any] struct {
	entries *lru.Cache[K, dated[V]]
	ttl     time.Duration
}

type dated[V any] struct {
	value V
	until time.Time
}

func newRecent[K comparable, V any](size int, ttl time.Duration) *recent[K, V] {
	entries, err := lru.New[K, dated[V]](size)
	if err != nil {
		panic(err) // only a size below 1 is an error, and sizes are constants
	}
	return &recent[K, V]{entries: entries, ttl: ttl}
}

func (r *recent[K, V]) put(k K, v V) {
	r.entries.Add(k, dated[V]{v, time.Now().Add(r.ttl)})
}

func (r *recent[K, V]) get(k K) (V, bool) {
	d, ok := r.entries.Get(k)
	if !ok || time.Now().After(d.until) {
		var none V
		return none, false
	}
	return d.value, true
}

// change replaces a value that is there and leaves its end as it is.
func (r *recent[K, V]) change(k K, f func(V) V) {
	if d, ok := r.entries.Get(k); ok {
		r.entries.Add(k, dated[V]{f(d.value), d.until})
	}
}

// take returns a value and forgets it.
func (r *recent[K, V]) take(k K) (V, bool) {
	v, ok := r.get(k)
	r.entries.Remove(k)
	return v, ok
}
