package operator

import (
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strings"

	"github.com/go-analyze/charts"
)

// named is one series of a chart.
type named struct {
	Name   string
	Counts []int64
}

// The colours that the library is given stand for roles; recolour turns them
// into the page's own, which follow light and dark.
var (
	inkColour  = charts.Color{R: 1, G: 2, B: 3, A: 255}
	lineColour = charts.Color{R: 4, G: 5, B: 6, A: 255}
	seriesRole = []charts.Color{
		{R: 11, G: 0, B: 0, A: 255}, {R: 12, G: 0, B: 0, A: 255}, {R: 13, G: 0, B: 0, A: 255}, {R: 14, G: 0, B: 0, A: 255},
		{R: 15, G: 0, B: 0, A: 255}, {R: 16, G: 0, B: 0, A: 255}, {R: 17, G: 0, B: 0, A: 255}, {R: 18, G: 0, B: 0, A: 255},
	}
	theme = charts.MakeTheme(charts.ThemeOption{
		AxisStrokeColor: lineColour, AxisSplitLineColor: lineColour, BackgroundColor: charts.ColorTransparent,
		TextColor: inkColour, TextColorTitle: inkColour, TextColorLabel: inkColour, TextColorLegend: inkColour,
		TextColorXAxis: inkColour, TextColorYAxis: inkColour, SeriesColors: seriesRole,
	})
	small = charts.FontStyle{FontSize: 10, FontColor: inkColour}
)

const width = 720

// columns draws stacked upright bars, one for each label.
func columns(title string, labels []string, series []named) (template.HTML, error) {
	o := option(series)
	o.CategoryAxis.Labels = labels
	o.CategoryAxis.LabelFontStyle = small
	return draw(title, 300, o)
}

// bars draws stacked lying bars, the first label on top.
func bars(title string, labels []string, series []named) (template.HTML, error) {
	flipped := make([]string, len(labels))
	for i, l := range labels {
		flipped[len(labels)-1-i] = shorten(l, 34)
	}
	turned := make([]named, len(series))
	for k, s := range series {
		turned[k].Name = s.Name
		for i := range s.Counts {
			turned[k].Counts = append(turned[k].Counts, s.Counts[len(s.Counts)-1-i])
		}
	}
	o := option(turned)
	o.Horizontal = true
	o.CategoryAxis.Labels = flipped
	o.CategoryAxis.LabelFontStyle = small
	return draw(title, 90+28*len(labels), o)
}

func option(series []named) charts.BarChartOption {
	data := make([][]float64, len(series))
	names := make([]string, len(series))
	for i, s := range series {
		names[i] = s.Name
		for _, n := range s.Counts {
			data[i] = append(data[i], float64(n))
		}
	}
	o := charts.NewBarChartOptionWithData(data)
	o.Theme = theme
	o.StackSeries = charts.Ptr(true)
	o.Legend = charts.LegendOption{SeriesNames: names, FontStyle: small, Show: charts.Ptr(len(series) > 1)}
	o.ValueFormatter = func(v float64) string { return fmt.Sprintf("%.0f", v) }
	o.ValueAxis = []charts.ValueAxisOption{{
		LabelFontStyle: small, Min: charts.Ptr(0.0), Max: charts.Ptr(float64(top(series))), LabelCount: steps + 1,
	}}
	return o
}

// steps is how many parts the axis of values has.
const steps = 5

// top is where the axis of values ends: above the tallest bar, in whole steps.
func top(series []named) int64 {
	var tallest int64 = 1
	for i := range series[0].Counts {
		var sum int64
		for _, s := range series {
			sum += s.Counts[i]
		}
		tallest = max(tallest, sum)
	}
	step := (tallest + steps - 1) / steps
	for unit := int64(1); ; unit *= 10 { // 1, 2, … 8, 10, 20, …
		for _, round := range []int64{unit, 2 * unit, 3 * unit, 4 * unit, 5 * unit, 6 * unit, 8 * unit} {
			if round >= step {
				return round * steps
			}
		}
	}
}

func draw(title string, height int, o charts.BarChartOption) (template.HTML, error) {
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: width, Height: height, Theme: theme})
	if err := p.BarChart(o); err != nil {
		return "", err
	}
	svg, err := p.Bytes()
	if err != nil {
		return "", err
	}
	return template.HTML(attributes(string(svg), title)), nil //nolint:gosec // the library escapes texts; TestHostileNames shows it
}

func shorten(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return strings.TrimSpace(string(runes[:n-1])) + "…"
}

var (
	style  = regexp.MustCompile(` style="([^"]*)"`)
	colour = regexp.MustCompile(`rgba?\((\d+),(\d+),(\d+)[^)]*\)`)
)

// attributes turns each style attribute, which a policy without unsafe-inline
// forbids, into presentation attributes, and gives the drawing its name.
func attributes(svg, title string) string {
	svg = style.ReplaceAllStringFunc(svg, func(match string) string {
		var b strings.Builder
		for decl := range strings.SplitSeq(style.FindStringSubmatch(match)[1], ";") {
			name, value, ok := strings.Cut(decl, ":")
			if !ok || name == "font-family" {
				continue
			}
			fmt.Fprintf(&b, " %s", recolour(name, value))
		}
		return b.String()
	})
	return strings.Replace(svg, "<svg ", fmt.Sprintf(`<svg role="img" aria-label="%s" `, html.EscapeString(title)), 1)
}

// recolour writes a colour that stands for a role as a class of the style sheet.
func recolour(name, value string) string {
	m := colour.FindStringSubmatch(value)
	if m == nil {
		return fmt.Sprintf(`%s="%s"`, name, value)
	}
	switch {
	case m[1] == "1" && m[2] == "2":
		return fmt.Sprintf(`%s="currentColor"`, name)
	case m[1] == "4" && m[2] == "5":
		return fmt.Sprintf(`%s="var(--line)"`, name)
	case m[2] == "0" && m[3] == "0" && len(m[1]) == 2:
		return fmt.Sprintf(`%s="var(--s%s)"`, name, m[1][1:])
	default:
		return fmt.Sprintf(`%s="%s"`, name, value)
	}
}
