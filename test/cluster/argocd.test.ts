import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lab, session } from '../support/project';
import { ArgocdProject } from './argocd-project';
import { kubectl, uniqueName } from './cluster';
import { FluxCohort, together } from './flux-cohort';
import { settledRemainsOf } from './live-session';
import { KEY, secretIn } from './secret-project';
import { systems } from './systems';

/** What Argo CD does with the sessions of cohorts, without any object of Flux. */

const one = new FluxCohort(uniqueName('argo-one'), 'argocd');
const other = new FluxCohort(uniqueName('argo-other'), 'argocd');
const guest = new FluxCohort(uniqueName('argo-guest'), 'argocd', { namespace: 'default' });
const carol = uniqueName('carol');

const fleet = new ArgocdProject(
  'sessions',
  {},
  {
    'labs/vm.yaml': lab('vm'),
    ...together([one.files({ alice: {}, bob: {} }), other.files({ zoe: {} }), guest.files({ [carol]: {} })]),
  },
);

const deliver = () => fleet.deliverByArgocd(one.name, other.name);

const labelled = (id: string, course: string) => session(id, { values: { labels: { course } } });
const courseOf = (id: string) => one.deployment(id).metadata.labels?.['course'];
const claim = (storageClassName: string) =>
  session('claire', { values: { volumes: { vmData: { persistence: { enabled: true, storageClassName } } } } });

let alice: string[] = [];

beforeAll(async () => {
  await fleet.install();
  await fleet.syncByArgocd(one.name, other.name, guest.name);
  alice = one.pods('alice');
});
afterAll(async () => {
  await fleet.stop();
});

test('one file, applied by hand, brings namespaces, what they share, and sessions', () => {
  expect(alice).toHaveLength(1);
  expect(other.pods('zoe')).toHaveLength(1);
  expect(guest.pods(carol)).toHaveLength(1);
  expect(one.list('resourcequotas,roles,networkpolicies').length).toBeGreaterThan(3);
  expect(fleet.applications().sort()).toEqual(
    [...fleet.sharedApplications, ...[one, other, guest].map(({ name }) => `lab-${name}`)].sort(),
  );
});

test('a new session runs, and a changed one has its change, and the same pod where its template is the same', async () => {
  fleet.write({ [one.file('dave')]: session('dave'), [one.file('alice')]: labelled('alice', 'first') });
  await deliver();
  expect(one.pods('dave')).toHaveLength(1);
  expect(courseOf('alice')).toBe('first');
  fleet.remove(one.file('dave'));
  await deliver();
  expect(await settledRemainsOf(one.namespace, 'dave')).toEqual([]);
});

test('a new cohort runs after one commit, although its namespace is new', async () => {
  const young = new FluxCohort(uniqueName('argo-young'), 'argocd');
  fleet.write(young.files({ yara: {} }));
  await fleet.deliverByArgocd(young.name);
  expect(young.pods('yara')).toHaveLength(1);
  fleet.remove(young.folder);
  await deliver();
  kubectl.run(['wait', '--for=delete', `namespace/${young.namespace}`, '--timeout=60s']);
  expect(fleet.applications()).not.toContain(`lab-${young.name}`);
  expect(kubectl.list('appprojects', '-n', fleet.argocd).map(({ metadata }) => metadata.name)).not.toContain(
    `lab-${young.name}`,
  );
});

test('passwords of External Secrets and of Sealed Secrets reach the session', async () => {
  const certificate = systems().certificate;
  const external = new FluxCohort(uniqueName('argo-external'), 'argocd', { secrets: { provider: 'external-secrets' } });
  const secrets = { provider: 'sealed-secrets', sealedSecrets: { certificate } };
  const sealed = new FluxCohort(uniqueName('argo-sealed'), 'argocd', { secrets });
  fleet.write({ ...external.files({ eve: {} }), ...sealed.files({ sam: {} }) });
  fleet.run('secret', 'set', '--cohort', sealed.name);
  await fleet.deliverByArgocd(external.name, sealed.name);
  for (const [{ namespace }, name] of [
    [external, 'lab-session-eve-secrets'],
    [sealed, 'lab-session-sam-secrets'],
  ] as const)
    expect(await secretIn(namespace, name)).toHaveProperty([KEY]);
  await fleet.settled(external.name);
  fleet.remove(external.folder, sealed.folder, `secrets/${sealed.name}`);
});

const NOT_KEPT = {};
const SUSPENDED = { suspended: true };

interface Turn {
  readonly scale?: number;
  readonly commits?: readonly object[];
}

