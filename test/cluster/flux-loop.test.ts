import { lab, session } from '../support/project';
import { kubectl, removeAtEnd, uniqueName } from './cluster';
import { DELIVERIES, FluxCohort } from './flux-cohort';
import { FluxProject } from './flux-project';
import { objectsOf, settledRemainsOf } from './live-session';

/** A volume that a claim of a storage class gets. */
function offerVolume(storageClassName: string): void {
  removeAtEnd('persistentvolume', storageClassName);
  kubectl.apply([
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: storageClassName },
      spec: {
        storageClassName,
        capacity: { storage: '10Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/none' },
      },
    },
  ]);
}

/** A session without a claim, in a cohort where others have one. */
const NOT_KEPT = { values: { volumes: { vmData: { persistence: { enabled: false } } } } };
const GROWN = { values: { ...NOT_KEPT.values, firecracker: { vm: { memory: 2048 } } } };
const SUSPENDED = { ...NOT_KEPT, suspended: true };

/** What is done to a session: `kubectl scale`, then commits one after the other; Flux then compares all with the cluster. */
interface Turn {
  readonly scale?: number;
  readonly commits?: readonly object[];
}

/** The way of a session from Git into the cluster and out of it, by both deliveries. */
describe.each(DELIVERIES)('delivery %s', (delivery) => {
  const storageClassName = uniqueName(`loop-${delivery}`);
  const kept = { values: { volumes: { vmData: { persistence: { enabled: true, storageClassName } } } } };
  const one = new FluxCohort(uniqueName(`loop-${delivery}`), delivery, { maxSessions: 5, ...kept });
  const fleet = new FluxProject(`loop-${delivery}`, {}, { 'labs/vm.yaml': lab('vm'), ...one.files({ alice: {} }) });

  /** Has a session as a commit says it. */
  const commit = (id: string, spec: object): void => {
    fleet.write({ [one.file(id)]: session(id, spec) });
    one.deliver(fleet);
  };

  beforeAll(() => {
    offerVolume(storageClassName);
    fleet.bootstrap();
  });
  afterAll(() => {
    fleet.end();
  });

  test('a commit with a session: it runs, and another commit with one more beside it', () => {
    one.deliver(fleet);
    const before = one.pods('alice');
    expect(before).toHaveLength(1);
    commit('bob', NOT_KEPT);
    expect(one.pods('bob')).toHaveLength(1);
    expect(one.pods('alice')).toEqual(before);
  });

  test('another expiresAt and another label: its pod stays', () => {
    const before = one.pods('alice');
    commit('alice', { expiresAt: '2031-01-31T18:00:00Z', values: { labels: { course: 'two' } } });
    expect(one.deployment('alice').metadata).toMatchObject({
      labels: { course: 'two' },
      annotations: { 'dozlab.io/expires-at': '2031-01-31T18:00:00Z' },
    });
    expect(one.pods('alice')).toEqual(before);
  });

  test('more memory of the microVM: its pod is replaced, once', () => {
    const before = one.pods('alice');
    commit('alice', { values: { firecracker: { vm: { memory: 2048 } } } });
    const after = one.pods('alice');
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
    expect(one.list('replicasets', '-l', 'session-id=alice')).toHaveLength(2);
    expect(one.deployment('alice')['status']).toMatchObject({ readyReplicas: 1 });
  });

  test.each<[what: string, turn: Turn, replicas: number]>([
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
      delivery === 'helm' ? 1 : 0,
    ],
  ])('%s', (_, { scale, commits = [] }, replicas) => {
    if (scale !== undefined) one.scale('bob', scale);
    for (const spec of commits) commit('bob', spec);
    if (commits.length === 0) one.putBack(fleet);
    expect(one.replicas('bob')).toEqual([replicas, replicas]);
  });

  test('removed from Git, everything of it is gone', async () => {
    expect(one.list('persistentvolumeclaims')).toHaveLength(1);
    fleet.remove(one.file('alice'));
    one.deliver(fleet);
    expect(objectsOf(one.namespace, 'alice')).toEqual([]);
    expect(await settledRemainsOf(one.namespace, 'alice')).toEqual([]);
    expect(one.list('secrets', '-l', 'owner=helm,name=lab-session-alice')).toEqual([]);
  });
});
