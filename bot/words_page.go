package bot

// PageWords are the words of the web page around a Reply: title, navigation,
// labels of fields, and what stands on a page that could not be shown.
type PageWords struct {
	Title       string `toml:"title"`
	Tagline     string `toml:"tagline"`
	Skip        string `toml:"skip"`
	Navigation  string `toml:"navigation"`
	Chat        string `toml:"chat"`
	AllTopics   string `toml:"all_topics"`
	Start       string `toml:"start"`
	YouAsked    string `toml:"you_asked"`
	AlreadyRead string `toml:"already_read"`
	Placeholder string `toml:"placeholder"`
	HelpNow     string `toml:"help_now"`
	Call        string `toml:"call"` // %s: a number
	Text        string `toml:"text"` // %s: a number
	Visit       string `toml:"visit"`
	Privacy     string `toml:"privacy"`
	PrivacyKept string `toml:"privacy_kept"`
	OwnPage     string `toml:"own_page"`
	AskMore     string `toml:"ask_more"`
	Thinking    string `toml:"thinking"`
	Offline     string `toml:"offline"`
	Suggestions string `toml:"suggestions"`
	PickStudies string `toml:"pick_studies"`
	AllStudies  string `toml:"all_studies"`
	External    string `toml:"external"`
	Open        string `toml:"open"`
	Close       string `toml:"close"`
	TooLong     string `toml:"too_long"`
	NotFound    string `toml:"not_found"`
	Forbidden   string `toml:"forbidden"`
	BadRequest  string `toml:"bad_request"`
	Busy        string `toml:"busy"`
}
