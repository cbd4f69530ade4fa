// Package insights turns what the store has counted into a report for the people
// who look after the bot: what was asked, what helped, and what to write next.
//
//	s := insights.Summarize(report, since, until)
//	s.WriteText(os.Stdout, 80)
//
// A Summary is plain data; text.go draws it in a terminal, csv.go and draft.go
// write it for a spreadsheet and as the beginning of a document. The operator's page shows
// the same Summary.
package insights
