package kb

import (
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/edgengram"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/stop"
	"github.com/blevesearch/bleve/v2/analysis/token/truncate"
	"github.com/blevesearch/bleve/v2/analysis/token/unicodenorm"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/analysis/tokenmap"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// The names under which our analyzers are registered with bleve.
const (
	englishAnalyzer  = "kapbot_en"       // for questions and the text they may match
	completeAnalyzer = "kapbot_complete" // for what a person has typed so far
	typedAnalyzer    = "kapbot_typed"    // the typed words themselves, to meet completeAnalyzer's
	synonymSource    = "kapbot_synonyms"
	synonyms         = "synonyms" // the collection that synonymSource reads
)

// functionWords say nothing about a question's subject. Words that turn a
// question around (not, no, without, never) are kept.
var functionWords = []any{
	"a", "an", "the", "is", "are", "was", "were", "be", "been", "am", "of", "to", "in", "on", "at", "by", "as",
	"and", "or", "it", "its", "this", "that", "these", "those", "i", "me", "my", "you", "your", "we", "our",
	"they", "them", "their", "he", "she", "his", "her", "do", "does", "did", "has", "have", "had", "can", "could",
	"would", "should", "will", "what", "which", "there", "for", "with", "from", "about", "if", "so", "any", "some",
	"please", "tell", "just",
}

// newMapping returns the index mapping: one field for each kind of passage, so
// that BM25 compares a heading with headings and a sentence with sentences.
func newMapping() (*mapping.IndexMappingImpl, error) {
	m := mapping.NewIndexMapping()
	m.ScoringModel = index.BM25Scoring
	steps := []error{
		m.AddCustomTokenMap("kapbot_function_words", map[string]any{"type": tokenmap.Name, "tokens": functionWords}),
		m.AddCustomTokenFilter("kapbot_stop", map[string]any{"type": stop.Name, "stop_token_map": "kapbot_function_words"}),
		m.AddCustomTokenFilter("kapbot_nfkc", map[string]any{"type": unicodenorm.Name, "form": unicodenorm.NFKC}),
		m.AddCustomTokenFilter("kapbot_short", map[string]any{"type": truncate.Name, "length": 12.0}),
		m.AddCustomTokenFilter("kapbot_edge", map[string]any{"type": edgengram.Name, "min": 1.0, "max": 12.0}),
		m.AddCustomAnalyzer(englishAnalyzer, map[string]any{
			"type": custom.Name, "tokenizer": unicode.Name,
			"token_filters": []string{"kapbot_nfkc", en.PossessiveName, lowercase.Name, "kapbot_stop", en.SnowballStemmerName},
		}),
		m.AddCustomAnalyzer(completeAnalyzer, map[string]any{
			"type": custom.Name, "tokenizer": unicode.Name,
			"token_filters": []string{"kapbot_nfkc", lowercase.Name, "kapbot_edge"},
		}),
		m.AddCustomAnalyzer(typedAnalyzer, map[string]any{
			"type": custom.Name, "tokenizer": unicode.Name,
			"token_filters": []string{"kapbot_nfkc", lowercase.Name, "kapbot_short"},
		}),
		m.AddSynonymSource(synonymSource, map[string]any{"collection": synonyms, "analyzer": englishAnalyzer}),
	}
	for _, err := range steps {
		if err != nil {
			return nil, err
		}
	}
	doc := mapping.NewDocumentStaticMapping()
	for _, f := range textFields {
		doc.AddFieldMappingsAt(string(f), textField(englishAnalyzer, synonymSource))
	}
	doc.AddFieldMappingsAt(completeField, textField(completeAnalyzer, ""))
	doc.AddFieldMappingsAt(topicField, textField(keyword.Name, ""))
	m.DefaultMapping = doc
	m.DefaultAnalyzer = englishAnalyzer
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m, nil
}

func textField(analyzer, synonyms string) *mapping.FieldMapping {
	f := mapping.NewTextFieldMapping()
	f.Analyzer, f.SynonymSource = analyzer, synonyms
	f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = false, false, true, false
	return f
}
