import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { dozlab } from '../support/cli';
import { contentsOf, pathsBelow } from '../support/folder';
import { MigrationRun, REQUIRED, TEMPLATE, envFile } from '../support/migration';
import { cohort, project, type Files } from '../support/project';

const values = (id: string, more: object = {}): string =>
  stringify({
    session: { id, userId: 'alice' },
    rootfs: { imageUrl: 'https://example.com/vm.ext4' },
    ...more,
  });

/** The lines of a run that must fail and write nothing. */
function refusals(inputs: Files, files: Files = {}, ...options: string[]): string[] {
  const run = new MigrationRun(files);
  const before = contentsOf(run.folder);
  const { status, stdout, stderr } = run.run(inputs, ...options);
  expect({ status, stdout, files: contentsOf(run.folder) }).toEqual({ status: 1, stdout: '', files: before });
  expect(stderr).not.toMatch(/^ +at /m);
  return stderr.split('\n').slice(0, -2);
}

test.each<[string, Files, string[]]>([
  ['an empty file', { 'a.yaml': '' }, ['a.yaml:1:1 error is not well-formed YAML: the file is empty']],
  ['broken YAML', { 'a.yaml': 'a: b\n  c: [' }, ['a.yaml:1:4 error is not well-formed YAML']],
  ['no session in it', { 'a.yaml': 'kind: ConfigMap\napiVersion: v1\n' }, ['a.yaml:1:1']],
  ['a list in place of an object', { 'a.yaml': '- 1\n- 2\n' }, ['a.yaml:1:1 error is neither an object nor values']],
  ['an alias inside its anchor', { 'a.yaml': 'session: &a {id: x, other: *a}\n' }, ['a.yaml:1:1 error has an alias']],
  [
    'missing variables: each with its place',
    { 'pod.yaml': TEMPLATE, env: 'USER_ID=alice\n' },
    ['pod.yaml:5:9 error needs the variable SESSION_ID', 'pod.yaml:32:18 error needs the variable ROOTFS_IMAGE_URL'],
  ],
  [
    'malformed lines of an env file',
    { 'pod.yaml': TEMPLATE, env: `${envFile(REQUIRED)}export\nVM_CPU="2\nVM_MEMORY=$(nproc)\n` },
    [
      'env:4:1 error is not an assignment',
      'env:5:1 error sets VM_CPU to text without its closing quote',
      'env:6:1 error sets VM_MEMORY with a command',
    ],
  ],
  [
    'values that the schema refuses',
    { 'pod.yaml': TEMPLATE, env: envFile({ ...REQUIRED, VM_CPU: 'two', DISK_SIZE: '4Gi', SESSION_ID: 'Alice_1' }) },
    [
      'pod.yaml:19:17 error metadata.labels.session-id is "Alice_1"',
      'pod.yaml:34:18 error spec.initContainers[0].env[1].value is "4Gi"',
      'pod.yaml:76:18 error spec.containers[0].env[3].value is "two"',
    ],
  ],
  [
    'the same id twice',
    { 'a.yaml': values('alice'), 'b.yaml': values('alice') },
    ['b.yaml:2:7 error session.id is alice, like the session at a.yaml:1 in the same cohort'],
  ],
  [
    'a user that is not text',
    { 'a.yaml': values('alice').replace('userId: alice', 'userId: true') },
    ['a.yaml:3:11 error session.userId is true; accepted: text'],
  ],
  ['an invalid namespace', { 'a.yaml': release('../x') }, ['a.yaml:1:1 error metadata.namespace is "../x"']],
  ['an id that leads out of the project', { 'a.yaml': values('../../x') }, ['a.yaml:2:7 error session.id']],
])('migrate refuses %s', (_, inputs, expected) => {
  const lines = refusals(inputs);
  expect(lines.slice(0, expected.length)).toEqual(expected.map((start): unknown => expect.stringContaining(start)));
});

function release(namespace: string): string {
  return stringify({
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'a; rm -rf /', namespace },
    spec: { values: { session: { id: 'a', userId: 'a' }, rootfs: { imageUrl: 'https://example.com/vm.ext4' } } },
  });
}

test('migrate reports a missing file', () => {
  const { status, stderr } = new MigrationRun().run({ 'a.yaml': values('a') }, 'none.yaml');
  expect(`${String(status)} ${stderr}`).toContain('1 none.yaml:1:1 error cannot be read (ENOENT)');
});

