package slack

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"kapbot/bot"
)

func units(text string) int { return len(utf16.Encode([]rune(text))) }

func TestTyped(t *testing.T) {
	for in, want := range map[string]string{
		"<@U0BOT> what is KAP?":                    "what is KAP?",
		"<@U0BOT|kap>what":                         "what",
		"hello <@U2>, see <#C1|general>":           "hello , see general",
		"<!channel> <!here|here> look":             "look",
		"&lt;!channel&gt; &amp;amp; x":             "<!channel> &amp; x",
		"read <https://example.org/a|this> please": "read this please",
		"read <https://example.org/a>":             "read https://example.org/a",
		"a < b and c > d":                          "a < b and c > d",
		"":                                         "",
		"  lines\nand\ttabs  ":                     "lines and tabs",
	} {
		if got := typed(in); got != want {
			t.Errorf("typed(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMentionsOthers(t *testing.T) {
	for text, want := range map[string]bool{
		"<@U0BOT> hi": false, "<@U0BOT|kap> hi": false, "hi": false, "<@U2> hi": true, "<!channel>": true, "<!subteam^S1>": true, "<https://x.y>": false, "<#C1>": false,
	} {
		if got := mentionsOthers(text, "U0BOT"); got != want {
			t.Errorf("mentionsOthers(%q) = %t", text, got)
		}
	}
}

// What a document or a person wrote is text to Slack, wherever it stands.
func TestEscaped(t *testing.T) {
	for _, evil := range []string{"<!channel>", "<@U1>", "<https://evil.example|click>", "*bold* _it_ ~no~ `code`", "a & b"} {
		if got := escape(evil); strings.ContainsAny(got, "<>") {
			t.Errorf("escape(%q) = %q", evil, got)
		}
		if got := literal(evil); strings.ContainsAny(got, "<>*_~`|") {
			t.Errorf("literal(%q) = %q", evil, got)
		}
		data, err := json.Marshal(paragraph([]bot.Span{{Text: evil}})[0])
		if err != nil || !strings.Contains(string(data), `"type":"text"`) || strings.Contains(string(data), "mrkdwn") {
			t.Errorf("%q is drawn as %s, %v", evil, data, err)
		}
	}
}

func FuzzCut(f *testing.F) {
	f.Add("a long sentence with words", 10)
	f.Add("😀😀😀😀", 3)
	f.Add("\xff\xfe broken", 4)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if limit < 2 || limit > 5000 {
			t.Skip()
		}
		if got := cut(text, limit); units(got) > limit {
			t.Errorf("cut(%q, %d) has %d units", text, limit, units(got))
		}
		joined := ""
		for _, piece := range split(text, limit) {
			if units(piece) > limit {
				t.Errorf("a piece of %q has %d units, limit %d", text, units(piece), limit)
			}
			joined += piece
		}
		if joined != text {
			t.Errorf("split lost something of %q", text)
		}
	})
}

func FuzzTyped(f *testing.F) {
	f.Add("<@U1> &lt;x&gt; <a|b>")
	f.Fuzz(func(t *testing.T, text string) {
		if got := typed(text); utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("typed(%q) = %q", text, got)
		}
	})
}

// FuzzEnvelopes reads what a socket may bring. Every envelope gets its ticket given
// or its work queued, and nothing panics.
func FuzzEnvelopes(f *testing.F) {
	f.Add("events_api", `{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":{"type":"app_mention","user":"U1","ts":"1.1","channel":"C1","text":"hi"}}`)
	f.Add("interactive", `{"type":"block_actions","trigger_id":"1","user":{"id":"U1"},"actions":[{"action_id":"tick:0"}]}`)
	f.Add("slash_commands", `{"command":"/kap","user_id":"U1","channel_id":"C1","text":"x"}`)
	f.Add("disconnect", `{}`)
	a := &Adapter{o: Options{}.withDefaults(), threads: newThreads(), previews: newPreviews()}
	f.Fuzz(func(t *testing.T, kind, payload string) {
		given := 0
		e := envelope{kind: kind, payload: []byte(payload), ticket: newTicket(1<<40, func(bool, any) { given++ })}
		switch kind {
		case kindEvent:
			a.event(e)
		case kindSlash:
			a.slash(e)
		case kindPressed:
			a.pressed(e)
		}
		e.ticket.ack()
		e.ticket.refuse()
		if given != 1 {
			t.Errorf("the ticket was given %d times", given)
		}
	})
}

