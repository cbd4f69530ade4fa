package config

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMistakes(t *testing.T) {
	tests := []struct {
		name, file string
		environ    []string
		want       []string
	}{
		{"nothing", "", nil, nil},
		{"not TOML", "region = \"US\"\nstore = sqlite\n", nil, []string{
			"c.toml:2: unexpected character U+0073 's' at start of value; is not TOML, compare with config.example.toml"}},
		{"twice", "region = \"US\"\nregion = \"GB\"\n", nil, []string{
			"c.toml:2: key region is already defined; is not TOML, compare with config.example.toml"}},
		{"unknown table", "[slak]\nbot_token = \"x\"\n", nil, []string{
			"c.toml:1: slak: is not a table of settings; did you mean slack?"}},
		{"wrong table", "[slack]\n[web]\npublic_key = \"x\"\n", nil, []string{
			"c.toml:3: web.public_key: is not a setting; did you mean discord.public_key?"}},
		{"no table", "level = \"debug\"\n", nil, []string{
			"c.toml:1: level: is not a setting; did you mean log.level?"}},
		{"nothing like it", "zzzzzzzzzzzzzzzzzzzzzz = 1\n", nil, []string{
			"c.toml:1: zzzzzzzzzzzzzzzzzzzzzz: is not a setting; config.example.toml lists all there are"}},
		{"value for a table", "ops = \"127.0.0.1:1\"\n", nil, []string{
			"c.toml:1: ops: is a table; write [ops] on a line of its own"}},
		{"table twice", "[[ops]]\nlisten = \"127.0.0.1:1\"\n", nil, []string{
			"c.toml:1: ops: is a table; write [ops] on a line of its own"}},
		{"all at once", `documents = "clinic.md"
region = "XX"
store = "mysql:kapbot"
keep_unanswered = "yes"
[ops]
listen = "localhost"
[limits]
queue = 1
person_burst = 2.5
`, nil, []string{
			`c.toml:1: documents: wants a list like ["one", "two"], not a text`,
			`c.toml:2: region: "XX" is not one of ` + strings.Join(knownRegions(), ", ") + nearHint("XX"),
			`c.toml:3: store: names no store; write "sqlite:kapbot.db", "memory" or "postgres://user@host:5432/kapbot"`,
			`c.toml:4: keep_unanswered: wants true or false, without quotes, not a text`,
			`c.toml:6: ops.listen: "localhost" is not an address; write it like "127.0.0.1:8080"`,
			`c.toml:8: limits.queue: 1 is out of range; write a number from 16 to 1048576`,
			`c.toml:9: limits.person_burst: wants a whole number, not a number with a point`,
		}},
		{"profiles for everyone", "[ops]\nlisten = \":9464\"\nprofiling = true\n", nil, []string{
			"c.toml:3: ops.profiling: needs ops.listen on loopback, like 127.0.0.1:9464; a profile shows what people write"}},
		{"slack alone", "[slack]\nbot_token = \"xoxb-1\"\n", nil, []string{
			`c.toml:1: slack.app_token: is missing: mode "socket" needs an app-level token with the scope connections:write; write app_token = … under [slack], or set KAPBOT_SLACK_APP_TOKEN`}},
		{"slack over http", "[slack]\nmode = \"http\"\nbot_token = \"xoxb-1\"\n", nil, []string{
			`c.toml:1: slack.listen: is missing: mode "http" needs an address to listen on; write listen = … under [slack], or set KAPBOT_SLACK_LISTEN`,
			`c.toml:1: slack.signing_secret: is missing: mode "http" needs the signing secret from the app's Basic Information page; write signing_secret = … under [slack], or set KAPBOT_SLACK_SIGNING_SECRET`}},
		{"discord key", "[discord]\napplication_id = \"1\"\ntoken = \"t\"\nmode = \"http\"\nlisten = \":1\"\npublic_key = \"abc\"\n", nil, []string{
			`c.toml:6: discord.public_key: is not a public key of 64 hexadecimal digits; copy it from the application's General Information page`}},
		{"web without an address", "[web]\norigins = [\"https://clinic.example/page\"]\n", nil, []string{
			`c.toml:1: web.listen: is missing: the web page needs an address to listen on; write listen = … under [web], or set KAPBOT_WEB_LISTEN`,
			`c.toml:2: web.origins: item 1: "https://clinic.example/page" is more than an origin; write "https://clinic.example"`}},
		{"environment", "", []string{"KAPBOT_LIMITS_QUEUE=many", "KAPBOT_REGON=GB", "KAPBOT_SERVICE_HOST=10.0.0.1"}, []string{
			`KAPBOT_LIMITS_QUEUE (environment): "many" is not a whole number; write one from 16 to 1048576`,
			`KAPBOT_REGON (environment): is not a setting; did you mean KAPBOT_REGION?`}},
		{"not UTF-8", "# fine\nregion = \"\xff\"\n", nil, []string{
			"c.toml:2: is not UTF-8 here; save the file as UTF-8"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := Parse("c.toml", []byte(tt.file), tt.environ)
			var got []string
			for _, p := range problems {
				got = append(got, p.String())
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("problems (-want +got):\n%s", d)
			}
		})
	}
}

