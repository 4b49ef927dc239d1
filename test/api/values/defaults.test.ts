import { defaultValues } from '../../../src/api/values/defaults';
import { checkValues } from '../../../src/api/values/check';
import { MINIMAL, completeValues } from '../../support/values';

/** Every default, with the requirement that says it; the rest is ours. Sizes that follow others are in test/constructs. */
const DEFAULTS = {
  session: {},
  labels: {},
  podLabels: {},
  annotations: {},
  // 000: DISK_SIZE
  rootfs: { diskSize: '4G' },
  // 003: network-setup, firecracker-vm
  network: { gatewayIp: '172.16.0.1', vmIp: '172.16.0.2', tapDevice: 'tap0' },
  imagePullSecrets: [],
  initContainers: {
    // 003: init-rootfs, 128-256Mi and 100-200m
    rootfs: {
      image: 'dozman99/dozlab-init',
      tag: 'latest',
      resources: { limits: { cpu: '200m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
      extraEnv: [],
    },
    // 003: network-setup, 32-64Mi and 50-100m
    network: {
      image: 'busybox',
      tag: 'latest',
      resources: { limits: { cpu: '100m', memory: '64Mi' }, requests: { cpu: '50m', memory: '32Mi' } },
      extraEnv: [],
    },
  },
  firecracker: {
    image: 'dozman99/dozlab-firecracker',
    tag: 'latest',
    // 000: VM_CPU_REQUEST; the limits and the memory request follow the microVM
    resources: { limits: {}, requests: { cpu: '500m' } },
    // 005: TCP 22, liveness 10/5/3, readiness 5/3. The startup probe takes the place of the delays.
    startupProbe: { periodSeconds: 1, timeoutSeconds: 1 },
    livenessProbe: { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    readinessProbe: { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
    extraEnv: [],
    // 000: VM_CPU, VM_MEMORY
    vm: { cpuCount: 1, memory: 1024 },
    memoryRequestPercent: 100,
    // 003: firecracker-vm
    capabilities: ['NET_ADMIN', 'SYS_ADMIN', 'SYS_RESOURCE'],
    devices: { kvm: 'devices.kubevirt.io/kvm', tun: 'devices.kubevirt.io/tun' },
  },
  terminal: {
    // 000: TERMINAL_IMAGE
    image: 'dozman99/dozlab-terminal',
    tag: 'latest',
    // 003: terminal-sidecar
    resources: { limits: { cpu: '250m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    // 005: GET /health 10, /ready 5
    startupProbe: { periodSeconds: 1 },
    livenessProbe: { path: '/health', periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 },
    readinessProbe: { path: '/ready', periodSeconds: 5, timeoutSeconds: 1, failureThreshold: 3 },
    extraEnv: [],
  },
  codeServer: {
    image: 'codercom/code-server',
    tag: 'latest',
    // 003: code-server
    resources: { limits: { cpu: '500m', memory: '1Gi' }, requests: { cpu: '250m', memory: '512Mi' } },
    // 005: GET /healthz liveness 10, readiness 5
    startupProbe: { periodSeconds: 1 },
    livenessProbe: { path: '/healthz', periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 },
    readinessProbe: { path: '/healthz', periodSeconds: 5, timeoutSeconds: 1, failureThreshold: 3 },
    extraEnv: [],
    // 003: key vscode-password
    existingSecretKey: 'vscode-password',
    // 001: workspaceReadOnly
    workspaceReadOnly: false,
  },
  // 005: ports vscode 8080, terminal 8081, ssh 22, ClusterIP by default
  service: { type: 'ClusterIP', ports: { vscode: 8080, terminal: 8081, ssh: 22 } },
  ingress: {
    enabled: false,
    annotations: {
      'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
      'nginx.ingress.kubernetes.io/proxy-send-timeout': '3600',
    },
    tls: { enabled: true },
    vscode: { path: '/', tlsSecretName: '{id}-vscode-tls', annotations: {} },
    terminal: { path: '/', tlsSecretName: '{id}-terminal-tls', annotations: {}, allowUnauthenticated: false },
  },
  httpRoute: {
    enabled: false,
    parentRefs: [],
    annotations: {},
    requestTimeout: '0s',
    vscode: { path: '/', filters: [] },
    terminal: { path: '/', filters: [], allowUnauthenticated: false },
  },
  networkPolicy: {
    enabled: true,
    // 000: ingress only from the ingress controller's namespace
    ingressNamespaces: ['ingress-nginx'],
    blockedRanges: ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
    extraIngress: [],
    extraEgress: [],
  },
  volumes: {
    // The size of this one follows the disk.
    kernels: { persistence: { enabled: false, accessModes: ['ReadWriteOnce'] } },
    // 000: VM_DATA_SIZE_LIMIT
    vmData: { sizeLimit: '5Gi', persistence: { enabled: false, accessModes: ['ReadWriteOnce'] } },
    // 000: VSCODE_DATA_SIZE_LIMIT
    vscodeData: { sizeLimit: '1Gi', persistence: { enabled: false, accessModes: ['ReadWriteOnce'] } },
    // 003: shared-config
    sharedConfig: { sizeLimit: '10Mi' },
  },
  workload: { kind: 'Deployment' },
  restartPolicy: 'Always',
  nodeSelector: {},
  tolerations: [],
  topologySpreadConstraints: [],
  terminationGracePeriodSeconds: 30,
  progressDeadlineSeconds: 1800,
};

it('are these, and no others', () => {
  expect(defaultValues()).toEqual(DEFAULTS);
});

it('complete what a session must say', () => {
  expect(completeValues()).toEqual({ ...DEFAULTS, ...MINIMAL, rootfs: { ...MINIMAL.rootfs, diskSize: '4G' } });
});

it('leave the three values that a session must say as the only errors', () => {
  expect(checkValues({}).problems.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
    'missing session.id',
    'missing session.userId',
    'missing rootfs.imageUrl',
  ]);
});

it('cannot be changed', () => {
  const first = defaultValues();
  expect(() => {
    (first['labels'] as Record<string, string>)['changed'] = 'yes';
  }).toThrow(TypeError);

  expect(defaultValues()).toEqual(DEFAULTS);
});
