package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"kapbot/bot"
)

//go:embed assets
var assetFiles embed.FS

// assets are the files that the page loads. Each is served under a name that
// holds the hash of its content, so that browsers may keep it for good.
type assets struct {
	byName map[string]asset  // app.1a2b3c4d5e6f.css
	hashed map[string]string // app.css → app.1a2b3c4d5e6f.css
	embed  asset
}

type asset struct {
	plain, zipped []byte
	mime          string
}

func loadAssets(origins []string, words *bot.Words) (*assets, error) {
	a := &assets{byName: map[string]asset{}, hashed: map[string]string{}}
	err := fs.WalkDir(assetFiles, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := assetFiles.ReadFile(name)
		if err != nil {
			return err
		}
		base := path.Base(name)
		if base == "embed.js" {
			if content, err = configureEmbed(content, origins, words); err != nil {
				return err
			}
		}
		file, err := newAsset(base, content)
		if err != nil {
			return err
		}
		if base == "embed.js" {
			a.embed = file // its address is in other people's pages and cannot change
			return nil
		}
		sum := sha256.Sum256(content)
		ext := path.Ext(base)
		hashed := strings.TrimSuffix(base, ext) + "." + hex.EncodeToString(sum[:6]) + ext
		a.byName[hashed], a.hashed[base] = file, hashed
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("web: load assets: %w", err)
	}
	return a, nil
}

// configureEmbed tells the embedding script its words, and which sites may use
// it, so that it can say so instead of showing an empty frame.
func configureEmbed(script []byte, origins []string, w *bot.Words) ([]byte, error) {
	list, err := json.Marshal(append([]string{}, origins...))
	if err != nil {
		return nil, err
	}
	said, err := json.Marshal(map[string]string{"open": w.Page.Open, "close": w.Page.Close, "title": w.Page.Title})
	if err != nil {
		return nil, err
	}
	script = bytes.Replace(script, []byte("/* origins */ []"), list, 1)
	return bytes.Replace(script, []byte("/* words */ { open: 'Open', close: 'Close', title: '' }"), said, 1), nil
}

func newAsset(name string, content []byte) (asset, error) {
	var zipped bytes.Buffer
	zw, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return asset{}, err
	}
	if _, err := zw.Write(content); err != nil {
		return asset{}, err
	}
	if err := zw.Close(); err != nil {
		return asset{}, err
	}
	mimes := map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	}
	return asset{plain: content, zipped: zipped.Bytes(), mime: mimes[path.Ext(name)]}, nil
}

// path is the address of the asset called name.
func (a *assets) path(name string) string { return "/assets/" + a.hashed[name] }

func (a *assets) serve(w http.ResponseWriter, r *http.Request) {
	file, ok := a.byName[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	file.write(w, r)
}

func (a *assets) serveEmbed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=300")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	a.embed.write(w, r)
}

// write sends the file, compressed if the client can read that. Only files that
// are the same for everyone are compressed, so there is nothing to be guessed
// from their length.
func (f asset) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.mime)
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		_, _ = w.Write(f.zipped)
		return
	}
	_, _ = w.Write(f.plain)
}
