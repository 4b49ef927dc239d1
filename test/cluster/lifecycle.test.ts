import { renderSession } from '../../src/index';
import type { Mapping } from '@dozlab/charts/schema';
import { completeValues } from '../support/values';
import { kubectl, sessionNamespace } from './cluster';
import type { LiveObject } from './kubectl';

const namespace = sessionNamespace('lifecycle');

/** A session of this file, which is changed step by step. */
class Session {
  constructor(private readonly id: string) {}

  apply(over: Mapping = {}, ...options: string[]): void {
    const values = completeValues({ session: { id: this.id }, ...over });
    kubectl.apply(renderSession(values, namespace), ...options);
    kubectl.run(['rollout', 'status', `deployment/lab-session-${this.id}`, '-n', namespace, '--timeout=120s']);
  }

  scale(replicas: number): void {
    kubectl.run(['scale', `deployment/lab-session-${this.id}`, '-n', namespace, `--replicas=${String(replicas)}`]);
  }

  /** The ids of the pods that are to stay. */
  get pods(): string[] {
    return this.list('pods').map(({ metadata }) => metadata.uid);
  }

  get replicas(): unknown {
    const [deployment] = this.list('deployments');
    return (deployment?.['spec'] as { replicas?: number } | undefined)?.replicas;
  }

  /** The annotations of the ReplicaSet, which the controller copies from the Deployment once it has seen a change. */
  waitForAnnotation(key: string, value: string): void {
    const path = key.replaceAll('.', '\\.');
    kubectl.run([
      ...['wait', 'replicaset', '-n', namespace, '-l', `session-id=${this.id}`, '--timeout=60s'],
      `--for=jsonpath={.metadata.annotations.${path}}=${value}`,
    ]);
  }

  private list(kind: string): LiveObject[] {
    return kubectl
      .list(kind, '-n', namespace, '-l', `session-id=${this.id}`)
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }
}

const expiresAt = (time: string): Mapping => ({ userId: 'alice', expiresAt: time });

describe('a running pod', () => {
  const session = new Session('kept');
  const values = { labels: { course: 'one' }, annotations: { note: 'one' } };

  test.each<[string, string, string, (id: string) => Mapping]>([
    ['label', 'seen', 'label', () => ({ labels: { course: 'two' }, annotations: { note: 'one', seen: 'label' } })],
    ['annotation', 'note', 'two', () => ({ ...values, annotations: { note: 'two' } })],
    [
      'expiresAt',
      'dozlab.io/expires-at',
      '2027-01-31T18:00:00Z',
      (id) => ({ ...values, session: { id, ...expiresAt('2027-01-31T18:00:00Z') } }),
    ],
  ])('stays through a changed %s', (_, annotation, value, changed) => {
    session.apply(values);
    const pods = session.pods;
    expect(pods).toHaveLength(1);
    session.apply(changed('kept'));
    session.waitForAnnotation(annotation, value);
    expect(session.pods).toEqual(pods);
  });

  test('is replaced when the memory of the microVM changes', () => {
    const grown = new Session('grown');
    grown.apply();
    const [before] = grown.pods;
    grown.apply({ firecracker: { vm: { memory: 2048 } } });
    const after = grown.pods;
    expect(after).toHaveLength(1);
    expect(after).not.toEqual([before]);
  });
});

describe('replicas', () => {
  test('suspended true stops the session, false starts it again', () => {
    const session = new Session('suspended');
    session.apply({ suspended: true });
    expect([session.replicas, session.pods]).toEqual([0, []]);
    session.apply({ suspended: false });
    expect([session.replicas, session.pods.length]).toEqual([1, 1]);
    session.apply({ suspended: true });
    expect([session.replicas, session.pods]).toEqual([0, []]);
  });

  test('a session that does not say stays as it was scaled', () => {
    const session = new Session('scaled');
    session.apply();
    expect([session.replicas, session.pods.length]).toEqual([1, 1]);
    session.scale(0);
    session.apply({ labels: { course: 'two' } });
    expect([session.replicas, session.pods]).toEqual([0, []]);
    session.apply({ firecracker: { vm: { memory: 2048 } } });
    expect([session.replicas, session.pods]).toEqual([0, []]);
  });

  test('suspended false starts a session that was scaled to 0, as Flux applies it', () => {
    const session = new Session('resumed');
    session.apply();
    session.scale(0);
    session.apply({ suspended: false }, '--force-conflicts');
    expect([session.replicas, session.pods.length]).toEqual([1, 1]);
  });
});