test('migrate refuses a file of more than 32 MiB', () => {
  const run = new MigrationRun();
  writeFileSync(join(run.inputs, 'huge.yaml'), Buffer.alloc(33 * 1024 * 1024, 'a'));
  const { status, stderr } = run.run({}, 'huge.yaml');
  expect(`${String(status)} ${stderr}`).toContain('1 huge.yaml:1:1 error is too large');
});

test('migrate writes nothing if one file exists', () => {
  const mine = { 'sessions/migrated/alice.yaml': '# mine\n', 'sessions/migrated/cohort.yaml': cohort('migrated') };
  expect(refusals({ 'a.yaml': values('alice'), 'b.yaml': values('bob') }, mine)).toEqual([
    expect.stringContaining('sessions/migrated/alice.yaml:1:1 error exists with other content'),
  ]);
  // Neither cohort has the namespace of the input.
  const both = { ...mine, 'sessions/migrated-migrated/cohort.yaml': cohort('migrated-migrated') };
  expect(refusals({ 'a.yaml': release('migrated') }, both)).toEqual([
    expect.stringContaining('metadata.namespace is migrated, but the cohort migrated-migrated exists'),
  ]);
});

test('migrate refuses a user that is the password of the session', () => {
  const [line] = refusals({
    'a.yaml': stringify({
      session: { id: 'a', userId: 'my-own-password' },
      rootfs: { imageUrl: 'https://example.com/vm.ext4' },
      codeServer: { password: 'my-own-password' },
    }),
  });
  expect(line).toContain('sessions/migrated/a.yaml:1:1 error would contain a password');
});

test('migrate follows no link', () => {
  const run = new MigrationRun();
  const outside = new MigrationRun().folder;
  mkdirSync(join(run.folder, 'sessions'));
  symlinkSync(outside, join(run.folder, 'sessions/migrated'));
  const before = pathsBelow(outside);
  expect(run.run({ 'a.yaml': values('alice') }).status).toBe(1);
  expect(pathsBelow(outside)).toEqual(before);
  expect(pathsBelow(run.folder)).toEqual(['dozlab.yaml', 'sessions/migrated']);
});

test('migrate keeps odd texts exactly, and never parses them as YAML or commands', () => {
  const USER_ID = `'a: b # "c" \${HOME} {{ d }} é'`;
  const run = new MigrationRun();
  run.migrate({ 'pod.yaml': TEMPLATE, env: `${envFile({ ...REQUIRED, USER_ID })}\r\n# note\r\n` });
  expect(run.read('sessions/migrated/alice-001.yaml')['spec']).toMatchObject({
    userId: 'a: b # "c" ${HOME} {{ d }} é',
  });
  const { stdout } = new MigrationRun().run({ 'a.yaml': release('labs') });
  expect(stdout).not.toContain('rm -rf');
});

test('migrate reports errors of the project', () => {
  const [line] = refusals({ 'a.yaml': values('alice') }, { 'dozlab.yaml': project({ values: { rootfs: 1 } }) });
  expect(line).toContain('dozlab.yaml:');
});

test('migrate reads standard input as one of the files', () => {
  const run = new MigrationRun();
  const piped = dozlab(['migrate', '--dry-run', '-', '--project', run.folder], { input: values('piped') });
  expect(piped.stdout).toContain('new        sessions/migrated/piped.yaml');
  const broken = dozlab(['migrate', '-', '--project', run.folder], { input: 'a: [' });
  expect(`${String(broken.status)} ${broken.stderr}`).toContain('1 /dev/stdin:1:5 error is not well-formed YAML');
});

test('migrate checks its command line', () => {
  const run = new MigrationRun();
  const inputs = { 'a.yaml': values('alice') };
  expect(run.run({}).status).toBe(2);
  expect(run.run(inputs, '--cohort', 'Not_A_Name').status).toBe(2);
  expect(run.run(inputs, '--dry-run').stdout).toContain('new        sessions/migrated/alice.yaml');
  expect(pathsBelow(run.folder)).toEqual(['dozlab.yaml']);
  expect(new MigrationRun({ 'dozlab.yaml': 'x' }).run(inputs).status).toBe(1);
});
