import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { REPOSITORY } from './support/cli';
import { temporaryFolder } from './support/project';

/** cdk8s.yaml and the CRDs in a new folder, where `cdk8s import` is run. */
function imported(): { status: number | null; files: Map<string, string> } {
  const folder = temporaryFolder();
  for (const name of ['cdk8s.yaml', 'imports/crds'])
    cpSync(join(REPOSITORY, name), join(folder, name), { recursive: true });
  const { status } = spawnSync(process.execPath, [CDK8S, '--no-check-upgrade', 'import'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, files: filesIn(join(folder, 'imports')) };
}

const CDK8S = join(REPOSITORY, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');

const filesIn = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

test('cdk8s import writes imports/ as it is', () => {
  const { status, files } = imported();
  expect(status).toBe(0);
  expect(files).toEqual(filesIn(join(REPOSITORY, 'imports')));
});

test('cdk8s.yaml lists all CRDs', () => {
  const { imports } = parse(readFileSync(join(REPOSITORY, 'cdk8s.yaml'), 'utf8')) as { imports: string[] };
  expect(imports).toEqual(
    readdirSync(join(REPOSITORY, 'imports/crds'))
      .sort()
      .map((name) => `imports/crds/${name}`),
  );
});
