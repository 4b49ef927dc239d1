import type { Mapping } from '@dozlab/charts/schema';
import { valuesWith } from '../support/values';
import { chartFolder } from './chart';
import { kubectl, sessionNamespace } from './cluster';
import { BOTH } from './helm';
import { essenceOf, objectsOf, plainEssences, remainsOf, settledRemainsOf } from './live-session';
import { Release } from './release';

const chart = chartFolder();

/** A password of the test's own, so that the constructs make the Secret too. */
const codeServer = { password: 'correct horse, battery: "staple"' };

/** The revisions of a release: what each sets beside the least. One takes back what the one before it set. */
const REVISIONS: readonly (readonly [what: string, over: Mapping])[] = [
  ['the defaults', {}],
  [
    'texts',
    {
      session: { userId: 'Zoë O\'Neill, "zoe" <zoe@example.com>', expiresAt: '2030-01-01T00:00:00Z' },
      rootfs: { imageUrl: 'https://example.com/rootfs.ext4?a=b,c&d=%20', diskSize: '8G' },
      network: { tapDevice: 'tap1' },
      terminal: { image: 'registry.example.com:5000/terminal', tag: '1.0' },
      // Kubernetes chooses it by the tag when an object is made, and keeps it when the tag changes.
      imagePullPolicy: 'IfNotPresent',
    },
  ],
  [
    'numbers',
    {
      firecracker: { vm: { cpuCount: 2, memory: 2048 }, livenessProbe: { failureThreshold: 30 } },
      service: { ports: { vscode: 80, ssh: 2222 } },
      terminationGracePeriodSeconds: 0,
      progressDeadlineSeconds: 86400,
      volumes: { vmData: { sizeLimit: 12000000000 } },
    },
  ],
  [
    'probes with delays',
    {
      firecracker: {
        livenessProbe: { initialDelaySeconds: 900, periodSeconds: 60 },
        readinessProbe: { initialDelaySeconds: 0 },
        startupProbe: { periodSeconds: 7 },
      },
      terminal: { startupProbe: { failureThreshold: 1000 }, livenessProbe: { path: '/live', timeoutSeconds: 4 } },
    },
  ],
  ['numbers as texts', { firecracker: { vm: { cpuCount: '4', memory: '4096' } } }],
  ['truth values', { codeServer: { workspaceReadOnly: true }, networkPolicy: { enabled: false } }],
  [
    'lists',
    {
      tolerations: [{ key: 'labs', operator: 'Exists' }],
      imagePullSecrets: [{ name: 'registry' }],
      firecracker: {
        extraEnv: [
          { name: 'EMPTY', value: '' },
          { name: 'LINES', value: 'a\nb' },
        ],
      },
      networkPolicy: { ingressNamespaces: ['gateway', 'ingress-nginx'], extraEgress: [{ ports: [{ port: 5432 }] }] },
    },
  ],
  [
    'shorter and empty lists',
    {
      rootfs: { sha256: '' },
      firecracker: { capabilities: [], extraEnv: [{ name: 'LINES', value: 'a\nb\n' }] },
      networkPolicy: { ingressNamespaces: [], blockedRanges: ['10.0.0.0/8'] },
    },
  ],
  [
    'mappings',
    {
      labels: { course: 'kubernetes-101', week: '007', 'session-id': 'not-mine' },
      podLabels: { team: 'a' },
      annotations: { 'example.com/note': 'two\nlines {{ .Values.x }}', 'example.com/empty': '' },
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      terminal: { resources: { limits: { cpu: 1, memory: '512Mi' }, requests: { 'ephemeral-storage': '1Gi' } } },
    },
  ],
  ['mappings with other keys', { labels: { week: '8' }, annotations: { 'example.com/other': 'yes' } }],
  [
    'what has no default',
    {
      suspended: true,
      imagePullPolicy: 'Always',
      rootfs: { sha256: '0123456789abcdef'.repeat(4) },
      firecracker: { digest: `sha256:${'0123456789abcdef'.repeat(4)}` },
      volumes: { kernels: { sizeLimit: '10Gi' } },
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 50, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: {} } },
          ],
        },
      },
    },
  ],
  ['what has no default not set again', {}],
  ['suspended false', { suspended: false }],
  ['a Service of another type', { service: { type: 'NodePort', ports: { terminal: 81 } } }],
  [
    'Ingresses',
    {
      ingress: {
        enabled: true,
        className: 'nginx',
        clusterIssuer: 'letsencrypt-prod',
        vscode: { host: '{id}-vscode.example.com', path: '/{user}/' },
        terminal: { host: '{id}-terminal.example.com', allowUnauthenticated: true },
      },
    },
  ],
  [
    'one Ingress, without TLS',
    { ingress: { enabled: true, tls: { enabled: false }, vscode: { host: '{id}.example.com' } } },
  ],
  [
    'HTTPRoutes',
    {
      httpRoute: {
        enabled: true,
        parentRefs: [{ name: 'web', namespace: 'gateway', port: 443 }],
        requestTimeout: '1h30m',
        vscode: { host: '{id}-vscode.example.com' },
        terminal: { host: '{id}-terminal.example.com', allowUnauthenticated: true },
      },
    },
  ],
  [
    'persistence',
    {
      volumes: {
        kernels: { persistence: { enabled: true } },
        vmData: { sizeLimit: '6Gi', persistence: { enabled: true, accessModes: ['ReadWriteMany'] } },
        vscodeData: { persistence: { enabled: true, existingClaim: 'mine' } },
      },
    },
  ],
  ['a Pod', { workload: { kind: 'Pod' }, labels: { course: 'one' }, podLabels: { team: 'a' } }],
  ['a Pod with other labels', { workload: { kind: 'Pod' }, labels: { course: 'two' }, podLabels: { team: 'b' } }],
  ['a Deployment again', {}],
  ['a Pod by its restartPolicy', { restartPolicy: 'Never' }],
  ['a Pod that is suspended', { restartPolicy: 'Never', suspended: true }],
  ['another Secret', { codeServer: { existingSecret: 'mine', existingSecretKey: 'password' } }],
];