/** As by Kustomize and Flux (flux-loop.test.ts), except that a field that Git sets is put back at once. */
test.each<[what: string, turn: Turn, replicas: number]>([
  ['scaled to 0 by hand: it stays so', { scale: 0 }, 0],
  ['then another commit: it stays so', { commits: [{ ...NOT_KEPT, expiresAt: '2031-01-01T00:00:00Z' }] }, 0],
  ['scaled to 1 by hand: it stays so', { scale: 1 }, 1],
  ['suspended in Git: it stops', { commits: [SUSPENDED] }, 0],
  ['then scaled to 1 by hand: Git wins', { scale: 1 }, 0],
  ['resumed in Git: it runs', { commits: [{ suspended: false }] }, 1],
  ['then scaled to 0 by hand: Git wins', { scale: 0 }, 1],
  ['then Git says no more: it runs on', { commits: [NOT_KEPT] }, 1],
  ['suspended in Git, which then says no more: it runs again', { commits: [SUSPENDED, NOT_KEPT] }, 1],
  [
    'stopped by hand, then by Git, which then says no more: it stays so',
    { scale: 0, commits: [SUSPENDED, NOT_KEPT] },
    0,
  ],
])('%s', async (_, { scale, commits = [] }, replicas) => {
  if (scale !== undefined) one.scale('bob', scale);
  for (const spec of commits) {
    fleet.write({ [one.file('bob')]: session('bob', spec) });
    await deliver();
  }
  if (commits.length === 0) await fleet.settled(one.name);
  expect(one.replicas('bob')).toEqual([replicas, replicas]);
});

test('what is changed or deleted by hand is put back, without a commit', async () => {
  kubectl.run(['delete', 'service/lab-service-alice', '-n', one.namespace]);
  kubectl.run(['label', '--overwrite', 'deployment/lab-session-alice', '-n', one.namespace, 'course=by-hand']);
  kubectl.run(['wait', '--for=create', 'service/lab-service-alice', '-n', one.namespace, '--timeout=60s']);
  await fleet.settled(one.name);
  expect(courseOf('alice')).toBe('first');
});

test('a change that an object does not take: other sessions of the cohort get theirs, and Argo CD takes the next commit', async () => {
  fleet.write({ [one.file('claire')]: claim('one') });
  await deliver();
  fleet.write({ [one.file('claire')]: claim('another'), [one.file('alice')]: labelled('alice', 'second') });
  fleet.write({ [one.file('erin')]: session('erin') });
  fleet.push();
  fleet.refresh();
  expect(await fleet.failure(one.name)).toMatch(/PersistentVolumeClaim|synchronization tasks|failed to apply/);
  expect(one.pods('erin')).toHaveLength(1);
  expect(courseOf('alice')).toBe('second');

  fleet.write({ [one.file('claire')]: claim('one'), [one.file('alice')]: labelled('alice', 'third') });
  await deliver();
  expect(courseOf('alice')).toBe('third');
});

test('a file that the API server does not take: the cohort stays as it is, and another one gets what is new', async () => {
  fleet.write({ [one.file('alice')]: labelled('alice', 'fourth'), [other.file('yves')]: session('yves') });
  fleet.run('synth');
  const path = `dist/sessions/${one.name}/alice.yaml`;
  fleet.write({ [path]: `${readFileSync(join(fleet.git.folder, path), 'utf8')}\nunknown: [` });
  fleet.git.push();
  await fleet.syncByArgocd(other.name);
  expect(other.pods('yves')).toHaveLength(1);
  await fleet.untilApplication(`lab-${one.name}`, ({ conditions = [] }) =>
    conditions.some(({ type, message }) => type === 'ComparisonError' && message.includes('alice.yaml')),
  );
  expect(courseOf('alice')).toBe('third');
  await deliver();
  expect(courseOf('alice')).toBe('fourth');
});

test('an object that is not part of a session, or in another namespace, is not applied', async () => {
  const foreign = (kind: string, namespace: string) => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'foreign', namespace },
  });
  fleet.run('synth');
  fleet.write({ [`dist/sessions/${one.name}/foreign.yaml`]: foreign('ConfigMap', one.namespace) });
  fleet.write({ [`dist/sessions/${other.name}/foreign.yaml`]: foreign('Service', one.namespace) });
  fleet.git.push();
  fleet.refresh();
  expect(await fleet.failure(one.name)).toContain('tasks are not valid');
  expect(await fleet.failure(other.name)).toContain('tasks are not valid');
  expect(kubectl.try(['get', 'configmap/foreign', '-n', one.namespace])).toBe(false);
  expect(kubectl.try(['get', 'service/foreign', '-n', one.namespace])).toBe(false);
  fleet.remove(`dist/sessions/${one.name}/foreign.yaml`, `dist/sessions/${other.name}/foreign.yaml`);
  await deliver();
});

test('the pod of the other session has stayed through all that', () => {
  expect(one.pods('alice')).toEqual(alice);
});

test('the last session of a cohort goes, and its namespace stays', async () => {
  fleet.remove(other.file('zoe'), other.file('yves'));
  await deliver();
  expect(await settledRemainsOf(other.namespace, 'zoe')).toEqual([]);
  expect(kubectl.try(['get', `namespace/${other.namespace}`])).toBe(true);
});

test('cohorts that are removed leave nothing behind, in their own namespace and in one that stays', async () => {
  fleet.remove(one.folder, other.folder, guest.folder);
  await fleet.deliverByArgocd();
  for (const { namespace } of [one, other])
    kubectl.run(['wait', '--for=delete', `namespace/${namespace}`, '--timeout=60s']);
  expect(await settledRemainsOf('default', carol)).toEqual([]);
  expect(fleet.applications().sort()).toEqual(fleet.sharedApplications);
});
