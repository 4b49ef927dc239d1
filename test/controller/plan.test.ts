import type { Mapping } from '@dozlab/charts/schema';
import fc from 'fast-check';
import { desiredObjects, isOwnedBy } from '../../src/controller/desired';
import type { KubeObject, LabSessionObject } from '../../src/controller/live-objects';
import type { Action, Plan, Replacements } from '../../src/controller/observed';
import { planSession } from '../../src/controller/plan';
import { completeValues } from '../support/values';

const session = (spec: object = {}): LabSessionObject => ({
  apiVersion: 'dozlab.io/v1alpha1',
  kind: 'LabSession',
  metadata: { name: 'alice-001', namespace: 'lab-a', uid: 'uid-of-alice', generation: 1 },
  spec: { userId: 'alice', lab: 'vm', ...spec },
});

const START = Date.parse('2026-01-01T00:00:00Z');

/** A cluster that does what a plan says, and lets pods be what a test wants. */
class Simulation {
  live: KubeObject[] = [];
  events: string[] = [];
  replacements: Replacements = { count: 0 };
  seconds = 0;
  made = 0;
  secrets = 0;

  /** @param values null for wrong ones */
  observe(values: Mapping | null = {}, of = session()): Plan {
    const plan = planSession({
      session: of,
      problems: [],
      desired: values === null ? undefined : desiredObjects(of, completeValues(values)),
      live: this.live,
      replacements: this.replacements,
      now: new Date(START + this.seconds * 1000),
    });
    this.replacements = plan.replacements;
    for (const action of plan.actions) this.do(action);
    return plan;
  }

  /** Until nothing is left to do. */
  settle(values?: Mapping, of?: LabSessionObject): Plan {
    for (let rounds = 0; rounds < 20; rounds += 1) {
      const plan = this.observe(values, of);
      this.seconds += plan.againSeconds ?? 0;
      if (plan.actions.length === 0 && plan.againSeconds === undefined) return plan;
    }
    throw new Error('it does not settle');
  }

  pod(): KubeObject | undefined {
    return this.live.find(({ kind }) => kind === 'Pod');
  }

  setPod(status: object, over: object = {}): void {
    this.live = this.live.map((object) => (object.kind === 'Pod' ? { ...object, ...over, status } : object));
  }

  names(): string[] {
    return this.live.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort();
  }

  private do(action: Action): void {
    switch (action.verb) {
      case 'apply': {
        const there = this.live.find(
          ({ kind, metadata }) => kind === action.object.kind && metadata.name === action.object.metadata.name,
        );
        const uid = there?.metadata.uid ?? `uid-${String((this.made += 1))}`;
        this.live = [
          ...this.without(action.object),
          { ...action.object, metadata: { ...action.object.metadata, uid } },
        ];
        return;
      }
      case 'create-secret':
        this.secrets += 1;
        this.live.push({ apiVersion: 'v1', kind: 'Secret', metadata: { name: action.name } });
        return;
      case 'delete':
        this.live = this.without(action.object);
        return;
      case 'event':
        this.events.push(action.reason);
    }
  }

  private without({ kind, metadata }: KubeObject): KubeObject[] {
    return this.live.filter((each) => each.kind !== kind || each.metadata.name !== metadata.name);
  }
}

const OBJECTS = ['Pod/lab-session-alice-001', 'Secret/lab-session-alice-001-secrets', 'Service/lab-service-alice-001'];

test('a new session gets its objects, which it owns, and then nothing more is written', () => {
  const cluster = new Simulation();
  const plan = cluster.observe();
  expect(cluster.names()).toEqual(expect.arrayContaining(OBJECTS));
  const own = cluster.live.filter(({ kind }) => kind !== 'Secret');
  expect(own.filter((object) => !isOwnedBy(object, session()))).toEqual([]);
  expect(plan.findings.map(({ type, status }) => [type, status])).toContainEqual(['Accepted', 'True']);
  expect(cluster.settle().actions).toEqual([]);
});

test('wrong values change nothing that runs', () => {
  const cluster = new Simulation();
  cluster.settle();
  const before = cluster.live;
  const plan = cluster.observe(null);
  expect(plan).toMatchObject({ phase: 'Invalid', actions: [] });
  expect(cluster.live).toBe(before);
});

test('a suspended session has no pod, and keeps all else', () => {
  const cluster = new Simulation();
  cluster.settle();
  expect(cluster.settle({ suspended: true }).phase).toBe('Suspended');
  expect(cluster.pod()).toBeUndefined();
  expect(cluster.names()).toEqual(expect.arrayContaining(OBJECTS.slice(1)));
  cluster.settle();
  expect(cluster.pod()).toBeDefined();
});

