package render

// Discord's limits, in UTF-16 units where they are lengths.
// https://discord.com/developers/docs/components/reference
const (
	maxText        = 4000 // all text of a Components V2 message together
	maxContent     = 2000 // a plain message
	maxLabel       = 80   // a button's label
	maxURL         = 512  // a button's link
	maxOption      = 100  // a select option's label, and its value
	maxOptions     = 25
	maxPlaceholder = 150
	maxRow         = 5 // buttons
)

// What we allow ourselves within them.
const (
	maxAbove   = 600 // the line over a reply
	maxSources = 6   // sections with a link
	maxSource  = 250 // one source's line
)
