import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { REPOSITORY } from './support/cli';
import { temporaryFolder } from './support/project';

jest.setTimeout(300_000);

const COPIED = [
  'bench',
  'bin',
  'build',
  'images',
  'imports',
  'package-lock.json',
  'package.json',
  'packages',
  'scripts',
  'src',
  'THIRD-PARTY-NOTICES',
  'tsconfig.build.json',
  'tsconfig.json',
];

/** A copy of the repository as it is built, with the same libraries. */
function copyOfRepository(): string {
  const folder = temporaryFolder();
  for (const name of COPIED) cpSync(join(REPOSITORY, name), join(folder, name), { recursive: true });
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function run(folder: string, ...args: string[]): Promise<{ status: unknown; output: string }> {
  const child = spawn(process.execPath, args, { cwd: folder });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const [status] = (await once(child, 'close')) as [unknown];
  return { status, output };
}

const build = (folder: string) => run(folder, 'scripts/build.mjs');

const programFiles = (folder: string): string[] => readdirSync(join(folder, 'build', 'program')).sort();

test('a build of unchanged sources writes nothing', async () => {
  const folder = copyOfRepository();
  const before = programFiles(folder);
  expect(await build(folder)).toEqual({ status: 0, output: '' });
  expect(programFiles(folder)).toEqual(before);
});

test('the CLI works all the time while two builds run', async () => {
  const folder = copyOfRepository();
  const schema = join(folder, 'src', 'cli', 'commands', 'schema.ts');
  const change = (name: string) => appendFileSync(schema, `\n(globalThis as { ${name}?: number }).${name} = 1;\n`);
  const before = programFiles(folder);
  const folders = readdirSync(join(folder, 'build'));
  let isBuilding = true;
  const runs: { status: unknown; output: string }[] = [];
  const use = async () => {
    while (isBuilding) {
      runs.push(await run(folder, 'bin/dozlab', '--version'));
      runs.push(await run(folder, 'bin/dozlab', 'schema', 'lab'));
      await setTimeout(250);
    }
  };
  const using = use();
  change('first');
  const first = build(folder);
  await setTimeout(500);
  change('second');
  const second = build(folder);
  expect(await Promise.all([first, second])).toEqual([1, 2].map(() => ({ status: 0, output: '' })));
  isBuilding = false;
  await using;
  expect(runs.filter(({ status }) => status !== 0)).toEqual([]);
  expect(runs.length).toBeGreaterThan(0);
  // A program that started before may still load chunks of its own build.
  expect(programFiles(folder)).toEqual(expect.arrayContaining(before));
  expect(programFiles(folder).length).toBeGreaterThan(before.length);
  expect(readdirSync(join(folder, 'build'))).toEqual(folders);
  expect(readFileSync(join(folder, 'build', 'program', '.npmignore'), 'utf8').split('\n').length).toBeLessThan(
    programFiles(folder).length,
  );
});
