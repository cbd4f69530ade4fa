package linear

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// # The file of a model
//
// All numbers are little-endian.
//
//	magic      8 bytes
//	header     uint32 length, then JSON, padded with spaces to 4 bytes
//	buckets    (1<<bits)+1 times: uint32 first key, uint32 first posting
//	keys       uint32 hash, ascending; its upper bits are its bucket
//	idf        a byte a key, in sixteenths
//	counts     a byte a key: its postings
//	postings   two bytes each: class, weight (signed)
//
// A bucket holds some eight keys, so finding an n-gram is two reads and a
// short scan of the bytes as they lie.

const magic = "kblinr1\n"

type header struct {
	Features     Features      `json:"features"`
	UnseenWeight float64       `json:"unseen_weight"`
	Lines        int           `json:"lines"`
	Classes      []classHeader `json:"classes"`
	Bits         int           `json:"bucket_bits"`
	Keys         int           `json:"keys"`
	Postings     int           `json:"postings"`
	Meta         []byte        `json:"meta,omitempty"`
}

type classHeader struct {
	Name  string  `json:"name"`
	Scale float32 `json:"scale"`
	Bias  float32 `json:"bias"`
}

type posting struct {
	class uint8
	value int8
}

func encode(v *vocabulary, classes []classWeights, opts Options) []byte {
	h := header{
		Features: opts.Features, UnseenWeight: opts.UnseenWeight, Lines: v.lines,
		Keys: len(v.terms), Meta: opts.Meta,
	}
	postings := make([][]posting, len(v.terms))
	for k, c := range classes {
		h.Classes = append(h.Classes, classHeader{Name: c.name, Scale: c.scale, Bias: c.bias})
		h.Postings += len(c.terms)
		for i, t := range c.terms {
			postings[t] = append(postings[t], posting{uint8(k), c.values[i]})
		}
	}
	for h.Keys>>h.Bits > 8 {
		h.Bits++
	}
	return h.encode(v.terms, postings)
}

func (h header) encode(terms []term, postings [][]posting) []byte {
	head, err := json.Marshal(h)
	if err != nil {
		panic(fmt.Sprintf("linear: encode header: %v", err)) // plain fields: cannot fail
	}
	for (len(magic)+4+len(head))%4 != 0 {
		head = append(head, ' ')
	}
	order := make([]int, len(terms))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(terms[a].hash, terms[b].hash) })

	le := binary.LittleEndian
	out := le.AppendUint32([]byte(magic), uint32(len(head)))
	out = append(out, head...)
	key, first := 0, 0
	for b := range 1<<h.Bits + 1 {
		for key < len(order) && bucket(terms[order[key]].hash, h.Bits) < b {
			first += len(postings[order[key]])
			key++
		}
		out = le.AppendUint32(out, uint32(key))
		out = le.AppendUint32(out, uint32(first))
	}
	for _, i := range order {
		out = le.AppendUint32(out, terms[i].hash)
	}
	for _, i := range order {
		out = append(out, terms[i].idf)
	}
	for _, i := range order {
		out = append(out, uint8(min(len(postings[i]), 255)))
	}
	for _, i := range order {
		for _, p := range postings[i][:min(len(postings[i]), 255)] {
			out = append(out, p.class, byte(p.value))
		}
	}
	return out
}

// bucket is the part of the table where a hash lies: its upper bits.
func bucket(hash uint32, bits int) int { return int(uint64(hash) >> (32 - bits)) }

var errNotAModel = errors.New("not a model of this version")

// Open reads a model from its bytes and keeps them: they must not change.
// normalize must be the function that the model was fitted with. Damaged bytes
// give an error here, never a panic later.
func Open(data []byte, normalize func(string) string) (*Model, error) {
	m := &Model{normalize: normalize, data: data}
	if err := m.open(); err != nil {
		return nil, fmt.Errorf("open model: %w", err)
	}
	return m, nil
}

func (m *Model) open() error {
	rest := m.data
	if len(rest) < len(magic)+4 || string(rest[:len(magic)]) != magic {
		return errNotAModel
	}
	size := int(binary.LittleEndian.Uint32(rest[len(magic):]))
	rest = rest[len(magic)+4:]
	if size > len(rest) {
		return fmt.Errorf("header of %d bytes: file ends after %d", size, len(rest))
	}
	if err := json.Unmarshal(rest[:size], &m.header); err != nil {
		return fmt.Errorf("header: %w", err)
	}
	return m.slice(rest[size:])
}

// slice finds the tables in what follows the header.
func (m *Model) slice(rest []byte) error {
	h := m.header
	const limit = 1 << 28
	if h.Bits < 0 || h.Bits > 24 || h.Keys < 0 || h.Keys > limit || h.Postings < 0 || h.Postings > limit ||
		len(h.Classes) == 0 || len(h.Classes) > maxClasses || h.Features.CharMin < 0 {
		return errors.New("header: figures out of range")
	}
	buckets := 8 * (1<<h.Bits + 1)
	if want := buckets + 6*h.Keys + 2*h.Postings; len(rest) != want {
		return fmt.Errorf("tables take %d bytes: found %d", want, len(rest))
	}
	m.buckets, rest = rest[:buckets], rest[buckets:]
	m.keys, rest = rest[:4*h.Keys], rest[4*h.Keys:]
	m.idf, rest = rest[:h.Keys], rest[h.Keys:]
	m.counts, m.postings = rest[:h.Keys], rest[h.Keys:]
	return m.checkBuckets()
}

// checkBuckets makes sure that no bucket points outside the tables.
func (m *Model) checkBuckets() error {
	key, posting := 0, 0
	for b := range 1<<m.header.Bits + 1 {
		first, at := m.bucketAt(b)
		if first < key || first > m.header.Keys {
			return fmt.Errorf("bucket %d: key %d out of range", b, first)
		}
		for ; key < first; key++ {
			posting += int(m.counts[key])
		}
		if at != posting {
			return fmt.Errorf("bucket %d: posting %d, counted %d", b, at, posting)
		}
	}
	if key != m.header.Keys || posting != m.header.Postings {
		return errors.New("buckets do not cover the tables")
	}
	return nil
}

func (m *Model) bucketAt(b int) (key, posting int) {
	le := binary.LittleEndian
	return int(le.Uint32(m.buckets[8*b:])), int(le.Uint32(m.buckets[8*b+4:]))
}
