package slack

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"
)

// keyBytes is the length of the key that encrypts tokens: AES-256.
const keyBytes = 32

// errSealed says that a kept value cannot be read with the key.
var errSealed = errors.New("slack: an installation cannot be decrypted: the key changed, or the value was moved; install again")

// seal encrypts data with AES-256-GCM. It is bound to name, so that one
// workspace's token cannot be put in another's place.
func seal(key []byte, name string, data []byte) ([]byte, error) {
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return aead.Seal(nonce, nonce, data, []byte(name)), nil
}

// open decrypts what seal made.
func open(key []byte, name string, sealed []byte) ([]byte, error) {
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, errSealed
	}
	data, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(name))
	if err != nil {
		return nil, errSealed
	}
	return data, nil
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// stateTTL is how long an admin may take on Slack's page.
const stateTTL = 10 * time.Minute

var errState = errors.New("slack: state of an installation is wrong or too old")

// newState makes the state of an installation: a time and chance, signed, so that
// every replica can check it without keeping it.
func newState(key []byte, now time.Time) (string, error) {
	raw := make([]byte, 24, 24+sha256.Size)
	binary.BigEndian.PutUint64(raw, uint64(now.Unix()))
	if _, err := rand.Read(raw[8:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(raw, sign(key, raw)...)), nil
}

func checkState(key []byte, state string, now time.Time) error {
	raw, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil || len(raw) != 24+sha256.Size || !hmac.Equal(raw[24:], sign(key, raw[:24])) {
		return errState
	}
	age := now.Sub(time.Unix(int64(binary.BigEndian.Uint64(raw)), 0))
	if age < -time.Minute || age > stateTTL {
		return errState
	}
	return nil
}

func sign(key, data []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("slack install state"))
	mac.Write(data)
	return mac.Sum(nil)
}
