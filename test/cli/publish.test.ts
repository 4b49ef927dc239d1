import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { dozlabIn, git } from '../support/git';
import { addFiles, lab, projectWith, session, temporaryFolder } from '../support/project';
import { commit, committed, published, publishedFiles, registry, runPublish, synthIn } from '../support/published';
import type { Run } from '../support/cli-runs';

const LOGIN = { username: 'teacher', password: 'hunter2-hunter2' };

/** Puts a login where docker login does, and publishes. */
async function publishAs(folder: string, { username, password }: typeof LOGIN): Promise<Run> {
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const before = process.env['DOCKER_CONFIG'];
  process.env['DOCKER_CONFIG'] = projectWith({
    'config.json': JSON.stringify({ auths: { [registry.host]: { auth } } }),
  });
  const run = await runPublish(folder);
  process.env['DOCKER_CONFIG'] = before;
  return run;
}

test('each cohort is pushed once, then only what changed', async () => {
  const folder = committed();
  expect(await published(folder)).toEqual({ one: 'pushed', two: 'pushed' });
  expect([...registry.manifests.keys()].sort()).toEqual(['labs/one:latest', 'labs/two:latest']);
  const two = registry.manifests.get('labs/two:latest');

  registry.sent();
  expect(await published(folder)).toEqual({ one: 'unchanged', two: 'unchanged' });
  expect(registry.sent()).toEqual([]);

  const head = commit(folder, { 'sessions/one/carol.yaml': session('carol') });
  expect(await published(folder)).toEqual({ one: 'pushed', two: 'unchanged' });
  const sent = registry.sent();
  expect(sent.every((request) => request.includes('/labs/one/'))).toBe(true);
  // The last of all, so that what is half sent is not to be had.
  expect(sent.at(-1)).toBe('PUT /v2/labs/one/manifests/latest');
  expect(registry.manifest('labs/one:latest')['annotations']).toEqual({
    'org.opencontainers.image.created': new Date(Number(git(folder, 'log', '-1', '--format=%ct')) * 1000)
      .toISOString()
      .replace('.000Z', 'Z'),
    'org.opencontainers.image.source': 'https://example.com/labs',
    'org.opencontainers.image.revision': `main@sha1:${head}`,
  });
  expect(registry.manifests.get('labs/two:latest')).toEqual(two);
});

test('a commit that changes no session pushes nothing', async () => {
  const folder = committed();
  await published(folder);
  commit(folder, { 'labs/vm.yaml': lab('vm', { description: 'A machine' }), 'NOTES.md': 'text' });
  registry.sent();
  expect(await published(folder)).toEqual({ one: 'unchanged', two: 'unchanged' });
  expect(registry.sent()).toEqual([]);
});

test('only the cohorts that are named, and nothing in a dry run', async () => {
  const folder = committed();
  expect(await published(folder, { dryRun: true })).toEqual({ one: 'changed', two: 'changed' });
  expect(registry.sent()).toEqual([]);
  expect(await published(folder, { cohorts: ['two'] })).toEqual({ two: 'pushed' });
  const { stdout, stderr } = await runPublish(folder, { dryRun: true });
  expect(stdout).toBe(`changed  one  oci://${registry.host}/labs/one:latest\n`);
  expect(stderr).toContain('would push 1 cohort, 1 unchanged');
});

test('the command line selects the output and its format', async () => {
  const folder = committed();
  const { status, stdout } = await dozlabIn(folder, ['publish', 'two', '--dry-run', '-o', 'json']);
  expect({ status, told: JSON.parse(stdout) as unknown }).toEqual({
    status: 0,
    told: [{ cohort: 'two', url: `oci://${registry.host}/labs/two`, tag: 'latest', state: 'changed' }],
  });
  expect(registry.sent()).toEqual([]);
});

test('a cohort that fails holds up no other, and the next run makes good', async () => {
  const folder = committed();
  registry.before = (request) => (request.includes('/labs/one/') ? 500 : undefined);
  const { status, stdout, stderr } = await runPublish(folder);
  expect(status).toBe(1);
  expect(stdout).toContain('pushed   two');
  expect(stderr).toContain('one: 127.0.0.1');
  expect(stderr).toContain('refuses labs/one (500): it is broken');
  registry.before = () => undefined;
  expect(await published(folder)).toEqual({ one: 'pushed', two: 'unchanged' });
});

