package bot

import (
	"context"
	"testing"
)

func TestTalk(t *testing.T) {
	b, err := New(context.Background(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var c Conversation
	for _, q := range []string{"hi", "what is KAP?", "and for anxiety?", "how much does it cost", "I want to kill myself", "chronic pain evidence"} {
		var r Reply
		r, c = b.Reply(context.Background(), Message{Text: q, Direct: true}, c)
		t.Logf("> %s\n%s\n\n", q, r.Text())
	}
}

func BenchmarkReply(b *testing.B) {
	bt, err := New(context.Background(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer bt.Close()
	for b.Loop() {
		bt.Reply(context.Background(), Message{Text: "does it help with treatment resistant depression", Direct: true}, Conversation{})
	}
}
