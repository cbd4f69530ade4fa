package engine_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"kapbot/bot/engine"
)

func TestARatingHoldsNoFreeText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := engine.NewMemory()
		e := engine.New(parrot{}, store, engine.Options{})
		for _, r := range []engine.Rating{
			{Topic: ""},
			{Topic: "My name is Ann"},
			{Topic: "clinic/cost/ann"},
			{Topic: "research", Reason: "my name is Ann"},
		} {
			if err := e.Rate(t.Context(), "test", "ann", "1", r); !errors.Is(err, engine.ErrRating) {
				t.Errorf("%+v: %v", r, err)
			}
		}
		for i, r := range []engine.Rating{
			{Topic: "research", Helpful: true},
			{Topic: "clinic/cost", Reason: engine.TooLong},
		} {
			if err := e.Rate(t.Context(), "test", "ann", string(rune('a'+i)), r); err != nil {
				t.Errorf("%+v: %v", r, err)
			}
		}
		if err := e.Rate(t.Context(), "test", "ann", "a", engine.Rating{Topic: "research"}); err != nil {
			t.Error(err) // she changes her mind
		}
		drain(t, e)
		r, err := store.Report(t.Context(), time.Unix(0, 0), time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Ratings) != 2 || r.Ratings[1].Helpful {
			t.Errorf("kept %+v", r.Ratings)
		}
	})
}
