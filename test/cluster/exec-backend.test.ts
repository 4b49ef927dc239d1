import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../support/cli';
import { allowedIn } from './access-review';
import { kubectl, removeAtEnd, uniqueName } from './cluster';
import { DOCUMENT_LIMITS } from '../support/exec-backend';
import { ExecBackend } from './exec-backend';

const RESOURCES = [
  ...['pods', 'pods/exec', 'pods/log', 'pods/attach', 'pods/portforward', 'pods/status', 'pods/eviction'],
  ...['pods/ephemeralcontainers', 'pods/proxy', 'configmaps', 'services', 'persistentvolumeclaims', 'secrets'],
  ...['serviceaccounts', 'serviceaccounts/token', 'endpoints', 'events', 'resourcequotas', 'limitranges'],
  ...['nodes', 'namespaces', 'persistentvolumes', 'deployments.apps', 'jobs.batch'],
  ...['roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io'],
  ...['networkpolicies.networking.k8s.io', 'ingresses.networking.k8s.io'],
];

const backend = new ExecBackend('exec');
const minimum = new ExecBackend('exec-minimum', { permissions: 'minimum' });

describe('applied', () => {
  test('again it changes nothing', () => {
    const lines = backend.apply().trim().split('\n');
    expect(lines).toHaveLength(11);
    for (const line of lines) expect(line).toMatch(/ unchanged$/);
  });

  test('its quota has the limits of the document, and counts', () => {
    backend.run(['wait', '--for=jsonpath={.status.hard.pods}=50', 'resourcequota/execbox-quota', '--timeout=60s']);
    expect(kubectl.get('resourcequota', 'execbox-quota', '-n', backend.namespace)['status']).toMatchObject({
      hard: DOCUMENT_LIMITS,
    });
  });

  test('it brings the configuration that a pod takes as its environment', () => {
    backend.createPod('with-environment', {}, { envFrom: [{ configMapRef: { name: 'execbox-config' } }] });
    expect(kubectl.get('configmap', 'execbox-config', '-n', backend.namespace)['data']).toMatchObject({
      BACKEND: 'kubernetes',
      K8S_NAMESPACE: backend.namespace,
      PORT: '28080',
    });
  });
});

describe('the server', () => {
  test('with full permissions may do what the document says, and nothing else', () => {
    expect(allowedIn(backend.namespace, backend.user, RESOURCES)).toEqual({
      pods: 'get list watch create delete deletecollection',
      'pods/exec': 'get create',
      'pods/log': 'get',
      'pods/attach': 'get create',
      'pods/portforward': 'get create',
      configmaps: 'get list create delete deletecollection',
      services: 'get list create delete',
      persistentvolumeclaims: 'get list create delete',
    });
  });

  test('with the minimum may do what the document says, and nothing else', () => {
    expect(allowedIn(minimum.namespace, minimum.user, RESOURCES)).toEqual({
      pods: 'get list watch create delete',
      'pods/exec': 'get list watch create delete',
      'pods/log': 'get list watch create delete',
      'pods/attach': 'get list watch create delete',
      configmaps: 'get list create delete deletecollection',
    });
  });

  test.each(['default', 'kube-system', minimum.namespace])('may do nothing in the namespace %s', (namespace) => {
    expect(allowedIn(namespace, backend.user, RESOURCES)).toEqual({});
  });

  test.each([
    ['full', backend],
    ['minimum', minimum],
  ] as const)('with %s permissions sees that its namespace exists, as it asks when it starts', (_, each) => {
    expect(each.runAsServer(['get', 'namespace', each.namespace, '-o', 'name'])).toBe(`namespace/${each.namespace}\n`);
    expect(() => each.runAsServer(['get', 'namespace', 'kube-system'])).toThrow('forbidden');
    expect(() => each.runAsServer(['get', 'namespaces'])).toThrow('forbidden');
  });

  test('makes what a build is made of, and removes it', () => {
    const inNamespace = (...args: string[]) => backend.runAsServer(args);
    inNamespace('create', 'configmap', 'build-1', '--from-literal=Dockerfile=FROM alpine');
    inNamespace('create', 'service', 'clusterip', 'session-1', '--tcp=8080');
    expect(inNamespace('get', 'configmap/build-1', 'service/session-1', '-o', 'name')).toBe(
      'configmap/build-1\nservice/session-1\n',
    );
    inNamespace('delete', 'configmap/build-1', 'service/session-1');
    expect(() => inNamespace('create', 'secret', 'generic', 'stolen')).toThrow('forbidden');
  });

  test('removes all pods of a label at once, but not with the minimum', () => {
    const path = ({ namespace }: ExecBackend) => `/api/v1/namespaces/${namespace}/pods?labelSelector=none%3Dsuch`;
    expect(backend.runAsServer(['delete', '--raw', path(backend)])).toContain('PodList');
    expect(() => minimum.runAsServer(['delete', '--raw', path(minimum)])).toThrow('forbidden');
  });

  test('loses what the minimum does not have when the files are applied anew', () => {
    const other = new ExecBackend('exec-narrowed');
    expect(allowedIn(other.namespace, other.user, ['services'])).toEqual({ services: 'get list create delete' });
    other.apply({ permissions: 'minimum' });
    expect(allowedIn(other.namespace, other.user, ['services'])).toEqual({});
  });
});

