package discordfake

import (
	"encoding/json"
	"strings"
	"testing"
)

// The table of limits: each line is one step over a border, and the same without
// the step is let through.
func TestLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	v2 := func(components string) string { return `{"flags":32768,"components":[` + components + `]}` }
	button := func(label, rest string) string {
		return `{"type":1,"components":[{"type":2,"style":1,"label":"` + label + `",` + rest + `}]}`
	}
	texts := func(n int) string {
		return strings.TrimSuffix(strings.Repeat(`{"type":10,"content":"x"},`, n), ",")
	}
	for name, c := range map[string]struct{ good, bad string }{
		"content":           {`{"content":"` + long(2000) + `"}`, `{"content":"` + long(2001) + `"}`},
		"content in UTF-16": {`{"content":"` + strings.Repeat("🧠", 1000) + `"}`, `{"content":"` + strings.Repeat("🧠", 1001) + `"}`},
		"nothing":           {`{"content":"x"}`, `{}`},
		"nonce":             {`{"content":"x","nonce":"` + long(25) + `"}`, `{"content":"x","nonce":"` + long(26) + `"}`},
		"both kinds":        {v2(`{"type":10,"content":"x"}`), `{"flags":32768,"content":"x","components":[{"type":10,"content":"x"}]}`},
		"flag":              {v2(`{"type":10,"content":"x"}`), `{"content":"x","components":[{"type":10,"content":"x"}]}`},
		"text":              {v2(`{"type":10,"content":"` + long(4000) + `"}`), v2(`{"type":10,"content":"` + long(4000) + `"},{"type":10,"content":"x"}`)},
		"number":            {v2(texts(40)), v2(texts(41))},
		"label":             {v2(button(long(80), `"custom_id":"a"`)), v2(button(long(81), `"custom_id":"a"`))},
		"custom id":         {v2(button("x", `"custom_id":"`+long(100)+`"`)), v2(button("x", `"custom_id":"`+long(101)+`"`))},
		"twice":             {v2(button("x", `"custom_id":"a"`)), v2(button("x", `"custom_id":"a"`) + "," + button("y", `"custom_id":"a"`))},
		"options": {v2(`{"type":1,"components":[{"type":3,"custom_id":"a","options":[{"label":"x","value":"x"}]}]}`),
			v2(`{"type":1,"components":[{"type":3,"custom_id":"a","options":[]}]}`)},
		"description": {v2(`{"type":1,"components":[{"type":3,"custom_id":"a","options":[{"label":"x","value":"x"}]}]}`),
			v2(`{"type":1,"components":[{"type":3,"custom_id":"a","options":[{"label":"x","value":"x","description":""}]}]}`)},
		"section": {v2(`{"type":9,"components":[{"type":10,"content":"x"}],"accessory":{"type":2,"style":5,"label":"x","url":"https://a.example"}}`),
			v2(`{"type":9,"components":[{"type":10,"content":"x"}]}`)},
		"unknown": {v2(`{"type":14}`), v2(`{"type":99}`)},
	} {
		for body, ok := range map[string]bool{c.good: true, c.bad: false} {
			var o outgoing
			if err := json.Unmarshal([]byte(body), &o); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if err := checkMessage(o); (err == nil) != ok {
				t.Errorf("%s: let through %v, want %v: %v", name, err == nil, ok, err)
			}
		}
	}
}
