package discord_test

import (
	"testing"

	"kapbot/adapters/discord/discordfake"
)

// BenchmarkAutocomplete is the whole way of a letter that is typed: gateway,
// search, answer over REST.
func BenchmarkAutocomplete(b *testing.B) {
	w := begin(b)
	use := discordfake.Use{User: w.NewUser("ann"), Channel: w.DM(w.NewUser("ann"))}
	for b.Loop() {
		id := w.Typing(use, "kap", discordfake.Sub("ask", discordfake.Option{Name: "question", Type: 3, Value: "how do i ch", Focused: true}))
		w.response(id, 1)
	}
}

// BenchmarkCommand is the whole way of a question that is asked by command.
func BenchmarkCommand(b *testing.B) {
	w := begin(b)
	use := discordfake.Use{User: w.NewUser("ann"), Channel: w.DM(w.NewUser("ann"))}
	for b.Loop() {
		id := w.Command(use, "kap", discordfake.Sub("ask", discordfake.Text("question", "What is KAP?")))
		w.response(id, 1)
	}
}