func nearHint(region string) string {
	if n := nearest(region, knownRegions()); n != "" {
		return fmt.Sprintf("; did you mean %q?", n)
	}
	return ""
}

func TestSecrets(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("good", "xoxb-canary\n", 0o600)
	write("open", "xoxb-canary", 0o644)
	write("empty", "\n", 0o600)
	tests := []struct{ written, value, wrong string }{
		{"env:BOT", "xoxb-env", ""},
		{"env:NONE", "", "the environment variable NONE is not set"},
		{"file:good", "xoxb-canary", ""},
		{"file:open", "", "can be read by everyone on this machine; run: chmod 600"},
		{"file:empty", "", "is empty"},
		{"file:missing", "", "there is no file"},
		{"file:.", "", "is not a file"},
		{"xoxb-literal", "xoxb-literal", ""},
	}
	for _, tt := range tests {
		t.Run(tt.written, func(t *testing.T) {
			file := fmt.Sprintf("[slack]\napp_token = \"xapp-1\"\nbot_token = %q\n", tt.written)
			c, problems := Parse(filepath.Join(dir, "c.toml"), []byte(file), []string{"BOT=xoxb-env"})
			if got := c.Slack.BotToken.Reveal(); got != tt.value {
				t.Errorf("got %q, want %q", got, tt.value)
			}
			err := problems.Err()
			if (tt.wrong == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.wrong) {
				t.Errorf("problems %v, want %q", err, tt.wrong)
			}
			if err != nil && strings.Contains(err.Error(), "canary") {
				t.Errorf("the secret is in the error: %v", err)
			}
		})
	}
}

func TestSecretNeverShown(t *testing.T) {
	c := Default()
	c.Slack.BotToken = NewSecret("canary")
	c.Store = NewSecret("postgres://kapbot:canary@db/kapbot")
	j, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), string(j), DescribeStore(c.Store)} {
		if strings.Contains(shown, "canary") {
			t.Errorf("secret shown: %s", shown)
		}
	}
}

func TestLiteralSecretsAreDoubted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.toml")
	file := "store = \"postgres://kapbot:canary@db/kapbot\"\n[slack]\nbot_token = \"xoxb-canary\"\napp_token = \"env:APP\"\n"
	if err := os.WriteFile(path, []byte(file), 0o644); err != nil {
		t.Fatal(err)
	}
	_, problems := Read(path, []string{"APP=xapp-1"})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	var keys []string
	open := false
	for _, p := range problems {
		open = open || p.Open
		if p.Key != "" {
			keys = append(keys, p.Key)
		}
	}
	if d := cmp.Diff([]string{"store", "slack.bot_token"}, keys); d != "" || !open {
		t.Errorf("open %v, keys (-want +got):\n%s", open, d)
	}
}

func TestOverrides(t *testing.T) {
	c, problems := Parse("dir/c.toml", []byte("documents = [\"a.md\"]\n[slack]\napi_url = \"http://127.0.0.1:1/api\"\n"), []string{
		"KAPBOT_DOCUMENTS=/abs/b.md, c.md", "KAPBOT_REGION=US", "KAPBOT_OPS_LISTEN=", "KAPBOT_LOG_LEVEL=debug",
		"KAPBOT_SLACK_BOT_TOKEN=xoxb-1", "KAPBOT_SLACK_APP_TOKEN=env:APP", "APP=xapp-1", "KAPBOT_KEEP_UNANSWERED=true",
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got := []any{c.Documents, c.Ops.Listen, c.Log.Level.String(), c.Slack.BotToken.Reveal(), c.Slack.AppToken.Reveal(), c.Slack.APIURL, c.KeepUnanswered, c.Slack.On, c.Discord.On}
	want := []any{[]string{"/abs/b.md", "dir/c.md"}, "", "DEBUG", "xoxb-1", "xapp-1", "http://127.0.0.1:1/api/", true, true, false}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestNeedRestart(t *testing.T) {
	old, _ := Parse("c.toml", []byte("[slack]\nbot_token = \"xoxb-1\"\n"), nil)
	fresh, _ := Parse("c.toml", []byte("documents = [\"a.md\"]\nstore = \"memory\"\n[slack]\nbot_token = \"xoxb-2\"\n[log]\nlevel = \"debug\"\n"), nil)
	if d := cmp.Diff([]string{"store", "slack.bot_token"}, NeedRestart(old, fresh)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func FuzzParse(f *testing.F) {
	example, err := os.ReadFile("../../../config.example.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(example))
	f.Add(strings.ReplaceAll(string(example), "\n#", "\n"))
	f.Add("[slack]\nbot_token = \"x\"\r\nslack.app_token = {a = [1, {b = 2}]}\n")
	f.Add("documents = [\"\"]\n[[web]]\n\"\" = 1\n\"a.b\" = 2\n")
	f.Fuzz(func(t *testing.T, file string) {
		_, problems := Parse("c.toml", []byte(file), nil)
		for _, p := range problems {
			if n := strings.Count(file, "\n") + 1; p.Line > n || p.Line < 0 {
				t.Errorf("line %d of %d: %v", p.Line, n, p)
			}
			if p.What == "" {
				t.Errorf("no words: %#v", p)
			}
		}
	})
}
