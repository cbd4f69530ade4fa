package bot

import "time"

// Record is a reply as other programs read it: one line of `kapbot ask --batch`,
// the body of the HTTP API's answer. The names are a contract.
type Record struct {
	ID         string         `json:"id"`
	Kind       Kind           `json:"kind"`
	Topic      string         `json:"topic"`
	Reason     Reason         `json:"reason"`
	Confidence float64        `json:"confidence"`
	Text       string         `json:"text"`
	Disclaimer string         `json:"disclaimer"`
	Resources  bool           `json:"resources"`
	Sources    []RecordSource `json:"sources"`
	Related    []string       `json:"related"`
	Micros     int64          `json:"micros"`
}

// RecordSource is a Source as other programs read it.
type RecordSource struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

// maxRelated is how many topic ids a Record holds at most.
const maxRelated = 3

// Record returns the reply as a Record. Id is the caller's own, took how long the
// reply took to make.
func (r Reply) Record(id string, took time.Duration) Record {
	rec := Record{
		ID: id, Kind: r.Kind(), Topic: r.Topic(), Reason: r.Reason(),
		Confidence: r.Confidence(), Text: r.Text(), Disclaimer: r.Disclaimer(),
		Resources: r.Resources(), Sources: []RecordSource{}, Related: []string{},
		Micros: took.Microseconds(),
	}
	for _, s := range r.d.sources {
		rec.Sources = append(rec.Sources, RecordSource{ID: s.ID, Title: s.Title, URL: s.URL})
	}
	for _, c := range r.d.related[:min(maxRelated, len(r.d.related))] {
		rec.Related = append(rec.Related, c.ID)
	}
	return rec
}
