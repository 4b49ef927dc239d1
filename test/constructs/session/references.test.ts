import { parseAllDocuments } from 'yaml';
import { requirementsOf } from '../../../src/resolve/checks/requirements';
import { synthesizeProject } from '../../../src/synth/synthesize';
import { renderSession } from '../../../src/manifests/lab-session-chart';
import type { Manifest } from '@dozlab/charts/yaml';
import { type Mapping, mergeTrees } from '@dozlab/charts/schema';
import { REPOSITORY } from '../../support/cli';
import { danglingReferences } from '../../support/references';
import { completeValues } from '../../support/values';

const NAMESPACE = 'lab-class';
const namespace: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };

function session(over: Mapping) {
  const values = completeValues(over);
  return {
    manifests: [namespace, ...renderSession(values, NAMESPACE)],
    listed: requirementsOf({ id: values.session.id, cohort: 'class', namespace: NAMESPACE, values }),
  };
}

const RICH: Readonly<Record<string, Mapping>> = {
  'a Secret with the password': { codeServer: { password: 'x' } },
  'a Secret that exists': { codeServer: { existingSecret: 'passwords', existingSecretKey: 'alice' } },
  'a Pod': { restartPolicy: 'Never', priorityClassName: 'labs', runtimeClassName: 'kata' },
  'images that need credentials': { imagePullSecrets: [{ name: 'a' }, { name: 'b.c' }] },
  'variables from elsewhere': {
    initContainers: {
      rootfs: { extraEnv: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'download', key: 'token' } } }] },
      network: { extraEnv: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'net', key: 'a' } } }] },
    },
    firecracker: { extraEnv: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'vm', key: 'b', optional: false } } }] },
    terminal: { extraEnv: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'vm', key: 'c' } } }] },
    codeServer: {
      extraEnv: [
        { name: 'A', valueFrom: { configMapKeyRef: { name: 'motd', key: 'd' } } },
        { name: 'B', valueFrom: { secretKeyRef: { name: 'never', key: 'e', optional: true } } },
        { name: 'C', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      ],
    },
  },
  claims: {
    volumes: {
      kernels: { persistence: { enabled: true, storageClassName: 'fast' } },
      vmData: { persistence: { enabled: true, existingClaim: 'homework' } },
      vscodeData: { persistence: { enabled: true } },
    },
  },
  'an Ingress with certificates of its own': {
    ingress: {
      enabled: true,
      className: 'nginx',
      vscode: { host: '{id}.example.com' },
      terminal: { host: '{user}.example.com', allowUnauthenticated: true, tlsSecretName: 'wildcard' },
    },
    service: { ports: { vscode: 80, terminal: 81 } },
  },
  'an Ingress with an issuer': { ingress: { enabled: true, clusterIssuer: 'letsencrypt', vscode: { host: 'a.b' } } },
  'an Ingress without TLS': { ingress: { enabled: true, tls: { enabled: false }, vscode: { host: 'a.b' } } },
  'HTTPRoutes with filters': {
    httpRoute: {
      enabled: true,
      parentRefs: [
        { name: 'web', namespace: 'gateways' },
        { name: 'inner', kind: 'XListenerSet' },
      ],
      vscode: { host: '{id}.example.com' },
      terminal: {
        host: 't.example.com',
        filters: [{ type: 'ExtensionRef', extensionRef: { group: 'a.b', kind: 'Login', name: 'oidc' } }],
      },
    },
    service: { ports: { vscode: 80, terminal: 81 } },
  },
};

describe.each(Object.keys(RICH))('%s', (name) => {
  it('refers only to its objects and to listed prerequisites', () => {
    const { manifests, listed } = session(RICH[name] ?? {});

    expect(danglingReferences(manifests, listed)).toEqual([]);
  });

  it('needs every listed prerequisite', () => {
    const { manifests, listed } = session(RICH[name] ?? {});

    for (const left of listed) {
      const others = listed.filter((each) => each !== left);
      const twice = others.some((each) => each.kind === left.kind && each.name === left.name && each.key === left.key);
      expect([left, danglingReferences(manifests, others).length > 0 || twice]).toEqual([left, true]);
    }
  });
});

