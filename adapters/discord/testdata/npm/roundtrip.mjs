// Connects discord.js to the fake: what it accepts as Discord, the fake does as Discord does.
//
//   node roundtrip.mjs API TOKEN
import { Client, GatewayIntentBits, Partials, MessageFlags } from 'discord.js';

const [api, token] = process.argv.slice(2);
const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages, GatewayIntentBits.MessageContent],
  partials: [Partials.Channel],
  rest: { api, version: '10' },
});
client.on('messageCreate', async (m) => {
  if (m.author.bot) return;
  const sent = await m.reply({ content: `heard ${m.content}`, allowedMentions: { parse: [] } });
  if (m.content === 'edit') await sent.edit('edited');
  if (m.content === 'delete') await sent.delete();
});
client.on('interactionCreate', async (i) => {
  if (i.isAutocomplete()) return i.respond([{ name: 'one', value: '1' }]);
  if (i.isChatInputCommand()) {
    await i.deferReply({ flags: MessageFlags.Ephemeral });
    await i.editReply('later');
    await i.followUp({ content: 'after', flags: MessageFlags.Ephemeral });
  }
  if (i.isButton()) await i.update('pressed');
});
client.on('clientReady', async () => {
  await client.application.commands.set([{ name: 'kap', description: 'x' }]);
  console.log('ready');
});
client.on('shardResume', () => console.log('resumed'));
client.on('error', (e) => console.error(e));
process.on('unhandledRejection', (e) => { console.error(e); process.exit(1); });
await client.login(token);
