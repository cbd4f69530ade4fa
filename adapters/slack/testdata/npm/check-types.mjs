// Checks golden payloads by Slack's own TypeScript types, with tsc.
//
//   node check-types.mjs ../golden
//
// Each payload becomes a typed constant in one file that exists only in memory.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = path.dirname(fileURLToPath(import.meta.url));
const golden = path.resolve(process.argv[2] ?? path.join(here, '..', 'golden'));

const argumentsOf = {
  'chat.postMessage': 'ChatPostMessageArguments',
  'chat.postEphemeral': 'ChatPostEphemeralArguments',
  'chat.update': 'ChatUpdateArguments',
  'chat.delete': 'ChatDeleteArguments',
  'views.open': 'ViewsOpenArguments',
  'views.update': 'ViewsUpdateArguments',
  'views.publish': 'ViewsPublishArguments',
  'assistant.threads.setSuggestedPrompts': 'AssistantThreadsSetSuggestedPromptsArguments',
  'assistant.threads.setStatus': 'AssistantThreadsSetStatusArguments',
  response_url: 'RespondArguments',
};
const reading = new Set(['conversations.history', 'conversations.replies', 'conversations.open']);

const lines = [
  "import type { KnownBlock } from '@slack/types';",
  `import type { AppsManifestValidateArguments, ${Object.values(argumentsOf).filter((n) => n !== 'RespondArguments').join(', ')} } from '@slack/web-api';`,
  "import type { RespondArguments } from '@slack/bolt';",
];
const origin = new Map();
let payloads = 0;
let blocks = 0;

function typed(type, value, from) {
  origin.set(lines.length, from);
  lines.push(`export const c${lines.length}: ${type} = ${JSON.stringify(value)};`);
}

for (const name of fs.readdirSync(golden).sort()) {
  const data = JSON.parse(fs.readFileSync(path.join(golden, name), 'utf8'));
  if (name.startsWith('manifest-')) {
    typed("AppsManifestValidateArguments['manifest']", data, name);
    payloads++;
    continue;
  }
  for (const call of data) {
    if (reading.has(call.method)) continue;
    const type = argumentsOf[call.method];
    if (!type) throw new Error(`${name}: no type is known for ${call.method}`);
    typed(type, call.args, `${name}: ${call.method}`);
    payloads++;
    const drawn = call.args.blocks ?? call.args.view?.blocks;
    if (drawn) {
      typed('KnownBlock[]', drawn, `${name}: ${call.method} blocks`);
      blocks += drawn.length;
    }
  }
}

const file = path.join(here, 'golden.ts');
const source = lines.join('\n');
const options = { strict: true, noEmit: true, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, target: ts.ScriptTarget.ES2022, skipLibCheck: true, types: ['node'] };
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists, readFile } = host;
host.fileExists = (f) => path.resolve(f) === file || fileExists.call(host, f);
host.readFile = (f) => (path.resolve(f) === file ? source : readFile.call(host, f));
host.getSourceFile = (f, ...rest) => (path.resolve(f) === file ? ts.createSourceFile(f, source, ts.ScriptTarget.ES2022) : getSourceFile.call(host, f, ...rest));
const program = ts.createProgram([file], options, host);
const found = ts.getPreEmitDiagnostics(program);
for (const d of found) {
  const line = d.file?.fileName === file && d.start !== undefined ? ts.getLineAndCharacterOfPosition(d.file, d.start).line : -1;
  console.error(`${origin.get(line) ?? d.file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(d.messageText, '\n')}`);
}
console.log(`${payloads} payloads with ${blocks} blocks checked by tsc ${ts.version}: ${found.length} faults`);
process.exit(found.length > 0 || payloads === 0 ? 1 : 0);
