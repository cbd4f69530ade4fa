// Package config reads the settings of kapbot from a TOML file and from the
// environment:
//
//	c, problems := config.Read("config.toml", os.Environ())
//	for _, p := range problems {
//		fmt.Fprintln(os.Stderr, p) // config.toml:12: slack.mode: …; did you mean …?
//	}
//
// All mistakes are reported together, each with its file, its line and the way
// out: keys that do not exist (with the nearest one that does), values of the
// wrong type, values that cannot be, and settings that do not go together.
//
// # Adding a key
//
// Add a field to Config, a line to the table in keys.go, and the key with its
// comment and default to config.example.toml. A test keeps the three in step.
//
// # Secrets
//
// A Secret is written as env:NAME or file:PATH. It prints as [secret] wherever
// it is printed, logged or marshalled; only Secret.Reveal gives the value.
//
// # The environment
//
// Every key can be overridden: slack.bot_token by KAPBOT_SLACK_BOT_TOKEN. Lists
// are separated by commas.
package config