test('the same project gives the same artifact elsewhere', async () => {
  const folder = committed();
  await published(folder);
  const first = new Map(registry.manifests);
  registry.reset();
  const copy = join(temporaryFolder(), 'copy');
  git(folder, 'clone', '--quiet', folder, copy);
  await published(copy);
  expect(registry.manifests).toEqual(first);
});

test('outside a repository, the output names no commit', async () => {
  const folder = projectWith(publishedFiles({ url: `oci://${registry.host}/labs`, insecure: true, tag: 'v1' }));
  synthIn(folder);
  expect(await published(folder)).toEqual({ one: 'pushed', two: 'pushed' });
  expect(registry.manifest('labs/one:v1')).not.toHaveProperty('annotations');
});

describe.each(['basic', 'bearer'] as const)('a registry that wants a login: %s', (scheme) => {
  beforeEach(() => {
    registry.login = { scheme, ...LOGIN };
  });

  test('gets that of docker login', async () => {
    expect(await publishAs(committed(), LOGIN)).toMatchObject({ status: 0 });
    expect(registry.manifests.size).toBe(2);
  });

  test('refuses another one, which is not shown', async () => {
    const run = await publishAs(committed(), { ...LOGIN, password: 'wrong-password-1' });
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(/the login is wrong|log in again/);
    expect(run.stdout + run.stderr).not.toMatch(/wrong-password|hunter2|dGVhY2hlcj/);
  });

  test('refuses a user without one, and says what to do', async () => {
    const { status, stderr } = await runPublish(committed());
    expect(status).toBe(1);
    expect(stderr).toContain(`docker login ${registry.host}`);
  });
});

describe('nothing is pushed', () => {
  const refused = async (folder: string, ...cohorts: string[]): Promise<string> => {
    const { status, stdout, stderr } = await runPublish(folder, { cohorts });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(registry.asked).toEqual([]);
    return stderr;
  };

  test('where no place is set', async () => {
    expect(await refused(projectWith(publishedFiles(undefined)))).toContain('Fix: set spec.flux.artifacts.url');
  });

  test('of a cohort that is not there', async () => {
    expect(await refused(committed(), 'onne')).toContain('did you mean one?');
  });

  test('of what is not as the last commit has it', async () => {
    const folder = committed();
    addFiles(folder, { 'sessions/one/carol.yaml': session('carol') });
    expect(await refused(folder)).toContain('dist/ is stale');
    synthIn(folder);
    expect(await refused(folder)).toContain('sessions/one/carol.yaml: not as in the last commit');
  });

  test('while a file in dist/ changes what Flux applies', async () => {
    const folder = committed();
    addFiles(folder, { 'dist/infra/Kustomization': 'resources: []\n' });
    const said = await refused(folder);
    expect(said).toContain('dist/infra/Kustomization is not ours, and it stays: Flux builds dist/infra from it alone');
    expect(said).toContain('nothing was pushed');
  });

  test('in a dry run, which tells what is in the way', async () => {
    const folder = committed();
    addFiles(folder, { 'sessions/one/carol.yaml': session('carol') });
    const stale = await runPublish(folder, { dryRun: true });
    expect(stale).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^a real run would refuse: dist\/ is stale/m) as string,
    });
    synthIn(folder);
    const { stderr } = await runPublish(folder, { dryRun: true });
    expect(stderr).toMatch(/^a real run would refuse: .*sessions\/one\/carol.yaml.*: not as in the last commit/m);
    expect(stderr).not.toContain('stale');
  });

  test('in a dry run without a registry, which has nothing to be run again', async () => {
    const folder = committed();
    await registry.stop();
    const { status, stderr } = await runPublish(folder, { dryRun: true });
    await registry.start();
    expect(status).toBe(1);
    expect(stderr).toContain('2 cohorts could not be compared with the registry');
    expect(stderr).not.toMatch(/run dozlab publish again|not yet/);
  });

  test('of a project that is not right', async () => {
    const folder = committed();
    rmSync(join(folder, 'labs/vm.yaml'));
    expect(await refused(folder)).toContain('labs/vm.yaml');
  });
});
