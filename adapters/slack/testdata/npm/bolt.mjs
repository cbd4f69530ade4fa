// Slack's own framework against the fake Slack, so that the fake is not a world of
// its own. Started by TestFakeSpeaksBolt, which delivers events and looks at what
// comes back.
//
//   SLACK_API_URL=http://127.0.0.1:…/api/ node bolt.mjs socket
//   SLACK_API_URL=… PORT=… SIGNING_SECRET=… node bolt.mjs http
import { App, LogLevel } from '@slack/bolt';

const socketMode = process.argv[2] !== 'http';
const app = new App({
  token: 'xoxb-1',
  ...(socketMode ? { appToken: 'xapp-1', socketMode: true } : { signingSecret: process.env.SIGNING_SECRET }),
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
  logLevel: LogLevel.ERROR,
});

app.event('app_mention', async ({ event, say }) => {
  await say({ text: `mention ${event.text}`, thread_ts: event.ts, metadata: { event_type: 'bolt', event_payload: { event_id: 'x' } } });
});

app.message(async ({ message, client }) => {
  const replies = await client.conversations.replies({ channel: message.channel, ts: message.ts, include_all_metadata: true }).catch((e) => ({ ok: false, error: e.data?.error }));
  await client.chat.postMessage({ channel: message.channel, text: `message ${message.text} ${replies.ok ? 'found' : replies.error}` });
});

app.command('/kap', async ({ command, ack, respond }) => {
  await ack({ response_type: 'ephemeral', text: `acked ${command.text}` });
  await respond({ response_type: 'in_channel', text: `responded ${command.text}` });
});

app.action('pressed', async ({ body, ack, client, respond }) => {
  await ack();
  await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: 'updated' });
  await respond({ replace_original: true, text: 'replaced' });
});

app.shortcut('answer_with_kap', async ({ shortcut, ack, client }) => {
  await ack();
  await client.views.open({
    trigger_id: shortcut.trigger_id,
    view: {
      type: 'modal', callback_id: 'preview', title: { type: 'plain_text', text: 'KAP' }, submit: { type: 'plain_text', text: 'Post' },
      blocks: [{ type: 'section', text: { type: 'plain_text', text: shortcut.message.text } }],
    },
  });
});

app.view('preview', async ({ ack }) => {
  await ack({ response_action: 'clear' });
});

app.event('app_home_opened', async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'divider' }] } });
});

app.error(async (error) => {
  console.error(error);
});

await app.start(socketMode ? undefined : Number(process.env.PORT));
console.log('ready');
process.stdin.resume();
process.stdin.on('end', async () => {
  await app.stop();
  process.exit(0);
});
