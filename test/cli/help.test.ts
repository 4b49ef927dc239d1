import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaText, SCHEMA_NAMES } from '../../src/source/schemas';
import { describeValues } from '@dozlab/charts/schema';
import { valuesSchema } from '../../src/api/values/schema';
import { REPOSITORY, dozlab } from '../support/cli';
import { dozlabRuns } from '../support/cli-runs';

const COMMAND_LINES: readonly (readonly string[])[] = [
  ['explain'],
  ['explain', 'firecracker.vm.memory'],
  ['explain', 'rootfs.imageUrl'],
  ['explain', 'priorityClassName'],
  ['explain', 'firecracker.vm'],
  ...SCHEMA_NAMES.map((name) => ['schema', name]),
  ['--version'],
  ['--help'],
  ['synth', '--help'],
];
const runs = dozlabRuns(COMMAND_LINES);

/** What the program prints for one of the command lines above. */
const printed = (...args: string[]): string => {
  const run = runs[COMMAND_LINES.findIndex((line) => line.join(' ') === args.join(' '))];
  expect(run).toMatchObject({ status: 0, stderr: '' });
  return run?.stdout ?? '';
};

describe('dozlab explain', () => {
  test('without a path lists all sections', () => {
    const first = printed('explain').trimEnd().split('\n').map((line) => line.split(' ')[0]); // prettier-ignore
    expect(first).toEqual(describeValues(valuesSchema).map(({ path }) => path).filter((path) => !path.includes('.'))); // prettier-ignore
  });

  test('a value: type, unit, default and meaning', () => {
    const text = printed('explain', 'firecracker.vm.memory');
    for (const part of ['firecracker.vm.memory', 'whole number', 'MiB', 'Default: 1024', 'Memory of the microVM.'])
      expect(text).toContain(part);
    expect(printed('explain', 'rootfs.imageUrl')).toContain('Required.');
    expect(printed('explain', 'priorityClassName')).toContain('Not set by default.');
  });

  test('a section with all that is in it', () => {
    const text = printed('explain', 'firecracker.vm');
    expect(text).toContain('firecracker.vm.cpuCount');
    expect(text).toContain('firecracker.vm.memory');
    expect(text).not.toContain('firecracker.devices');
  });
});

describe('dozlab schema', () => {
  test.each(SCHEMA_NAMES)('%s is printed as JSON', (name) => {
    expect(printed('schema', name)).toBe(schemaText(name));
  });
});

describe('the program itself', () => {
  test('--version', () => {
    const manifest = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { version: string };
    expect(printed('--version')).toBe(`${manifest.version}\n`);
  });

  test('--help lists the commands, and that of a command its options', () => {
    const help = printed('--help');
    for (const command of ['init', 'synth', 'validate', 'render', 'explain', 'schema', 'completion'])
      expect(help).toMatch(new RegExp(`^  dozlab ${command}\\b`, 'm'));
    const synth = printed('synth', '--help');
    for (const option of ['--project', '--check', '--dry-run']) expect(synth).toContain(option);
  });

  test('completion in the shell', () => {
    const completed = (...args: string[]): string[] => {
      const { status, stdout } = dozlab(args);
      expect(status).toBe(0);
      return stdout.split('\n');
    };
    expect(completed('completion').join('\n')).toContain('--get-yargs-completions');
    const commands = completed('--get-yargs-completions', 'dozlab', 'sch');
    expect(commands).toEqual(expect.arrayContaining(['schema', 'synth', 'validate']));
    const names = completed('--get-yargs-completions', 'dozlab', 'schema', '');
    expect(names).toEqual(expect.arrayContaining([...SCHEMA_NAMES]));
    const options = completed('--get-yargs-completions', 'dozlab', 'synth', '--');
    expect(options).toEqual(expect.arrayContaining(['--check', '--dry-run', '--project']));
  });
});
