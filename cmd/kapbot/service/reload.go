package service

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"kapbot/bot"
	"kapbot/cmd/kapbot/config"
	"kapbot/cmd/kapbot/ops"
)

// settle is how long files must be still before they are read: an editor writes
// in several steps.
const settle = 250 * time.Millisecond

// reloader reads documents and live settings again, and takes them over only
// if all of it is right.
type reloader struct {
	bot     *bot.Bot
	config  config.Config
	reread  func() (config.Config, error)
	level   *slog.LevelVar
	log     *slog.Logger
	health  *ops.Health
	metrics *ops.Metrics
}

// watch reloads on each signal and on each change of a document, until ctx ends.
func (r *reloader) watch(ctx context.Context, hangup <-chan os.Signal) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		r.log.Warn("documents are not watched; send SIGHUP after a change", "err", err)
		for r.next(ctx, hangup) {
			r.again(ctx, true)
		}
		return
	}
	defer w.Close()
	folders := r.follow(w, nil)
	seen := r.stamp()
	still := time.NewTimer(0)
	<-still.C
	defer still.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			r.again(ctx, true)
			folders = r.follow(w, folders)
			seen = r.stamp()
		case <-w.Events:
			still.Reset(settle)
		case err := <-w.Errors:
			r.log.Warn("watching documents", "err", err)
		case <-still.C:
			if now := r.stamp(); now != seen {
				seen = now
				r.again(ctx, false)
			}
		}
	}
}

// next waits for a signal; false says that ctx has ended.
func (r *reloader) next(ctx context.Context, hangup <-chan os.Signal) bool {
	select {
	case <-ctx.Done():
		return false
	case <-hangup:
		return true
	}
}

// follow watches the folders of the documents: an editor replaces a file rather
// than writing into it, and an orchestrator swaps a link beside it.
func (r *reloader) follow(w *fsnotify.Watcher, old []string) []string {
	var folders []string
	for _, d := range r.config.Documents {
		if folder := filepath.Dir(d); !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	for _, f := range folders {
		if slices.Contains(old, f) {
			continue
		}
		if err := w.Add(f); err != nil {
			r.log.Warn("a folder of documents is not watched; send SIGHUP after a change", "folder", f, "err", err)
		}
	}
	return folders
}

// stamp changes when a document does.
func (r *reloader) stamp() string {
	var b strings.Builder
	for _, d := range r.config.Documents {
		info, err := os.Stat(d)
		if err != nil {
			fmt.Fprintf(&b, "%s gone\n", d)
			continue
		}
		fmt.Fprintf(&b, "%s %d %d\n", d, info.Size(), info.ModTime().UnixNano())
	}
	return b.String()
}

// again reads everything again, the settings only if asked to.
func (r *reloader) again(ctx context.Context, settings bool) {
	err := r.load(ctx, settings)
	r.health.Set("documents and settings", err)
	r.metrics.Reloaded(err, r.bot.Revision())
	if err != nil {
		r.log.Error("nothing was changed: mend this and save again", "err", err)
		return
	}
	r.log.Info("documents and settings are read", "documents", r.bot.Revision())
}

func (r *reloader) load(ctx context.Context, settings bool) error {
	c := r.config
	if settings && r.reread != nil {
		fresh, err := r.reread()
		if err != nil {
			return err
		}
		if later := config.NeedRestart(r.config, fresh); len(later) > 0 {
			r.log.Warn("these settings take effect when kapbot is started again", "keys", strings.Join(later, ", "))
		}
		c.Documents, c.Log.Level = fresh.Documents, fresh.Log.Level
	}
	if err := r.bot.ReloadFrom(ctx, c.Documents); err != nil {
		return err
	}
	r.config = c
	if r.level != nil {
		r.level.Set(c.Log.Level)
	}
	return nil
}
