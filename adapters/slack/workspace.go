package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// workspace is one installation of the app: a team, or a whole Enterprise
// organisation.
type workspace struct {
	id      string // team id, or enterprise id for an organisation-wide install
	botUser string // the bot's user id there
	api     *slack.Client
	slots   chan struct{} // bounds the jobs under way
	expires time.Time     // of a rotated token; zero for never
}

// jobsPerWorkspace bounds what runs beside the engine for one workspace.
const jobsPerWorkspace = 32

// workspaces finds the installation that an event belongs to.
type workspaces struct {
	o Options

	renewing sync.Mutex // held while a rotated token is renewed

	mu    sync.Mutex
	only  *workspace            // with a bot token there is one
	known map[string]*workspace // by id, with Install
}

func newWorkspaces(o Options) *workspaces {
	return &workspaces{o: o, known: map[string]*workspace{}}
}

// errUninstalled says that the app is not installed where an event came from.
var errUninstalled = errors.New("slack: no installation for this workspace")

// errNotReady says that Slack has not yet said who the bot is.
var errNotReady = errors.New("slack: auth.test has not succeeded yet")

// open finds out who the bot is, trying again while Slack is away.
func (w *workspaces) open(ctx context.Context) error {
	if w.o.BotToken == "" {
		return nil
	}
	p := pace{first: w.o.ReconnectFirst, longest: w.o.ReconnectLongest, steady: time.Hour}
	for {
		ws, err := w.test(ctx, w.o.BotToken)
		if err == nil {
			w.mu.Lock()
			w.only = ws
			w.mu.Unlock()
			return nil
		}
		if reason := fatal(err); reason != "" {
			return &BotTokenError{Reason: reason}
		}
		var limited *slack.RateLimitedError
		var asked time.Duration
		if errors.As(err, &limited) {
			asked = limited.RetryAfter
		}
		w.o.Log.Warn("slack auth.test failed", "cause", cause(err))
		if err := sleep(ctx, p.next(0, asked)); err != nil {
			return err
		}
	}
}

// ready reports whether it is known who the bot is.
func (w *workspaces) ready() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.o.BotToken == "" || w.only != nil
}

// BotTokenError says that Slack refuses the bot token.
type BotTokenError struct{ Reason string }

func (e *BotTokenError) Error() string {
	return "slack: bot_token refused (" + e.Reason + "): install the app to the workspace again and copy the Bot User OAuth Token"
}

// Refused is true: trying again with the same token cannot help.
func (e *BotTokenError) Refused() bool { return true }

func (w *workspaces) test(ctx context.Context, token string) (*workspace, error) {
	api := w.client(token)
	who, err := api.AuthTestContext(ctx)
	if err != nil {
		return nil, err
	}
	return newWorkspace(who.TeamID, who.UserID, api), nil
}

func newWorkspace(id, botUser string, api *slack.Client) *workspace {
	return &workspace{id: id, botUser: botUser, api: api, slots: make(chan struct{}, jobsPerWorkspace)}
}

func (w *workspaces) client(token string) *slack.Client {
	return slack.New(token, slack.OptionAPIURL(w.o.APIURL), slack.OptionHTTPClient(w.o.httpClient()), slack.OptionLog(silent))
}

// find returns the installation for a team, or for its organisation.
func (w *workspaces) find(ctx context.Context, from origin) (*workspace, error) {
	w.mu.Lock()
	only := w.only
	w.mu.Unlock()
	if only != nil {
		return only, nil
	}
	if w.o.BotToken != "" {
		return nil, errNotReady
	}
	return w.installed(ctx, from)
}

// origin says where an envelope came from.
type origin struct {
	team, enterprise string
	orgWide          bool
}

// key names the installation.
func (o origin) key() string {
	if o.orgWide && o.enterprise != "" || o.team == "" {
		return o.enterprise
	}
	return o.team
}
