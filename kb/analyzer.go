package kb

import (
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
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
	wordAnalyzer     = "kapbot_word"     // the same without taking endings away
	completeAnalyzer = "kapbot_complete" // for what a person has typed so far
	typedAnalyzer    = "kapbot_typed"    // the typed words themselves, to meet completeAnalyzer's
)

// beginning is how many letters of a word what is typed can tell apart.
const beginning = 8

// functionWords say nothing about a question's subject. Words that turn a
// question around (not, no, without, never) are kept.
var functionWords = []any{
	"a", "an", "the", "is", "are", "was", "were", "be", "been", "am", "of", "to", "in", "on", "at", "by", "as",
	"and", "or", "it", "its", "this", "that", "these", "those", "i", "me", "my", "you", "your", "we", "our",
	"they", "them", "their", "he", "she", "his", "her", "do", "does", "did", "has", "have", "had", "can", "could",
	"would", "should", "will", "what", "which", "there", "for", "with", "from", "about", "if", "so", "any", "some",
	"please", "tell", "just",
}

// newMapping returns the index mapping: titles and texts are fields of their own,
// so that BM25 compares a title with titles and a text with texts.
func newMapping() (*mapping.IndexMappingImpl, error) {
	m := mapping.NewIndexMapping()
	m.ScoringModel = index.BM25Scoring
	steps := []error{
		m.AddCustomTokenMap("kapbot_function_words", map[string]any{"type": tokenmap.Name, "tokens": functionWords}),
		m.AddCustomTokenFilter("kapbot_stop", map[string]any{"type": stop.Name, "stop_token_map": "kapbot_function_words"}),
		m.AddCustomTokenFilter("kapbot_nfkc", map[string]any{"type": unicodenorm.Name, "form": unicodenorm.NFKC}),
		m.AddCustomTokenFilter("kapbot_short", map[string]any{"type": truncate.Name, "length": float64(beginning)}),
		m.AddCustomTokenFilter("kapbot_edge", map[string]any{"type": edgengram.Name, "min": 1.0, "max": float64(beginning)}),
		m.AddCustomAnalyzer(englishAnalyzer, map[string]any{
			"type": custom.Name, "tokenizer": unicode.Name,
			"token_filters": []string{"kapbot_nfkc", en.PossessiveName, lowercase.Name, "kapbot_stop", en.SnowballStemmerName},
		}),
		m.AddCustomAnalyzer(wordAnalyzer, map[string]any{
			"type": custom.Name, "tokenizer": unicode.Name,
			"token_filters": []string{"kapbot_nfkc", en.PossessiveName, lowercase.Name, "kapbot_stop"},
		}),
		m.AddCustomAnalyzer(completeAnalyzer, map[string]any{
			"type": custom.Name, "tokenizer": unicode.Name,
			"token_filters": []string{"kapbot_nfkc", lowercase.Name, "kapbot_edge"},
		}),
		m.AddCustomAnalyzer(typedAnalyzer, map[string]any{
			"type": custom.Name, "tokenizer": unicode.Name,
			"token_filters": []string{"kapbot_nfkc", lowercase.Name, "kapbot_short"},
		}),
	}
	for _, err := range steps {
		if err != nil {
			return nil, err
		}
	}
	doc := mapping.NewDocumentStaticMapping()
	for _, f := range searched {
		doc.AddFieldMappingsAt(f.name, indexed(englishAnalyzer))
	}
	doc.AddFieldMappingsAt(wordField, indexed(wordAnalyzer))
	doc.AddFieldMappingsAt(completeField, indexed(completeAnalyzer))
	doc.AddSubDocumentMapping("_all", mapping.NewDocumentDisabledMapping())
	m.DefaultMapping = doc
	m.DefaultAnalyzer = englishAnalyzer
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m, nil
}

// indexed is a field that is searched and not stored: what it holds stands in the
// documents.
func indexed(analyzer string) *mapping.FieldMapping {
	f := mapping.NewTextFieldMapping()
	f.Analyzer = analyzer
	f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = false, false, false, false
	return f
}
