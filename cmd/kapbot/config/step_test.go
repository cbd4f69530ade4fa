package config

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var settingLine = regexp.MustCompile(`^#([a-z_]+) = (.+)$`)

// TestExampleFileInStep keeps config.example.toml and the code together: the same
// keys, each with a comment, each with the default that really applies.
func TestExampleFileInStep(t *testing.T) {
	data, err := os.ReadFile("../../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	c := Default()
	want := map[string]key{}
	for _, k := range keys(&c, "", func(string) (string, bool) { return "", false }) {
		want[k.name] = k
	}
	table, comment := "", ""
	for i, line := range strings.Split(string(data), "\n") {
		m := settingLine.FindStringSubmatch(line)
		switch {
		case strings.HasPrefix(line, "["):
			table, comment = strings.Trim(line, "[]")+".", ""
		case line == "":
			comment = ""
		case m == nil:
			comment += line
		default:
			name := table + m[1]
			k, ok := want[name]
			if !ok {
				t.Errorf("line %d: %s is in the file only", i+1, name)
				continue
			}
			delete(want, name)
			if comment == "" {
				t.Errorf("line %d: %s has no comment", i+1, name)
			}
			none := strings.Contains(comment, "No default")
			if got := k.value.toml(); !none && got != m[2] {
				t.Errorf("line %d: %s: the file says %s, the default is %s", i+1, name, m[2], got)
			} else if none && got != `""` {
				t.Errorf("line %d: %s has the default %s", i+1, name, got)
			}
		}
	}
	for name := range want {
		t.Errorf("%s is in the code only", name)
	}
}

// TestExampleFileIsRight takes the # off every line: nothing of it may be refused
// but the secrets that the environment lacks.
func TestExampleFileIsRight(t *testing.T) {
	data, err := os.ReadFile("../../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	for i, line := range lines {
		if settingLine.MatchString(line) {
			lines[i] = strings.TrimPrefix(line, "#")
		}
	}
	names := regexp.MustCompile(`env:([A-Z_]+)"`).FindAllStringSubmatch(string(data), -1)
	var environ []string
	for _, n := range names {
		environ = append(environ, n[1]+"="+strings.Repeat("x", 64))
	}
	_, problems := Parse("config.example.toml", []byte(strings.Join(lines, "\n")), environ)
	problems = slices.DeleteFunc(problems, func(p Problem) bool {
		return p.Warning || p.Key == "web.acme_hosts"
	})
	if err := problems.Err(); err != nil {
		t.Errorf("problems:\n%v", err)
	}

	_, problems = Parse("config.example.toml", data, nil)
	if len(problems) > 0 {
		t.Errorf("as it stands: %v", problems)
	}
}
