import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { parse } from 'yaml';
import { isMapping, mergeTrees, type Mapping } from '@dozlab/charts/schema';
import { checkValues } from '../../src/api/values/check';
import { cohortDocument } from '../../src/source/schemas';
import { labDocument } from '../../src/api/lab';
import { sessionDocument } from '../../src/api/session';
import { customResources } from '../../src/manifests/crds/crds';
import { arbitraryValues } from '../support/arbitrary-values';
import { REPOSITORY } from '../support/cli';
import { kubectl, removeAtEnd, uniqueName } from './cluster';

const namespace = uniqueName('dozlab-test-crds');

beforeAll(() => {
  kubectl.apply(customResources({ session: sessionDocument, lab: labDocument, cohort: cohortDocument }));
  kubectl.run(['wait', '--for=condition=Established', 'crd', ...NAMES, '--timeout=60s']);
  removeAtEnd('namespace', namespace);
  kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
});

const NAMES = ['labsessions.dozlab.io', 'labs.dozlab.io', 'cohorts.dozlab.io'];

interface Live {
  readonly spec: Readonly<Record<string, unknown>>;
}

const inNamespace = (text: string): object => {
  const object = parse(text) as { readonly metadata: object };
  return { ...object, metadata: { ...object.metadata, namespace } };
};

const session = (name: string, spec: object = {}): object => ({
  ...{ apiVersion: 'dozlab.io/v1alpha1', kind: 'LabSession', metadata: { name, namespace } },
  spec: { userId: 'alice', lab: 'vm', ...spec },
});

const IDENTITY = { session: { id: 'a', userId: 'alice' } };

/** Without what a session's file says in other fields, or may not say. */
function ofFiles(values: Mapping): Mapping {
  const { session: _session, suspended: _suspended, codeServer, ...rest } = values;
  if (!isMapping(codeServer)) return rest;
  const { password: _password, ...editor } = codeServer;
  return { ...rest, codeServer: editor };
}

/** What the API server says against an object. */
const refusalOf = (object: object): string =>
  kubectl.ask(['apply', '--server-side', '-f', '-'], JSON.stringify(object)).refusals.join('\n');

test.each(NAMES)('%s has a structural schema', (name) => {
  const crd = kubectl.get('crd', name) as unknown as {
    readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
  };
  const conditions = crd.status.conditions.map(({ type, status }) => `${type}=${status}`);
  expect(conditions).toEqual(expect.arrayContaining(['NamesAccepted=True', 'Established=True']));
  expect(conditions.join()).not.toContain('NonStructural');
});

const files = ['labs', 'sessions/classroom', 'sessions/sandbox'].flatMap((folder) =>
  readdirSync(join(REPOSITORY, folder)).map((name) => `${folder}/${name}`),
);

test.each(files)('%s applies as it stands, and loses nothing', (path) => {
  const object = inNamespace(readFileSync(join(REPOSITORY, path), 'utf8')) as Live;
  const [live] = kubectl.apply([object]);
  expect((live as unknown as Live).spec).toEqual(object.spec);
});

test.each<[string, object, string]>([
  [
    'a memory that is no number',
    { values: { firecracker: { vm: { memory: 'much' } } } },
    'spec.values.firecracker.vm.memory',
  ],
  ['a disk size that is no size', { values: { rootfs: { diskSize: 'big' } } }, 'spec.values.rootfs.diskSize'],
  ['a list in place of text', { lab: ['vm'] }, 'spec.lab'],
  ['no user', { userId: null }, 'spec.userId'],
  ['an end that is no time', { expiresAt: 'tomorrow' }, 'spec.expiresAt'],
  ['a port above all', { values: { service: { ports: { ssh: 70000 } } } }, 'spec.values.service.ports.ssh'],
  ['a word that is none of the list', { values: { service: { type: 'Magic' } } }, 'spec.values.service.type'],
  ['a label with spaces', { values: { labels: { course: 'a b c/d' } } }, 'spec.values.labels.course'],
])('%s is refused with its field', (_, spec, field) => {
  expect(refusalOf(session('wrong', spec))).toContain(field);
});

test('a name that no session may have is refused', () => {
  expect(refusalOf(session('a.b'))).toContain('metadata.name');
});

test('the user of a session cannot change, and its values can', () => {
  kubectl.apply([session('bob')]);
  expect(refusalOf(session('bob', { userId: 'bob' }))).toContain('spec: Invalid value: cannot change');
  expect(refusalOf(session('bob', { values: { rootfs: { diskSize: '5G' } } }))).toBe('');
});

test('numbers may be text, and null removes an inherited value', () => {
  const values = { firecracker: { vm: { memory: '2048', cpuCount: 2 } }, affinity: null };
  const [live] = kubectl.apply([session('texts', { values })]);
  expect((live as unknown as Live).spec['values']).toEqual(values);
});

test('random valid values are accepted, and lose nothing', () => {
  const seed = Number(process.env['FC_SEED'] ?? 20261201);
  const samples = fc
    .sample(arbitraryValues(), { seed, numRuns: 150 })
    .map(ofFiles)
    .filter((values) =>
      checkValues(mergeTrees(values, IDENTITY)).problems.every(({ severity }) => severity !== 'error'),
    );
  expect(samples.length).toBeGreaterThan(50);
  const objects = samples.map((values, index) => session(`random-${String(index)}`, { values }));
  const live = kubectl.apply(objects) as unknown as Live[];
  expect(live.map(({ spec }) => spec['values'])).toEqual(JSON.parse(JSON.stringify(samples)));
});

test('sessions are found by user, lab and phase', () => {
  kubectl.apply([session('carol', { userId: 'carol', lab: 'docker' })]);
  const names = (selector: string): string =>
    kubectl.run(['get', 'ls', '-n', namespace, '--field-selector', selector, '-o', 'name']).trim();
  expect(names('spec.userId=carol')).toBe('labsession.dozlab.io/carol');
  expect(names('spec.lab=docker,spec.userId=carol')).toBe('labsession.dozlab.io/carol');
  const patch = JSON.stringify({ status: { phase: 'Running', conditions: [] } });
  kubectl.run(['patch', 'ls', 'carol', '-n', namespace, '--subresource=status', '--type=merge', '-p', patch]);
  expect(names('status.phase=Running')).toBe('labsession.dozlab.io/carol');
  expect(kubectl.run(['get', 'ls', 'carol', '-n', namespace])).toMatch(
    /^NAME +USER +LAB +PHASE +READY +EXPIRES +AGE\ncarol +carol +docker +Running /,
  );
});

test('kubectl explain says what dozlab explain says', async () => {
  const wanted = sessionDocument.shape.spec.shape.lab.description ?? 'none';
  const said = (): string => kubectl.ask(['explain', 'labsession.spec.lab'], '').printed.replaceAll(/\s+/g, ' ');
  // The API server publishes descriptions some time after it serves a kind.
  for (const end = Date.now() + 60_000; !said().includes(wanted) && Date.now() < end;) await sleep(500);
  expect(said()).toContain(wanted);
});
