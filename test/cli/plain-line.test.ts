import { execFileSync } from 'node:child_process';
import type { Options } from 'yargs';
import { plainOptions } from '../../src/cli/plain-line';
import { outputOption, projectOption } from '../../src/cli/command';
import { REPOSITORY } from '../support/cli';

const OPTIONS: Readonly<Record<string, Options>> = {
  ...projectOption,
  ...outputOption,
  check: { type: 'boolean', describe: 'Check', conflicts: 'dry-run' },
  'dry-run': { type: 'boolean', describe: 'Write nothing' },
};

/** Prints what yargs makes of command lines: it is an ES module. */
const PROGRAM = `
import yargs from 'yargs';
const [options, lines] = JSON.parse(process.argv[1]);
const parsed = lines.map((line) => yargs(line).options(options).strict().help(false).version(false).parse());
console.log(JSON.stringify(parsed));
`;

/** The options of command lines by yargs, by the names that commands know them by. */
function byYargs(lines: readonly (readonly string[])[]): Record<string, unknown>[] {
  const args = ['--input-type=module', '-e', PROGRAM, JSON.stringify([OPTIONS, lines])];
  const printed = execFileSync(process.execPath, args, { cwd: REPOSITORY, encoding: 'utf8' });
  return (JSON.parse(printed) as Record<string, unknown>[]).map(
    ({ _, $0: _name, o: _alias, 'dry-run': _dryRun, ...options }) => {
      expect(_).toEqual([]);
      return options;
    },
  );
}

const PLAIN: readonly string[][] = [
  [],
  ['--check'],
  ['--dry-run'],
  ['--project', 'labs'],
  ['--project=labs', '--check'],
  ['--project=a=b'],
  ['-o', 'json'],
  ['--output', 'text', '--project', '../my labs'],
  ['--output=json'],
];

/** Right or wrong, but not plainly so. */
const OTHERS: readonly string[][] = [
  ['--check', '--dry-run'],
  ['--check', '--check'],
  ['--project', 'a', '--project', 'b'],
  ['--project'],
  ['--project='],
  ['--project', '--check'],
  ['--check=true'],
  ['--no-check'],
  ['--dryRun'],
  ['-o', 'yaml'],
  ['-o=json'],
  ['-ojson'],
  ['--help'],
  ['extra'],
  ['--', 'extra'],
  ['--chekc'],
  ['--get-yargs-completions'],
];

test('what is plainly right is understood as yargs understands it', () => {
  expect(PLAIN.map((args) => plainOptions(args, OPTIONS))).toEqual(byYargs(PLAIN));
});

test.each(OTHERS.map((args) => [args]))('%j is left to yargs', (args) => {
  expect(plainOptions(args, OPTIONS)).toBeUndefined();
});

test('a command with an option that says more of itself is left to yargs', () => {
  expect(plainOptions([], { ...OPTIONS, set: { type: 'string', array: true } })).toBeUndefined();
  expect(plainOptions([], { ...OPTIONS, file: { type: 'string', demandOption: true } })).toBeUndefined();
});