describe('a pod', () => {
  test('that builds as root, like that of Kaniko, is admitted without the token of its service account', () => {
    backend.createPod(
      'kaniko',
      { serviceAccountName: 'execbox', volumes: [{ name: 'context', configMap: { name: 'build' } }] },
      {
        image: 'gcr.io/kaniko-project/executor:v1.23.2',
        args: ['--dockerfile=/build/Dockerfile', '--context=dir:///build', '--destination=ttl.sh/execbox-1:4h'],
        securityContext: { runAsUser: 0 },
        volumeMounts: [{ name: 'context', mountPath: '/build' }],
      },
    );
    expect(kubectl.get('pod', 'kaniko', '-n', backend.namespace)['spec']).toMatchObject({
      serviceAccountName: 'execbox',
      volumes: [{ name: 'context' }],
    });
  });

  test.each([
    ['privileged', {}, { securityContext: { privileged: true } }],
    ['on the network of its node', { hostNetwork: true }, {}],
    ['with a folder of its node', { volumes: [{ name: 'host', hostPath: { path: '/' } }] }, {}],
    ['with more capabilities', {}, { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }],
  ])('%s is refused', (_, spec, container) => {
    expect(() => backend.createPod('refused', spec, container)).toThrow('violates PodSecurity "baseline:latest"');
  });

  test('without resources gets those of the LimitRange, without which the quota would refuse it', () => {
    const other = new ExecBackend('exec-limits', { limitRange: { default: { memory: '1Gi' } } });
    other.createPod('given');
    expect(kubectl.get('pod', 'given', '-n', other.namespace)['spec']).toMatchObject({
      containers: [
        { resources: { limits: { cpu: '400m', memory: '1Gi' }, requests: { cpu: '100m', memory: '128Mi' } } },
      ],
    });
    other.run(['delete', 'limitrange/execbox-limits']);
    expect(() => other.createPod('without')).toThrow(/must specify limits\.cpu.*limits\.memory/);
  });

  test('more than the quota has is refused until another is gone', () => {
    const small = new ExecBackend('exec-quota', { quota: { hard: { pods: 2 } } });
    small.run(['wait', '--for=jsonpath={.status.hard.pods}=2', 'resourcequota/execbox-quota', '--timeout=60s']);
    small.createPod('one');
    small.createPod('two');
    expect(() => small.createPod('three')).toThrow('exceeded quota: execbox-quota');
    small.runAsServer(['delete', 'pod/one', '--timeout=120s']);
    small.run(['wait', '--for=jsonpath={.status.used.pods}=1', 'resourcequota/execbox-quota', '--timeout=60s']);
    small.createPod('three');
    expect(small.run(['get', 'pods', '-o', 'name'])).toBe('pod/three\npod/two\n');
  });

  test('is admitted as often as the document says, with the resources that it has by default', () => {
    const full = new ExecBackend('exec-fifty');
    full.run(['wait', '--for=jsonpath={.status.hard.pods}=50', 'resourcequota/execbox-quota', '--timeout=60s']);
    const fifty = Array.from({ length: 50 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `session-${String(index)}` },
      spec: { containers: [{ name: 'main', image: 'alpine' }] },
    }));
    full.runAsServer(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: fifty }));
    expect(() => full.createPod('session-50')).toThrow(/exceeded quota.*used: .*pods=50/);
  });
});

