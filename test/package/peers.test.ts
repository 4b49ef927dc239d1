import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../support/cli';
import { compile, installedVersion, runCommonJs, runModule, type ConsumerOutput } from '../support/consumer';
import { manifest } from '../support/package';
import { addFiles, projectWith, temporaryFolder } from '../support/project';

/** The packed package beside other versions of its peers, as npm installs them from its registry. */

const PEERS = { ...manifest.peerDependencies, ...manifest.dependencies };

/** The archive that a npm makes. */
function packedBy(npm: string): string {
  const folder = temporaryFolder();
  const args = ['exec', '--yes', `--package=npm@${npm}`, '--', 'npm', 'pack', '--silent', '--pack-destination', folder];
  const output = execFileSync('npm', args, { cwd: REPOSITORY, encoding: 'utf8' });
  return join(folder, output.trim().split('\n').at(-1) ?? '');
}

const archive = packedBy('11');

/** The oldest version in a range of npm's registry, and the newest. */
function ends(name: string, range: string): [oldest: string, newest: string] {
  const output = execFileSync('npm', ['view', `${name}@${range}`, 'version', '--json'], { encoding: 'utf8' });
  const versions = [JSON.parse(output)].flat() as string[];
  const parts = (version: string): number[] => version.split('.').map(Number);
  const sorted = versions.sort((one, other) => {
    const [a, b] = [parts(one), parts(other)];
    const index = a.findIndex((part, at) => part !== b[at]);
    return (a[index] ?? 0) - (b[index] ?? 0);
  });
  return [sorted.at(0) ?? '', sorted.at(-1) ?? ''];
}

const ENDS = Object.entries(PEERS).map(([name, range]) => [name, ends(name, range)] as const);

const APPS: readonly (readonly [name: string, versions: Readonly<Record<string, string>>])[] = [
  ['the oldest versions', Object.fromEntries(ENDS.map(([name, [oldest]]) => [name, oldest]))],
  ['the newest versions', Object.fromEntries(ENDS.map(([name, [, newest]]) => [name, newest]))],
  ['an app that has cdk8s and constructs alone', { cdk8s: '2.70.100', constructs: '10.4.2' }],
];

function install(folder: string, ...packages: readonly string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', ...packages], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stderr };
}

const outputs: ConsumerOutput[] = [];

describe.each(APPS)('%s', (_, versions) => {
  const app = projectWith({
    'package.json': JSON.stringify({ name: 'app', version: '1.0.0', dependencies: versions }),
  });

  beforeAll(() => {
    const { status, stderr } = install(app, archive);
    if (status !== 0) throw new Error(stderr);
  });

  test('each is there once', () => {
    const output = execFileSync(
      'npm',
      [
        'query',
        Object.keys(PEERS)
          .map((name) => `#${name}`)
          .join(', '),
      ],
      {
        cwd: app,
        encoding: 'utf8',
      },
    );
    const found = (JSON.parse(output) as { location: string }[]).map(({ location }) => location);
    expect(found.sort()).toEqual(
      Object.keys(PEERS)
        .sort()
        .map((name) => `node_modules/${name}`),
    );
    for (const [name, version] of Object.entries(versions)) expect(installedVersion(app, name)).toBe(version);
  });

  test('the app gives the same as an ES module and as CommonJS', () => {
    outputs.push(runModule(app), runCommonJs(app));
    expect(outputs.at(-1)).toMatchObject({ objects: expect.arrayContaining([expect.anything()]) as unknown });
    expect(new Set(outputs.map((output) => JSON.stringify(output))).size).toBe(1);
  });

  test.each(['node16', 'bundler'] as const)('the app compiles with the module resolution %s', (resolution) => {
    expect(compile(app, resolution)).toEqual({ status: 0, stdout: '' });
  });
});

test('npm refuses a peer that is out of range', () => {
  const app = projectWith({
    'package.json': JSON.stringify({ name: 'app', version: '1.0.0', dependencies: { constructs: '10.2.70' } }),
  });
  const { status, stderr } = install(app, archive);
  expect(status).not.toBe(0);
  expect(stderr).toContain('ERESOLVE');
});

test('npm 10 and npm 11 pack the same files', () => {
  const list = (file: string): string[] =>
    execFileSync('tar', ['-tzf', file], { encoding: 'utf8' }).trimEnd().split('\n').sort();
  expect(list(packedBy('10'))).toEqual(list(archive));
});

test('@dozlab/charts is a package of its own', () => {
  const app = projectWith({ 'package.json': JSON.stringify({ name: 'app', version: '1.0.0' }) });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', app, join(REPOSITORY, 'packages/charts')]);
  expect(install(app, `./dozlab-charts-${manifest.version}.tgz`)).toMatchObject({ status: 0 });
  addFiles(app, {
    'app.mjs': `
      import { defineChart } from '@dozlab/charts';
      import { k8s } from 'cdk8s-plus-28';
      import { z } from 'zod';
      const web = defineChart({
        name: 'web',
        schema: z.strictObject({ name: z.string() }),
        constructs: (scope, view) => new k8s.KubeNamespace(scope, 'namespace', { metadata: { name: view.name } }),
      });
      process.stdout.write(web.text(web.values({ name: 'shop' })));
    `,
  });
  expect(execFileSync(process.execPath, ['app.mjs'], { cwd: app, encoding: 'utf8' })).toContain('name: shop\n');
});

test('npx starts a project with the package alone', () => {
  const folder = projectWith({ 'package.json': JSON.stringify({ name: 'labs', version: '1.0.0' }) });
  expect(install(folder, archive)).toMatchObject({ status: 0 });
  const dozlab = (...args: string[]) => spawnSync('npx', ['dozlab', ...args], { cwd: folder, encoding: 'utf8' });
  expect(dozlab('init')).toMatchObject({ status: 0 });
  expect(dozlab('synth')).toMatchObject({ status: 0 });
  expect(readFileSync(join(folder, 'dozlab.yaml'), 'utf8')).toContain('kind: Project');
});
