package main

import (
	"context"
	"fmt"
	"strings"

	"kapbot/kb"
	"kapbot/kb/classify"
	"kapbot/kb/linear"
	"kapbot/kb/wordings"
)

// ingredient is a way of deciding and how good it is.
type ingredient struct {
	name        string
	lines       int
	cross, held figure
}

// ablate decides with less and less, to show what each ingredient brings.
func ablate(ctx context.Context, all []wordings.Wording, set classify.Set, held heldOut, judged, heldJudged []classify.Judged) ([]ingredient, error) {
	plain, err := searchAlone(ctx, held)
	if err != nil {
		return nil, err
	}
	list := []ingredient{{name: "full-text search alone, BM25", held: plain}}
	list = append(list, scored("both n-grams: best topic's margin", judged, heldJudged, func(r classify.Ranking) float64 {
		return r.Topics[0].Margin
	}))
	list = append(list, scored("… less the best subject's", judged, heldJudged, func(r classify.Ranking) float64 {
		return r.Topics[0].Margin - r.Subjects[0].Margin
	}))
	list = append(list, scored("… plus the margin of \"covered\"", judged, heldJudged, func(r classify.Ranking) float64 {
		return r.Topics[0].Margin - r.Subjects[0].Margin + r.Covered
	}))
	list = append(list, ingredient{"all, calibrated (what is used)", len(all), measure("", judged), measure("", heldJudged)})
	for _, v := range []struct {
		name   string
		change func(*linear.Options)
	}{
		{"all, but words only", func(o *linear.Options) { o.CharMin, o.CharMax = 0, 0 }},
		{"all, but characters only", func(o *linear.Options) { o.Words = 0 }},
		{"all, but unseen words do not pull", func(o *linear.Options) { o.UnseenWeight = 0 }},
	} {
		opts := classify.Recipe()
		v.change(&opts)
		i, err := fitted(ctx, v.name, all, set, opts, held)
		if err != nil {
			return nil, err
		}
		list = append(list, i)
	}
	before := until(all, 0)
	i, err := fitted(ctx, "all, but without the rounds of wordings", before, set, classify.Recipe(), held)
	if err != nil {
		return nil, err
	}
	return append(list, i), nil
}

func fitted(ctx context.Context, name string, all []wordings.Wording, set classify.Set, opts linear.Options, held heldOut) (ingredient, error) {
	data, judged, err := classify.Fit(ctx, all, set, opts)
	if err != nil {
		return ingredient{}, fmt.Errorf("%s: %w", name, err)
	}
	m, err := classify.Open(data)
	if err != nil {
		return ingredient{}, fmt.Errorf("%s: %w", name, err)
	}
	return ingredient{name, len(all), measure("", judged), measure("", held.judge(m, set))}, nil
}

// scored measures with another score in the probability's place.
func scored(name string, judged, held []classify.Judged, score func(classify.Ranking) float64) ingredient {
	with := func(list []classify.Judged) []classify.Judged {
		out := make([]classify.Judged, len(list))
		for i, j := range list {
			j.Ranking.Probability = score(j.Ranking)
			out[i] = j
		}
		return out
	}
	return ingredient{name: name, cross: measureScore(with(judged)), held: measureScore(with(held))}
}

// searchAlone decides by the best hit of the full-text index.
func searchAlone(ctx context.Context, held heldOut) (figure, error) {
	lib, err := kb.Open(ctx, kb.Options{})
	if err != nil {
		return figure{}, fmt.Errorf("open documents: %w", err)
	}
	defer lib.Close()
	var judged []classify.Judged
	for _, q := range held {
		j := classify.Judged{Covered: q.Gold[0] != "none"}
		hits, err := lib.Search(ctx, q.Q, 1)
		if err != nil {
			return figure{}, fmt.Errorf("search: %w", err)
		}
		if len(hits) > 0 && hits[0].Topic != nil {
			j.Ranking.Probability = hits[0].Score
			j.Right = j.Covered && hits[0].Topic.ID == q.Gold[0]
		}
		judged = append(judged, j)
	}
	return measureScore(judged), nil
}

// curve fits on the wordings as they stood after each round and judges each
// model on the questions put aside.
func curve(ctx context.Context, all []wordings.Wording, set classify.Set, held heldOut) ([]ingredient, error) {
	names := map[int]string{0: "as taken over"}
	last := 0
	for _, w := range all {
		if n := round(w); n > 0 {
			names[n], last = w.Section, max(last, n)
		}
	}
	var list []ingredient
	for n := 0; n <= last; n++ {
		some := until(all, n)
		m, err := classify.FitOnly(ctx, some, set, classify.Recipe())
		if err != nil {
			return nil, fmt.Errorf("round %d: %w", n, err)
		}
		list = append(list, ingredient{name: names[n], lines: len(some), held: measure("", held.judge(m, set))})
	}
	return list, nil
}

// until keeps the wordings of the first rounds.
func until(all []wordings.Wording, last int) []wordings.Wording {
	var some []wordings.Wording
	for _, w := range all {
		if round(w) <= last {
			some = append(some, w)
		}
	}
	return some
}

// round is the number of the round in which a wording was written, 0 if before.
func round(w wordings.Wording) int {
	var n int
	if strings.HasPrefix(w.Section, "round ") {
		if _, err := fmt.Sscanf(w.Section, "round %d:", &n); err != nil {
			return 0
		}
	}
	return n
}