describe("the document's own manifests", () => {
  /** `deploy/k8s/` as the document has it. */
  const manifestsIn = (namespace: string) => {
    const rule = (resource: string, ...verbs: string[]) => ({ apiGroups: [''], resources: [resource], verbs });
    const metadata = { name: 'execbox-controller', namespace };
    const rbac = 'rbac.authorization.k8s.io';
    return [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'execbox', namespace } },
      {
        apiVersion: `${rbac}/v1`,
        kind: 'Role',
        metadata,
        rules: [
          rule('pods', 'get', 'list', 'watch', 'create', 'delete', 'deletecollection'),
          rule('pods/exec', 'create'),
          rule('pods/log', 'get'),
          rule('pods/attach', 'create'),
          rule('pods/portforward', 'create'),
          rule('configmaps', 'get', 'list', 'create', 'delete', 'deletecollection'),
          rule('services', 'get', 'list', 'create', 'delete'),
          rule('persistentvolumeclaims', 'get', 'list', 'create', 'delete'),
        ],
      },
      {
        apiVersion: `${rbac}/v1`,
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup: rbac, kind: 'Role', name: metadata.name },
        subjects: [{ kind: 'ServiceAccount', name: 'execbox', namespace }],
      },
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'execbox-quota', namespace },
        spec: {
          hard: {
            ...{ pods: '50', 'requests.cpu': '10', 'requests.memory': '20Gi', 'limits.cpu': '20' },
            ...{ 'limits.memory': '40Gi', configmaps: '100', persistentvolumeclaims: '20' },
          },
        },
      },
    ];
  };

  test('can be applied over ours, and ours over them', () => {
    const both = new ExecBackend('exec-both');
    const items = manifestsIn(both.namespace);
    const theirs = { apiVersion: 'v1', kind: 'List', items };
    const applied = kubectl.run(['apply', '-f', '-'], JSON.stringify(theirs));
    expect(applied.trim().split('\n')).toHaveLength(items.length);
    // They make it again what it was: without get for streams, and without the labels of Pod Security.
    expect(allowedIn(both.namespace, both.user, ['pods/exec'])).toEqual({ 'pods/exec': 'create' });
    expect(kubectl.get('namespace', both.namespace).metadata.labels).not.toHaveProperty([
      'pod-security.kubernetes.io/enforce',
    ]);

    both.apply();
    expect(allowedIn(both.namespace, both.user, ['pods/exec'])).toEqual({ 'pods/exec': 'get create' });
    expect(kubectl.get('namespace', both.namespace).metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'baseline',
    });
    expect(kubectl.get('resourcequota', 'execbox-quota', '-n', both.namespace)['spec']).toEqual(items[4]?.spec);
  });

  test('alone do not let the server see its namespace', () => {
    const namespace = uniqueName('dozlab-test-exec-theirs');
    removeAtEnd('namespace', namespace);
    kubectl.apply(manifestsIn(namespace));
    const user = `--as=system:serviceaccount:${namespace}:execbox`;
    expect(() => kubectl.run(['get', 'namespace', namespace, user])).toThrow('forbidden');
  });
});

test('what docs/exec-backend.md shows of a server is accepted', () => {
  const text = readFileSync(join(REPOSITORY, 'docs', 'exec-backend.md'), 'utf8');
  const shown = [...text.matchAll(/^```yaml\n(apiVersion: [^]*?)^```$/gm)].map(([, yaml = '']) => yaml);
  const here = shown.map((yaml) => yaml.replace('namespace: execbox', `namespace: ${backend.namespace}`));
  const applied = kubectl.apply(here.join('---\n'), '--dry-run=server');
  expect(applied.map(({ kind }) => kind)).toEqual(['Deployment', 'NetworkPolicy']);
});
