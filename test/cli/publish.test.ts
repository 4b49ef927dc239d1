import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { addFiles, cohort, lab, project, projectWith, session, temporaryFolder, type Files } from '../support/project';
import { TestRegistry, type WantedLogin } from '../support/registry';
import { dozlabIn, git } from '../support/git';
import type { Run } from '../support/cli-runs';

const LOGIN = { username: 'teacher', password: 'hunter2-hunter2' };

let registry: TestRegistry;
let host: string;

async function startRegistry(login?: WantedLogin): Promise<void> {
  registry = new TestRegistry(login);
  host = await registry.start();
}

beforeEach(() => startRegistry());

afterEach(() => registry.stop());

const files = (artifacts: object | undefined): Files => ({
  'dozlab.yaml': project({ flux: { source: { url: 'https://example.com/labs' }, artifacts } }),
  'labs/vm.yaml': lab('vm'),
  'sessions/one/cohort.yaml': cohort('one'),
  'sessions/one/alice.yaml': session('alice'),
  'sessions/two/cohort.yaml': cohort('two', { delivery: 'helm' }),
  'sessions/two/bob.yaml': session('bob'),
  'sessions/empty/cohort.yaml': cohort('empty'),
});

/** A project in a repository, as its last commit has it. */
async function committed(more: Files = {}): Promise<string> {
  const folder = projectWith({ ...files({ url: `oci://${host}/labs`, insecure: true }), ...more });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  await commit(folder);
  return folder;
}

/** Commits files with what synth makes of them, at a time. Gives the commit. */
async function commit(folder: string, more: Files = {}): Promise<string> {
  addFiles(folder, more);
  const { status, stderr } = await dozlabIn(folder, ['synth']);
  if (status !== 0) throw new Error(stderr);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=change');
  return git(folder, 'rev-parse', 'HEAD');
}

interface Told {
  readonly cohort: string;
  readonly state: string;
}

/** What became of each cohort. */
async function publish(folder: string, ...args: string[]): Promise<Record<string, string>> {
  const { status, stdout, stderr } = await dozlabIn(folder, ['publish', '-o', 'json', ...args]);
  if (status !== 0) throw new Error(stderr);
  return Object.fromEntries((JSON.parse(stdout) as Told[]).map(({ cohort: name, state }) => [name, state]));
}

/** Puts a login where docker login does, and publishes. */
function publishAs(folder: string, { username, password }: { username: string; password: string }): Promise<Run> {
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const config = projectWith({ 'config.json': JSON.stringify({ auths: { [host]: { auth } } }) });
  return dozlabIn(folder, ['publish'], { DOCKER_CONFIG: config });
}

test('each cohort is pushed once, then only what changed', async () => {
  const folder = await committed();
  expect(await publish(folder)).toEqual({ one: 'pushed', two: 'pushed' });
  expect([...registry.manifests.keys()].sort()).toEqual(['labs/one:latest', 'labs/two:latest']);
  const two = registry.manifests.get('labs/two:latest');

  registry.sent();
  expect(await publish(folder)).toEqual({ one: 'unchanged', two: 'unchanged' });
  expect(registry.sent()).toEqual([]);

  const head = await commit(folder, { 'sessions/one/carol.yaml': session('carol') });
  expect(await publish(folder)).toEqual({ one: 'pushed', two: 'unchanged' });
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
  const folder = await committed();
  await publish(folder);
  await commit(folder, { 'labs/vm.yaml': lab('vm', { description: 'A machine' }), 'NOTES.md': 'text' });
  registry.sent();
  expect(await publish(folder)).toEqual({ one: 'unchanged', two: 'unchanged' });
  expect(registry.sent()).toEqual([]);
});

