import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../support/cli';
import { temporaryFolder } from '../support/project';

const manifest = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly files: readonly string[];
};

/** What is in the package, without the libraries that npm would put beside it. */
function unpacked(): string {
  const folder = temporaryFolder();
  const without = manifest.files.filter((name) => name.startsWith('!')).map((name) => join(REPOSITORY, name.slice(1)));
  for (const name of ['package.json', ...manifest.files.filter((file) => !file.startsWith('!'))])
    cpSync(join(REPOSITORY, name), join(folder, name), {
      recursive: true,
      filter: (source) => !without.includes(source),
    });
  return folder;
}

const folder = unpacked();

test('the program of the package needs nothing beside it', () => {
  const project = temporaryFolder();
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'bin', 'dozlab'), ...args], {
      cwd: project,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  expect(run('--version')).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  expect(run('init')).toMatchObject({ status: 0 });
  expect(run('synth')).toMatchObject({ status: 0 });
  expect(run('synth', '--check')).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('dist/ is fresh') as string,
  });
  expect(run('validate')).toMatchObject({ status: 0 });
});

test('what only the next build needs is not in the package', () => {
  expect(existsSync(join(REPOSITORY, 'build', '.tsbuildinfo'))).toBe(true);
  expect(existsSync(join(folder, 'build', '.tsbuildinfo'))).toBe(false);
});
