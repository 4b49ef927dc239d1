import { App, Chart } from 'cdk8s';
import { LabSession } from '../../../src/constructs/session/lab-session';
import { labelValue } from '../../../src/api/values/names';
import { goldenSession } from '../../support/golden';
import { container, labSession, metadataOf, namesOf, sessionPod } from '../../support/manifests';
import { MINIMAL } from '../../support/values';

it('a session with all options has all objects', () => {
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
  const manifests = goldenSession('everything', {
    session: {
      id: 'alice-001',
      userId: 'Alice "A." Öz <alice@example.com> {{ x }} 😀',
      expiresAt: '2027-01-31T18:00:00Z',
    },
    labels: { course: 'kubernetes-101', cohort: '2024', yes: 'no' },
    podLabels: { course: 'kubernetes-101' },
    annotations: { note: 'two lines\nand a\ttab', empty: '' },
    suspended: false,
    imagePullPolicy: 'IfNotPresent',
    imagePullSecrets: [{ name: 'registry' }],
    initContainers: { rootfs: { digest }, network: { image: 'registry.example.com:5000/busybox', tag: '1.36' } },
    firecracker: {
      tag: 'v1',
      vm: { cpuCount: 4, memory: 4096 },
      resources: { limits: { memory: '6Gi', 'example.com/gpu': 1 }, requests: { cpu: 2, 'ephemeral-storage': '20Gi' } },
      extraEnv: [{ name: 'LOG_LEVEL', value: 'debug $(SESSION_ID)' }],
    },
    terminal: {
      tag: 'v1',
      extraEnv: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'terminal', key: 'token', optional: true } } }],
    },
    codeServer: {
      tag: 'v1',
      password: 'correct horse',
      extraEnv: [{ name: 'MOTD', valueFrom: { configMapKeyRef: { name: 'class', key: 'motd' } } }],
    },
    service: { type: 'NodePort', ports: { vscode: 80 } },
    ingress: { enabled: true, clusterIssuer: 'internal', vscode: { host: '{id}.labs.example.com' } },
    httpRoute: { enabled: true, parentRefs: [{ name: 'web' }], vscode: { host: '{id}.labs.example.org' } },
    volumes: { vmData: { persistence: { enabled: true } } },
    nodeSelector: { 'example.com/kvm': 'true' },
    tolerations: [{ key: 'labs', operator: 'Exists', effect: 'NoSchedule' }],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 1,
            podAffinityTerm: {
              topologyKey: 'kubernetes.io/hostname',
              labelSelector: { matchLabels: { app: 'lab-environment' } },
              namespaceSelector: {},
            },
          },
        ],
      },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: {} },
    ],
    priorityClassName: 'labs',
    runtimeClassName: 'kata',
    terminationGracePeriodSeconds: 5,
  });
  const pod = sessionPod(manifests);

  expect(namesOf(manifests)).toEqual([
    'Secret/lab-session-alice-001-secrets',
    'PersistentVolumeClaim/lab-session-alice-001-vm-data',
    'NetworkPolicy/lab-session-alice-001',
    'Service/lab-service-alice-001',
    'Deployment/lab-session-alice-001',
    'Ingress/lab-session-alice-001-vscode',
    'HTTPRoute/lab-session-alice-001-vscode',
  ]);
  expect(container(manifests, 'init-rootfs').image).toBe(`dozman99/dozlab-init@${digest}`);
  expect(container(manifests, 'network-setup').image).toBe('registry.example.com:5000/busybox:1.36');
  expect(container(manifests, 'firecracker-vm').resources).toEqual({
    limits: {
      cpu: '4500m',
      memory: '6Gi',
      'example.com/gpu': '1',
      'devices.kubevirt.io/kvm': '1',
      'devices.kubevirt.io/tun': '1',
      'ephemeral-storage': '21Gi',
    },
    requests: { cpu: '2', memory: '5Gi', 'ephemeral-storage': '20Gi' },
  });
  expect(pod.spec['affinity']).toMatchObject({
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm: { namespaceSelector: {} } }],
    },
  });
  expect(pod.spec['topologySpreadConstraints']).toMatchObject([{ labelSelector: {} }]);
  for (const manifest of manifests) {
    const { labels = {}, annotations = {} } = metadataOf(manifest);
    expect(labels).toMatchObject({
      course: 'kubernetes-101',
      yes: 'no',
      app: 'lab-environment',
      'session-id': 'alice-001',
    });
    expect(labels['user-id']).toBe(labelValue('Alice "A." Öz <alice@example.com> {{ x }} 😀'));
    expect(annotations).toMatchObject({
      note: 'two lines\nand a\ttab',
      empty: '',
      'dozlab.io/user-id': 'Alice "A." Öz <alice@example.com> {{ x }} 😀',
      'dozlab.io/expires-at': '2027-01-31T18:00:00Z',
    });
  }
});

describe('fixed labels and annotations', () => {
  it('win over labels and annotations of the user', () => {
    const reserved = { app: 'x', 'session-id': 'x', 'user-id': 'x', 'app.kubernetes.io/managed-by': 'x' };
    for (const manifest of labSession({
      labels: reserved,
      podLabels: reserved,
      annotations: { 'dozlab.io/user-id': 'x' },
    })) {
      expect(metadataOf(manifest).labels).toMatchObject({
        app: 'lab-environment',
        'session-id': 'alice-001',
        'user-id': 'alice',
        'app.kubernetes.io/managed-by': 'dozlab',
      });
      expect(metadataOf(manifest).annotations).toMatchObject({ 'dozlab.io/user-id': 'alice' });
    }
    const pod = sessionPod(labSession({ podLabels: reserved }));

    expect(pod.metadata.labels).toMatchObject({
      app: 'lab-environment',
      'session-id': 'alice-001',
      'user-id': 'alice',
    });
  });
});

describe('in an app of its user', () => {
  it('shares a chart with other sessions, in the namespace of the chart', () => {
    const chart = new Chart(new App(), 'chart', { namespace: 'labs' });
    new LabSession(chart, 'alice', MINIMAL);
    new LabSession(chart, 'bob', { ...MINIMAL, session: { id: 'bob-001', userId: 'bob' } });
    const manifests = chart.toJson() as { metadata: { name: string; namespace: string } }[];

    expect(new Set(manifests.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['labs']));
    expect(manifests.map(({ metadata }) => metadata.name)).toEqual([
      'lab-session-alice-001',
      'lab-service-alice-001',
      'lab-session-alice-001',
      'lab-session-bob-001',
      'lab-service-bob-001',
      'lab-session-bob-001',
    ]);
  });

  it('rejects invalid values before it adds a construct', () => {
    const chart = new Chart(new App(), 'chart');

    expect(() => new LabSession(chart, 'alice', { ...MINIMAL, restartPolicy: 'Sometimes' as 'Always' })).toThrow(
      'restartPolicy is "Sometimes"; accepted: one of Always, OnFailure, Never',
    );
    expect(chart.toJson()).toEqual([]);
  });
});
