package slack

import "context"

// Install is set where the app is installed into many workspaces.
type Install struct{}

func (w *workspaces) installed(ctx context.Context, from origin) (*workspace, error) {
	return nil, errUninstalled
}