test('labels and the Service change in place; another spec of the pod is told before the pod is replaced', () => {
  const cluster = new Simulation();
  cluster.settle();
  const uid = cluster.pod()?.metadata.uid;
  const labelled = { labels: { course: 'c2' }, service: { type: 'NodePort' } };
  cluster.settle(labelled);
  expect(cluster.pod()?.metadata).toMatchObject({ uid, labels: { course: 'c2' } });
  const larger = { ...labelled, firecracker: { vm: { memory: 4096 } } };
  expect(cluster.observe(larger).actions.map(({ verb }) => verb)).toEqual(['event', 'delete']);
  expect(cluster.events).toEqual(['PodReplaced']);
  cluster.settle(larger);
  expect(cluster.pod()?.metadata.uid).not.toBe(uid);
});

test('a pod that is evicted again and again is made again after longer and longer waits', () => {
  const cluster = new Simulation();
  cluster.settle();
  const waits: number[] = [];
  for (let evictions = 0; evictions < 7; evictions += 1) {
    cluster.setPod({ phase: 'Failed', reason: 'Evicted', message: 'the node was low on memory' });
    cluster.observe();
    const waiting = cluster.observe();
    waits.push(waiting.againSeconds ?? 0);
    expect(waiting.findings).toContainEqual(expect.objectContaining({ type: 'Ready', reason: 'BackOff' }));
    cluster.settle();
  }
  expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300]);
  cluster.setPod({
    phase: 'Running',
    conditions: [
      { type: 'Ready', status: 'True', lastTransitionTime: new Date(START + cluster.seconds * 1000).toISOString() },
    ],
  });
  cluster.seconds += 600;
  cluster.settle();
  expect(cluster.replacements).toEqual({ count: 0 });
});

test.each([
  [{ kind: 'ReplicaSet', name: 'other' }, 'Pod/lab-session-alice-001 of ReplicaSet/other'],
  [undefined, 'Pod/lab-session-alice-001'],
])('an object of somebody else is left alone and named', (owner, name) => {
  const cluster = new Simulation();
  const ownerReferences = owner === undefined ? [] : [{ apiVersion: 'apps/v1', uid: 'other', ...owner }];
  cluster.live = [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'lab-session-alice-001', ownerReferences } }];
  const plan = cluster.observe();
  expect(plan).toMatchObject({ phase: 'Conflict', actions: [] });
  expect(plan.findings[0]?.message).toContain(name);
});

test('what is no longer rendered is removed, but for claims and what others own', () => {
  const cluster = new Simulation();
  const persistent = { volumes: { vmData: { persistence: { enabled: true } } } };
  cluster.settle({ ...persistent, ingress: { enabled: true, vscode: { host: 'a.example.com' } } });
  expect(cluster.names().join()).toContain('PersistentVolumeClaim/');
  const foreign = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'of-alice-herself' } };
  cluster.live.push(foreign);
  cluster.settle({});
  expect(cluster.names().join()).not.toContain('Ingress/');
  expect(cluster.names().join()).toContain('PersistentVolumeClaim/');
  expect(cluster.live).toContain(foreign);
});

test('whatever happens, a session settles with one pod, one Secret that was made once, and no other object', () => {
  const expected = new Simulation();
  expected.settle();
  const happenings = fc.constantFrom('evicted', 'gone', 'suspend', 'change', 'invalid', 'service gone', 'look', 'wait');
  fc.assert(
    fc.property(fc.array(happenings, { maxLength: 30 }), (all) => {
      const cluster = new Simulation();
      for (const each of all) {
        if (each === 'evicted') cluster.setPod({ phase: 'Failed', reason: 'Evicted' });
        if (each === 'gone') cluster.live = cluster.live.filter(({ kind }) => kind !== 'Pod');
        if (each === 'service gone') cluster.live = cluster.live.filter(({ kind }) => kind !== 'Service');
        if (each === 'suspend') cluster.observe({ suspended: true });
        if (each === 'change') cluster.observe({ firecracker: { vm: { memory: 4096 } } });
        if (each === 'invalid') cluster.observe(null);
        if (each === 'look') cluster.observe();
        if (each === 'wait') cluster.seconds += 100;
      }
      cluster.settle();
      expect(cluster.names()).toEqual(expected.names());
      expect(cluster.secrets).toBe(1);
    }),
    { numRuns: 100 },
  );
});
