// The commands that the documentation shows: that each npm script exists, and
// that the program knows each command and option.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, root } from './process.mjs';
import { filesBelow, PROGRAM } from './state.mjs';

/** Commands of all fenced shell blocks, one a line, without prompt, comment and continuation. */
export function shellCommands(markdown) {
  const blocks = [...markdown.matchAll(/^```(?:sh|bash|shell|console)\n(.*?)^```/gms)].map(
    ([, text]) => text,
  );
  return blocks.flatMap((text) =>
    text
      .replace(/\\\n\s*/g, ' ')
      .split('\n')
      .map((line) =>
        line
          .replace(/^\s*[$#] /, '')
          .replace(/\s#\s.*$/, '')
          .trim(),
      )
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
}

const help = new Map();
/** What `rtpsonde SUBCOMMAND --help` prints, or null when there is no such command. */
function helpOf(subcommand) {
  if (!help.has(subcommand)) {
    const words = subcommand === '' ? [] : [subcommand];
    const { status, stdout } = capture(process.execPath, [join(root, PROGRAM), ...words, '--help']);
    // For a command that it does not know the program shows its general help.
    const known = status === 0 && stdout.startsWith(['Usage: rtpsonde', ...words].join(' '));
    help.set(subcommand, known ? stdout : null);
  }
  return help.get(subcommand);
}

function faultOfScript(name, scripts) {
  return scripts[name === 't' ? 'test' : name] === undefined ? `package.json has no script ${name}` : null;
}

function faultOfUse(words) {
  const subcommand = /^[a-z][a-z-]*$/.test(words[0]) ? words[0] : '';
  const text = helpOf(subcommand);
  if (text === null) return `the program has no command ${subcommand}`;
  const known = new Set(text.match(/--[\w-]+/g));
  const unknown = words
    .map((word) => /^--\w[\w-]*/.exec(word)?.[0])
    .find((option) => option && !known.has(option));
  return unknown === undefined ? null : `${subcommand || 'the program'} has no option ${unknown}`;
}

/** What is wrong with one command line, as a list of reasons. */
function faultsOf(line, scripts) {
  const faults = line.split(/&&|[;|]/).map((part) => {
    const command = part.trim().replace(/^(sudo|npx|time) +/, '');
    const [, short, long] = /^npm (?:(start|test|t)|run ([\w:-]+))\b/.exec(command) ?? [];
    if (short ?? long) return faultOfScript(short ?? long, scripts);
    const use = /^(?:rtpsonde|node dist\/main\.js) +([^>]*)/.exec(command);
    return use === null ? null : faultOfUse(use[1].trim().split(/\s+/));
  });
  return faults.filter((fault) => fault !== null);
}

/** Every command of README.md and docs/ that does not exist, as `file: command: reason`. */
export function unknownCommands() {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const pages = [
    'README.md',
    ...filesBelow('docs').filter((path) => path.endsWith('.md') && !path.includes('/decisions/')),
  ];
  if (!existsSync(join(root, 'README.md'))) return ['README.md is not there'];
  return pages.flatMap((page) =>
    shellCommands(readFileSync(join(root, page), 'utf8')).flatMap((line) =>
      faultsOf(line, scripts).map((reason) => `${page}: ${line}: ${reason}`),
    ),
  );
}