// However many blocks a reply has, the lines of help and the disclaimer stay.
func TestShorten(t *testing.T) {
	d := &drawing{}
	for range 80 {
		d.body = append(d.body, paragraph([]bot.Span{{Text: "text"}})...)
	}
	d.body = append(d.body, contacts([]bot.Contact{{Name: "Line", Tel: "988"}}, 80)...)
	d.add(paragraph([]bot.Span{{Text: "tail"}})...)
	got := d.blocks(maxBlocks)
	if len(got) != maxBlocks {
		t.Fatalf("%d blocks", len(got))
	}
	if last := got[len(got)-1]; last.ID() != "disclaimer" {
		t.Errorf("last block is %q", last.ID())
	}
	helping := 0
	for _, b := range got {
		if strings.HasPrefix(b.ID(), contactsID) {
			helping++
		}
	}
	if helping != 1 {
		t.Error("the line of help was cut")
	}
}

// Long text becomes several blocks, and nothing of it is lost.
func TestLongText(t *testing.T) {
	long := strings.Repeat("word ", 2000)
	drawn := quote([]bot.Span{{Text: long}, {Text: "the end", Strong: true}})
	if len(drawn) < 4 {
		t.Fatalf("%d blocks for %d units", len(drawn), units(long))
	}
	many := make([][]bot.Span, 60)
	for i := range many {
		many[i] = []bot.Span{{Text: strings.Repeat("item ", 40)}}
	}
	if n := len(list(many)); n < 4 {
		t.Errorf("%d blocks for a long list", n)
	}
}

func TestSeal(t *testing.T) {
	key := make([]byte, keyBytes)
	sealed, err := seal(key, "T1", []byte("token"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := open(key, "T1", sealed); err != nil || string(got) != "token" {
		t.Errorf("opened %q, %v", got, err)
	}
	other := append([]byte{1}, key[1:]...)
	for name, try := range map[string]func() ([]byte, error){
		"another name": func() ([]byte, error) { return open(key, "T2", sealed) },
		"another key":  func() ([]byte, error) { return open(other, "T1", sealed) },
		"cut short":    func() ([]byte, error) { return open(key, "T1", sealed[:5]) },
	} {
		if got, err := try(); err == nil {
			t.Errorf("%s: opened %q", name, got)
		}
	}
}

// The waits grow, differ, end at the longest, begin anew after a connection that
// held, and are never shorter than Slack asks.
func TestPace(t *testing.T) {
	p := pace{first: 100 * time.Millisecond, longest: 10 * time.Second, steady: time.Minute}
	for i := range 100 {
		full := min(10*time.Second, 100*time.Millisecond<<min(i, 20))
		if got := p.next(0, 0); got < full/2 || got > full {
			t.Errorf("wait %d is %v, want %v to %v", i, got, full/2, full)
		}
	}
	if got := p.next(time.Hour, 0); got > 100*time.Millisecond {
		t.Errorf("after an hour that held, the wait is %v", got)
	}
	if got := p.next(time.Hour, 30*time.Second); got < 30*time.Second {
		t.Errorf("Slack asked for 30 s, the wait is %v", got)
	}
}

// Within a conversation the order is kept, a workspace may not take more than its
// share, and another is not held up by it.
func TestLanes(t *testing.T) {
	l := newLanes(3)
	hold, order := make(chan struct{}), make(chan int, 10)
	busy := lane{"T1", "a"}
	for i := range 3 {
		if !l.put(busy, func() { <-hold; order <- i }) {
			t.Fatalf("%d was not taken", i)
		}
	}
	if l.put(lane{"T1", "b"}, func() {}) {
		t.Error("a fourth was taken of a workspace that may have three")
	}
	free := make(chan struct{})
	if !l.put(lane{"T2", "a"}, func() { close(free) }) {
		t.Error("another workspace was refused")
	}
	<-free
	close(hold)
	l.work.Wait()
	for i := range 3 {
		if got := <-order; got != i {
			t.Errorf("%d came before %d", got, i)
		}
	}
	if !l.put(busy, func() {}) {
		t.Error("refused when all was done")
	}
	l.work.Wait()
	if len(l.queues)+len(l.waiting) != 0 {
		t.Error("an idle lane is kept")
	}
}

func TestTicketIsGivenOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var given []bool
		tickets := func() *ticket {
			return newTicket(time.Second, func(ok bool, _ any) { given = append(given, ok) })
		}
		early := tickets()
		if !early.refuse() || early.give(true, nil) {
			t.Error("a ticket that was refused was given again")
		}
		late := tickets()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if late.refuse() {
			t.Error("a ticket was refused after it was given")
		}
		if !slices.Equal(given, []bool{false, true}) {
			t.Errorf("given %v", given)
		}
	})
}
