package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"kapbot/adapters/discord/rest"
	"kapbot/adapters/internal/pause"
	"kapbot/bot"
)

// spanish are Discord's codes for what we have in Spanish.
var spanish = []discordgo.Locale{discordgo.SpanishES, "es-419"}

// Command is a command to register. discordgo's own type writes null for the
// lists that are empty, which is not what Discord documents.
type Command struct {
	Type             discordgo.ApplicationCommandType       `json:"type"`
	Name             string                                 `json:"name"`
	Names            map[discordgo.Locale]string            `json:"name_localizations,omitempty"`
	Description      string                                 `json:"description,omitempty"`
	Descriptions     map[discordgo.Locale]string            `json:"description_localizations,omitempty"`
	Options          []CommandOption                        `json:"options,omitempty"`
	Permissions      string                                 `json:"default_member_permissions,omitempty"`
	IntegrationTypes []discordgo.ApplicationIntegrationType `json:"integration_types"`
	Contexts         []discordgo.InteractionContextType     `json:"contexts"`
}

// CommandOption is a sub-command, or what a person fills in.
type CommandOption struct {
	Type         discordgo.ApplicationCommandOptionType `json:"type"`
	Name         string                                 `json:"name"`
	Names        map[discordgo.Locale]string            `json:"name_localizations,omitempty"`
	Description  string                                 `json:"description"`
	Descriptions map[discordgo.Locale]string            `json:"description_localizations,omitempty"`
	Required     bool                                   `json:"required,omitempty"`
	Autocomplete bool                                   `json:"autocomplete,omitempty"`
	MaxLength    int                                    `json:"max_length,omitempty"`
	Options      []CommandOption                        `json:"options,omitempty"`
}

// maxQuestion is how long a question may be, in characters.
const maxQuestion = 1000

// Commands are the commands to register: /kap with its sub-commands, and
// "Answer this question" in the menu of a message. They work in servers, in direct
// messages and in private channels, installed in a server or by a person.
func Commands() []Command {
	question := named("question", discordgo.ApplicationCommandOptionString)
	question.Required, question.Autocomplete, question.MaxLength = true, true, maxQuestion
	condition := named("condition", discordgo.ApplicationCommandOptionString)
	condition.Autocomplete = true
	kap := everywhere("kap", discordgo.ChatApplicationCommand)
	kap.Options = []CommandOption{
		sub("ask", question, named("public", discordgo.ApplicationCommandOptionBoolean)),
		sub("topics"),
		sub("evidence", condition),
		sub("checklist"),
		sub("help"),
		sub("settings"),
	}
	answerThis := everywhere("answer_this", discordgo.MessageApplicationCommand)
	answerThis.Permissions = strconv.Itoa(manageMessages)
	return []Command{kap, answerThis}
}

func everywhere(key string, kind discordgo.ApplicationCommandType) Command {
	word, names, texts := words(key)
	c := Command{Type: kind, Name: word.Name, Names: names,
		Contexts:         []discordgo.InteractionContextType{discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM, discordgo.InteractionContextPrivateChannel},
		IntegrationTypes: []discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall, discordgo.ApplicationIntegrationUserInstall}}
	if kind == discordgo.ChatApplicationCommand {
		c.Description, c.Descriptions = word.Text, texts
	}
	return c
}

func named(key string, kind discordgo.ApplicationCommandOptionType) CommandOption {
	word, names, texts := words(key)
	return CommandOption{Type: kind, Name: word.Name, Names: names, Description: word.Text, Descriptions: texts}
}

func sub(key string, options ...CommandOption) CommandOption {
	o := named(key, discordgo.ApplicationCommandOptionSubCommand)
	o.Options = options
	return o
}

// words are a command's name and description in English and in the other languages.
func words(key string) (word bot.CommandWord, names, texts map[discordgo.Locale]string) {
	all := bot.Commands()
	names, texts = map[discordgo.Locale]string{}, map[discordgo.Locale]string{}
	for _, locale := range spanish {
		names[locale], texts[locale] = all["es"][key].Name, all["es"][key].Text
	}
	return all["en"][key], names, texts
}

// commandScope holds a hash of what was registered last, so that a start changes
// nothing at Discord if nothing has changed here.
const commandScope = "discord/commands"

// register tells Discord the commands, in one request, if they have changed. It goes on
// trying beside all else: the commands of the last version work meanwhile.
func (a *Adapter) register(ctx context.Context) error {
	commands := Commands()
	raw, err := json.Marshal(commands)
	if err != nil {
		return fmt.Errorf("encode commands: %w", err)
	}
	sum := sha256.Sum256(raw)
	hash := hex.EncodeToString(sum[:])
	where, path := "global", "applications/"+a.o.ApplicationID+"/commands"
	if a.o.Guild != "" {
		where, path = a.o.Guild, "applications/"+a.o.ApplicationID+"/guilds/"+a.o.Guild+"/commands"
	}
	key := a.o.ApplicationID + "/" + where
	if kept, err := a.o.Store.Setting(ctx, commandScope, key); err == nil && string(kept) == hash {
		return nil
	}
	for wait := a.o.Again; ; wait = min(2*wait, 10*time.Minute) {
		err := a.api.Do(ctx, rest.Request{Method: http.MethodPut, Path: path, Body: commands}, nil)
		if err == nil {
			a.o.Log.Info("commands registered", "where", where)
			return a.keepHash(ctx, key, hash)
		}
		if ctx.Err() != nil {
			return nil
		}
		a.o.Log.Error("commands not registered, trying again", "error", err, "wait", wait)
		if pause.For(ctx, wait) != nil {
			return nil
		}
	}
}

// keepHash notes what is registered. If it fails, the next start registers again.
func (a *Adapter) keepHash(ctx context.Context, key, hash string) error {
	if err := a.o.Store.SetSetting(ctx, commandScope, key, []byte(hash)); err != nil {
		a.o.Log.Warn("registration not noted", "error", err)
	}
	return nil
}
