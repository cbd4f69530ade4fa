package config

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// together checks the settings that depend on each other, and completes what
// follows from them.
func (r *reader) together() {
	c := r.config
	c.Slack.On, c.Discord.On = r.any("slack."), r.any("discord.")
	c.Slack.APIURL, c.Discord.APIURL = slashed(c.Slack.APIURL), slashed(c.Discord.APIURL)
	dir := filepath.Dir(r.name)
	for i, d := range c.Documents {
		c.Documents[i] = within(dir, d)
	}
	for _, p := range []*string{&c.Regions, &c.Web.TLSCert, &c.Web.TLSKey} {
		if *p != "" {
			*p = within(dir, *p)
		}
	}
	if err := oneOf(knownRegions()...)(strings.ToUpper(c.Region)); err != nil && c.Regions == "" {
		r.report("region", err.Error())
	}
	if c.Ops.Profiling && !Loopback(c.Ops.Listen) {
		r.report("ops.profiling", "needs ops.listen on loopback, like 127.0.0.1:9464; a profile shows what people write")
	}
	r.slack(c.Slack)
	r.discord(c.Discord)
	r.web(c.Web)
}

func (r *reader) slack(s Slack) {
	if !s.On {
		return
	}
	oauth := s.ClientID != "" || r.failed("slack.client_id")
	switch s.Mode {
	case "http":
		r.need("slack.listen", s.Listen != "", `mode "http" needs an address to listen on`)
		r.need("slack.signing_secret", s.SigningSecret.Set(), `mode "http" needs the signing secret from the app's Basic Information page`)
	default:
		r.need("slack.app_token", s.AppToken.Set(), `mode "socket" needs an app-level token with the scope connections:write`)
	}
	if !oauth {
		r.need("slack.bot_token", s.BotToken.Set(), "Slack needs the bot token from the app's Install App page")
		return
	}
	r.need("slack.client_secret", s.ClientSecret.Set(), "installing by OAuth needs the client secret beside the client id")
	r.need("slack.token_key", s.TokenKey.Set(), "installed workspaces' tokens are encrypted with a key: openssl rand -hex 32")
	r.need("slack.public_url", s.PublicURL != "", "installing by OAuth needs the https address at which Slack reaches kapbot")
}

func (r *reader) discord(d Discord) {
	if !d.On {
		return
	}
	r.need("discord.token", d.Token.Set(), "Discord needs the token from the application's Bot page")
	r.need("discord.application_id", d.ApplicationID != "", "Discord needs the id from the application's General Information page")
	if d.Mode == "http" {
		r.need("discord.listen", d.Listen != "", `mode "http" needs an address to listen on`)
		r.need("discord.public_key", d.PublicKey != "", `mode "http" needs the public key from the application's General Information page`)
	}
}

func (r *reader) web(w Web) {
	if r.any("web.") {
		r.need("web.listen", w.Listen != "", "the web page needs an address to listen on")
	}
	if (w.TLSCert == "") != (w.TLSKey == "") {
		r.report("web.tls_cert", "goes together with web.tls_key; set both or neither")
	}
	if w.TLSCert != "" && len(w.ACMEHosts) > 0 {
		r.report("web.acme_hosts", "does not go together with web.tls_cert; leave one of them out")
	}
}

// need reports a key that is missing, unless it is there and wrong, which is
// reported already.
func (r *reader) need(name string, there bool, why string) {
	if there || r.failed(name) {
		return
	}
	k, _ := r.key(name)
	table, bare, _ := strings.Cut(name, ".")
	r.problems = append(r.problems, Problem{
		File: r.name, Line: r.lines[table], Key: name,
		What: fmt.Sprintf("is missing: %s; write %s = … under [%s], or set %s", why, bare, table, k.env()),
	})
}

func (r *reader) failed(name string) bool {
	k, _ := r.key(name)
	return slices.ContainsFunc(r.problems, func(p Problem) bool {
		return !p.Warning && (p.Key == name || strings.HasPrefix(p.Key, k.env()+" "))
	})
}

// any reports whether something is set in a table.
func (r *reader) any(prefix string) bool {
	for _, k := range r.keys {
		if _, ok := r.lines[k.name]; ok && strings.HasPrefix(k.name, prefix) {
			return true
		}
	}
	return false
}

func slashed(u string) string {
	if u == "" || strings.HasSuffix(u, "/") {
		return u
	}
	return u + "/"
}

// exposed lists the secrets that stand in the file itself.
func exposed(c Config) Problems {
	none := func(string) (string, bool) { return "", false }
	var names []string
	for _, k := range keys(&c, "", none) {
		switch v := k.value.(type) {
		case place:
			if v.field.literal && DescribeStore(*v.field) != v.field.value {
				names = append(names, k.name)
			}
		case secret:
			if v.field.literal && v.field.Set() {
				names = append(names, k.name)
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	var ps Problems
	for _, n := range names {
		ps = append(ps, Problem{File: c.File, Key: n, Warning: true,
			What: "stands in the file itself; better name where it is: env:NAME or file:PATH"})
	}
	if info, err := os.Stat(c.File); err == nil && worldReadable(info) {
		ps = append(ps, Problem{File: c.File, Warning: true, Open: true,
			What: fmt.Sprintf("holds a secret and can be read by everyone on this machine; run: chmod 600 %s", c.File)})
	}
	return ps
}
