import type { Mapping } from '@dozlab/charts/schema';
import { valuesWith } from '../support/values';
import { chartFolder, nextChart } from './chart';
import { kubectl, sessionNamespace } from './cluster';
import { BOTH } from './helm';
import { podsOf } from './live-session';
import { Release } from './release';

const chart = chartFolder();
const next = nextChart();

const until = (expiresAt: string): Mapping => ({ session: { id: 'alice-001', userId: 'alice', expiresAt } });

/** What may change while a session runs: the values, and what of the workload then is so. */
const CHANGES: readonly (readonly [what: string, over: Mapping, path: string, value: string])[] = [
  ['expiresAt', until('2031-01-31T18:00:00Z'), 'annotations.dozlab\\.io/expires-at', '2031-01-31T18:00:00Z'],
  ['a later expiresAt', until('2032-01-31T18:00:00Z'), 'annotations.dozlab\\.io/expires-at', '2032-01-31T18:00:00Z'],
  ['labels', { labels: { course: 'one' } }, 'labels.course', 'one'],
  ['other labels', { labels: { course: 'two' } }, 'labels.course', 'two'],
  ['annotations', { annotations: { note: 'a\nb' } }, 'annotations.note', 'a\nb'],
];

describe.each(BOTH)('%s', (name, helm) => {
  describe.each(['Deployment', 'Pod'])('the pod of a session that is a %s', (kind) => {
    const namespace = sessionNamespace(`${name}-kept-${kind.toLowerCase()}`);
    const release = new Release(helm, chart, namespace);
    const valuesOf = (over: Mapping = {}): Mapping => valuesWith({ ...over, workload: { kind } });
    const pods = (): string[] => podsOf(namespace, 'alice-001');
    let before: string[] = [];

    beforeAll(() => {
      release.install(valuesOf());
      before = pods();
    });

    test('is one', () => {
      expect(before).toHaveLength(1);
    });

    test.each(CHANGES)('stays through: %s', (_, over, path, value) => {
      release.upgrade(valuesOf(over));
      const field = `jsonpath={.metadata.${path}}`;
      const workload = `${kind.toLowerCase()}/lab-session-alice-001`;
      expect(kubectl.run(['get', workload, '-n', namespace, '-o', field])).toBe(value);
      expect(pods()).toEqual(before);
    });

    test('stays through another version of the chart and a rollback', () => {
      expect(release.from(next).upgrade(valuesOf())).toContain('More to know.');
      expect(pods()).toEqual(before);
      release.rollback(1);
      expect(pods()).toEqual(before);
    });

    test('stays through routes, a NetworkPolicy and a Service that change', () => {
      release.upgrade(
        valuesOf({
          ingress: { enabled: true, vscode: { host: '{id}.example.com' } },
          networkPolicy: { ingressNamespaces: ['gateway'] },
          service: { type: 'NodePort' },
        }),
      );
      expect(pods()).toEqual(before);
    });
  });

  test('the memory of the microVM replaces the pod of a Deployment', () => {
    const namespace = sessionNamespace(`${name}-grown`);
    const release = new Release(helm, chart, namespace);
    release.install(valuesWith());
    const before = podsOf(namespace, 'alice-001');
    release.upgrade(valuesWith({ firecracker: { vm: { memory: 2048 } } }));
    const after = podsOf(namespace, 'alice-001');
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
  });

  test('the memory of the microVM of a Pod cannot change: Helm says so, and the pod stays', () => {
    const namespace = sessionNamespace(`${name}-fixed`);
    const release = new Release(helm, chart, namespace);
    const workload = { kind: 'Pod' };
    release.install(valuesWith({ workload }));
    const before = podsOf(namespace, 'alice-001');
    const refusal = release.refusal('upgrade', valuesWith({ workload, firecracker: { vm: { memory: 2048 } } }));
    expect(refusal).toContain('pod updates may not change fields other than');
    expect(podsOf(namespace, 'alice-001')).toEqual(before);
  });
});
