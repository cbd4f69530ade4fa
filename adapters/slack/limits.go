package slack

// Slack's limits that this package keeps by construction, in UTF-16 units
// (docs.slack.dev/reference/block-kit, docs.slack.dev/reference/views).
const (
	maxBlocks      = 50   // in a message
	maxViewBlocks  = 100  // in a modal or an App Home
	maxHeader      = 150  // a header block
	maxRichText    = 3000 // we keep a rich text block to what a section may have
	maxContextText = 2000 // one element of a context block
	maxButton      = 75   // a button's text
	maxOption      = 75   // a checkbox's text, and its description
	maxCheckboxes  = 10   // in one group
	maxActions     = 25   // elements of an actions block
	maxViewTitle   = 24   // a modal's title and its buttons
	maxFallback    = 3900 // the text of a message; past 4,000 Slack may cut it
	maxPromptTitle = 75   // a suggested prompt
	maxPrompts     = 4    // suggested prompts
)
