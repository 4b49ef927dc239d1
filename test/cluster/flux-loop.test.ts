import { lab, session } from '../support/project';
import { kubectl, removeAtEnd, uniqueName } from './cluster';
import { DELIVERIES, FluxCohort, together, type Delivery } from './flux-cohort';
import { FluxProject } from './flux-project';
import { objectsOf, settledRemainsOf } from './live-session';

/** The way of a session from Git into the cluster and out of it, by both deliveries: two cohorts in which the same happens. */

const storageClassName = uniqueName('loop');
const kept = { values: { volumes: { vmData: { persistence: { enabled: true, storageClassName } } } } };
const cohorts = DELIVERIES.map(
  (delivery) => new FluxCohort(uniqueName(`loop-${delivery}`), delivery, { maxSessions: 5, ...kept }),
);
const fleet = new FluxProject(
  'loop',
  {},
  { 'labs/vm.yaml': lab('vm'), ...together(cohorts.map((one) => one.files({ alice: {} }))) },
);

/** A session without a claim, in a cohort where others have one. */
const NOT_KEPT = { values: { volumes: { vmData: { persistence: { enabled: false } } } } };
const GROWN = { values: { ...NOT_KEPT.values, firecracker: { vm: { memory: 2048 } } } };
const SUSPENDED = { ...NOT_KEPT, suspended: true };

/** What is done to a session: `kubectl scale`, then commits one after the other; Flux then compares all with the cluster. */
interface Turn {
  readonly scale?: number;
  readonly commits?: readonly object[];
}

/** Volumes that the claims of the storage class get. */
function offerVolumes(): void {
  const volumes = cohorts.map(({ name }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      storageClassName,
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/none' },
    },
  }));
  for (const { metadata } of volumes) removeAtEnd('persistentvolume', metadata.name);
  kubectl.apply(volumes);
}

/** Something of both cohorts, by their delivery. */
const both = <T>(tell: (one: FluxCohort) => T): Record<Delivery, T> =>
  Object.fromEntries(cohorts.map((one) => [one.delivery, tell(one)])) as Record<Delivery, T>;

function deliver(): void {
  fleet.deliver(...cohorts.map(({ name }) => name));
  for (const one of cohorts) one.settle();
}

/** Has a session in both cohorts as a commit says it. */
function commit(id: string, spec: object): void {
  for (const one of cohorts) fleet.write({ [one.file(id)]: session(id, spec) });
  deliver();
}

const podsOf = (id: string): Record<Delivery, string[]> => both((one) => one.pods(id));

beforeAll(() => {
  offerVolumes();
  fleet.bootstrap();
  deliver();
});
afterAll(() => {
  fleet.end();
});

test('a commit with a session: it runs, and another commit with one more beside it', () => {
  const before = podsOf('alice');
  for (const pods of Object.values(before)) expect(pods).toHaveLength(1);
  commit('bob', NOT_KEPT);
  for (const pods of Object.values(podsOf('bob'))) expect(pods).toHaveLength(1);
  expect(podsOf('alice')).toEqual(before);
});

test('another expiresAt and another label: its pod stays', () => {
  const before = podsOf('alice');
  commit('alice', { expiresAt: '2031-01-31T18:00:00Z', values: { labels: { course: 'two' } } });
  for (const one of cohorts)
    expect(one.deployment('alice').metadata).toMatchObject({
      labels: { course: 'two' },
      annotations: { 'dozlab.io/expires-at': '2031-01-31T18:00:00Z' },
    });
  expect(podsOf('alice')).toEqual(before);
});

test('more memory of the microVM: its pod is replaced, once', () => {
  const before = podsOf('alice');
  commit('alice', { values: { firecracker: { vm: { memory: 2048 } } } });
  for (const one of cohorts) {
    const after = one.pods('alice');
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before[one.delivery]);
    expect(one.list('replicasets', '-l', 'session-id=alice')).toHaveLength(2);
    expect(one.deployment('alice')['status']).toMatchObject({ readyReplicas: 1 });
  }
});

test.each<[what: string, turn: Turn, replicas: number | Record<Delivery, number>]>([
  ['scaled to 0 by hand: it stays so', { scale: 0 }, 0],
  ['then another commit: it stays so', { commits: [{ ...NOT_KEPT, expiresAt: '2031-01-01T00:00:00Z' }] }, 0],
  ['then another pod template: it stays so', { commits: [GROWN] }, 0],
  ['scaled to 1 by hand: it stays so', { scale: 1 }, 1],
  ['suspended in Git: it stops', { commits: [SUSPENDED] }, 0],
  ['then scaled to 1 by hand: Git wins', { scale: 1 }, 0],
  ['resumed in Git: it runs', { commits: [{ ...NOT_KEPT, suspended: false }] }, 1],
  ['then scaled to 0 by hand: Git wins', { scale: 0 }, 1],
  ['then Git says no more: it runs on', { commits: [NOT_KEPT] }, 1],
  ['suspended in Git, which then says no more: it runs again', { commits: [SUSPENDED, NOT_KEPT] }, 1],
  [
    'stopped by hand, then by Git, which then says no more: by Kustomize it stays so, Helm starts it',
    { scale: 0, commits: [SUSPENDED, NOT_KEPT] },
    { kustomize: 0, helm: 1 },
  ],
])('%s', (_, { scale, commits = [] }, replicas) => {
  if (scale !== undefined) for (const one of cohorts) one.scale('bob', scale);
  for (const spec of commits) commit('bob', spec);
  if (commits.length === 0) for (const one of cohorts) one.putBack(fleet);
  const expected = typeof replicas === 'number' ? { kustomize: replicas, helm: replicas } : replicas;
  expect(both((one) => one.replicas('bob'))).toEqual(both(({ delivery }) => [expected[delivery], expected[delivery]]));
});

test('removed from Git, everything of it is gone', async () => {
  for (const one of cohorts) {
    expect(one.list('persistentvolumeclaims')).toHaveLength(1);
    fleet.remove(one.file('alice'));
  }
  deliver();
  for (const one of cohorts) {
    expect(await settledRemainsOf(one.namespace, 'alice')).toEqual([]);
    expect(objectsOf(one.namespace, 'alice')).toEqual([]);
    expect(one.list('secrets', '-l', 'owner=helm,name=lab-session-alice')).toEqual([]);
  }
});
