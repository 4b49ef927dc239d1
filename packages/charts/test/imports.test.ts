import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PACKAGE, REPOSITORY } from './support/compile';

/** The lines that dependency-cruiser prints of the packages of a folder. */
function violations(folder: string): string[] {
  const program = join(REPOSITORY, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { stdout } = spawnSync(process.execPath, [program, '--config', '.dependency-cruiser.cjs', 'packages/charts'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: undefined },
  });
  return stdout.split('\n').filter((line) => line.trim() !== '');
}

it('the package imports itself and its dependencies only', () => {
  expect(violations(REPOSITORY)).toEqual([expect.stringContaining('no dependency violations found')]);
});

it('a lab, a file outside of the package and a package that is not declared are found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'charts-imports-'));
  try {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json', 'packages/charts/package.json']) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      copyFileSync(join(REPOSITORY, file), join(folder, file));
    }
    symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
    write('src/lab.ts', 'export const lab = 1;\n');
    write('packages/other/src/other.ts', 'export const other = 1;\n');
    write('packages/charts/src/one.ts', "import { lab } from '../../../src/lab';\nexport const one = lab;\n");
    write('packages/charts/src/two.ts', "import { other } from '../../other/src/other';\nexport const two = other;\n");
    write('packages/charts/src/three.ts', "import yargs from 'yargs';\nexport const three = yargs;\n");
    write('packages/charts/src/four.ts', "import { z } from 'zod';\nexport const four = z;\n");
    write('packages/charts/test/five.ts', "import { lab } from '../../../src/lab';\nexport const five = lab;\n");

    const rule = 'charts-imports-itself-and-its-dependencies';
    const found = violations(folder);
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringContaining(`${rule}: packages/charts/src/one.ts → src/lab.ts`),
        expect.stringContaining(`${rule}: packages/charts/src/two.ts → packages/other/src/other.ts`),
        expect.stringContaining(`${rule}: packages/charts/src/three.ts → `),
        expect.stringContaining('charts-tests-import-no-lab: packages/charts/test/five.ts → src/lab.ts'),
      ]),
    );
    expect(found.join('\n')).not.toContain('four.ts');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('every dependency is used', () => {
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(
    readFileSync(join(PACKAGE, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string> | undefined>;
  const sources = readdirSync(join(PACKAGE, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(PACKAGE, 'src', name), 'utf8'))
    .join('\n');
  const names = Object.keys({ ...dependencies, ...peerDependencies });
  expect(names.filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
});
