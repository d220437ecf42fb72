package programme

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"

	"github.com/insidebox/insidebox/store"
)

// settings are single documents of the installation.
type settings struct {
	store.Meta `bson:",inline"`
	Key        []byte `bson:"key,omitempty"` // id "key": the secret behind ids
}

// openKey reads the secret key, or makes it if this is the first start; of
// two processes that start at once, one key stands.
func (p *Programme) openKey(ctx context.Context) error {
	doc, err := p.settings.Get(ctx, "key")
	if errors.Is(err, store.ErrNotFound) {
		err = p.settings.Insert(ctx, &settings{Meta: store.Meta{ID: "key"}, Key: p.firstKey()})
		if err != nil && !errors.Is(err, store.ErrExists) {
			return err
		}
		doc, err = p.settings.Get(ctx, "key")
	}
	if err != nil {
		return err
	}
	if len(doc.Key) != 32 {
		return fmt.Errorf("the key has %d bytes, want 32: restore it from a backup", len(doc.Key))
	}
	p.key = doc.Key
	return nil
}

// OpenKey reads or makes the server's key, which is all that a command needs of
// Open that publishes nothing. With look it makes none: where there is no key,
// nothing was kept under one, and any will do to find that out.
func (p *Programme) OpenKey(ctx context.Context, look bool) error {
	if look {
		_, err := p.settings.Get(ctx, "key")
		if errors.Is(err, store.ErrNotFound) {
			p.key = make([]byte, 32)
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the server's key: %w", err)
		}
	}
	if err := p.openKey(ctx); err != nil {
		return fmt.Errorf("read the server's key: %w", err)
	}
	return nil
}

// attemptID is the id of an attempt: the person, then the id of its cause, so
// that all of a person's attempts lie together wherever attempts are spread over
// machines by id.
func (p *Programme) attemptID(kind, person string, parts ...string) string {
	return store.HomeID(person) + p.id(append([]string{kind, person}, parts...)...)
}

// firstKey is the key of a new installation.
func (p *Programme) firstKey() []byte {
	key := make([]byte, 32)
	if p.newKey == nil {
		_, _ = rand.Read(key) // never fails
		return key
	}
	copy(key, p.newKey)
	return key
}

// id derives a document id from its cause: the same cause has the same id,
// and nobody without the key can guess it. Parts are length-prefixed.
func (p *Programme) id(parts ...string) string {
	mac := hmac.New(sha256.New, p.key)
	for _, part := range parts {
		fmt.Fprintf(mac, "%d:%s", len(part), part)
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil))[:26])
}
