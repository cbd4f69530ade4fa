package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"kapbot/adapters/web"
	"kapbot/bot"
)

// The page and the API are one http.Handler on a bot.
func Example() {
	b, err := bot.New(context.Background(), bot.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer b.Close()
	s, err := web.New(web.Options{Bot: b, Origins: []string{"https://clinic.example.org"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest(http.MethodPost, "/v1/ask", strings.NewReader(`{"q": "Who may benefit from it?"}`))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	fmt.Println(w.Code, strings.Contains(w.Body.String(), `"topic":"who-benefits"`))
	// Output: 200 true
}