test('only the cohorts that are named, and nothing in a dry run', async () => {
  const folder = await committed();
  expect(await publish(folder, '--dry-run')).toEqual({ one: 'changed', two: 'changed' });
  expect(registry.sent()).toEqual([]);
  expect(await publish(folder, 'two')).toEqual({ two: 'pushed' });
  const { stdout, stderr } = await dozlabIn(folder, ['publish', '--dry-run']);
  expect(stdout).toBe(`changed  one  oci://${host}/labs/one:latest\n`);
  expect(stderr).toContain('would push 1 cohort, 1 unchanged');
});

test('a cohort that fails holds up no other, and the next run makes good', async () => {
  const folder = await committed();
  registry.broken.add('labs/one');
  const { status, stdout, stderr } = await dozlabIn(folder, ['publish']);
  expect(status).toBe(1);
  expect(stdout).toContain('pushed   two');
  expect(stderr).toContain('one: 127.0.0.1');
  expect(stderr).toContain('labs/one is broken');
  registry.broken.clear();
  expect(await publish(folder)).toEqual({ one: 'pushed', two: 'unchanged' });
});

test('the same project gives the same artifact elsewhere', async () => {
  const folder = await committed();
  await publish(folder);
  const first = new Map(registry.manifests);
  registry.manifests.clear();
  registry.blobs.clear();
  const copy = join(temporaryFolder(), 'copy');
  git(folder, 'clone', '--quiet', folder, copy);
  await publish(copy);
  expect(registry.manifests).toEqual(first);
});

test('outside of a repository nothing is told of the commit', async () => {
  const folder = projectWith(files({ url: `oci://${host}/labs`, insecure: true, tag: 'v1' }));
  await dozlabIn(folder, ['synth']);
  expect(await publish(folder)).toEqual({ one: 'pushed', two: 'pushed' });
  expect(registry.manifest('labs/one:v1')).not.toHaveProperty('annotations');
});

describe.each(['basic', 'bearer'] as const)('a registry that wants a login: %s', (scheme) => {
  beforeEach(async () => {
    await registry.stop();
    await startRegistry({ scheme, ...LOGIN });
  });

  test('gets that of docker login', async () => {
    expect(await publishAs(await committed(), LOGIN)).toMatchObject({ status: 0 });
    expect(registry.manifests.size).toBe(2);
  });

  test('refuses another one, which is not shown', async () => {
    const run = await publishAs(await committed(), { ...LOGIN, password: 'wrong-password-1' });
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(/the login is wrong|log in again/);
    expect(run.stdout + run.stderr).not.toMatch(/wrong-password|hunter2|dGVhY2hlcj/);
  });

  test('refuses who has none, who is told what to do', async () => {
    const { status, stderr } = await dozlabIn(await committed(), ['publish'], { DOCKER_CONFIG: temporaryFolder() });
    expect(status).toBe(1);
    expect(stderr).toContain(`docker login ${host}`);
  });
});

describe('nothing is pushed', () => {
  const refused = async (folder: string, ...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await dozlabIn(folder, ['publish', ...args]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(registry.asked).toEqual([]);
    return stderr;
  };

  test('where no place is set', async () => {
    expect(await refused(projectWith(files(undefined)))).toContain('accepted: spec.flux.artifacts');
  });

  test('of a cohort that is not there', async () => {
    expect(await refused(await committed(), 'onne')).toContain('did you mean one?');
  });

  test('of what is not as the last commit has it', async () => {
    const folder = await committed();
    addFiles(folder, { 'sessions/one/carol.yaml': session('carol') });
    expect(await refused(folder)).toContain('dist/ is stale');
    await dozlabIn(folder, ['synth']);
    expect(await refused(folder)).toContain('sessions/one/carol.yaml: not as in the last commit');
  });

  test('of a project that is not right', async () => {
    const folder = await committed({});
    rmSync(join(folder, 'labs/vm.yaml'));
    expect(await refused(folder)).toContain('labs/vm.yaml');
  });
});

test('a registry that is not there', async () => {
  const folder = await committed();
  await registry.stop();
  const { status, stderr } = await dozlabIn(folder, ['publish']);
  expect(status).toBe(1);
  expect(stderr).toContain('does not answer (ECONNREFUSED)');
  await startRegistry();
});
