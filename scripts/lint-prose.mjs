// Checks the words of README, docs and help texts against the word list in .textlintrc.json.
// textlint skips code blocks, so the help texts of docs/commands.md are checked as plain text.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const textlint = join(dirname(createRequire(import.meta.url).resolve('textlint/package.json')), 'bin/textlint.js');

/** Runs textlint and gives whether it found nothing. */
function check(args, input) {
  const { status } = spawnSync(process.execPath, [textlint, ...args], {
    cwd: root,
    input,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  return status === 0;
}

const pages = [
  '*.md',
  'docs/*.md',
  'fluxcd/*.md',
  'packages/*/README.md',
  'images/README.md',
  'images/*/README.md',
  'test/**/README.md',
];
const help = Array.from(
  readFileSync(join(root, 'docs/commands.md'), 'utf8').matchAll(/^```text\n(.*?)^```/gms),
  ([, text]) => text,
).join('\n');

const results = [check(pages), check(['--stdin', '--stdin-filename', 'docs/commands.txt'], help)];
process.exitCode = results.every(Boolean) ? 0 : 1;
