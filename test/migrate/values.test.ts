import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { REPOSITORY } from '../support/cli';
import { MigrationRun, REQUIRED, differingFields, originalObjects, podIn, reportedFields } from '../support/migration';
import { cohort } from '../support/project';

/** The values that equal the variables of the original manifest. The workspace of the older chart was writable. */
const VALUES = {
  session: { id: 'alice-001', userId: 'alice@example.com' },
  rootfs: { imageUrl: REQUIRED.ROOTFS_IMAGE_URL, diskSize: '8G' },
  firecracker: { vm: { cpuCount: '2', memory: '2048' }, resources: { limits: { memory: '3Gi', cpu: '2000m' } } },
  codeServer: { password: 'planted-in-values', workspaceReadOnly: true },
  volumes: { vmData: { sizeLimit: '10Gi' } },
};

const VARIABLES = {
  ...REQUIRED,
  DISK_SIZE: '8G',
  VM_CPU: '2',
  VM_MEMORY: '2048',
  VM_MEMORY_LIMIT: '3Gi',
  VM_CPU_LIMIT: '2000m',
  VM_DATA_SIZE_LIMIT: '10Gi',
};

const release = (name: string, values: object, more: object = {}, namespace?: string): string =>
  stringify({
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      chart: { spec: { chart: 'charts/dozlab-session', sourceRef: { kind: 'GitRepository', name: 'dozlab-infra' } } },
      values,
      ...more,
    },
  });

/** HelmReleases without interval and namespace, as in the older documentation. */
const CLASSROOM = ['alice', 'bob', 'charlie']
  .map((student) =>
    release(`lab-session-${student}`, {
      session: { id: `${student}-001`, userId: student },
      rootfs: { imageUrl: 'https://example.com/dozlab-k8s.ext4' },
      codeServer: { password: '$(openssl rand -base64 16)' },
      labels: { course: 'kubernetes-101', cohort: '2024-spring' },
    }),
  )
  .join('---\n');

test.each([
  ['a values file', stringify(VALUES)],
  ['a HelmRelease', release('lab-session-alice', VALUES)],
])('migrate with %s reports every difference between the pod and its original', (_, text) => {
  const run = new MigrationRun();
  const data = run.migrate({ 'in.yaml': text });
  const differences = data.sessions[0]?.differences ?? [];
  const rendered = run.rendered('migrated', 'alice-001');
  // The script of the older chart is not documented: command and args of network-setup count as one.
  const isScript = (path: string): boolean => /network-setup\.(command|args)$/.test(path);
  expect(differingFields(podIn(originalObjects(VARIABLES)), podIn(rendered)).filter((path) => !isScript(path))).toEqual(
    reportedFields(differences).filter((path) => !isScript(path)),
  );
  expect(differences.map(({ object, path }) => `${object} ${path}`)).toContain('Secret ');
  expect(reportedFields(differences)).toContain('spec.initContainers.network-setup.command');
});

