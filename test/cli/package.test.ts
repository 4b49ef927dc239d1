import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../support/cli';
import { manifest, unpackedPackage } from '../support/package';
import { temporaryFolder } from '../support/project';

const folder = unpackedPackage();

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
