package bot

// CommunityWords are the words of a server that many people share: its
// settings, and answers that a moderator asks for.
type CommunityWords struct {
	Settings   string `toml:"settings"`
	Channels   string `toml:"channels"`
	AutoAnswer string `toml:"auto_answer"`
	Moderators string `toml:"moderators"`
	Region     string `toml:"region"`
	Regional   string `toml:"regional"` // no region of its own
	Pick       string `toml:"pick"`
	PostNotify string `toml:"post_notify"`
	Posted     string `toml:"posted"`
	AskedBy    string `toml:"asked_by"` // %s: who
}