describe('migrate with a class of HelmReleases', () => {
  test('writes one lab, and labels that stay on the pods', () => {
    const run = new MigrationRun();
    const data = run.migrate({ 'class.yaml': CLASSROOM }, '--cohort', 'spring');
    expect(data.files.map(({ path }) => path)).toEqual([
      'labs/dozlab-k8s.yaml',
      'sessions/spring/cohort.yaml',
      ...['alice', 'bob', 'charlie'].map((name) => `sessions/spring/${name}-001.yaml`),
    ]);
    const labels = { course: 'kubernetes-101', cohort: '2024-spring' };
    expect(run.read('sessions/spring/cohort.yaml')['spec']).toEqual({ values: { labels, podLabels: labels } });
    expect(run.read('sessions/spring/bob-001.yaml')['spec']).toEqual({ lab: 'dozlab-k8s', userId: 'bob' });
    const [first] = data.sessions;
    expect(first?.differences.filter(({ path }) => path.startsWith('metadata.labels.c'))).toEqual([]);
    expect(data.problems.map(({ path }) => path)).toEqual(Array<string>(3).fill('spec.chart'));
  });

  test('changes nothing the second time, and uses the existing lab for one more session', () => {
    const run = new MigrationRun();
    run.migrate({ 'class.yaml': CLASSROOM }, '--cohort', 'spring');
    const again = run.migrate({ 'class.yaml': CLASSROOM }, '--cohort', 'spring');
    expect(again.files.filter(({ state }) => state === 'new')).toEqual([]);
    const more = {
      session: { id: 'dora-001', userId: 'dora' },
      rootfs: { imageUrl: 'https://example.com/dozlab-k8s.ext4' },
    };
    const third = run.migrate({ 'dora.yaml': stringify(more) }, '--cohort', 'spring');
    expect(third.files).toEqual([{ path: 'sessions/spring/dora-001.yaml', state: 'new' }]);
    expect(third.sessions[0]?.lab).toBe('dozlab-k8s');
  });

  test('gives the cohort the namespace of the release', () => {
    const run = new MigrationRun();
    const values = { session: { id: 'a', userId: 'a' }, rootfs: { imageUrl: 'https://example.com/vm.ext4' } };
    run.migrate({ 'in.yaml': release('a', values, { targetNamespace: 'lab-spring', interval: '5m' }) });
    expect(run.read('sessions/lab-spring/cohort.yaml')['spec']).toEqual({ namespace: 'lab-spring' });
  });
});

test('migrate names a cohort differently if a cohort with another namespace has its name', () => {
  const run = new MigrationRun({ 'sessions/default/cohort.yaml': cohort('default') });
  const values = { session: { id: 'alice-001', userId: 'alice' }, rootfs: { imageUrl: 'https://example.com/vm.ext4' } };
  const inputs = { 'session-alice.yaml': release('lab-session-alice-001', values, { interval: '5m' }, 'default') };
  expect(run.migrate(inputs).sessions).toMatchObject([
    { cohort: 'migrated-default', namespace: 'default', oldNamespace: 'default' },
  ]);
  expect(run.read('sessions/migrated-default/cohort.yaml')['spec']).toEqual({ namespace: 'default' });
  expect(run.migrate(inputs).files.filter(({ state }) => state === 'new')).toEqual([]);
});

test('migrate carries over every key of older values files', () => {
  const run = new MigrationRun();
  const text = readFileSync(join(REPOSITORY, 'test/cluster/older-values.yaml'), 'utf8');
  const data = run.migrate({ 'older.yaml': text });
  expect(data.problems.map(({ path, code }) => `${code} ${path}`)).toEqual([]);
  expect(data.sessions[0]?.differences.map(({ object, path }) => `${object} ${path}`)).not.toContain('Pod kind');
});

test('migrate reports unknown values by path, and wrong values with place and form', () => {
  const run = new MigrationRun();
  const unknown = { ...VALUES, database: { host: 'db' }, terminal: { theme: 'dark' } };
  const data = run.migrate({ 'in.yaml': stringify(unknown) }, '--dry-run');
  expect(data.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
    'not-carried database',
    'not-carried terminal.theme',
  ]);
  const { status, stderr } = run.run({
    'bad.yaml': 'session: {id: Alice_1, userId: a}\nrootfs:\n  imageUrl: ftp://x\n  diskSize: 4GB\n',
    'worse.yaml': 'rootfs: {imageUrl: https://example.com/a.ext4}\n',
  });
  expect(status).toBe(1);
  expect(
    stderr
      .split('\n')
      .slice(0, -1)
      .map((line) => line.replace(/ is .*/, '')),
  ).toEqual([
    'bad.yaml:1:15 error session.id',
    'bad.yaml:3:13 error rootfs.imageUrl',
    'bad.yaml:4:13 error rootfs.diskSize',
    'worse.yaml:1:1 error session.id',
    'worse.yaml:1:1 error session.userId',
    '5 errors, 0 warnings: nothing was written',
  ]);
});
