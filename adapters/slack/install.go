package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"kapbot/bot/engine"
)

// Install is set where the app is installed into many workspaces, each with its
// own token. The pages are /slack/install, which sends an admin to Slack, and
// /slack/oauth, to which Slack sends them back.
type Install struct {
	ClientID, ClientSecret string
	// RedirectURL is the public address of /slack/oauth.
	RedirectURL string
	// AuthorizeURL is Slack's own page; default https://slack.com/oauth/v2/authorize.
	AuthorizeURL string
	// Key encrypts tokens at rest: 32 bytes, from the environment.
	Key []byte
	// Settings keeps the encrypted tokens. The engine's stores are such.
	Settings Settings
}

// Settings keeps small values by scope and name. A value that is not there is
// engine.ErrNoSetting; setting nil removes one.
type Settings interface {
	Setting(ctx context.Context, scope, name string) ([]byte, error)
	SetSetting(ctx context.Context, scope, name string, value []byte) error
}

// settingScope is where installations are kept.
const settingScope = "slack/install"

// installation is what is kept, encrypted, of one workspace.
type installation struct {
	Token   string    `json:"token"`
	Refresh string    `json:"refresh,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
	BotUser string    `json:"bot_user"`
}

func (in *Install) validate() error {
	if in == nil {
		return nil
	}
	var errs []error
	if in.ClientID == "" || in.ClientSecret == "" {
		errs = append(errs, errors.New("slack: installing needs the client id and the client secret (Basic Information)"))
	}
	if len(in.Key) != keyBytes {
		errs = append(errs, fmt.Errorf("slack: the key for tokens has %d bytes, not %d; make one with: openssl rand -base64 32", len(in.Key), keyBytes))
	}
	if in.Settings == nil {
		errs = append(errs, errors.New("slack: installing needs a store"))
	}
	return errors.Join(errs...)
}

// installed finds the installation of a workspace, in memory or in the store, and
// renews a token that is about to run out.
func (w *workspaces) installed(ctx context.Context, from origin) (*workspace, error) {
	key := from.key()
	w.mu.Lock()
	ws := w.known[key]
	w.mu.Unlock()
	if ws != nil && (ws.expires.IsZero() || time.Until(ws.expires) > renewBefore) {
		return ws, nil
	}
	w.renewing.Lock() // one at a time: a refresh token works once
	defer w.renewing.Unlock()
	in, err := w.load(ctx, key)
	if err != nil {
		return nil, err
	}
	if !in.Expires.IsZero() && time.Until(in.Expires) <= renewBefore {
		if in, err = w.renew(ctx, key, in); err != nil {
			return nil, err
		}
	}
	return w.keep(key, in), nil
}

// renewBefore is how long before its end a rotated token is renewed.
const renewBefore = 10 * time.Minute

func (w *workspaces) keep(key string, in installation) *workspace {
	ws := newWorkspace(key, in.BotUser, w.client(in.Token))
	ws.expires = in.Expires
	w.mu.Lock()
	defer w.mu.Unlock()
	if old := w.known[key]; old != nil {
		ws.slots = old.slots
	}
	w.known[key] = ws
	return ws
}

func (w *workspaces) load(ctx context.Context, key string) (installation, error) {
	sealed, err := w.o.Install.Settings.Setting(ctx, settingScope, key)
	if errors.Is(err, engine.ErrNoSetting) {
		return installation{}, errUninstalled
	}
	if err != nil {
		return installation{}, wrap("read installation", err)
	}
	var in installation
	data, err := open(w.o.Install.Key, key, sealed)
	if err != nil {
		return in, err
	}
	return in, wrap("read installation", json.Unmarshal(data, &in))
}

func (w *workspaces) save(ctx context.Context, key string, in installation) error {
	data, err := json.Marshal(in)
	if err != nil {
		return wrap("keep installation", err)
	}
	sealed, err := seal(w.o.Install.Key, key, data)
	if err != nil {
		return err
	}
	return wrap("keep installation", w.o.Install.Settings.SetSetting(ctx, settingScope, key, sealed))
}

func (w *workspaces) renew(ctx context.Context, key string, in installation) (installation, error) {
	o := w.o.Install
	fresh, err := slack.RefreshOAuthV2TokenContext(ctx, w.o.httpClient(), o.ClientID, o.ClientSecret, in.Refresh, slack.OAuthOptionAPIURL(w.o.APIURL))
	if err != nil {
		return in, wrap("renew token", err)
	}
	in.Token, in.Refresh = fresh.AccessToken, fresh.RefreshToken
	in.Expires = time.Now().Add(time.Duration(fresh.ExpiresIn) * time.Second)
	return in, w.save(ctx, key, in)
}

// forget removes an installation whose tokens are no longer good.
func (w *workspaces) forget(ctx context.Context, key string) error {
	w.mu.Lock()
	delete(w.known, key)
	w.mu.Unlock()
	return wrap("forget installation", w.o.Install.Settings.SetSetting(ctx, settingScope, key, nil))
}

// removed takes an uninstalled workspace's tokens out of the store.
func (a *Adapter) removed(ctx context.Context, w *workspace, p eventPayload, t *ticket) {
	revoked := p.Event.Type == "app_uninstalled" || len(p.Event.Tokens.Bot) > 0
	if a.o.Install == nil || !revoked {
		t.ack()
		return
	}
	a.job(ctx, w, t, func(ctx context.Context) error { return a.workspaces.forget(ctx, w.id) })
}

// stateCookie ties the way back from Slack to the browser that began it.
const stateCookie = "kapbot_install"

// install sends an admin to Slack's page.
func (a *Adapter) install(rw http.ResponseWriter, r *http.Request) {
	in := a.o.Install
	state, err := newState(in.Key, time.Now())
	if err != nil {
		http.Error(rw, "try again", http.StatusInternalServerError)
		return
	}
	http.SetCookie(rw, &http.Cookie{
		Name: stateCookie, Value: state, Path: "/slack/", MaxAge: int(stateTTL.Seconds()),
		HttpOnly: true, Secure: strings.HasPrefix(in.RedirectURL, "https:"), SameSite: http.SameSiteLaxMode,
	})
	page := in.AuthorizeURL
	if page == "" {
		page = "https://slack.com/oauth/v2/authorize"
	}
	q := url.Values{"client_id": {in.ClientID}, "scope": {strings.Join(scopes(), ",")}, "state": {state}, "redirect_uri": {in.RedirectURL}}
	http.Redirect(rw, r, page+"?"+q.Encode(), http.StatusFound)
}

// installedByOAuth takes the code that Slack gives, and keeps the token for it.
func (a *Adapter) installedByOAuth(rw http.ResponseWriter, r *http.Request) {
	in := a.o.Install
	state := r.URL.Query().Get("state")
	cookie, err := r.Cookie(stateCookie)
	if err != nil || state == "" || cookie.Value != state || checkState(in.Key, state, time.Now()) != nil {
		a.page(rw, http.StatusForbidden, "This link is not valid any more. Begin again at "+pathInstall+" in the same browser.")
		return
	}
	got, err := slack.GetOAuthV2ResponseContext(r.Context(), a.o.httpClient(), in.ClientID, in.ClientSecret,
		r.URL.Query().Get("code"), in.RedirectURL, slack.OAuthOptionAPIURL(a.o.APIURL))
	if err != nil {
		a.o.Log.Warn("slack install failed", "cause", cause(err))
		a.page(rw, http.StatusBadGateway, "Slack did not accept the installation. Begin again at "+pathInstall+".")
		return
	}
	key := origin{team: got.Team.ID, enterprise: got.Enterprise.ID, orgWide: got.IsEnterpriseInstall}.key()
	kept := installation{Token: got.AccessToken, Refresh: got.RefreshToken, BotUser: got.BotUserID}
	if got.ExpiresIn > 0 {
		kept.Expires = time.Now().Add(time.Duration(got.ExpiresIn) * time.Second)
	}
	if err := a.workspaces.save(r.Context(), key, kept); err != nil {
		a.o.Log.Error("slack install not kept", "cause", cause(err))
		a.page(rw, http.StatusInternalServerError, "The installation could not be kept. Please try again in a moment.")
		return
	}
	a.workspaces.keep(key, kept)
	http.SetCookie(rw, &http.Cookie{Name: stateCookie, Path: "/slack/", MaxAge: -1})
	a.page(rw, http.StatusOK, "Installed. You can close this page and open the app in Slack.")
}

// page answers an admin in plain text, with the disclaimer that everything carries.
func (a *Adapter) page(rw http.ResponseWriter, status int, text string) {
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.Header().Set("Cache-Control", "no-store")
	rw.Header().Set("Referrer-Policy", "no-referrer")
	rw.WriteHeader(status)
	fmt.Fprintf(rw, "%s\n\n%s\n", text, a.words().Disclaimer)
}
