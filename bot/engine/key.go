package engine

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Key names a row without saying what it is about: the first half of an
// HMAC-SHA-256 over the platform's ids.
type Key [16]byte

// String is the key in hexadecimal, as the databases and the log have it.
func (k Key) String() string { return hex.EncodeToString(k[:]) }

// KeyOf hashes the parts under secret. Each part is preceded by its length, so
// that ("ab", "c") and ("a", "bc") differ.
func KeyOf(secret []byte, parts ...string) Key {
	h := hmac.New(sha256.New, secret)
	for _, p := range parts {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	return Key(h.Sum(nil)[:16])
}
