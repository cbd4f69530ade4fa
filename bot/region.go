package bot

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

//go:embed regions.toml
var builtinRegions string

// Region is where a person is, as far as lines of help go.
type Region struct {
	Name      string    `toml:"name"`
	Emergency string    `toml:"emergency"` // number to dial when someone is in danger now
	Lines     []Contact `toml:"lines"`     // free lines, most fitting first
}

// Regions holds regions by code: "US", "GB", …
type Regions map[string]Region

// BuiltinRegions returns the regions that the program knows.
func BuiltinRegions() (Regions, error) { return ParseRegions("regions.toml", builtinRegions) }

// ParseRegions reads regions from TOML.
func ParseRegions(name, text string) (Regions, error) {
	var r Regions
	if err := toml.NewDecoder(strings.NewReader(text)).DisallowUnknownFields().Decode(&r); err != nil {
		return nil, fmt.Errorf("read regions %s: %w", name, err)
	}
	for code, region := range r {
		if region.Emergency == "" || len(region.Lines) == 0 {
			return nil, fmt.Errorf("read regions %s: region %s needs an emergency number and at least one line", name, code)
		}
	}
	return r, nil
}

// codes lists the regions' codes in order.
func (r Regions) codes() []string { return slices.Sorted(maps.Keys(r)) }

// regionFor is the region of a locale such as "en-GB", if it is known, or else
// the bot's own.
func (b *Bot) regionFor(locale string) Region {
	if tag, err := language.Parse(locale); err == nil {
		if code, confidence := tag.Region(); confidence == language.Exact {
			if r, ok := b.regions[code.String()]; ok {
				return r
			}
		}
	}
	return b.regions[b.region]
}
