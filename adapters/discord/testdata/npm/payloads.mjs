// Checks messages and commands: their shape against discord-api-types with tsc,
// their lengths and combinations against @discordjs/builders.
//
//   node payloads.mjs commands.json golden/*.json
//
// A file whose name begins with "callback" is an interaction's first answer.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createComponentBuilder, SlashCommandAssertions, ContextMenuCommandAssertions } from '@discordjs/builders';

const here = dirname(fileURLToPath(import.meta.url));
const [commandsFile, ...files] = process.argv.slice(2);
const problems = [];
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

// literal writes JSON as TypeScript. Flags are a set of bits, and a string enum
// takes its members only, so both are written as what they stand for.
function literal(value, key) {
  if (key === 'flags') return `flags(${value})`;
  if (key === 'type' && value === 'channel') return 'SelectMenuDefaultValueType.Channel';
  if (Array.isArray(value)) return `[${value.map((v) => literal(v)).join(', ')}]`;
  if (value && typeof value === 'object') {
    return `{ ${Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${literal(v, k)}`).join(', ')} }`;
  }
  return JSON.stringify(value);
}

const isCallback = (file) => basename(file).startsWith('callback');

function checkShapes() {
  const lines = [
    "import type { APIInteractionResponse, MessageFlags, RESTPostAPIChannelMessageJSONBody, RESTPutAPIApplicationCommandsJSONBody } from 'discord-api-types/v10';",
    "import { SelectMenuDefaultValueType } from 'discord-api-types/v10';",
    'const flags = (n: number): MessageFlags => n as MessageFlags;',
    `export const commands: RESTPutAPIApplicationCommandsJSONBody = ${literal(read(commandsFile))};`,
  ];
  files.forEach((file, i) => {
    const type = isCallback(file) ? 'APIInteractionResponse' : 'RESTPostAPIChannelMessageJSONBody';
    lines.push(`// ${basename(file)}`, `export const payload${i}: ${type} = ${literal(read(file))};`);
  });
  const dir = mkdtempSync(join(here, '.check-'));
  try {
    writeFileSync(join(dir, 'payloads.ts'), lines.join('\n') + '\n');
    execFileSync(process.execPath, [join(here, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--skipLibCheck',
      '--target', 'es2022', '--module', 'nodenext', '--moduleResolution', 'nodenext', join(dir, 'payloads.ts')], { encoding: 'utf8' });
  } catch (e) {
    problems.push(`tsc:\n${e.stdout}`);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function checkMessages() {
  for (const file of files) {
    const payload = read(file);
    for (const component of (isCallback(file) ? payload.data?.components : payload.components) ?? []) {
      try {
        createComponentBuilder(component).toJSON();
      } catch (e) {
        problems.push(`${basename(file)}: ${e.message}`);
      }
    }
  }
}

function checkOption(option, path) {
  try {
    SlashCommandAssertions.validateRequiredParameters(option.name, option.description, option.options ?? []);
    for (const [locale, name] of Object.entries(option.name_localizations ?? {})) {
      SlashCommandAssertions.validateLocale(locale);
      SlashCommandAssertions.validateName(name);
    }
    for (const text of Object.values(option.description_localizations ?? {})) SlashCommandAssertions.validateDescription(text);
    SlashCommandAssertions.validateMaxOptionsLength(option.options ?? []);
  } catch (e) {
    problems.push(`${path}: ${e.message}`);
  }
  for (const child of option.options ?? []) checkOption(child, `${path} ${child.name}`);
}

function checkCommands() {
  for (const command of read(commandsFile)) {
    if (command.type === 1) {
      checkOption(command, `/${command.name}`);
      continue;
    }
    try {
      ContextMenuCommandAssertions.validateName(command.name);
      ContextMenuCommandAssertions.validateType(command.type);
    } catch (e) {
      problems.push(`${command.name}: ${e.message}`);
    }
  }
}

checkShapes();
checkMessages();
checkCommands();
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(`${files.length} payloads and the commands are right`);
