package bot

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
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
