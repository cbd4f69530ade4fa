package kb

import "testing"

func TestBuiltin(t *testing.T) {
	d, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, tp := range d.Topics {
		t.Log(tp.ID, tp.Line, len(tp.Passages()), tp.Study, tp.AlsoAsked)
		for _, s := range tp.Passages() {
			t.Log("   ", s)
		}
	}
	for _, s := range d.Subjects {
		t.Log(s.ID, s.See, s.Passage, s.Wordings)
	}
}