it('the example project refers only to its objects and to listed prerequisites', () => {
  const { files = [], sessions } = synthesizeProject(REPOSITORY);
  const manifestsBelow = (folder: string): Manifest[] =>
    files
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .flatMap(({ content }) => parseAllDocuments(content).map((document) => document.toJS() as Manifest));
  // Other objects of a namespace select no session by its name.
  const namespaces = manifestsBelow('infra/namespaces').filter(({ kind }) => kind === 'Namespace');
  const manifests = [...namespaces, ...manifestsBelow('sessions')];

  expect(sessions.length).toBeGreaterThan(0);
  expect(manifests.filter(({ kind }) => kind === 'Deployment')).toHaveLength(sessions.length);
  expect(danglingReferences(manifests, sessions.flatMap(requirementsOf))).toEqual([]);
});

it('a suspended Pod leaves its Service and isolation without a pod', () => {
  const { manifests, listed } = session({ restartPolicy: 'Never', suspended: true });

  expect(danglingReferences(manifests, listed)).toEqual([
    'NetworkPolicy lab-session-alice-001: selects 0 pods',
    'Service lab-service-alice-001: selects 0 pods',
  ]);
});

describe('the walk finds a reference to no object', () => {
  const everything = {
    ...Object.values(RICH).reduce<Mapping>(mergeTrees, {}),
    restartPolicy: 'Always',
  } satisfies Mapping;
  const broken = (breakIt: (text: string) => string, over: Mapping = everything): string[] => {
    const { manifests, listed } = session(over);
    const text = JSON.stringify(manifests);
    const changed = breakIt(text);

    expect(changed).not.toBe(text);
    return danglingReferences(JSON.parse(changed) as Manifest[], listed);
  };

  it('when nothing is listed', () => {
    const { manifests } = session(everything);

    expect(danglingReferences(manifests, [])).toEqual(
      expect.arrayContaining([
        'Deployment lab-session-alice-001: Secret lab-class/passwords key alice',
        'Deployment lab-session-alice-001: PersistentVolumeClaim lab-class/homework',
        'HTTPRoute lab-session-alice-001-vscode: Gateway gateways/web',
        'HTTPRoute lab-session-alice-001-terminal: Login lab-class/oidc',
        'PersistentVolumeClaim lab-session-alice-001-kernels: StorageClass /fast',
      ]),
    );
  });

  const certificates = RICH['an Ingress with certificates of its own'];

  it.each<{ what: string; from: string; to: string; found: string; over?: Mapping | undefined }>([
    {
      what: 'a Secret',
      from: '"kind":"Secret"',
      to: '"kind":"ConfigMap"',
      found: 'key vscode-password',
      over: { codeServer: { password: 'x' } },
    },
    {
      what: 'a key of a Secret',
      from: '"data":{"vscode-password"',
      to: '"data":{"other"',
      found: 'key vscode-password',
      over: { codeServer: { password: 'x' } },
    },
    {
      what: 'a Service',
      from: '"kind":"Service"',
      to: '"kind":"Other"',
      found: 'Service lab-service-alice-001',
      over: { httpRoute: { enabled: true, parentRefs: [{ name: 'a' }], vscode: { host: 'a.b' } } },
    },
    {
      what: 'a volume',
      from: '"volumes":[{"name":"vm-kernels"',
      to: '"volumes":[{"name":"k"',
      found: 'volume vm-kernels',
    },
    {
      what: 'a port of a probe',
      from: '"tcpSocket":{"port":"vm-ssh"}',
      to: '"tcpSocket":{"port":"ssh"}',
      found: 'port ssh of firecracker-vm',
    },
    {
      what: 'a number of a port',
      from: '"tcpSocket":{"port":"vm-ssh"}',
      to: '"tcpSocket":{"port":23}',
      found: 'port 23 of firecracker-vm',
    },
    {
      what: 'a port of a container',
      from: '"targetPort":"terminal"',
      to: '"targetPort":"web"',
      found: 'port web of a container',
    },
    {
      what: 'a selector of a Service',
      from: '"selector":{"app":"lab-environment"',
      to: '"selector":{"app":"other"',
      found: 'selects 0 pods',
    },
    {
      what: 'a selector of isolation',
      from: '"podSelector":{"matchLabels":{"app":"lab-environment"',
      to: '"podSelector":{"matchLabels":{"app":"other"',
      found: 'selects 0 pods',
    },
    {
      what: 'a selector of a Deployment',
      from: '"selector":{"matchLabels":{"app":"lab-environment"',
      to: '"selector":{"matchLabels":{"app":"other"',
      found: 'its own pod template',
    },
    {
      what: 'a claim',
      from: '"kind":"PersistentVolumeClaim"',
      to: '"kind":"Other"',
      found: 'PersistentVolumeClaim lab-class/lab-session-alice-001-kernels',
    },
    {
      what: 'a backend of an HTTPRoute',
      from: '"kind":"Service","name":"lab-service-alice-001"',
      to: '"kind":"Service","name":"lab-service-bob"',
      found: 'Service lab-service-bob',
    },
    { what: 'a port of a backend', from: '"port":80,"weight"', to: '"port":82,"weight"', found: 'port 82 of Service' },
    { what: 'a namespace', from: '"kind":"Namespace"', to: '"kind":"Other"', found: 'Namespace /lab-class' },
    {
      what: 'a certificate',
      from: '"secretName":"alice-001-vscode-tls"',
      to: '"secretName":"x"',
      found: 'Secret lab-class/x',
      over: certificates,
    },
    {
      what: 'a class of Ingress',
      from: '"ingressClassName":"nginx"',
      to: '"ingressClassName":"x"',
      found: 'IngressClass /x',
      over: certificates,
    },
    {
      what: 'a host of a certificate',
      from: '"hosts":["alice-001.example.com"]',
      to: '"hosts":["b.example.com"]',
      found: 'host b.example.com of its rules',
      over: certificates,
    },
    {
      what: 'a port of an Ingress',
      from: '"port":{"name":"vscode"}',
      to: '"port":{"name":"x"}',
      found: 'port x of Service',
      over: certificates,
    },
    {
      what: 'an issuer',
      from: '"cert-manager.io/cluster-issuer":"letsencrypt"',
      to: '"cert-manager.io/cluster-issuer":"x"',
      found: 'ClusterIssuer /x',
      over: RICH['an Ingress with an issuer'],
    },
    {
      what: 'a class of priority',
      from: '"priorityClassName":"labs"',
      to: '"priorityClassName":"x"',
      found: 'PriorityClass /x',
      over: RICH['a Pod'],
    },
    {
      what: 'a class of runtime',
      from: '"runtimeClassName":"kata"',
      to: '"runtimeClassName":"x"',
      found: 'RuntimeClass /x',
      over: RICH['a Pod'],
    },
    {
      what: 'a service account',
      from: '"priorityClassName":"labs"',
      to: '"priorityClassName":"labs","serviceAccountName":"x"',
      found: 'ServiceAccount lab-class/x',
      over: RICH['a Pod'],
    },
    {
      what: 'credentials of images',
      from: '"imagePullSecrets":[{"name":"a"}',
      to: '"imagePullSecrets":[{"name":"x"}',
      found: 'Secret lab-class/x',
      over: RICH['images that need credentials'],
    },
    {
      what: 'a ConfigMap',
      from: '"configMapKeyRef":{"key":"d","name":"motd"',
      to: '"configMapKeyRef":{"key":"d","name":"x"',
      found: 'ConfigMap lab-class/x key d',
      over: RICH['variables from elsewhere'],
    },
  ])('$what', ({ from, to, found, over }) => {
    expect(broken((text) => text.replace(from, to), over).join('\n')).toContain(found);
  });
});
