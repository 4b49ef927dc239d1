import { parse } from 'yaml';
import { isMapping, type Mapping } from '@dozlab/charts/schema';
import { valuesWith } from '../support/values';
import { chartFolder } from './chart';
import { kubectl, sessionNamespace } from './cluster';
import { BOTH } from './helm';
import { Release } from './release';
import type { LiveObject } from './kubectl';

const chart = chartFolder();

interface Peer {
  readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
}

interface IngressRule {
  readonly from: readonly Peer[];
  readonly ports: readonly { readonly port: number; readonly protocol: string }[];
}

/** The rules of a NetworkPolicy that let in a pod of its own namespace with certain labels. */
const rulesFor = ({ spec }: LiveObject, labels: Readonly<Record<string, string>>): IngressRule[] =>
  (spec as { readonly ingress: readonly IngressRule[] }).ingress.filter(({ from }) =>
    from.some(
      (peer) =>
        !('namespaceSelector' in peer) &&
        Object.entries(peer.podSelector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value),
    ),
  );

/** What `helm test` needs kubelets for is not shown here: that the pod reaches the session. */
describe.each(BOTH)('the pod of `%s test`', (name, helm) => {
  const namespace = sessionNamespace(`${name}-hook`);

  test.each<[string, Mapping]>([
    ['alice-001', {}],
    ['007', { service: { ports: { vscode: 80, terminal: 81 } }, imagePullSecrets: [{ name: 'registry' }] }],
    ['x'.repeat(51), { tolerations: [{ key: 'labs', operator: 'Exists' }], workload: { kind: 'Pod' } }],
  ])('is accepted for %s, and let in by the NetworkPolicy', (id, over) => {
    const release = new Release(helm, chart, namespace, `lab-${id.slice(0, 9)}`);
    release.install(valuesWith({ session: { id }, ...over }));
    const hooks = helm.run(['get', 'hooks', release.name, '-n', namespace]);
    expect((parse(hooks) as LiveObject).metadata.annotations).toMatchObject({ 'helm.sh/hook': 'test' });

    const [pod, ...others] = kubectl.apply(hooks, '-n', namespace, '--dry-run=server');
    expect(others).toEqual([]);
    expect(pod?.kind).toBe('Pod');
    expect(pod?.metadata.name).toBe(`lab-test-${id}`);

    const policy = kubectl.get('networkpolicy', `lab-session-${id}`, '-n', namespace);
    const open = rulesFor(policy, pod?.metadata.labels ?? {}).flatMap(({ ports }) => ports.map(({ port }) => port));
    expect(open).toEqual([8080, 8081]);
    expect(rulesFor(policy, { 'dozlab.io/test-of': 'another' })).toEqual([]);
  });

  test('is not a pod of the session, and reaches the Service by its ports', () => {
    const { metadata, spec } = parse(helm.run(['get', 'hooks', 'lab-007', '-n', namespace])) as LiveObject;
    expect(metadata.labels).toEqual({ 'dozlab.io/test-of': '007' });
    const [container] = (spec as { readonly containers: readonly Mapping[] }).containers;
    const environment = (container?.['env'] as readonly Mapping[]).filter(isMapping);
    expect(Object.fromEntries(environment.map(({ name: key, value }) => [key, value]))).toEqual({
      SERVICE: 'lab-service-007',
      VSCODE_PORT: '80',
      VSCODE_PATH: '/healthz',
      TERMINAL_PORT: '81',
      TERMINAL_PATH: '/ready',
    });
  });
});
