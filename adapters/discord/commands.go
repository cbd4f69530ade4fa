package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"

	"kapbot/adapters/discord/rest"
	"kapbot/bot"
)

// spanish are Discord's codes for what we have in Spanish.
var spanish = []discordgo.Locale{discordgo.SpanishES, "es-419"}

// Commands are the commands to register: /kap with its sub-commands, and
// "Answer this question" in the menu of a message. They work in servers, in direct
// messages and in private channels, installed in a server or by a person.
func Commands() []*discordgo.ApplicationCommand {
	text := func(key string, required, completed bool) *discordgo.ApplicationCommandOption {
		o := named(key, discordgo.ApplicationCommandOptionString)
		o.Required, o.Autocomplete = required, completed
		return o
	}
	sub := func(key string, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
		o := named(key, discordgo.ApplicationCommandOptionSubCommand)
		o.Options = options
		return o
	}
	question := text("question", true, true)
	question.MaxLength = 1000
	kap := everywhere("kap", discordgo.ChatApplicationCommand)
	kap.Options = []*discordgo.ApplicationCommandOption{
		sub("ask", question, named("public", discordgo.ApplicationCommandOptionBoolean)),
		sub("topics"),
		sub("evidence", text("condition", false, true)),
		sub("checklist"),
		sub("help"),
		sub("settings"),
	}
	answerThis := everywhere("answer_this", discordgo.MessageApplicationCommand)
	moderators := int64(manageMessages)
	answerThis.DefaultMemberPermissions = &moderators
	return []*discordgo.ApplicationCommand{kap, answerThis}
}

func everywhere(key string, kind discordgo.ApplicationCommandType) *discordgo.ApplicationCommand {
	word, names, texts := words(key)
	c := &discordgo.ApplicationCommand{Type: kind, Name: word.Name, NameLocalizations: &names}
	if kind == discordgo.ChatApplicationCommand {
		c.Description, c.DescriptionLocalizations = word.Text, &texts
	}
	c.Contexts = &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM, discordgo.InteractionContextPrivateChannel}
	c.IntegrationTypes = &[]discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall, discordgo.ApplicationIntegrationUserInstall}
	return c
}

func named(key string, kind discordgo.ApplicationCommandOptionType) *discordgo.ApplicationCommandOption {
	word, names, texts := words(key)
	return &discordgo.ApplicationCommandOption{Type: kind, Name: word.Name, Description: word.Text, NameLocalizations: names, DescriptionLocalizations: texts}
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
	for pause := a.o.Again; ; pause = min(2*pause, 10*time.Minute) {
		err := a.api.Do(ctx, rest.Request{Method: http.MethodPut, Path: path, Body: commands}, nil)
		if err == nil {
			a.o.Log.Info("commands registered", "adapter", name, "where", where)
			return a.keepHash(ctx, key, hash)
		}
		if ctx.Err() != nil {
			return nil
		}
		a.o.Log.Error("commands not registered, trying again", "adapter", name, "error", err, "wait", pause)
		if wait(ctx, pause) != nil {
			return nil
		}
	}
}

// keepHash notes what is registered. If it fails, the next start registers again.
func (a *Adapter) keepHash(ctx context.Context, key, hash string) error {
	if err := a.o.Store.SetSetting(ctx, commandScope, key, []byte(hash)); err != nil {
		a.o.Log.Warn("registration not noted", "adapter", name, "error", err)
	}
	return nil
}
