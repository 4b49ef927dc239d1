import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './support/cli';
import { addFiles, temporaryFolder } from './support/project';

const check = (folder: string, ...sources: string[]) =>
  spawnSync(
    process.execPath,
    [
      join(REPOSITORY, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      ...sources,
    ],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, FORCE_COLOR: undefined } },
  );

test('imports go one way', () => {
  const { status, stdout } = check(REPOSITORY, 'src', 'packages', 'images');
  expect(stdout).toContain('no dependency violations found');
  expect(status).toBe(0);
});

test('dependency-cruiser finds an import of a later layer, and a cycle', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'packages/charts'), { recursive: true });
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json', 'packages/charts/package.json'])
    copyFileSync(join(REPOSITORY, file), join(folder, file));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  addFiles(folder, {
    'packages/charts/src/index.ts': 'export {};\n',
    'src/api/tree.ts': "import { run } from '../cli/run';\nexport const tree = run;\n",
    'src/cli/run.ts': "import { tree } from '../api/tree';\nexport const run = (): unknown => tree;\n",
  });
  const { status, stdout } = check(folder, 'src', 'packages');
  expect(status).not.toBe(0);
  expect(stdout).toContain('api-imports-only-earlier-layers: src/api/tree.ts → src/cli/run.ts');
  expect(stdout).toContain('no-cycles');
});
