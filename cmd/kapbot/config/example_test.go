package config_test

import (
	"fmt"

	"kapbot/cmd/kapbot/config"
)

func ExampleParse() {
	const file = `
regoin = "GB"
[slack]
bot_token = "env:BOT"
mode = "sockets"
`
	_, problems := config.Parse("config.toml", []byte(file), nil)
	fmt.Println(problems.Err())
	// Output:
	// config.toml:2: regoin: is not a setting; did you mean region?
	// config.toml:3: slack.app_token: is missing: mode "socket" needs an app-level token with the scope connections:write; write app_token = … under [slack], or set KAPBOT_SLACK_APP_TOKEN
	// config.toml:4: slack.bot_token: the environment variable BOT is not set; export it before kapbot starts
	// config.toml:5: slack.mode: "sockets" is not one of socket, http; did you mean "socket"?
}