const namesOf = (essences: readonly unknown[]): string[] =>
  (essences as { readonly kind: string; readonly name: string }[]).map(({ kind, name }) => `${kind}/${name}`);

const emptyNamespace = sessionNamespace('helm-empty');

describe.each(BOTH)('%s', (name, helm) => {
  const namespace = sessionNamespace(`${name}-lifecycle`);
  const release = new Release(helm, chart, namespace);
  const id = 'alice-001';

  const valuesOf = (over: Mapping): Mapping => {
    const given = valuesWith(over);
    return valuesWith({ ...over, codeServer: { ...codeServer, ...(given['codeServer'] as Mapping | undefined) } });
  };

  /** The cluster holds what the constructs give for values, field by field, and nothing else. */
  function expectObjectsFor(over: Mapping): void {
    const live = objectsOf(namespace, id);
    const expected = plainEssences(valuesOf(over), emptyNamespace);
    expect(namesOf(live.map(essenceOf))).toEqual(namesOf(expected));
    expect(live.map(essenceOf)).toEqual(expected);
    expect(live.map(({ metadata }) => metadata.labels?.['app.kubernetes.io/managed-by'])).toEqual(
      live.map(() => 'Helm'),
    );
  }

  test.each(REVISIONS)('%s: the cluster has what the constructs give', (_, over) => {
    const options = kubectl.try(['get', 'service', `lab-service-${id}`, '-n', namespace]) ? 'upgrade' : 'install';
    release[options](valuesOf(over));
    expectObjectsFor(over);
  });

  test.each([
    'the defaults',
    'Ingresses',
    'persistence',
    'a Pod',
    'mappings',
    'what has no default',
    'a Pod by its restartPolicy',
    'numbers',
  ])('rolls back to: %s', (what) => {
    const index = REVISIONS.findIndex(([given]) => given === what);
    release.rollback(index + 1);
    expectObjectsFor(REVISIONS[index]?.[1] ?? {});
  });

  test('uninstalling leaves nothing', async () => {
    expect(remainsOf(namespace)).not.toEqual([]);
    release.uninstall();
    expect(await settledRemainsOf(namespace)).toEqual([]);
  });
});
