package kb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"kapbot/kb/classify"
	"kapbot/kb/wordings"
)

// modelFor is the built-in model, extended by what added documents answer and
// do not answer. The extension is fitted once and kept in the cache folder by
// its content; a folder that cannot be used costs time, never an answer.
func modelFor(ctx context.Context, docs []*Document, cache string) (*classify.Model, error) {
	base, err := openModel()
	if err != nil {
		return nil, fmt.Errorf("open the built-in model: %w", err)
	}
	added := additions(docs)
	if len(added) == 0 || len(added) > mostFitted {
		return base, nil
	}
	file := cacheFile(cache, classify.ExtensionDigest(base, added))
	if data, err := os.ReadFile(file); err == nil {
		if m, err := base.With(data); err == nil {
			return m, nil
		}
	}
	builtin, err := wordings.Read(wordings.Files)
	if err != nil {
		return nil, err
	}
	data, err := classify.Extend(ctx, base, builtin, added)
	if err != nil {
		return nil, err
	}
	_ = keep(file, data) // without it the next start fits again
	return base.With(data)
}

// additions lists the topics and subjects of every document but the first.
func additions(docs []*Document) []classify.Added {
	var added []classify.Added
	for _, d := range docs[1:] {
		for _, t := range d.Topics {
			a := classify.Added{Name: t.ID, Topic: true, Wordings: append([]string{t.Question}, t.AlsoAsked...)}
			if s := docs[0].Subject(t.Name); s != nil {
				a.Replaces = s.ID
			}
			if t.Study != nil && t.Study.Authors != "" {
				a.Wordings = append(a.Wordings, t.Study.Authors)
			}
			added = append(added, a)
		}
		for _, s := range d.Subjects {
			if docs[0].Subject(s.Name()) == nil {
				added = append(added, classify.Added{Name: s.ID, Wordings: append([]string{s.Title}, s.Wordings...)})
			}
		}
	}
	return added
}

// cacheFile is where an extension is kept; "" if there is no folder for it.
func cacheFile(folder, digest string) string {
	if folder == "" {
		return ""
	}
	return filepath.Join(folder, digest+".model")
}

// keep writes a file whole or not at all.
func keep(file string, data []byte) error {
	if file == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("keep model: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(file), "*.part")
	if err != nil {
		return fmt.Errorf("keep model: %w", err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("keep model: %w", err), os.Remove(f.Name()))
	}
	return nil
}
