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
	Poison    []Contact `toml:"poison"`    // lines about poisoning, shown in an emergency
	Covers    []string  `toml:"covers"`    // codes of countries that have no entry of their own
}

// elsewhere is the code of the region for a country that no other one covers.
const elsewhere = "ELSEWHERE"

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

// regionFor is the region of a locale such as "en-GB": its own, or the one that
// covers it, or elsewhere. A locale without a country leaves the bot's own.
func (b *Bot) regionFor(locale string) Region {
	code, ok := country(locale)
	if !ok {
		return b.regions[b.region]
	}
	if r, ok := b.regions[code]; ok {
		return r
	}
	for _, c := range b.regions.codes() {
		if r := b.regions[c]; slices.Contains(r.Covers, code) {
			return r
		}
	}
	if r, ok := b.regions[elsewhere]; ok {
		return r
	}
	return b.regions[b.region]
}

// country is the country that a locale names.
func country(locale string) (code string, ok bool) {
	tag, err := language.Parse(locale)
	if err != nil {
		return "", false
	}
	region, confidence := tag.Region()
	return region.String(), confidence == language.Exact && region.IsCountry()
}
